//! Where a server's own word on a switch differs from what this checkout resolves.

use std::fmt;

use crate::model::FlagName;

use super::resolve::{Layers, Resolved};
use super::source::Source;

/// A declared flag that the server sees otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drift {
    /// The flag.
    pub flag: FlagName,
    /// The switch as this checkout resolves it, the server's overrides included.
    pub here: bool,
    /// The server's own switch.
    pub server: bool,
    /// The source that the server names for it.
    pub source: String,
}

/// Writes both sides: `the server says on (env), this checkout resolves off`.
impl fmt::Display for Drift {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = |on: bool| if on { "on" } else { "off" };
        let (server, here) = (word(self.server), word(self.here));
        write!(f, "the server says {server} ({}), this checkout resolves {here}", self.source)
    }
}

impl Layers<'_> {
    /// Returns how the server's switch of a flag differs; none where it does not, where no server was asked, or
    /// where nobody knows what is in effect here. What an option asks "what if" is no difference.
    pub fn drift(&self, resolved: &Resolved) -> Option<Drift> {
        let flag = &resolved.effective.name;
        let server = self.server(flag.as_str())?;
        let here =
            resolved.enabled.settings().iter().rev().find(|setting| setting.source != Source::WhatIf)?;
        let differs = resolved.is_declared() && resolved.problems.is_empty() && here.value != server.enabled;
        differs.then(|| Drift {
            flag: flag.clone(),
            here: here.value,
            server: server.enabled,
            source: server.source.clone(),
        })
    }

    /// Returns the drift of a flag and of all that it needs through prerequisites, the flag's own first.
    pub fn drifts(&self, name: &str) -> Vec<Drift> {
        self.closure(name).iter().filter_map(|resolved| self.drift(resolved)).collect()
    }
}

#[cfg(test)]
mod tests {
    use crate::flagfile::FlagFile;
    use crate::layer::{
        AdminLayer, EnvLayer, Freshness, Origin, ServerFlag, TargetKind, TargetLabel, View, WhatIf,
    };
    use crate::model::Weight;

    use super::*;

    const FLAGS: &str = "schema = 1\n\
        [flags]\nbase = false\nsame = true\n\
        [flags.top]\nenabled = true\nprerequisites = [{ flag = \"base\", variation = \"on\" }]\n";

    fn with<R>(view: Option<View>, what_if: Option<&WhatIf>, see: impl FnOnce(&Layers<'_>) -> R) -> R {
        let file = FlagFile::parse("flags.toml", FLAGS.to_owned()).expect("valid");
        let label =
            TargetLabel { profile: None, address: "a".to_owned(), kind: TargetKind::Server, served: false };
        let mut admin = AdminLayer::empty(label, Freshness::Live);
        let server = |enabled| ServerFlag { enabled, source: "env".to_owned(), rich: false, state: None };
        for (name, enabled) in [("base", true), ("same", true), ("top", true), ("elsewhere", true)] {
            admin.server.insert(name.to_owned(), server(enabled));
        }
        admin.view = view;
        see(&Layers { file: Some(&file), env: &EnvLayer::default(), admin: &admin, what_if })
    }

    fn drifting(layers: &Layers<'_>, name: &str) -> Vec<String> {
        layers.drifts(name).iter().map(|drift| format!("{}: {drift}", drift.flag)).collect()
    }

    #[test]
    fn a_flag_drifts_with_what_it_needs() {
        let base = "base: the server says on (env), this checkout resolves off";
        for view in [None, Some(View::Checkout)] {
            with(view, None, |layers| {
                assert_eq!(drifting(layers, "base"), [base]);
                assert_eq!(drifting(layers, "top"), [base]);
                assert_eq!(drifting(layers, "same"), [""; 0]);
                assert_eq!(drifting(layers, "elsewhere"), [""; 0], "what is not declared cannot differ");
            });
        }
    }

    #[test]
    fn what_if_is_no_drift_and_hides_none() {
        let all = WhatIf::rollout(&["base".to_owned(), "same".to_owned()], Weight::ALL);
        with(None, Some(&all), |layers| {
            assert_eq!(drifting(layers, "base").len(), 1);
            assert_eq!(drifting(layers, "same"), [""; 0]);
        });
    }

    #[test]
    fn the_servers_view_stands_as_the_switch_and_says_so() {
        with(Some(View::Server), None, |layers| {
            assert_eq!(drifting(layers, "top"), [""; 0]);
            let base = layers.resolve("base").expect("declared");
            let top = base.enabled.effective();
            assert_eq!((top.value, top.source, &top.origin), (true, Source::Admin, &Origin::ServerView));
            assert_eq!(base.enabled.overridden().count(), 1, "what lies below stays visible");
            let same = layers.resolve("same").expect("declared");
            assert_eq!(same.enabled.effective().source, Source::Default, "where both agree nothing is added");
        });
    }
}

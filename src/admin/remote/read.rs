//! Asking for some flags, with the versions that a write must find.

use serde_json::Value;

use crate::error::Result;
use crate::layer::{AdminLayer, Freshness, Version};

use super::flags::add;
use super::refusal::Asked;
use super::server::RemoteServer;

impl RemoteServer {
    /// Asks for some flags, with the version that a write must find where the server names one: the flag's own
    /// route for a single flag; the list if there is no such route or several are asked for, and then the
    /// routes of those whose version the list does not name. Flags that the server does not know are left out.
    ///
    /// # Errors
    /// As [`RemoteServer::read`].
    pub fn read_flags(&self, flags: &[&str]) -> Result<AdminLayer> {
        if let [flag] = flags
            && let Some(layer) = self.single(flag)?
        {
            return Ok(layer);
        }
        let mut layer = self.read()?;
        let wanted = |name: &String| flags.contains(&name.as_str());
        layer.overrides.retain(|name, _| wanted(name));
        layer.versions.retain(|name, _| wanted(name));
        layer.server.retain(|name, _| wanted(name));
        if let [_, _, ..] = flags {
            self.add_versions(&mut layer)?;
        }
        Ok(layer)
    }

    /// Asks for all flags, and for those of `flags` whose version the list does not name by their own route, if
    /// the server has one.
    ///
    /// # Errors
    /// As [`RemoteServer::read`].
    pub fn read_for_change(&self, flags: &[&str]) -> Result<AdminLayer> {
        let mut layer = self.read()?;
        let missing =
            |flag: &&&str| layer.server.contains_key(**flag) && layer.version(flag) == Version::Unknown;
        let missing: Vec<String> = flags.iter().filter(missing).map(|flag| (*flag).to_owned()).collect();
        self.add_single(&mut layer, &missing)?;
        Ok(layer)
    }

    /// Asks for the versions that the list does not name, of servers that know more than three fields.
    fn add_versions(&self, layer: &mut AdminLayer) -> Result<()> {
        let missing = |(name, flag): (&String, &crate::layer::ServerFlag)| {
            (flag.rich && layer.version(name) == Version::Unknown).then(|| name.clone())
        };
        let missing: Vec<String> = layer.server.iter().filter_map(missing).collect();
        self.add_single(layer, &missing)
    }

    fn add_single(&self, layer: &mut AdminLayer, names: &[String]) -> Result<()> {
        for name in names {
            let Some(mut single) = self.single(name)? else { break };
            // The answer is newer than the list, and the version belongs to it.
            layer.overrides.remove(name);
            layer.overrides.append(&mut single.overrides);
            layer.versions.append(&mut single.versions);
            layer.server.append(&mut single.server);
        }
        Ok(())
    }

    /// Asks for one flag by its own route; none if the server has no such route.
    fn single(&self, flag: &str) -> Result<Option<AdminLayer>> {
        if matches!(flag, "." | ".." | "") {
            return Ok(None);
        }
        let answer = self.transport().get(&["feature-flags", flag], &[])?;
        let mut layer = AdminLayer::empty(self.label().clone(), Freshness::Live);
        if answer.lacks_route() {
            let known_route = answer.code().as_deref() == Some(UNKNOWN_FLAG);
            return Ok(known_route.then_some(layer));
        }
        if !answer.status.is_success() {
            return Err(self.refused(Asked::Flag(flag), &answer));
        }
        // A server that answers every route with its start page is asked for the list instead.
        let entry = answer.json().unwrap_or(Value::Null);
        match add(&mut layer, &entry, answer.tag()) {
            Ok(name) if name == flag => Ok(Some(layer)),
            _ => Ok(None),
        }
    }
}

/// The `code` of a problem that says that the route exists and the flag does not.
pub(super) const UNKNOWN_FLAG: &str = "unknown_flag";

//! The token that `ffctl login` keeps of a profile: bound to the profile and to the origin that it was kept for.
//!
//! ```text
//! ffctl-token 1
//! profile prod
//! origin https://flags.example.com
//! token ffa_…
//! ```
//!
//! It lies in the user's folder for state: configuration is what people share. Writing it is `change/`'s business.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::error::{Error, Kind, Result};

use super::admin_url::AdminUrl;
use super::credentials::{Token, read_private};
use super::folders::Folders;
use super::variables::Variables;

const FIRST: &str = "ffctl-token 1";

/// The place of a kept token, which need not be there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptToken {
    /// Its file, absolute.
    pub path: PathBuf,
    /// Its path as the user would write it.
    pub shown: String,
    /// The profile that it is kept for.
    pub profile: String,
    /// The origin (scheme, host, port) of the profile: the only one that the token goes to.
    pub origin: String,
}

impl KeptToken {
    /// Returns the place of the token of a profile with this address; none where the system names no folder for state.
    ///
    /// # Errors
    /// When `FFCTL_STATE_DIR` is empty or not UTF-8.
    pub(super) fn of(
        profile: &str,
        url: &AdminUrl,
        variables: &Variables,
        folders: &Folders,
    ) -> Result<Option<Self>> {
        let named = variables.filled("FFCTL_STATE_DIR")?.map(|text| folders.absolute(Path::new(text)));
        let folder = named.or_else(|| folders.state.as_ref().map(|folder| folder.join("ffctl")));
        Ok(folder.map(|folder| {
            let path = folder.join("tokens").join(format!("{profile}.token"));
            let shown = folders.shown(&path);
            Self { path, shown, profile: profile.to_owned(), origin: url.origin() }
        }))
    }

    /// Returns what the file is to hold for a token.
    pub fn text(&self, token: &Token) -> String {
        format!("{FIRST}\nprofile {}\norigin {}\ntoken {}\n", self.profile, self.origin, token.expose())
    }

    /// Reads the token; none if none is kept.
    ///
    /// # Errors
    /// Kind `Credentials` when it is another profile's or another origin's, others may read it, or the file is none of `ffctl login`.
    pub(super) fn load(&self) -> Result<Option<Token>> {
        match std::fs::symlink_metadata(&self.path) {
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
                return Ok(None);
            }
            Err(_) | Ok(_) => {}
        }
        let Self { shown, profile, origin, .. } = self;
        let text = read_private(&self.path, shown)?;
        let again = format!("ffctl login --profile {profile}");
        let damaged = || {
            Error::new(
                Kind::Credentials,
                format!("the token file `{shown}` is not as `ffctl login` wrote it"),
            )
            .hint(&*again)
        };
        let mut lines = text.lines();
        if lines.next() != Some(FIRST) {
            return Err(damaged());
        }
        let mut field = |name: &str| lines.next()?.strip_prefix(name)?.strip_prefix(' ');
        let kept = (field("profile"), field("origin"), field("token"));
        let (Some(of_profile), Some(of_origin), Some(token)) = kept else { return Err(damaged()) };
        if (of_profile, of_origin) == (profile, origin) {
            return Token::parse(token, &format!("the token file `{shown}`")).map(Some);
        }
        let message = if of_profile == profile {
            format!("the token kept for profile `{profile}` is for {of_origin}, and is not sent to {origin}")
        } else {
            format!("the token file `{shown}` is the one of another profile, and is not sent for `{profile}`")
        };
        Err(Error::new(Kind::Credentials, message).hint(again))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(folder: &Path, profile: &str, url: &str) -> KeptToken {
        let folders = Folders { state: Some(folder.to_owned()), ..Folders::default() };
        let url = AdminUrl::parse(url).expect("an address");
        KeptToken::of(profile, &url, &Variables::default(), &folders).expect("readable").expect("a folder")
    }

    fn write(kept: &KeptToken, text: &str) {
        std::fs::create_dir_all(kept.path.parent().expect("a folder")).expect("made");
        std::fs::write(&kept.path, text).expect("written");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let private = std::fs::Permissions::from_mode(0o600);
            std::fs::set_permissions(&kept.path, private).expect("set");
        }
    }

    #[test]
    fn a_token_goes_to_the_origin_that_it_was_kept_for() {
        let folder = tempfile::tempdir().expect("a folder");
        let token = Token::parse("ffa_secret", "here").expect("a token");
        let prod = kept(folder.path(), "prod", "https://flags.example.com/team");
        assert_eq!(prod.load().expect("nothing there"), None);
        write(&prod, &prod.text(&token));
        assert_eq!(prod.load().expect("kept").as_ref(), Some(&token));
        let same = kept(folder.path(), "prod", "https://FLAGS.example.com:443/other");
        assert_eq!(same.load().expect("the same origin").as_ref(), Some(&token));
        for elsewhere in ["https://flags.example.com:8443", "https://flags.example.org", "http://localhost"] {
            let error = kept(folder.path(), "prod", elsewhere).load().expect_err(elsewhere);
            assert_eq!(error.kind(), Kind::Credentials);
            assert!(error.message().contains("is for https://flags.example.com,"), "{error}");
            assert_eq!(error.hints(), ["ffctl login --profile prod"]);
            assert!(!format!("{error:?}").contains("secret"));
        }
        let stage = kept(folder.path(), "stage", "https://flags.example.com");
        write(&stage, &prod.text(&token));
        assert!(stage.load().expect_err("copied").message().contains("another profile"));
    }

    #[test]
    fn what_was_not_kept_by_login_is_no_token() {
        let folder = tempfile::tempdir().expect("a folder");
        let prod = kept(folder.path(), "prod", "https://flags.example.com");
        for text in [
            "",
            "ffa_secret",
            "ffctl-token 1\n",
            "ffctl-token 2\nprofile prod\n",
            "ffctl-token 1\nprofile prod\norigin https://flags.example.com\ntoken \n",
        ] {
            write(&prod, text);
            assert_eq!(prod.load().expect_err(text).kind(), Kind::Credentials, "{text}");
        }
    }
}

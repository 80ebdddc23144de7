//! Tokens: where they come from, and that they go nowhere else.

use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::error::{Error, Kind, Result};

use super::folders::Folders;
use super::kept_token::KeptToken;
use super::profile::Profile;
use super::variables::Variables;

/// A bearer token: printable ASCII, not empty. Shows itself to nobody.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// Bytes: longer than any token, shorter than most files named by mistake.
const LONGEST: u64 = 16 * 1024;

impl Token {
    /// Reads a token that stands in `place`; blanks and line ends around it do not count.
    ///
    /// # Errors
    /// Kind `Credentials` when it is empty, has several lines, or other characters than printable ASCII.
    pub fn parse(text: &str, place: &str) -> Result<Self> {
        let text = text.trim();
        let wrong = |message: &str| Err(Error::new(Kind::Credentials, format!("{place}: {message}")));
        if text.is_empty() {
            return wrong("there is no token in it");
        }
        if text.contains(['\n', '\r']) {
            return wrong("a token is one line, this has several");
        }
        if !text.chars().all(|c| c.is_ascii_graphic()) {
            return wrong("a token is printable ASCII without blanks");
        }
        Ok(Self(text.to_owned()))
    }

    /// Returns the token's text, for the one request that carries it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// Where the token of a server comes from. Nothing is read before it is needed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CredentialSource {
    /// Nobody named any.
    None,
    /// `FFCTL_TOKEN`.
    Variable(Token),
    /// A file.
    File {
        /// Its absolute path.
        path: PathBuf,
        /// Its path as the user would write it.
        shown: String,
    },
    /// What `ffctl login` keeps of a profile, if it keeps anything.
    Kept(KeptToken),
}

impl CredentialSource {
    /// Returns what the variables name for `FFCTL_ADMIN_URL`.
    ///
    /// # Errors
    /// When both are set, or one is empty or no token.
    pub(super) fn from_variables(variables: &Variables, folders: &Folders) -> Result<Self> {
        Self::from_pair(["FFCTL_TOKEN", "FFCTL_TOKEN_FILE"], variables, folders)
    }

    /// Returns what the variables name for `FFCTL_DIRECTORY`.
    ///
    /// # Errors
    /// When both are set, or one is empty or no token.
    pub(super) fn of_directory(variables: &Variables, folders: &Folders) -> Result<Self> {
        Self::from_pair(["FFCTL_DIRECTORY_TOKEN", "FFCTL_DIRECTORY_TOKEN_FILE"], variables, folders)
    }

    /// Returns where the password of a database is kept that holds the store: in the file of
    /// `FFCTL_STORE_PASSWORD_FILE`, or where every client of PostgreSQL looks, in `PGPASSWORD`.
    ///
    /// # Errors
    /// When a variable is empty or no password.
    pub(super) fn of_store(variables: &Variables, folders: &Folders) -> Result<Self> {
        if let Some(file) = variables.filled("FFCTL_STORE_PASSWORD_FILE")? {
            return Ok(Self::file(folders.absolute(Path::new(file)), folders));
        }
        Ok(Self::of_postgres(variables)?.map_or(Self::None, Self::Variable))
    }

    /// Returns what `PGPASSWORD` holds, for whatever database is named.
    ///
    /// # Errors
    /// When it is not UTF-8.
    pub(super) fn of_postgres(variables: &Variables) -> Result<Option<Token>> {
        // Not one of ours: any text may be a password.
        Ok(variables.optional("PGPASSWORD")?.map(|text| Token(text.to_owned())))
    }

    /// Returns what the first variable holds, or the file that the second names.
    fn from_pair([held, named]: [&str; 2], variables: &Variables, folders: &Folders) -> Result<Self> {
        let token = variables.text(held)?;
        let file = variables.filled(named)?;
        match (token, file) {
            (None, None) => Ok(Self::None),
            (Some(_), Some(_)) => {
                let message = format!("both `{held}` and `{named}` are set");
                Err(Error::new(Kind::Invalid, message).hint(format!("`unset {held}`")))
            }
            (Some(text), None) => Token::parse(text, &format!("variable `{held}`")).map(Self::Variable),
            (None, Some(file)) => Ok(Self::file(folders.absolute(Path::new(file)), folders)),
        }
    }

    /// Returns what goes with a profile: its `token_file`, else what `ffctl login` keeps of it.
    ///
    /// # Errors
    /// When `FFCTL_STATE_DIR` is empty or not UTF-8.
    pub(super) fn of_profile(
        name: &str,
        profile: &Profile,
        variables: &Variables,
        folders: &Folders,
    ) -> Result<Self> {
        if let Some(path) = &profile.token_file {
            return Ok(Self::file(path.clone(), folders));
        }
        let kept = KeptToken::of(name, &profile.url, variables, folders)?;
        Ok(kept.map_or(Self::None, Self::Kept))
    }

    /// Returns a file as the source.
    pub(super) fn file(path: PathBuf, folders: &Folders) -> Self {
        let shown = folders.shown(&path);
        Self::File { path, shown }
    }

    /// Reads the token; none if nobody named any.
    ///
    /// # Errors
    /// When the file cannot be read, others may read it, or it does not hold a token alone.
    pub fn load(&self) -> Result<Option<Token>> {
        match self {
            Self::None => Ok(None),
            Self::Variable(token) => Ok(Some(token.clone())),
            Self::File { path, shown } => read_file(path, shown).map(Some),
            Self::Kept(kept) => kept.load(),
        }
    }

    /// Reads the token as [`CredentialSource::load`] does, but of no pipe, which can be read once: what only looks
    /// leaves it to who needs it, and does not wait for somebody to write it.
    ///
    /// # Errors
    /// As [`CredentialSource::load`]; also for what is no file.
    pub fn look(&self) -> Result<Option<Token>> {
        if let Self::File { path, shown } = self
            && std::fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir())
        {
            let message =
                format!("the token file `{shown}` is a pipe or a device, which is not read to look at it");
            return Err(Error::new(Kind::Credentials, message).hint("name a file that holds the token"));
        }
        self.load()
    }
}

fn read_file(path: &Path, shown: &str) -> Result<Token> {
    Token::parse(&read_private(path, shown)?, &format!("the token file `{shown}`"))
}

/// Reads a file that nobody else may read, with no more in it than a token.
///
/// # Errors
/// Kind `Credentials`.
pub(super) fn read_private(path: &Path, shown: &str) -> Result<String> {
    let wrong = |message: &str| Error::new(Kind::Credentials, format!("the token file `{shown}` {message}"));
    let failed = |error: std::io::Error| wrong("cannot be read").caused_by(error);
    let file = File::open(path).map_err(failed)?;
    // Of the opened file, so that nobody exchanges it in between.
    let metadata = file.metadata().map_err(failed)?;
    if metadata.is_dir() {
        return Err(wrong("is a folder"));
    }
    if readable_by_others(&metadata) {
        return Err(wrong("can be read by others").hint(format!("`chmod 600 {shown}`")));
    }
    let mut text = String::new();
    match file.take(LONGEST + 1).read_to_string(&mut text) {
        Ok(_) if text.len() as u64 > LONGEST => Err(wrong("is too long for a token")),
        Ok(_) => Ok(text),
        Err(error) if error.kind() == std::io::ErrorKind::InvalidData => Err(wrong("is not text")),
        Err(error) => Err(failed(error)),
    }
}

/// Returns whether the group or everybody may read the file; not asked where modes are not numbers.
#[cfg(unix)]
fn readable_by_others(metadata: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    metadata.permissions().mode() & 0o044 != 0
}

/// Returns whether the group or everybody may read the file; not asked where modes are not numbers.
#[cfg(not(unix))]
fn readable_by_others(_: &std::fs::Metadata) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(content: &[u8], mode: u32) -> Result<Option<Token>> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("token");
        std::fs::write(&path, content).expect("written");
        set_mode(&path, mode);
        CredentialSource::File { path, shown: "~/token".to_owned() }.load()
    }

    #[cfg(unix)]
    fn set_mode(path: &Path, mode: u32) {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("set");
    }

    #[cfg(not(unix))]
    fn set_mode(_: &Path, _: u32) {}

    #[test]
    fn a_file_holds_one_token_and_blanks() {
        let token = load(b"  abc.DEF-1\r\n", 0o600).expect("readable").expect("a token");
        assert_eq!(token.expose(), "abc.DEF-1");
        assert_eq!(format!("{token:?}"), "***");
        let too_long = vec![b'a'; 20_000];
        for content in
            [&b""[..], b" \n", b"a\nb", b"a b", b"\xff", "schl\u{fc}ssel".as_bytes(), b"a\0b", &too_long]
        {
            let error = load(content, 0o600).expect_err("no token");
            assert_eq!(error.kind(), Kind::Credentials);
            assert!(error.message().contains("~/token"), "{error}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_others_may_read_is_refused() {
        for mode in [0o640, 0o604, 0o644] {
            let error = load(b"abc", mode).expect_err("open to others");
            assert_eq!((error.kind(), error.hints()[0].as_str()), (Kind::Credentials, "`chmod 600 ~/token`"));
        }
        assert!(load(b"abc", 0o400).is_ok());
    }

    #[test]
    fn variables_name_one_source() {
        let folders = Folders { start: "/s".into(), ..Folders::default() };
        let from = |variables: Variables| CredentialSource::from_variables(&variables, &folders);
        assert_eq!(from(Variables::default()).expect("none"), CredentialSource::None);
        assert!(matches!(from([("FFCTL_TOKEN", "abc")].into()), Ok(CredentialSource::Variable(_))));
        let file = from([("FFCTL_TOKEN_FILE", "t")].into()).expect("a file");
        assert!(matches!(file, CredentialSource::File { path, .. } if path == Path::new("/s/t")));
        let both = from([("FFCTL_TOKEN", ""), ("FFCTL_TOKEN_FILE", "t")].into()).expect_err("both");
        assert_eq!(both.kind(), Kind::Invalid);
        let empty = from([("FFCTL_TOKEN", "")].into()).expect_err("empty");
        assert_eq!(empty.kind(), Kind::Credentials);
    }
}

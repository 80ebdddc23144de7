//! The user's folders.

use std::path::{Path, PathBuf};

/// Where the process started and where the user keeps things; none where the system names no such folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folders {
    /// The folder that the command started in, absolute.
    pub start: PathBuf,
    /// The user's home.
    pub home: Option<PathBuf>,
    /// The user's folder for configuration, without our own part.
    pub config: Option<PathBuf>,
    /// The user's folder for state, without our own part.
    pub state: Option<PathBuf>,
    /// The user's folder for what can be had again, without our own part.
    pub cache: Option<PathBuf>,
}

impl Folders {
    /// Returns the folders of the user who runs this, for a command that started in `start`.
    pub fn of_user(start: PathBuf) -> Self {
        Self {
            start,
            home: dirs::home_dir().filter(|home| home.is_absolute()),
            config: dirs::config_dir(),
            // macOS and Windows have no folder for state.
            state: dirs::state_dir().or_else(dirs::data_local_dir),
            cache: dirs::cache_dir(),
        }
    }

    /// Returns a path that the user wrote, seen from the starting folder.
    pub fn absolute(&self, path: &Path) -> PathBuf {
        self.start.join(path)
    }

    /// Returns how to show a path: from the starting folder if it lies in it, else with `~` for the home.
    pub fn shown(&self, path: &Path) -> String {
        if let Ok(inside) = path.strip_prefix(&self.start)
            && !inside.as_os_str().is_empty()
        {
            return inside.display().to_string();
        }
        let home = self.home.as_deref().filter(|home| home.parent().is_some());
        match home.and_then(|home| path.strip_prefix(home).ok()) {
            Some(inside) => Path::new("~").join(inside).display().to_string(),
            None => path.display().to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_shown_as_a_person_would_write_them() {
        let home = Some(PathBuf::from("/home/u"));
        let folders = Folders { start: "/home/u/app".into(), home, ..Folders::default() };
        assert_eq!(folders.shown(Path::new("/home/u/app/flags.toml")), "flags.toml");
        assert_eq!(folders.shown(Path::new("/home/u/.config/x")), "~/.config/x");
        assert_eq!(folders.shown(Path::new("/etc/x")), "/etc/x");
        assert_eq!(folders.absolute(Path::new("../x")), Path::new("/home/u/app/../x"));
    }
}

//! A project in a folder of its own, and a run of the program in it: no variable, folder or terminal of the
//! machine shines through.

use std::path::{Path, PathBuf};
use std::{env, fs};

use assert_cmd::Command;

/// The flags.toml that the project ships.
pub(crate) const SHIPPED: &str = include_str!("../flags.toml");

/// A folder with a flags.toml, a home, and folders for configuration and state.
pub(crate) struct Project {
    root: tempfile::TempDir,
    variables: Vec<(String, String)>,
}

/// What a run came to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Project {
    /// Makes a project with this flags.toml.
    pub(crate) fn new(flags: &str) -> Self {
        let project = Self::empty();
        project.write("flags.toml", flags);
        project
    }

    /// Makes a project with the shipped flags.toml.
    pub(crate) fn shipped() -> Self {
        Self::new(SHIPPED)
    }

    /// Makes a project without a flags.toml.
    pub(crate) fn empty() -> Self {
        let root = tempfile::tempdir().expect("a temporary folder");
        for folder in ["work", "home", "config", "state"] {
            fs::create_dir(root.path().join(folder)).expect("a folder");
        }
        // The search for flags.toml ends here, whatever stands above.
        fs::create_dir(root.path().join("work/.git")).expect("a folder");
        Self { root, variables: Vec::new() }
    }

    /// Sets a variable for all runs from now on.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.variables.push((name.to_owned(), value.to_owned()));
    }

    /// Returns the variables that were set.
    pub(crate) fn variables(&self) -> &[(String, String)] {
        &self.variables
    }

    /// Returns a path below the working folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.root.path().join("work").join(name)
    }

    /// Returns the folder for configuration.
    pub(crate) fn config(&self, name: &str) -> PathBuf {
        self.root.path().join("config").join(name)
    }

    /// Returns the folder for state.
    pub(crate) fn state(&self) -> PathBuf {
        self.root.path().join("state")
    }

    /// Returns the folder of the last good answers of servers.
    pub(crate) fn cache(&self) -> PathBuf {
        self.root.path().join("cache/ffctl")
    }

    /// Writes a file below the working folder.
    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("written");
    }

    /// Reads a file below the working folder.
    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).expect("readable")
    }

    /// Returns the command with its hermetic environment.
    pub(crate) fn command(&self) -> Command {
        Command::from_std(self.process(env!("CARGO_BIN_EXE_ffctl")))
    }

    /// Returns a shell that finds the program as `ffctl`.
    pub(crate) fn shell(&self, script: &str) -> Command {
        let mut command = self.process("sh");
        command.arg("-c").arg(script);
        Command::from_std(command)
    }

    /// Returns any program in the hermetic environment, to be started and left running.
    pub(crate) fn process(&self, program: &str) -> std::process::Command {
        let binary = Path::new(env!("CARGO_BIN_EXE_ffctl"));
        let folder = binary.parent().expect("the binary lies in a folder");
        let mut command = std::process::Command::new(program);
        command
            .current_dir(self.path(""))
            .env_clear()
            .env("PATH", format!("{}:/usr/local/bin:/usr/bin:/bin", folder.display()))
            .env("HOME", self.root.path().join("home"))
            .env("XDG_CONFIG_HOME", self.root.path().join("config"))
            .env("XDG_STATE_HOME", self.state())
            .env("XDG_CACHE_HOME", self.root.path().join("cache"))
            .env("USER", "ada")
            .env("LANG", "C.UTF-8")
            .envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs the program.
    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        run(self.command().args(arguments))
    }

    /// Runs the program with an input.
    pub(crate) fn run_with_input(&self, arguments: &[&str], input: &str) -> Run {
        run(self.command().args(arguments).write_stdin(input))
    }

    /// Runs the program, which must end with 0, and returns what it prints.
    pub(crate) fn ok(&self, arguments: &[&str]) -> String {
        let run = self.run(arguments);
        assert_eq!(run.code, 0, "{arguments:?}: {}\n{}", run.stdout, run.stderr);
        run.stdout
    }

    /// Runs the program with `--json`, which must end with 0, and returns the answer.
    pub(crate) fn json(&self, arguments: &[&str]) -> serde_json::Value {
        let mut arguments = arguments.to_vec();
        arguments.push("--json");
        serde_json::from_str(&self.ok(&arguments)).expect("JSON")
    }

    /// Runs the program, which must end with this code, and returns what it says on standard error.
    pub(crate) fn fails(&self, code: i32, arguments: &[&str]) -> String {
        let run = self.run(arguments);
        assert_eq!(run.code, code, "{arguments:?}: {}\n{}", run.stdout, run.stderr);
        assert!(!run.stderr.is_empty(), "{arguments:?} says why");
        run.stderr
    }
}

/// Runs a command to its end.
pub(crate) fn run(command: &mut Command) -> Run {
    let output = command.output().expect("it runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    Run {
        code: output.status.code().expect("a code, not a signal"),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    }
}

/// Compares with the pinned text of this name; with `FFCTL_BLESS=1` in the environment it is rewritten.
#[track_caller]
pub(crate) fn pinned(name: &str, actual: &str) {
    pinned_at(&format!("tests/pinned/{name}"), actual);
}

/// Compares with a committed file of the project, likewise.
#[track_caller]
pub(crate) fn pinned_at(name: &str, actual: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    if bless() {
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(&path, actual).expect("written");
        return;
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        expected == actual,
        "{name} differs; FFCTL_BLESS=1 cargo test rewrites it\n--- pinned\n{expected}\n--- actual\n{actual}"
    );
}

/// Tells whether pinned texts are rewritten.
#[expect(clippy::disallowed_methods, reason = "a test asks whether to rewrite what is pinned")]
pub(crate) fn bless() -> bool {
    env::var_os("FFCTL_BLESS").is_some()
}

/// Replaces what differs from run to run: times and the temporary folder.
pub(crate) fn stable(project: &Project, text: &str) -> String {
    let times = regex::Regex::new(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z").expect("a pattern");
    let text = times.replace_all(text, "<time>");
    let root = project.root.path().display().to_string();
    text.replace(&root, "<root>")
}

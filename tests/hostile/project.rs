//! Projects that hold the strings.

use std::cell::RefCell;
use std::ffi::{OsStr, OsString};
use std::fmt::Write;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::ExitStatusExt;
use std::process::{ExitStatus, Output};
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{fs, io};

use ffctl::cmd::{Process, Terminals};
use ffctl::flagfile::FlagFile;

use super::super::project::Project;
use super::strings::{everything, strings};

/// Something of everything, for a flags.toml that another file or variable is tried with.
pub(super) const ODD: &str = "\u{1b}[31m::error::\u{202e}\n::x";

/// Returns the name of the flag that has the string of this number in all its fields, among the flags of all.
pub(super) fn flag(number: usize) -> String {
    format!("h_{number:03}")
}

/// Returns a string in the quotes of TOML, everything odd escaped.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            'a'..='z' | 'A'..='Z' | '0'..='9' | ' ' => out.push(c),
            c => write!(out, "\\U{:08x}", u32::from(c)).expect("a string takes it"),
        }
    }
    out + "\""
}

/// The flags that have a string in all their fields: a boolean one, and one with variations whose name begins with
/// `v_`.
fn flags_of(name: &str, hostile: &str) -> String {
    let (value, key) = (quoted(hostile), key(hostile));
    format!(
        "[flags.{name}]\nenabled = true\nrollout = \"50%\"\ndescription = {value}\nowner = {value}\n\
         tags = [{key}, \"t\"]\nsalt = {key}\nusers = {{ {key} = \"on\", u = \"off\" }}\norgs = {{ {key} = \"off\" }}\n\
         [[flags.{name}.rules]]\nname = {value}\n\
         when = [{{ attribute = {key}, op = \"in\", values = [{value}, 7] }}, {{ segment = \"seg\" }}]\nserve = \"on\"\n\
         [flags.v_{name}]\nenabled = true\nowner = {value}\noff = \"a\"\nserve = \"b\"\n\
         variations = {{ a = {value}, b = {{ prompt = {value}, {key} = [{value}] }} }}\n"
    )
}

/// Returns a string as a key, which is never empty.
fn key(hostile: &str) -> String {
    if hostile.is_empty() { "\"k\"".to_owned() } else { quoted(hostile) }
}

/// A segment, an experiment and a bucketing algorithm with these strings.
fn rest_with(strings: &[&str], gate: &str) -> String {
    let keys: Vec<String> = strings.iter().map(|text| key(text)).collect();
    let force: Vec<String> = keys.iter().map(|key| format!("{key} = \"treatment\"")).collect();
    let value = quoted(strings[0]);
    let template = quoted(&strings[0].replace('{', "{{").replace('}', "}}"));
    format!(
        "[bucketing.custom.own]\ndescription = {value}\nhash = \"md5\"\nreduce = \"modulo 100\"\n\
         template = {}\n[segments.seg]\nincluded = [{}]\n[experiments.exp]\ndescription = {value}\nowner = {value}\nsalt = {}\n\
         flag = \"{gate}\"\nvariants = [[\"control\", 1], [\"treatment\", 1]]\nforce = {{ {} }}\n",
        template.replacen('"', "\"{key}{unit}", 1),
        keys.join(", "),
        keys[0],
        force.join(", "),
    )
}

/// A flags.toml with one string in every field: flags `h` and `v_h`, an experiment, a segment and
/// a bucketing algorithm.
pub(super) fn flags_with(hostile: &str) -> String {
    format!("schema = 1\n{}{}", flags_of("h", hostile), rest_with(&[hostile], "h"))
}

/// A flags.toml with flags for every string.
pub(super) fn flags() -> String {
    let all = strings();
    let mut text = String::from("schema = 1\n");
    for (number, (_, hostile)) in all.iter().enumerate() {
        text += &flags_of(&flag(number), hostile);
    }
    let mut texts: Vec<&str> = all.iter().map(|(_, text)| text.as_str()).collect();
    texts.retain(|text| !text.is_empty());
    text + &rest_with(&texts, "h_000")
}

/// A project with that flags.toml, whose output goes to the log of a CI system.
pub(super) fn hostile() -> Project {
    in_ci(&flags())
}

/// A project with a flags.toml, whose output goes to the log of a CI system.
pub(super) fn in_ci(flags: &str) -> Project {
    let mut project = Project::new(flags);
    let mistakes = FlagFile::parse("flags.toml", flags.to_owned()).err();
    assert!(mistakes.is_none() || flags.is_empty(), "a file that does not read shows nothing: {mistakes:#?}");
    project.set("CI", "true");
    project.set("GITHUB_ACTIONS", "true");
    project
}

/// One run of so many is a process of its own, also in a short test.
const SAMPLE: usize = 12;

/// Runs the program with arguments that need not be UTF-8.
pub(super) fn run<'a>(project: &Project, arguments: impl IntoIterator<Item = &'a [u8]>) -> Output {
    run_with(project, &[], arguments)
}

/// Runs the program with these variables besides: all that `main` does not do itself, in this process, since
/// thousands of processes would take minutes to start; some runs, and all with `FFCTL_HOSTILE=all`, in one of
/// their own.
pub(super) fn run_with<'a>(
    project: &Project,
    variables: &[(&str, &OsStr)],
    arguments: impl IntoIterator<Item = &'a [u8]>,
) -> Output {
    static RUNS: AtomicUsize = AtomicUsize::new(0);
    let arguments: Vec<OsString> =
        arguments.into_iter().map(|argument| OsStr::from_bytes(argument).to_owned()).collect();
    if everything() || RUNS.fetch_add(1, Ordering::Relaxed).is_multiple_of(SAMPLE) {
        let mut command = project.command();
        command.envs(variables.iter().copied());
        return command.args(arguments).output().expect("it runs");
    }
    within(project, variables, arguments)
}

/// Runs the program within this process, in the environment of the project.
fn within(project: &Project, variables: &[(&str, &OsStr)], arguments: Vec<OsString>) -> Output {
    let (stdout, stderr) = (Stream::default(), Stream::default());
    // Here the folders of the machine's user would count. A file that is named must be there.
    let config = project.config("ffctl/config.toml");
    if !config.exists() {
        fs::create_dir_all(project.config("ffctl")).expect("a folder");
        fs::write(&config, "").expect("written");
    }
    let folders = [
        ("FFCTL_CONFIG", config),
        ("FFCTL_STATE_DIR", project.state().join("ffctl")),
        ("FFCTL_CACHE_DIR", project.cache()),
    ];
    let all = [("USER", "ada"), ("LANG", "C.UTF-8")].map(|(name, value)| (name.into(), value.into()));
    let own = project.variables().iter().map(|(name, value)| (name.into(), value.into()));
    let given = variables.iter().map(|(name, value)| (OsString::from(*name), (*value).to_owned()));
    let code = ffctl::cmd::run(Process {
        arguments: [OsString::from("ffctl")].into_iter().chain(arguments).collect(),
        variables: folders
            .into_iter()
            .map(|(name, path)| (name.into(), path.into_os_string()))
            .chain(all)
            .chain(own)
            .chain(given)
            .collect(),
        folder: Ok(project.path("")),
        now: now(),
        // A wait counts what it slept, and is over at once.
        sleep: |_| {},
        stdin: Box::new(io::empty()),
        stdout: Box::new(stdout.clone()),
        stderr: Box::new(stderr.clone()),
        terminals: Terminals::default(),
    });
    // What stands in the upper byte is the code of a process that ended by itself.
    let status = ExitStatus::from_raw(i32::from(code) << 8);
    Output { status, stdout: stdout.0.take(), stderr: stderr.0.take() }
}

#[expect(clippy::disallowed_methods, reason = "this stands in for the process edge")]
fn now() -> fn() -> std::time::SystemTime {
    std::time::SystemTime::now
}

/// A stream that keeps what is written.
#[derive(Clone, Default)]
struct Stream(Rc<RefCell<Vec<u8>>>);

impl io::Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_run_within_this_process_says_what_a_process_says() {
    let project = in_ci(&flags_with(ODD));
    let hostile = OsStr::new(ODD);
    for words in
        ["list", "get h v_h", "explain h", "nonsense", "check h=on -o github", "get x --json", "lint"]
    {
        let words: Vec<OsString> = words.split(' ').map(OsString::from).collect();
        let variables = [("FF_H", hostile), ("FFCTL_OUTPUT", OsStr::new("markdown"))];
        for variables in [&variables[..1], &variables] {
            let mut command = project.command();
            let process = command.envs(variables.iter().copied()).args(&words).output().expect("it runs");
            assert_eq!(within(&project, variables, words.clone()), process, "{words:?}");
        }
    }
}

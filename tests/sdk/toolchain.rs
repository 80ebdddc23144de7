//! Node and Python with the packages of a folder below tests/sdk, installed once below target/.
//!
//! Where they are not to be had the tests that need them are left out, and say so; in CI (`CI=true`) they must run.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::{env, fs};

/// One installation at a time: two tests may want the same.
static INSTALLING: Mutex<()> = Mutex::new(());

/// Returns the folder with the packages of `tests/sdk/NAME` for Node installed, next to its files.
pub(crate) fn node(name: &str) -> Option<PathBuf> {
    prepared(name, "package-lock.json", &["node", "npm"], |folder| {
        let npm = ["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"];
        run(Command::new(npm[0]).args(&npm[1..]).current_dir(folder))
    })
}

/// Returns the folder with a virtual environment of Python that has the packages of `tests/sdk/NAME`.
pub(crate) fn python(name: &str) -> Option<PathBuf> {
    prepared(name, "requirements.txt", &["python3"], |folder| {
        run(Command::new("python3").args(["-m", "venv", "venv"]).current_dir(folder))?;
        let pip = ["-m", "pip", "install", "--quiet", "--requirement", "requirements.txt"];
        run(Command::new(folder.join("venv/bin/python")).args(pip).current_dir(folder))
    })
}

/// Copies the files of a folder below target/ and installs what its lock file says, unless that was done already.
fn prepared(
    name: &str,
    lock: &str,
    programs: &[&str],
    install: impl Fn(&Path) -> Result<(), String>,
) -> Option<PathBuf> {
    let _turn = INSTALLING.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some(missing) = programs.iter().find(|program| !exists(program)) {
        return left_out(name, &format!("there is no {missing} here"));
    }
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sdk").join(name);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sdk").join(name);
    fs::create_dir_all(&folder).expect("a folder");
    for entry in fs::read_dir(&source).expect("a folder").flatten() {
        fs::copy(entry.path(), folder.join(entry.file_name())).expect("copied");
    }
    let wanted = fs::read(folder.join(lock)).expect("a lock file");
    let installed = folder.join("installed.lock");
    if fs::read(&installed).is_ok_and(|installed| installed == wanted) {
        return Some(folder);
    }
    match install(&folder) {
        Ok(()) => {
            fs::write(installed, wanted).expect("written");
            Some(folder)
        }
        Err(error) => left_out(name, &format!("its packages cannot be installed here: {error}")),
    }
}

/// Says which tests are left out; in CI none may be.
#[expect(clippy::disallowed_methods, reason = "a test asks whether it runs in CI")]
#[expect(clippy::print_stderr, reason = "a test that is left out says so")]
pub(crate) fn left_out(name: &str, why: &str) -> Option<PathBuf> {
    assert!(env::var_os("CI").is_none_or(|ci| ci != "true"), "tests/sdk/{name} must run in CI: {why}");
    eprintln!("left out: the tests with tests/sdk/{name}: {why}");
    None
}

fn exists(program: &str) -> bool {
    let quiet = Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    quiet.is_ok_and(|status| status.success())
}

/// Runs a program to its end; what it complains about is the error.
pub(crate) fn run(command: &mut Command) -> Result<(), String> {
    let output = command.stdin(Stdio::null()).output().map_err(|error| error.to_string())?;
    if output.status.success() {
        return Ok(());
    }
    let text = [output.stdout, output.stderr].concat();
    Err(format!("{command:?}: {}", String::from_utf8_lossy(&text)))
}

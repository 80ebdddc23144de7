//! Completion from outside: the committed scripts, what the program answers them, and real shells that are asked.

use std::process::{Command, Stdio};

use super::project::{Project, run};
use super::support::api;

const SCRIPTS: [(&str, &str); 5] = [
    ("bash", include_str!("../completions/ffctl.bash")),
    ("zsh", include_str!("../completions/_ffctl")),
    ("fish", include_str!("../completions/ffctl.fish")),
    ("powershell", include_str!("../completions/_ffctl.ps1")),
    ("elvish", include_str!("../completions/ffctl.elv")),
];

/// Tells whether a shell is there; says so in the test's output where it is not.
#[expect(clippy::print_stderr, reason = "whoever reads the log must know what was not tested")]
fn has(shell: &str) -> bool {
    let found = Command::new(shell).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    let found = found.is_ok();
    if !found {
        eprintln!("left out: there is no {shell} here, so its completion was not tried");
    }
    found
}

/// A project with a flag set, a change of it, and files to find.
fn project() -> Project {
    let project = Project::shipped();
    project.ok(&["set", "use_v3_style=on", "enable_memory_v2=60%", "--local", "--yes", "-m", "launch"]);
    for (name, script) in SCRIPTS {
        project.write(&format!("scripts/{name}"), script);
    }
    project.write("sub folder/other.toml", "");
    project
}

/// Returns what a program of the project prints; it must say nothing on standard error.
fn asked(project: &Project, program: &str, arguments: &[&str]) -> String {
    let output = project.process(program).args(arguments).stdin(Stdio::null()).output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(said, "", "{program} {arguments:?}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn candidates(project: &Project, words: &[&str]) -> Vec<String> {
    let run = project.run(&[&["__complete"], words].concat());
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{words:?}");
    run.stdout.lines().map(str::to_owned).collect()
}

#[test]
fn the_committed_scripts_are_what_is_printed() {
    let project = Project::empty();
    for (shell, script) in SCRIPTS {
        assert_eq!(project.ok(&["completions", shell]), script);
    }
    assert!(project.fails(2, &["completions", "tcsh"]).contains("bash"));
    assert!(project.fails(2, &["completions"]).contains("SHELL"));
}

#[test]
fn states_come_from_all_layers_and_journals_from_the_store() {
    let mut project = project();
    project.set("FF_ENABLE_TRY_ON", "12%");
    assert_eq!(candidates(&project, &["get", "use_v3"]), ["values", "use_v3_style\ton, admin"]);
    assert_eq!(candidates(&project, &["get", "enable_try"]), ["values", "enable_try_on\tpartial: 12%, env"]);
    assert_eq!(candidates(&project, &["undo", ""])[1], "1\tenable_memory_v2, use_v3_style: launch");
    project.write("other.toml", "schema = 1\n[flags]\nmine = true\n");
    assert_eq!(candidates(&project, &["-f", "other.toml", "get", ""]), ["values", "mine\ton, default"]);
    assert_eq!(candidates(&project, &["get", "--flags=other.toml", "m"]), ["values", "mine\ton, default"]);
}

#[test]
fn profiles_are_found_and_the_last_answer_of_a_server() {
    let server = api::rich(&["use_v3_style", "only_there"], None);
    let project = Project::shipped();
    std::fs::create_dir_all(project.config("ffctl")).expect("a folder");
    let config = format!("[profiles.prod]\nurl = \"{}\"\nprotected = true\n", server.url());
    std::fs::write(project.config("ffctl/config.toml"), config).expect("written");
    let shown = candidates(&project, &["-p", "p"]);
    assert_eq!(shown[1], format!("prod\t{}, protected", server.url()));
    for words in [["profile", "use", "p"], ["profile", "remove", "p"], ["logout", "-p", "p"]] {
        assert_eq!(candidates(&project, &words), shown, "{words:?}");
    }
    assert_eq!(candidates(&project, &["-p", "prod", "get", "only"]), ["values"], "nobody was asked yet");
    assert!(server.requests().is_empty(), "completion asks no server");
    project.ok(&["list", "-p", "prod"]);
    let asked = server.requests().len();
    let shown = candidates(&project, &["-p", "prod", "get", "only"]);
    assert!(shown[1].starts_with("only_there\t"), "{shown:?}");
    assert_eq!(server.requests().len(), asked, "from the last answer alone");
}

#[test]
fn whatever_is_broken_is_silent() {
    let broken = Project::new("schema = 1\n[flags]\nfine = true\nodd = tru\n[[[\n");
    assert_eq!(candidates(&broken, &["get", "f"]), ["values", "fine\ton, default"]);
    let none = Project::empty();
    assert_eq!(candidates(&none, &["get", ""]), ["values"]);
    assert_eq!(candidates(&none, &[]).first().map(String::as_str), Some("values"));
    let project = project();
    for entry in std::fs::read_dir(project.state().join("ffctl")).expect("a folder").flatten() {
        std::fs::write(entry.path(), "no store at all").expect("written");
    }
    assert_eq!(candidates(&project, &["get", "use_v3"]), ["values", "use_v3_style\toff, default"]);
    let mut odd = Project::shipped();
    for (name, value) in [("FFCTL_ADMIN_URL", ""), ("FFCTL_OUTPUT", "yaml"), ("FFCTL_CONFIG", "/nowhere")] {
        odd.set(name, value);
    }
    assert_eq!(candidates(&odd, &["get", "use_v3"]), ["values", "use_v3_style\toff, default"]);
    assert_eq!(candidates(&odd, &["-p", ""]), ["values"]);
    let output = project
        .process(env!("CARGO_BIN_EXE_ffctl"))
        .env_clear()
        .args(["__complete", "get", "use_v3"])
        .output()
        .expect("it runs");
    assert!(output.status.success() && output.stderr.is_empty());
    assert!(output.stdout.starts_with(b"values\nuse_v3_style\t"), "without HOME too");
}

/// A line of the shell, and what must and must not be among the answers.
const LINES: [(&str, &[&str], &[&str]); 9] = [
    ("ffctl expl", &["explain"], &["list"]),
    ("ffctl get use", &["use_v3_style", "use_deepseek_critic"], &["enable_try_on", "--json"]),
    ("ffctl get --js", &["--json"], &["use_v3_style"]),
    ("ffctl set style_prompt ", &["on", "off", "v2", "v3"], &["25%"]),
    ("ffctl set enable_try_on=o", &["on", "off"], &["use_v3_style"]),
    ("ffctl variant-for-user u-1 pers", &["personalization_v2"], &["use_v3_style"]),
    ("ffctl list --state=pa", &["partial"], &["off"]),
    ("ffctl list --owner agents", &["agents-team"], &["style-team"]),
    ("ffctl -o json diff git:HE", &["HEAD", "HEAD~1"], &["default"]),
];

/// Tells whether a word stands among answers, alone or behind the part of the word that was typed before.
fn stands_in(shown: &str, word: &str) -> bool {
    shown
        .split_whitespace()
        .any(|one| one == word || one.ends_with(&format!("={word}")) || one.ends_with(&format!(":{word}")))
}

fn check(shell: &str, line: &str, shown: &str, wanted: &[&str], unwanted: &[&str]) {
    for word in wanted {
        assert!(stands_in(shown, word), "{shell}: {line}: no {word} in\n{shown}");
    }
    for word in unwanted {
        assert!(!stands_in(shown, word), "{shell}: {line}: {word} in\n{shown}");
    }
}

#[test]
fn bash_completes() {
    if !has("bash") {
        return;
    }
    let project = project();
    // What readline does: words apart at blanks, = and :, and the function that `complete -p` names.
    let ask = r#"
        source scripts/bash
        [[ $(complete -p ffctl) == *_ffctl* ]] || echo "not registered" >&2
        COMP_LINE=$1 COMP_POINT=${#1} COMP_TYPE=${2:-9} COMP_WORDS=() COMP_CWORD=0
        rest=$1
        while [[ $rest =~ ^([[:blank:]]*)([=:]+|[^[:blank:]=:]+)(.*)$ ]]; do
            COMP_WORDS+=("${BASH_REMATCH[2]}") rest=${BASH_REMATCH[3]}
        done
        [[ $1 == *[[:blank:]] ]] && COMP_WORDS+=('')
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        compopt() { echo "compopt $*"; }
        _ffctl ffctl "${COMP_WORDS[COMP_CWORD]}" ''
        printf '%s\n' "${COMPREPLY[@]}"
    "#;
    let bash = |line: &str, kind: &str| asked(&project, "bash", &["--norc", "-c", ask, "bash", line, kind]);
    for (line, wanted, unwanted) in LINES {
        check("bash", line, &bash(line, "9"), wanted, unwanted);
    }
    assert_eq!(bash("ffctl get use_v3_st", "9"), "use_v3_style\n");
    assert_eq!(bash("ffctl set enable_try_on=on use_v3", "9"), "compopt -o nospace\nuse_v3_style=\n");
    assert!(bash("ffctl get use", "63").contains("use_v3_style  (on, admin)"), "shown beside the list");
    assert_eq!(bash("ffctl list --flags sub", "9"), "compopt -o default\n\n", "readline knows files");
    assert!(bash("ffctl diff ./sub", "9").contains("compopt -o default"));
}

#[test]
fn a_terminal_with_bash_inserts_what_is_alone() {
    if !has("bash") || !has("script") {
        return;
    }
    let project = project();
    project.write("rc", "PS1='> '\nsource scripts/bash\nbind 'set bell-style none'\n");
    let mut child = project
        .process("script")
        .args(["-qec", "bash --noprofile --rcfile rc -i", "/dev/null"])
        .env("TERM", "dumb")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("a terminal");
    let typed = b"ffctl get use_v\t && ffctl set enable_try_on=of\t -n -o name\nexit\n";
    std::io::Write::write_all(&mut child.stdin.take().expect("a pipe"), typed).expect("typed");
    let output = child.wait_with_output().expect("ended");
    let shown = String::from_utf8_lossy(&output.stdout).replace('\r', "");
    assert!(shown.contains("\ntrue\nenable_try_on\n"), "{shown}");
}

#[test]
fn fish_completes() {
    if !has("fish") {
        return;
    }
    let project = project();
    let fish = |line: &str| {
        let script = format!("source scripts/fish; complete --do-complete '{line}'");
        asked(&project, "fish", &["--no-config", "-c", &script])
    };
    for (line, wanted, unwanted) in LINES {
        check("fish", line, &fish(line), wanted, unwanted);
    }
    assert_eq!(fish("ffctl get use_v3"), "use_v3_style\ton, admin\n");
    assert!(fish("ffctl list --flags fl").contains("flags.toml"));
    assert!(fish("ffctl list --flags=fl").contains("--flags=flags.toml"));
}

#[test]
fn zsh_completes() {
    if !has("zsh") {
        return;
    }
    let project = project();
    // A zsh inside a pseudo-terminal of zsh: the line is typed, and what the completion adds is recorded.
    let ask = r#"
        zmodload zsh/zpty
        zpty shell zsh -f -i
        zpty -w shell "PS1=READY; unsetopt beep zle_bracketed_paste; autoload -Uz compinit; compinit -u -D; source scripts/zsh"
        zpty -w shell 'compadd() { local -a found; builtin compadd -O found "$@"; (( $#found )) && print -rl -- $found >>found; builtin compadd "$@" }'
        zpty -w shell 'finish() { print -rl -- "$BUFFER" >line; exit }; zle -N finish; bindkey "^X" finish; echo set up'
        zpty -r shell out '*set up*READY'
        zpty -w -n shell "$1"$'\t\x18'
        while zpty -r shell out 2>/dev/null; do :; done
        cat found line 2>/dev/null
    "#;
    let zsh = |line: &str| {
        for file in ["found", "line"] {
            let _ = std::fs::remove_file(project.path(file));
        }
        asked(&project, "zsh", &["-f", "-c", ask, "zsh", line])
    };
    for (line, wanted, unwanted) in LINES {
        let shown = zsh(line);
        let found =
            shown.rsplit_once(line.split(' ').next().unwrap_or_default()).map_or("", |(found, _)| found);
        check("zsh", line, found, wanted, unwanted);
    }
    assert!(zsh("ffctl get use_v3").ends_with("ffctl get use_v3_style \n"));
    assert!(zsh("ffctl set use_v3_style=on enable_try").ends_with("enable_try_on=\n"), "no blank behind =");
    assert!(zsh("ffctl list --flags=fl").ends_with("--flags=flags.toml \n"));
}

#[test]
fn elvish_reads_its_script() {
    if !has("elvish") {
        return;
    }
    let project = project();
    // Without a terminal there is no editor to complete in; the script must still compile but for its name.
    let said = project
        .process("elvish")
        .args(["-norc", "-compileonly", "scripts/elvish"])
        .output()
        .expect("it runs");
    let said = format!("{}{}", String::from_utf8_lossy(&said.stdout), String::from_utf8_lossy(&said.stderr));
    let other = said.lines().filter(|line| line.contains("error") && !line.contains("edit:"));
    assert_eq!(other.collect::<Vec<_>>(), Vec::<&str>::new(), "{said}");
}

#[test]
fn a_closed_pipe_is_no_matter() {
    let project = Project::shipped();
    let piped = run(&mut project.shell("ffctl completions bash | true; ffctl __complete get '' | true"));
    assert_eq!((piped.code, piped.stderr.as_str()), (0, ""));
}

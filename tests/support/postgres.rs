//! A PostgreSQL of its own for the tests that need one: a throwaway cluster, started once per test binary, with a fresh
//! database for each test. It ends with the process that started it, however that ends, and leaves nothing behind.
//! Where PostgreSQL is not installed, the tests that need it say so and are left out; with `CI=true` they fail.

use std::io::Write;
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant};

/// Whom the server runs as if the tests run as root, which it refuses: `nobody`.
const NOBODY: u32 = 65_534;

/// Starts the server, stops it as a crash would (`stop`) and starts it again (`start`) as it is told, and cleans up when
/// its input ends, which it does when the tests are over.
const KEEPER: &str = r#"
bin=$1 root=$2 port=$3
"$bin/initdb" -D "$root/data" -U postgres -A trust -E UTF8 --locale=C -N --no-instructions >>"$root/log" 2>&1 || exit 1
start() {
  "$bin/postgres" -D "$root/data" -p "$port" -c listen_addresses=127.0.0.1 -c unix_socket_directories="$root" \
    -c hba_file="$root/hba.conf" -c ssl=on -c ssl_cert_file="$root/server.pem" -c ssl_key_file="$root/server.key" \
    -c fsync=off -c full_page_writes=off -c max_connections=200 -c shared_buffers=16MB >>"$root/log" 2>&1 </dev/null &
  server=$!
}
start
while read -r word; do
  case $word in
    stop) kill -QUIT "$server"; wait "$server" ;;
    start) start ;;
  esac
done
kill -INT "$server"
wait "$server"
rm -rf "$root"
"#;

/// `locked` needs the password `hunter2`; everybody else comes in.
const ACCESS: &str = "\
host all locked 127.0.0.1/32 scram-sha-256
local all all trust
host all all 127.0.0.1/32 trust
";

/// A running cluster.
pub(crate) struct Cluster {
    programs: PathBuf,
    root: PathBuf,
    port: u16,
    databases: AtomicUsize,
    // Its input ends with this process.
    keeper: Mutex<std::process::Child>,
}

/// A database of a test's own; it stays until the cluster ends.
#[derive(Clone, Debug)]
pub(crate) struct Database {
    name: String,
    port: u16,
    programs: PathBuf,
    root: PathBuf,
}

/// Returns a fresh database; none, after a word on standard error, where PostgreSQL is not installed.
///
/// # Panics
/// With `CI=true` in the environment if it is not installed, and wherever it is but does not start.
pub(crate) fn database(test: &str) -> Option<Database> {
    static CLUSTER: OnceLock<Option<Cluster>> = OnceLock::new();
    let cluster = CLUSTER.get_or_init(|| Some(Cluster::start(programs()?)));
    if cluster.is_none() {
        left_out(test);
    }
    cluster.as_ref().map(Cluster::database)
}

/// Returns a cluster of a test's own, which it may stop and start; otherwise as [`database`].
///
/// # Panics
/// As [`database`].
pub(crate) fn cluster(test: &str) -> Option<Cluster> {
    let cluster = programs().map(Cluster::start);
    if cluster.is_none() {
        left_out(test);
    }
    cluster
}

fn left_out(test: &str) {
    assert!(!in_ci(), "{test} needs PostgreSQL (initdb and postgres): apt-get install postgresql");
    // Not through a macro: the test harness would keep it to itself.
    let _ = writeln!(std::io::stderr(), "left out, since PostgreSQL is not installed: {test}");
}

#[expect(clippy::disallowed_methods, reason = "a test asks whether it may be left out")]
fn in_ci() -> bool {
    std::env::var_os("CI").is_some_and(|value| value == "true")
}

/// Returns the folder with `initdb` and `postgres`: Debian's newest, or one on the path.
#[expect(clippy::disallowed_methods, reason = "a test looks for a program")]
fn programs() -> Option<PathBuf> {
    let version = |path: &Path| path.file_name().and_then(|name| name.to_str()?.parse::<u32>().ok());
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut versions: Vec<PathBuf> = debian.map(|entry| entry.path()).collect();
    versions.sort_by_key(|path| std::cmp::Reverse(version(path)));
    let on_path = std::env::var_os("PATH").map(|path| std::env::split_paths(&path).collect::<Vec<_>>());
    let all = versions.into_iter().map(|path| path.join("bin")).chain(on_path.into_iter().flatten());
    all.into_iter()
        .find(|folder| ["initdb", "postgres", "psql"].iter().all(|name| folder.join(name).exists()))
}

impl Cluster {
    fn start(programs: PathBuf) -> Self {
        let root = tempfile::Builder::new().prefix("ffctl-postgres-").tempdir().expect("a folder").keep();
        let port =
            TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a port").port();
        std::fs::write(root.join("hba.conf"), ACCESS).expect("written");
        certificates(&root);
        let as_root = std::fs::metadata(&root).expect("a folder").uid() == 0;
        let mut command = Command::new("sh");
        command.args(["-c", KEEPER, "keeper"]).arg(&programs).arg(&root).arg(port.to_string());
        // Its own group: Ctrl-C is for the tests, and their end is its end.
        command
            .current_dir(&root)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0);
        if as_root {
            command.uid(NOBODY).gid(NOBODY);
            for entry in std::fs::read_dir(&root).expect("a folder").flatten() {
                chown(entry.path(), Some(NOBODY), Some(NOBODY)).expect("given away");
            }
            chown(&root, Some(NOBODY), Some(NOBODY)).expect("given away");
        }
        let keeper = command.spawn().expect("sh starts");
        let cluster =
            Self { programs, root, port, databases: AtomicUsize::new(0), keeper: Mutex::new(keeper) };
        cluster.wait();
        cluster.everything().run("create role locked login password 'hunter2'");
        cluster
    }

    fn wait(&self) {
        let start = Instant::now();
        while start.elapsed() < Duration::from_mins(1) {
            if self.everything().psql("select 1").is_ok() {
                return;
            }
            pause();
        }
        let log = std::fs::read_to_string(self.root.join("log")).unwrap_or_default();
        panic!("PostgreSQL does not start:\n{log}");
    }

    fn named(&self, name: String) -> Database {
        Database { name, port: self.port, programs: self.programs.clone(), root: self.root.clone() }
    }

    /// The database that is always there.
    fn everything(&self) -> Database {
        self.named("postgres".to_owned())
    }

    /// Stops the server as a crash would: it finishes nothing, and recovers when it is started again.
    pub(crate) fn stop(&self) {
        self.tell("stop");
        while self.everything().psql("select 1").is_ok() {
            pause();
        }
    }

    /// Starts the server after it was stopped, and waits for it.
    pub(crate) fn start_again(&self) {
        self.tell("start");
        self.wait();
    }

    fn tell(&self, word: &str) {
        let mut keeper = self.keeper.lock().expect("nobody panicked with it");
        writeln!(keeper.stdin.as_mut().expect("piped"), "{word}").expect("told");
    }

    /// Returns a fresh database.
    pub(crate) fn database(&self) -> Database {
        let name = format!("test_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        self.everything().run(&format!("create database {name}"));
        self.named(name)
    }
}

impl Database {
    /// Returns its address for the superuser, over TCP on loopback and without TLS.
    pub(crate) fn url(&self) -> String {
        self.url_of("postgres")
    }

    /// Returns its address for a user, or a user with a password.
    pub(crate) fn url_of(&self, user: &str) -> String {
        format!("postgres://{user}@127.0.0.1:{}/{}", self.port, self.name)
    }

    /// Returns its address by name, for certificates: they are for `localhost`.
    pub(crate) fn url_by_name(&self) -> String {
        self.url().replace("127.0.0.1", "localhost")
    }

    /// Returns the file with the certificate of the authority that signed the server's.
    pub(crate) fn authority(&self) -> PathBuf {
        self.root.join("authority.pem")
    }

    /// Runs SQL, all of it or none.
    #[track_caller]
    pub(crate) fn run(&self, sql: &str) -> String {
        self.psql(sql).unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    /// Ends every other connection to this database, as a restart of the server would.
    pub(crate) fn disconnect(&self) {
        self.run(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() \
             and pid <> pg_backend_pid()",
        );
    }

    fn psql(&self, sql: &str) -> Result<String, String> {
        let mut command = Command::new(self.programs.join("psql"));
        command.env_clear().args([
            "-X",
            "-q",
            "-A",
            "-t",
            "-v",
            "ON_ERROR_STOP=1",
            "-d",
            &self.url(),
            "-c",
            sql,
        ]);
        let output = command.stdin(Stdio::null()).output().expect("psql starts");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
        if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
    }
}

/// Writes an authority and a certificate that it signed for `localhost`.
fn certificates(root: &Path) {
    use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
    let mut authority = CertificateParams::new(Vec::new()).expect("no names");
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority =
        CertifiedIssuer::self_signed(authority, KeyPair::generate().expect("a key")).expect("signed");
    let key = KeyPair::generate().expect("a key");
    let server = CertificateParams::new(vec!["localhost".to_owned()]).expect("a name");
    let server = server.signed_by(&key, &authority).expect("signed");
    for (name, text) in [
        ("authority.pem", authority.pem()),
        ("server.pem", server.pem()),
        ("server.key", key.serialize_pem()),
    ] {
        std::fs::write(root.join(name), text).expect("written");
    }
    let owner_only = std::fs::Permissions::from_mode(0o600);
    std::fs::set_permissions(root.join("server.key"), owner_only).expect("set");
    let all = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(root, all).expect("set");
}

#[expect(clippy::disallowed_methods, reason = "waits for a server to start")]
fn pause() {
    std::thread::sleep(Duration::from_millis(50));
}

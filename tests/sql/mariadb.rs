//! A `MariaDB` of its own for the test that needs one: a throwaway server behind a socket, which ends with the process that
//! started it, however that ends, and leaves nothing behind. Where it is not installed the test says so and is left out;
//! with `CI=true` it fails.

use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::super::sdk::toolchain;

/// Whom the server runs as if the tests run as root, which it refuses: `nobody`.
const NOBODY: u32 = 65_534;

/// Starts the server and cleans up when its input ends, which it does when the tests are over.
const KEEPER: &str = r#"
root=$1
mariadb-install-db --no-defaults --datadir="$root/data" --auth-root-authentication-method=normal --skip-test-db \
  --skip-name-resolve >>"$root/log" 2>&1 || exit 1
mariadbd --no-defaults --datadir="$root/data" --socket="$root/socket" --pid-file="$root/pid" --tmpdir="$root" \
  --skip-networking --skip-grant-tables --local-infile=1 --innodb-flush-log-at-trx-commit=0 >>"$root/log" 2>&1 </dev/null &
server=$!
read -r word
kill -TERM "$server"
wait "$server"
rm -rf "$root"
"#;

/// A running server.
pub(super) struct Server {
    root: PathBuf,
    // Its input ends with this process.
    _keeper: Child,
}

impl Server {
    /// Starts one; none, after a word on standard error, where it is not installed.
    pub(super) fn start(test: &str) -> Option<Self> {
        let installed = ["mariadbd", "mariadb-install-db"].iter().all(|name| {
            Command::new("sh")
                .args(["-c", "command -v \"$0\" >/dev/null", name])
                .status()
                .is_ok_and(|ran| ran.success())
        });
        if !installed {
            toolchain::left_out("sql", &format!("{test} needs MariaDB: apt-get install mariadb-server"));
            return None;
        }
        let root = tempfile::Builder::new().prefix("ffctl-mariadb-").tempdir().expect("a folder").keep();
        let mut command = Command::new("sh");
        command.args(["-c", KEEPER, "keeper"]).arg(&root).current_dir(&root);
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
        if std::fs::metadata(&root).expect("a folder").uid() == 0 {
            chown(&root, Some(NOBODY), Some(NOBODY)).expect("given away");
            command.uid(NOBODY).gid(NOBODY);
        }
        let server = Self { root, _keeper: command.spawn().expect("sh starts") };
        server.wait();
        Some(server)
    }

    /// Returns the path of its socket.
    pub(super) fn socket(&self) -> String {
        self.root.join("socket").display().to_string()
    }

    #[expect(clippy::disallowed_methods, reason = "waits for a server to start")]
    fn wait(&self) {
        let start = Instant::now();
        while std::os::unix::net::UnixStream::connect(self.root.join("socket")).is_err() {
            if start.elapsed() > Duration::from_mins(1) {
                let log = std::fs::read_to_string(self.root.join("log")).unwrap_or_default();
                panic!("MariaDB does not start:\n{log}");
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

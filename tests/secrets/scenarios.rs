//! The scenarios.

use std::fs;

use super::super::project::SHIPPED;
use super::super::remote::TOKEN;
#[cfg(unix)]
use super::stage::mode;
use super::stage::{Scenario, at, file_holds, redirected, refused, served, token_is, words};

/// Every scenario.
pub(super) const SCENARIOS: &[Scenario] = &[
    // As it is meant.
    served("variables", 0, |stage| {
        stage.variables("");
        words("list")
    }),
    served("a profile and its token file", 0, |stage| {
        stage.profile(&stage.server.url());
        words("list -p prod")
    }),
    served("a token file of the variables", 0, |stage| {
        let file = stage.token_file("home/t", &format!("{TOKEN}\r\n"));
        stage.project.set("FFCTL_TOKEN_FILE", &file);
        let url = stage.server.url();
        stage.project.set("FFCTL_ADMIN_URL", &url);
        words("list")
    }),
    // What is committed names no address.
    refused("flags.toml with a url", 7, |stage| {
        let text = format!("url = \"{}\"\n{}", stage.canary.url(), SHIPPED);
        stage.project.write("flags.toml", &text);
        stage.project.set("FFCTL_TOKEN", TOKEN);
        words("list")
    }),
    refused("flags.toml with a token and a profile", 7, |stage| {
        let url = stage.canary.url();
        stage.project.write(
            "flags.toml",
            &format!("schema = 1\ntoken = \"x\"\n[profiles.prod]\nurl = \"{url}\"\n[flags]\na = true\n"),
        );
        words("list")
    }),
    refused("a config.toml in the repository", 3, |stage| {
        let config = format!("[profiles.prod]\nurl = \"{}\"\n", stage.canary.url());
        for path in ["config.toml", "ffctl/config.toml", ".config/ffctl/config.toml", ".ffctl/config.toml"] {
            stage.project.write(path, &config);
        }
        stage.project.set("FFCTL_TOKEN", TOKEN);
        words("list -p prod")
    }),
    refused("an env file that names an address", 0, |stage| {
        stage.project.write(".env", &format!("FFCTL_ADMIN_URL={}\nFFCTL_PROFILE=prod\n", stage.canary.url()));
        stage.project.set("FFCTL_TOKEN", TOKEN);
        words("list --env-file .env")
    }),
    // Redirects.
    served("a redirect to another port", 6, |stage| {
        let to = format!("{}/x", stage.canary.url());
        redirected(stage, &to)
    }),
    served("a redirect to another name of the host", 6, |stage| {
        let to = stage.canary.url().replace("127.0.0.1", "localhost");
        redirected(stage, &to)
    }),
    served("a redirect without a scheme", 6, |stage| {
        let to = format!("//{}/x", stage.trap());
        redirected(stage, &to)
    }),
    served("a redirect to https", 6, |stage| {
        let to = stage.server.url().replace("http:", "https:");
        redirected(stage, &to)
    }),
    served("a redirect with credentials", 6, |stage| {
        let to = stage.server.url().replace("http://", "http://u:p@");
        redirected(stage, &to)
    }),
    served("a redirect to the canary behind an @", 6, |stage| {
        let to = format!("{}@{}/x", stage.server.url(), stage.trap());
        redirected(stage, &to)
    }),
    served("a redirect with backslashes", 6, |stage| {
        let to = format!("\\\\{}\\x", stage.trap());
        redirected(stage, &to)
    }),
    served("a redirect to another scheme", 6, |stage| redirected(stage, "ftp://127.0.0.1/x")),
    served("a redirect to a file", 6, |stage| redirected(stage, "file:///etc/passwd")),
    served("a redirect of a change", 6, |stage| {
        let to = format!("{}/x", stage.canary.url());
        redirected(stage, &to);
        words("set use_v3_style on --yes")
    }),
    served("a redirect within the origin", 0, |stage| redirected(stage, "/ok")),
    // Addresses.
    refused("a password in the address", 7, |stage| {
        let url = stage.canary.url().replace("http://", &format!("http://ada:{TOKEN}@"));
        at(stage, &url)
    }),
    refused("a token as the user of the address", 7, |stage| {
        let url = stage.canary.url().replace("http://", &format!("http://{TOKEN}@"));
        at(stage, &url)
    }),
    refused("a token in the query of the address", 7, |stage| {
        let url = format!("{}/?token={TOKEN}", stage.canary.url());
        at(stage, &url)
    }),
    refused("a password in the address of a profile", 7, |stage| {
        stage.profile(&stage.canary.url().replace("http://", &format!("http://ada:{TOKEN}@")));
        words("list -p prod")
    }),
    refused("http to another host", 7, |stage| at(stage, "http://flags.example.com")),
    refused("a host that begins like this machine", 7, |stage| at(stage, "http://localhost.evil.test")),
    refused("a host that begins like loopback", 7, |stage| at(stage, "http://127.0.0.1.nip.io")),
    refused("loopback as the user of another host", 7, |stage| at(stage, "http://127.0.0.1@flags.evil.test")),
    refused("this machine with a dot behind it", 7, |stage| at(stage, "http://localhost.")),
    refused("an address of all interfaces", 7, |stage| at(stage, "http://0.0.0.0")),
    refused("an address of the network", 7, |stage| at(stage, "http://[fe80::1]")),
    refused("loopback mapped into IPv6", 7, |stage| at(stage, "http://[::ffff:10.0.0.1]")),
    refused("a look-alike in another script", 6, |stage| at(stage, "https://xn--fgs-7na.example.invalid")),
    refused("the host as the suffix of another", 6, |stage| {
        at(stage, "https://flags.example.com.evil.invalid")
    }),
    served("this machine in capitals", 0, |stage| {
        let url = stage.server.url().replace("127.0.0.1", "LOCALHOST");
        at(stage, &url)
    }),
    // Proxies.
    served("a proxy is not asked for loopback", 0, |stage| {
        for name in ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
            let url = stage.canary.url();
            stage.project.set(name, &url);
        }
        stage.variables("");
        words("list")
    }),
    refused("a proxy of https sees a tunnel alone", 6, |stage| {
        let url = stage.canary.url();
        stage.project.set("HTTPS_PROXY", &url);
        at(stage, "https://flags.example.invalid")
    }),
    refused("a proxy whose address has a password", 6, |stage| {
        let url = stage.canary.url().replace("http://", "http://ada:proxy-password-4712@");
        stage.project.set("HTTPS_PROXY", &url);
        at(stage, "https://flags.example.invalid")
    }),
    // Token files.
    #[cfg(unix)]
    refused("a token file that the group may read", 4, |stage| {
        let words = file_holds(stage, TOKEN);
        mode(&stage.project.path("../config/token"), 0o640);
        words
    }),
    #[cfg(unix)]
    refused("a token file that everybody may read", 4, |stage| {
        let words = file_holds(stage, TOKEN);
        mode(&stage.project.path("../config/token"), 0o604);
        words
    }),
    #[cfg(unix)]
    refused("a link to a token file that others may read", 4, |stage| {
        let words = file_holds(stage, TOKEN);
        let file = stage.project.path("../config/token");
        let there = stage.project.path("../home/open");
        fs::rename(&file, &there).expect("moved");
        mode(&there, 0o644);
        std::os::unix::fs::symlink(&there, &file).expect("linked");
        words
    }),
    #[cfg(unix)]
    served("a link to a token file of one's own", 0, |stage| {
        let words = file_holds(stage, TOKEN);
        let file = stage.project.path("../config/token");
        let there = stage.project.path("../home/mine");
        fs::rename(&file, &there).expect("moved");
        std::os::unix::fs::symlink(&there, &file).expect("linked");
        words
    }),
    #[cfg(unix)]
    refused("a link that leads nowhere", 4, |stage| {
        let words = file_holds(stage, TOKEN);
        let file = stage.project.path("../config/token");
        fs::remove_file(&file).expect("removed");
        std::os::unix::fs::symlink("/nowhere/token", &file).expect("linked");
        words
    }),
    refused("a token file that is a folder", 4, |stage| {
        let words = file_holds(stage, TOKEN);
        fs::remove_file(stage.project.path("../config/token")).expect("removed");
        fs::create_dir(stage.project.path("../config/token")).expect("made");
        words
    }),
    refused("an empty token file", 4, |stage| file_holds(stage, " \n")),
    refused("a token file of two lines", 4, |stage| file_holds(stage, &format!("{TOKEN}\n{TOKEN}\n"))),
    refused("a token file with a name before the token", 4, |stage| {
        file_holds(stage, &format!("Bearer {TOKEN}"))
    }),
    refused("a token file that is no text", 4, |stage| file_holds(stage, &format!("{TOKEN}\u{0}{TOKEN}"))),
    refused("a token in config.toml", 7, |stage| {
        stage.profile(&stage.server.url());
        let path = stage.project.config("ffctl/config.toml");
        let text = fs::read_to_string(&path).expect("there");
        fs::write(&path, format!("{text}token = \"{TOKEN}\"\n")).expect("written");
        words("list -p prod")
    }),
    // Tokens of variables.
    refused("an empty token", 4, |stage| token_is(stage, "")),
    refused("a token with a line end", 4, |stage| token_is(stage, &format!("{TOKEN}\r\nX-Evil: {TOKEN}"))),
    refused("a token with a control character", 4, |stage| token_is(stage, &format!("{TOKEN}\u{1b}[31m"))),
    refused("a token beyond ASCII", 4, |stage| token_is(stage, &format!("{TOKEN}\u{e9}"))),
    refused("a token and a token file", 7, |stage| {
        stage.variables("");
        stage.project.set("FFCTL_TOKEN_FILE", "t");
        words("list")
    }),
    refused("a token beside a profile without one", 0, |stage| {
        fs::create_dir_all(stage.project.config("ffctl")).expect("made");
        let config = format!("[profiles.open]\nurl = \"{}\"\n", stage.canary.url());
        fs::write(stage.project.config("ffctl/config.toml"), config).expect("written");
        stage.project.set("FFCTL_TOKEN", TOKEN);
        words("list -p open")
    }),
    refused("a token beside the local store", 0, |stage| {
        stage.variables("");
        words("list --local")
    }),
    refused("a token beside an address that is empty", 7, |stage| {
        stage.project.set("FFCTL_ADMIN_URL", "");
        stage.project.set("FFCTL_TOKEN", TOKEN);
        words("list")
    }),
    refused("a token without an address", 0, |stage| {
        stage.project.set("FFCTL_TOKEN", TOKEN);
        words("list")
    }),
    refused("nobody is asked offline", 0, |stage| {
        stage.variables("");
        words("list --offline")
    }),
    // A token is no argument.
    refused("a token as an option", 2, |stage| {
        stage.variables("");
        words(&format!("list --token={TOKEN}"))
    }),
    refused("a token as the value of an option", 2, |stage| {
        stage.variables("");
        words("list --token x")
    }),
    // A server that gives it back.
    served("a server that repeats the token in its refusal", 4, |stage| {
        stage.variables("/echo");
        words("list")
    }),
    served("and in JSON", 4, |stage| {
        stage.variables("/echo");
        words("list --json")
    }),
    served("in headers", 4, |stage| {
        stage.variables("/echo-header");
        words("explain use_v3_style")
    }),
    served("in a place to go to", 6, |stage| {
        stage.variables("/echo-location");
        words("list")
    }),
    served("in a page", 6, |stage| {
        stage.variables("/html");
        words("list")
    }),
    served("in what is no JSON", 6, |stage| {
        stage.variables("/nonsense");
        words("list --json")
    }),
    served("in a failure of its own", 6, |stage| {
        stage.variables("/fail");
        stage.project.set("FFCTL_TIMEOUT", "1s");
        words("list")
    }),
    served("a change that is refused with the token", 4, |stage| {
        stage.variables("/echo");
        words("set use_v3_style on --yes -m why")
    }),
    // What `ffctl login` keeps.
    served("a kept token", 0, |stage| {
        let origin = stage.server.url();
        stage.kept("prod", &origin, &origin)
    }),
    served("a kept token, by another name of its path", 0, |stage| {
        let origin = stage.server.url();
        stage.kept("prod", &origin, &format!("{origin}/api/v1/admin"))
    }),
    refused("a kept token of another port", 4, |stage| {
        let (origin, url) = (stage.server.url(), stage.canary.url());
        stage.kept("prod", &origin, &url)
    }),
    refused("a kept token of another scheme", 4, |stage| {
        let origin = stage.server.url();
        stage.kept("prod", &origin, &origin.replace("http:", "https:"))
    }),
    refused("a kept token of another name of this machine", 4, |stage| {
        let origin = stage.server.url();
        stage.kept("prod", &origin, &origin.replace("127.0.0.1", "localhost"))
    }),
    refused("a kept token of another profile", 4, |stage| {
        let origin = stage.server.url();
        stage.kept("stage", &origin, &origin)
    }),
    refused("doctor of a kept token of another port", 4, |stage| {
        let (origin, url) = (stage.server.url(), stage.canary.url());
        stage.kept("prod", &origin, &url);
        words("doctor -p prod")
    }),
    refused("a profile that is only shown", 0, |stage| {
        let origin = stage.server.url();
        stage.kept("prod", &origin, &origin);
        words("profile show prod --json")
    }),
    refused("a token as an argument of login", 2, |stage| {
        stage.profile(&stage.server.url());
        words(&format!("login -p prod {TOKEN}"))
    }),
    refused("a token in the address of a new profile", 2, |_| {
        words(&format!("profile add x http://{TOKEN}@localhost"))
    }),
    served("doctor", 0, |stage| {
        stage.variables("");
        words("doctor")
    }),
    served("doctor of a server that repeats it", 4, |stage| {
        stage.variables("/echo");
        words("doctor --json")
    }),
    served("doctor of a server that repeats it in headers", 4, |stage| {
        stage.variables("/echo-header");
        words("doctor")
    }),
    // What a developer turns on.
    served("with backtraces and logs of every library", 6, |stage| {
        stage.variables("/close");
        for name in ["RUST_BACKTRACE", "RUST_LIB_BACKTRACE"] {
            stage.project.set(name, "full");
        }
        stage.project.set("RUST_LOG", "trace");
        stage.project.set("FFCTL_TIMEOUT", "1s");
        words("list --json")
    }),
    served("with a file of TLS keys", 0, |stage| {
        stage.project.set("SSLKEYLOGFILE", "keys");
        stage.variables("");
        words("list")
    }),
];

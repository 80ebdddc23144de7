//! Where everything is and who is spoken to: flags.toml, config.toml, profiles, `FFCTL_*`, credentials.
//!
//! The command line, the variables and the user's folders come in as plain data; each question is answered
//! with where the answer came from. No clap, no process environment, no clock, and nothing here opens a
//! store or speaks to a server: that is `admin/`. `FF_*` variables are passed on unread: they are `layer/`'s.

mod admin_url;
mod color;
mod config;
mod config_directory;
mod credentials;
mod directory;
mod directory_url;
mod discovery;
mod duration;
mod folders;
mod freeze;
mod guards;
mod kept_token;
mod known;
mod limits;
mod options;
mod postgres_url;
mod profile;
mod proxy;
mod resolve;
mod span;
mod store_path;
mod target;
mod variables;

pub use admin_url::{AdminUrl, UrlError, is_loopback};
pub use color::ColorChoice;
pub use config::Config;
pub use credentials::{CredentialSource, Token};
pub use directory::{DirectoryChoice, DirectoryPlace};
pub use directory_url::DirectoryUrl;
pub use discovery::{FlagFile, find_flag_file};
pub use duration::{DurationError, exact_duration, older_than, parse_duration, short_duration};
pub use folders::Folders;
pub use freeze::FreezeWindow;
pub use guards::{ProfileGuards, parse_step};
pub use kept_token::KeptToken;
pub use known::{KNOWN_VARIABLES, KnownVariable};
pub use limits::TimeLimits;
pub use options::Options;
pub use postgres_url::{PostgresTls, PostgresUrl, PostgresUrlError};
pub use profile::{Profile, check_profile_name};
pub use proxy::ProxyChoice;
pub use resolve::Settings;
pub use span::diagnostic_at;
pub use store_path::store_path;
pub use target::{ChosenBy, TargetChoice, TargetPlace};
pub use variables::Variables;

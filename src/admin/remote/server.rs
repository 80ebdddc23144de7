//! The server as a target.

use std::time::Duration;

use crate::admin::cache::Cache;
use crate::error::Error;
use crate::layer::{TargetKind, TargetLabel};
use crate::settings::{AdminUrl, CredentialSource, TimeLimits};

use super::answer::Answer;
use super::options::ClientOptions;
use super::refusal::{Asked, refusal};
use super::transport::Transport;

/// A server behind the admin API. Nothing is asked, and no token read, before the first question.
#[derive(Debug)]
pub struct RemoteServer {
    label: TargetLabel,
    transport: Transport,
}

impl RemoteServer {
    /// Returns the server at this address.
    pub fn new(
        url: AdminUrl,
        profile: Option<String>,
        credentials: CredentialSource,
        limits: TimeLimits,
    ) -> Self {
        let label =
            TargetLabel { profile, address: url.to_string(), kind: TargetKind::Server, served: false };
        let transport = Transport::new(url, label.to_string(), credentials, limits);
        Self { label, transport }
    }

    /// Uses what a run gives beside the address.
    #[must_use]
    pub fn with_options(mut self, options: ClientOptions) -> Self {
        self.transport.set(options);
        self
    }

    /// Gives it no more than this time for each read from now on.
    pub fn limit(&self, read: Duration) {
        self.transport.limit(read);
    }

    /// Returns how to name it.
    pub fn label(&self) -> &TargetLabel {
        &self.label
    }

    pub(super) fn cache(&self) -> Option<&Cache> {
        self.transport.options().cache.as_ref()
    }

    /// Returns the error of an answer that is no success. Who is refused has no right to what was answered before.
    pub(super) fn refused(&self, asked: Asked<'_>, answer: &Answer) -> Error {
        if matches!(answer.status.as_u16(), 401 | 403) {
            self.forget();
        }
        refusal(&self.label, asked, answer)
    }

    pub(super) fn transport(&self) -> &Transport {
        &self.transport
    }
}

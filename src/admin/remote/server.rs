//! The server as a target.

use crate::layer::{TargetKind, TargetLabel};
use crate::settings::{AdminUrl, CredentialSource, TimeLimits};

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
        let label = TargetLabel { profile, address: url.to_string(), kind: TargetKind::Server };
        let transport = Transport::new(url, label.to_string(), credentials, limits);
        Self { label, transport }
    }

    /// Returns how to name it.
    pub fn label(&self) -> &TargetLabel {
        &self.label
    }

    pub(super) fn transport(&self) -> &Transport {
        &self.transport
    }
}

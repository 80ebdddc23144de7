//! Connections to PostgreSQL, as the `sslmode` of their address says.

use std::future::poll_fn;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio_postgres::{AsyncMessage, Client, Config, Connection, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::settings::{PostgresTls, PostgresUrl, Token};

use super::tls;

/// How one database is reached. Shows its password to nobody.
pub struct PostgresConnector {
    config: Config,
    tls: Option<MakeRustlsConnect>,
}

impl std::fmt::Debug for PostgresConnector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PostgresConnector").field("hosts", &self.config.get_hosts()).finish_non_exhaustive()
    }
}

impl PostgresConnector {
    /// Returns how the database of an address is reached, with a password from elsewhere if there is one. Nothing is
    /// connected yet.
    ///
    /// # Errors
    /// What is wrong with the certificates that are to be trusted.
    pub fn new(url: &PostgresUrl, password: Option<&Token>) -> Result<Self, String> {
        let mut config = url.expose().clone();
        if let Some(password) = password {
            config.password(password.expose());
        }
        if config.get_application_name().is_none() {
            config.application_name("ffctl");
        }
        let tls = match url.tls() {
            PostgresTls::Never => None,
            PostgresTls::IfOffered | PostgresTls::Always => {
                Some(MakeRustlsConnect::new(tls::client_config(url.root_certificate())?))
            }
        };
        Ok(Self { config, tls })
    }

    /// Adds parameters of the session, as `-c name=value` each.
    #[must_use]
    pub fn with_options(mut self, options: &str) -> Self {
        let given = self.config.get_options().map(|given| format!("{given} ")).unwrap_or_default();
        self.config.options(format!("{given}{options}"));
        self
    }

    /// Connects; what the server says besides answers goes nowhere. To be called inside a runtime of tokio, which drives
    /// the connection until the client is dropped.
    ///
    /// # Errors
    /// When there is no connection.
    pub async fn connect(&self) -> Result<Client, tokio_postgres::Error> {
        self.connect_and(None).await
    }

    /// Connects to listen: the payload of each notification is received, and the end of the connection as the end of
    /// that. Otherwise as [`PostgresConnector::connect`].
    ///
    /// # Errors
    /// When there is no connection.
    pub async fn connect_to_listen(
        &self,
    ) -> Result<(Client, UnboundedReceiver<String>), tokio_postgres::Error> {
        let (told, notifications) = unbounded_channel();
        Ok((self.connect_and(Some(told)).await?, notifications))
    }

    async fn connect_and(
        &self,
        told: Option<UnboundedSender<String>>,
    ) -> Result<Client, tokio_postgres::Error> {
        if let Some(tls) = &self.tls {
            let (client, connection) = self.config.connect(tls.clone()).await?;
            tokio::spawn(drive(connection, told));
            Ok(client)
        } else {
            let (client, connection) = self.config.connect(NoTls).await?;
            tokio::spawn(drive(connection, told));
            Ok(client)
        }
    }
}

/// Drives a connection to its end. What ends it every later question says.
async fn drive<S, T>(mut connection: Connection<S, T>, told: Option<UnboundedSender<String>>)
where
    S: AsyncRead + AsyncWrite + Unpin,
    T: AsyncRead + AsyncWrite + Unpin,
{
    while let Some(Ok(message)) = poll_fn(|context| connection.poll_message(context)).await {
        if let (AsyncMessage::Notification(notification), Some(told)) = (message, &told) {
            // Who listens no longer drops the client, too.
            let _ = told.send(notification.payload().to_owned());
        }
    }
}

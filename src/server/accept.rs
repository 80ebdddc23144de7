//! Connections: taken, limited, encrypted, and ended in peace.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use axum::Router;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;

use super::metrics::Counted;
use super::peer::Peer;
use super::quick::answer_quickly;
use super::state::Shared;
use super::workers::Workers;

/// Before the next try when the system has no connection to give.
const PAUSE: Duration = Duration::from_millis(100);

/// Serves connections until `ended` is ready, then waits for the answers under way.
pub(super) async fn serve(
    listener: TcpListener,
    workers: Workers,
    tls: Option<TlsAcceptor>,
    router: Router,
    server: &Shared,
    ended: impl Future<Output = ()>,
) {
    let limits = server.limits;
    let places = Arc::new(Semaphore::new(limits.connections));
    let graceful = GracefulShutdown::new();
    let mut ended = std::pin::pin!(ended);
    loop {
        let taken = tokio::select! {
            () = &mut ended => break,
            taken = async {
                let place = places.clone().acquire_owned().await.expect("the semaphore is never closed");
                (place, listener.accept().await)
            } => taken,
        };
        let (place, (stream, peer)) = match taken {
            (place, Ok((stream, peer))) => (place, (stream, Peer::of(peer))),
            (_, Err(error)) => {
                tracing::warn!(%error, "cannot take a connection");
                tokio::time::sleep(PAUSE).await;
                continue;
            }
        };
        let watcher = graceful.watcher();
        let (tls, router, server) = (tls.clone(), router.clone(), server.clone());
        let counted = Counted::new(&server.metrics.connections);
        // The thread that serves a connection also waits for it.
        let Ok(stream) = stream.into_std() else { continue };
        workers.serve(async move {
            let (_place, _counted) = (place, counted);
            let Ok(stream) = TcpStream::from_std(stream) else { return };
            let _ = stream.set_nodelay(true);
            match secured(tls, stream, limits.head).await {
                Some(Secured::Plain(stream)) => connection(stream, peer, router, &server, watcher).await,
                Some(Secured::Tls(stream)) => connection(*stream, peer, router, &server, watcher).await,
                None => {}
            }
        });
    }
    drop(listener);
    if tokio::time::timeout(limits.shutdown, graceful.shutdown()).await.is_err() {
        tracing::warn!("some answers were still under way and are cut off");
    }
}

enum Secured {
    Plain(TcpStream),
    Tls(Box<tokio_rustls::server::TlsStream<TcpStream>>),
}

/// Returns the connection once it is encrypted, if it shall be; none if that fails or takes too long.
async fn secured(tls: Option<TlsAcceptor>, stream: TcpStream, limit: Duration) -> Option<Secured> {
    let Some(tls) = tls else { return Some(Secured::Plain(stream)) };
    match tokio::time::timeout(limit, tls.accept(stream)).await {
        Ok(Ok(stream)) => Some(Secured::Tls(Box::new(stream))),
        Ok(Err(error)) => {
            tracing::debug!(%error, "a connection could not be encrypted");
            None
        }
        Err(_) => None,
    }
}

async fn connection(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    peer: Peer,
    router: Router,
    server: &Shared,
    watcher: Watcher,
) {
    let Some(stream) = answer_quickly(stream, server).await else { return };
    let limits = server.limits;
    let routes = TowerToHyperService::new(router);
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(peer);
        routes.call(request)
    });
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .max_buf_size(limits.head_bytes)
        .serve_connection(TokioIo::new(stream), service);
    // It takes what was read already before it can be told of the end: one that has read nothing would go at once.
    let first = poll_fn(|context| Poll::Ready(Pin::new(&mut connection).poll(context))).await;
    let result = match first {
        Poll::Ready(result) => result,
        Poll::Pending => watcher.watch(connection).await,
    };
    if let Err(error) = result {
        tracing::debug!(%error, "a connection ended badly");
    }
}

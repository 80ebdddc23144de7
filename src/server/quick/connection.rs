//! The begin of every connection: quick answers, until something else is asked.

use std::pin::pin;

use bytes::{Buf, BytesMut};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::task::coop::consume_budget;
use tokio::time::{Instant, sleep};

use crate::server::state::Shared;

use super::answer::Answering;
use super::request::{Begin, LARGEST, begin};
use super::rewound::Rewound;

/// The bytes of answers that are sent together: more are not made before these are taken.
const TOGETHER: usize = 64 * 1024;

/// Answers the plain requests that a connection begins with. Returns it with all that is not answered yet as soon as that is
/// anything else; none once the connection has ended.
pub(in crate::server) async fn answer_quickly<S>(mut stream: S, server: &Shared) -> Option<Rewound<S>>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut read = BytesMut::with_capacity(LARGEST);
    // To look somebody up takes its time.
    if server.people.is_some() {
        return Some(Rewound::new(read.freeze(), stream));
    }
    let mut ending = server.ending();
    let mut ended = pin!(async move { ending.wait_for(|ending| *ending).await.is_ok() });
    let patience = server.limits.head;
    let (mut idle_since, mut too_late) = (Instant::now(), pin!(sleep(patience)));
    let (mut answering, mut out) = (Answering::default(), Vec::new());
    loop {
        match begin(&read, &server.limits) {
            Begin::Whole(request) if answering.answer(server, &request, &mut out) => {
                let length = request.length;
                read.advance(length);
                if out.len() > TOGETHER {
                    send(&mut stream, &mut out).await?;
                }
                // Who asks without a pause lets the others have their turn.
                consume_budget().await;
                continue;
            }
            Begin::Part => {}
            Begin::Whole(_) | Begin::Other => {
                send(&mut stream, &mut out).await?;
                return Some(Rewound::new(read.freeze(), stream));
            }
        }
        if !out.is_empty() {
            send(&mut stream, &mut out).await?;
            idle_since = Instant::now();
        }
        read.reserve(LARGEST - read.len());
        let is_over = tokio::select! {
            biased;
            _ = &mut ended => true,
            // Set anew here alone, not for every request.
            () = &mut too_late => {
                too_late.as_mut().reset(idle_since + patience);
                Instant::now() >= idle_since + patience
            }
            length = stream.read_buf(&mut read) => length.ok()? == 0,
        };
        if is_over {
            if read.is_empty() {
                let _ = stream.shutdown().await;
                return None;
            }
            return Some(Rewound::new(read.freeze(), stream));
        }
    }
}

/// Sends the answers and waits until they are taken; none if nobody takes them any more.
async fn send(stream: &mut (impl AsyncWrite + Unpin), out: &mut Vec<u8>) -> Option<()> {
    stream.write_all(out).await.ok()?;
    stream.flush().await.ok()?;
    out.clear();
    out.shrink_to(TOGETHER);
    Some(())
}

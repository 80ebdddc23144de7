//! A short cut for `POST /ofrep/v1/evaluate/flags/{key}`, the one route that applications ask thousands of times a second.
//!
//! A connection begins here. As long as plain requests for that route stand in what was read, they are answered at once, by the same
//! functions that the route calls. With the first that is anything else (another route, a head that is not whole, a refusal, any
//! doubt) the connection goes over to hyper and the router for good, with its bytes as if nobody had read them: `connection` is
//! where that happens, `request` says what is plain. No rule of HTTP, no refusal and no evaluation is decided here.

mod answer;
mod connection;
mod request;
mod rewound;

pub(super) use connection::answer_quickly;

//! `/healthz` for a probe, `/metrics` for Prometheus. Both over plain HTTP, for a network of one's own.

use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use rusqlite::Connection;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};

use crate::metrics::Metrics;

/// More probes at a time than anybody has.
const AT_ONCE: usize = 32;
const PATIENCE: Duration = Duration::from_secs(10);

/// What is asked here.
#[derive(Clone)]
pub struct Status {
    /// To count what is kept.
    pub reader: Arc<Mutex<Connection>>,
    /// What is counted.
    pub metrics: Arc<Metrics>,
    /// Turns true when the relay is being stopped.
    pub stopping: watch::Receiver<bool>,
}

impl Status {
    fn answer(&self, request: &Request<Incoming>) -> (StatusCode, &'static str, String) {
        const TEXT: &str = "text/plain; charset=utf-8";
        match (request.method(), request.uri().path()) {
            (&Method::GET, "/healthz") => match (*self.stopping.borrow(), self.metrics_text()) {
                (true, _) => (StatusCode::SERVICE_UNAVAILABLE, TEXT, "stopping\n".into()),
                (false, Ok(_)) => (StatusCode::OK, TEXT, "ok\n".into()),
                (false, Err(_)) => (StatusCode::SERVICE_UNAVAILABLE, TEXT, "the database does not answer\n".into()),
            },
            (&Method::GET, "/metrics") => match self.metrics_text() {
                Ok(text) => (StatusCode::OK, "text/plain; version=0.0.4; charset=utf-8", text),
                Err(error) => {
                    tracing::error!(%error, "the metrics could not be read");
                    (StatusCode::INTERNAL_SERVER_ERROR, TEXT, "the database does not answer\n".into())
                }
            },
            _ => (StatusCode::NOT_FOUND, TEXT, "there is /healthz and /metrics\n".into()),
        }
    }

    fn metrics_text(&self) -> Result<String, crate::RelayError> {
        self.metrics.text(&self.reader.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Answers until the relay is stopped.
    pub async fn serve(self, listener: TcpListener) {
        let room = Arc::new(Semaphore::new(AT_ONCE));
        loop {
            let Ok((stream, _)) = listener.accept().await else {
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            };
            let Ok(place) = Arc::clone(&room).try_acquire_owned() else { continue };
            let status = self.clone();
            tokio::spawn(async move {
                let service = service_fn(move |request: Request<Incoming>| {
                    let status = status.clone();
                    async move {
                        let asked = tokio::task::spawn_blocking(move || status.answer(&request)).await;
                        let failed = (StatusCode::INTERNAL_SERVER_ERROR, "text/plain", String::new());
                        let (code, kind, text) = asked.unwrap_or(failed);
                        let mut response = Response::new(Full::new(Bytes::from(text)));
                        *response.status_mut() = code;
                        response.headers_mut().insert(hyper::header::CONTENT_TYPE, hyper::header::HeaderValue::from_static(kind));
                        Ok::<_, Infallible>(response)
                    }
                });
                let mut server = hyper::server::conn::http1::Builder::new();
                server.timer(TokioTimer::new()).header_read_timeout(PATIENCE).keep_alive(false).max_buf_size(8 << 10);
                drop(tokio::time::timeout(PATIENCE, server.serve_connection(TokioIo::new(stream), service)).await);
                drop(place);
            });
        }
    }
}

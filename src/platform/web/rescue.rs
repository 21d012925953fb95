//! Nobody loses what she wrote: whatever a form is answered with that is not what was asked for, its texts stand on
//! that page. And an answer arrives: what is still being sent is read to its end first, for a browser that is cut off
//! while it sends shows no answer at all.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, BodyDataStream, HttpBody as _};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Version, header};
use axum::response::Response;
use bytes::Bytes;
use futures_util::{Stream, StreamExt as _};

use super::form::{comes_from_here, is_multipart, texts_of};

/// What is read on of an upload that was answered already, kept nowhere: far more than may be sent.
const UPLOAD_REST: usize = 256 << 20;
/// What is read on of anything else.
const REST: usize = 1 << 20;
/// How long an upload is read on, and anything else.
const UPLOAD_WAIT: Duration = Duration::from_secs(540);
const WAIT: Duration = Duration::from_secs(10);

/// Marks an answer that sends to the sign-in page, and says where one comes back to.
#[derive(Debug, Clone)]
pub struct SignInFirst {
    /// Path and query of the page that holds the form.
    pub back: String,
}

/// The texts of the form that a request carried, left here by whoever read it.
#[derive(Debug, Clone, Default)]
pub(super) struct Written(Arc<Mutex<Vec<String>>>);

impl Written {
    pub(super) fn leave(&self, texts: Vec<String>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = texts;
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[derive(Debug)]
struct Source {
    stream: BodyDataStream,
    is_touched: bool,
    is_over: bool,
}

/// A body that can be read on after the request was answered.
#[derive(Debug, Clone)]
struct Tap(Arc<Mutex<Source>>);

impl Tap {
    fn source(&self) -> MutexGuard<'_, Source> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads what is left; whether that was all of it.
    async fn drain(mut self, most: usize) -> bool {
        let mut size = 0;
        while let Some(Ok(bytes)) = self.next().await {
            size += bytes.len();
            if size > most {
                return false;
            }
        }
        self.source().is_over
    }
}

impl Stream for Tap {
    type Item = Result<Bytes, axum::Error>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut source = self.source();
        source.is_touched = true;
        if source.is_over {
            return Poll::Ready(None);
        }
        let next = Pin::new(&mut source.stream).poll_next(cx);
        if matches!(next, Poll::Ready(None)) {
            source.is_over = true;
        }
        next
    }
}

/// What is kept of a request while it is answered.
#[derive(Debug)]
pub(super) struct Rescue {
    tap: Tap,
    version: Version,
    method: Method,
    headers: HeaderMap,
    written: Written,
}

impl Rescue {
    /// Around a request that has a body.
    pub(super) fn around(request: Request) -> (Request, Option<Self>) {
        if request.body().is_end_stream() {
            return (request, None);
        }
        let (mut head, body) = request.into_parts();
        let tap = Tap(Arc::new(Mutex::new(Source {
            stream: body.into_data_stream(),
            is_touched: false,
            is_over: false,
        })));
        let written = Written::default();
        head.extensions.insert(written.clone());
        let kept = Self {
            tap: tap.clone(),
            version: head.version,
            method: head.method.clone(),
            headers: head.headers.clone(),
            written,
        };
        (Request::from_parts(head, Body::from_stream(tap)), Some(kept))
    }

    /// Reads what is still being sent. The texts of the form, when it was one of our own pages' and was not taken.
    pub(super) async fn finish(self, response: &mut Response) -> Vec<String> {
        let is_upload = is_multipart(&self.headers);
        let (most, wait) = if is_upload {
            (UPLOAD_REST, UPLOAD_WAIT)
        } else {
            (REST, WAIT)
        };
        let (version, status) = (self.version, response.status());
        let is_untaken = status.is_client_error()
            || status.is_server_error()
            || response.extensions().get::<SignInFirst>().is_some();
        // Whoever was too slow is not waited for again; who asked whether to send has the answer.
        let is_waited_for = status != StatusCode::REQUEST_TIMEOUT
            && (self.tap.source().is_touched || !self.headers.contains_key(header::EXPECT));
        let written = self.written.clone();
        let is_whole = is_waited_for
            && tokio::time::timeout(wait, self.read_on(is_untaken, most))
                .await
                .unwrap_or_default();
        if !is_whole && version < Version::HTTP_2 {
            response
                .headers_mut()
                .insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        written.take()
    }

    async fn read_on(self, is_untaken: bool, most: usize) -> bool {
        let is_ours = self.method == Method::POST && comes_from_here(&self.headers);
        if !is_ours || !is_untaken {
            self.written.leave(Vec::new());
        } else if !self.tap.source().is_touched {
            let mut unread = Request::new(Body::from_stream(self.tap.clone()));
            *unread.headers_mut() = self.headers;
            self.written.leave(texts_of(unread).await);
        }
        self.tap.drain(most).await
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use axum::response::IntoResponse as _;

    use super::*;

    const MEGABYTE: usize = 1 << 20;

    /// A request whose body comes in pieces of a megabyte, and how many of them were read.
    fn request(pieces: usize, kind: &'static str) -> (Request, Arc<AtomicUsize>) {
        let read = Arc::new(AtomicUsize::new(0));
        let count = read.clone();
        let stream = futures_util::stream::iter(0..pieces).map(move |_| {
            count.fetch_add(1, Ordering::Relaxed);
            Ok::<_, std::io::Error>(Bytes::from(vec![7; MEGABYTE]))
        });
        let mut request = Request::new(Body::from_stream(stream));
        *request.method_mut() = Method::POST;
        request
            .headers_mut()
            .insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        (request, read)
    }

    async fn refused(request: Request) -> Response {
        let (unread, rescue) = Rescue::around(request);
        drop(unread);
        let mut response = StatusCode::FORBIDDEN.into_response();
        assert!(rescue.unwrap().finish(&mut response).await.is_empty());
        response
    }

    #[tokio::test]
    async fn an_upload_is_read_to_its_end_before_it_is_answered() {
        let (upload, read) = request(40, "multipart/form-data; boundary=b");
        let response = refused(upload).await;
        assert_eq!(read.load(Ordering::Relaxed), 40);
        assert!(!response.headers().contains_key(header::CONNECTION));
    }

    #[tokio::test]
    async fn what_is_too_large_is_cut_off_and_that_is_announced() {
        for (kind, most) in [
            ("multipart/form-data; boundary=b", UPLOAD_REST),
            ("text/plain", REST),
        ] {
            let (endless, read) = request(400, kind);
            let response = refused(endless).await;
            assert_eq!(read.load(Ordering::Relaxed), most / MEGABYTE + 1);
            assert_eq!(response.headers()[header::CONNECTION], "close");
        }
    }

    #[tokio::test]
    async fn who_asked_whether_to_send_is_not_asked_to() {
        let (mut asking, read) = request(4, "multipart/form-data; boundary=b");
        let header = HeaderValue::from_static("100-continue");
        asking.headers_mut().insert(header::EXPECT, header);
        let response = refused(asking).await;
        assert_eq!(read.load(Ordering::Relaxed), 0);
        assert_eq!(response.headers()[header::CONNECTION], "close");
        assert!(Rescue::around(Request::new(Body::empty())).1.is_none());
    }
}

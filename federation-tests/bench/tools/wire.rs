//! As little HTTP/1.1 as measuring takes, so that what is measured is the other side.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite};

/// A stream, TLS or not.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

/// A message: its first line, and its body.
pub(crate) struct Message {
    pub(crate) first: String,
    pub(crate) body: Vec<u8>,
}

/// Reads messages of one connection.
#[derive(Default)]
pub(crate) struct Reader(Vec<u8>);

impl Reader {
    /// The next message; `None` when the other side has closed.
    pub(crate) async fn next(&mut self, stream: &mut impl Stream) -> io::Result<Option<Message>> {
        let head = loop {
            if let Some(end) = self.0.windows(4).position(|four| four == b"\r\n\r\n") {
                break end + 4;
            }
            if stream.read_buf(&mut self.0).await? == 0 {
                return Ok(None);
            }
        };
        let text = String::from_utf8_lossy(&self.0[..head]).into_owned();
        let mut lines = text.split("\r\n");
        let first = lines.next().unwrap_or_default().to_owned();
        let header = |name: &str| {
            text.split("\r\n")
                .filter_map(|line| line.split_once(':'))
                .find(|(key, _)| key.eq_ignore_ascii_case(name))
                .map(|(_, value)| value.trim().to_owned())
        };
        if header("transfer-encoding").is_some_and(|value| value.eq_ignore_ascii_case("chunked")) {
            self.0.drain(..head);
            let body = self.chunks(stream).await?;
            return Ok(Some(Message { first, body }));
        }
        let length = header("content-length")
            .and_then(|value| value.parse().ok())
            .unwrap_or(0);
        self.fill(stream, head + length).await?;
        let body = self.0[head..head + length].to_vec();
        self.0.drain(..head + length);
        Ok(Some(Message { first, body }))
    }

    async fn chunks(&mut self, stream: &mut impl Stream) -> io::Result<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let line = loop {
                if let Some(end) = self.0.windows(2).position(|two| two == b"\r\n") {
                    break end;
                }
                let more = self.0.len() + 1;
                self.fill(stream, more).await?;
            };
            let size = usize::from_str_radix(String::from_utf8_lossy(&self.0[..line]).trim(), 16)
                .map_err(io::Error::other)?;
            self.fill(stream, line + 2 + size + 2).await?;
            body.extend_from_slice(&self.0[line + 2..line + 2 + size]);
            self.0.drain(..line + 2 + size + 2);
            if size == 0 {
                return Ok(body);
            }
        }
    }

    async fn fill(&mut self, stream: &mut impl Stream, length: usize) -> io::Result<()> {
        while self.0.len() < length {
            if stream.read_buf(&mut self.0).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        Ok(())
    }
}

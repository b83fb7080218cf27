//! Messages on a stream: the length in four bytes, big-endian, then so many bytes.

use iroh::endpoint::{RecvStream, SendStream};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::SyncError;
use crate::protocol::{MAX_MESSAGE, Wire};

/// Memory is taken as bytes come, not as a length promises.
const CHUNK: usize = 64 << 10;

fn broke(error: impl std::fmt::Display) -> SyncError {
    SyncError::Unreachable { detail: format!("the connection broke: {error}") }
}

/// Writes a message.
pub async fn write(stream: &mut SendStream, message: &[u8]) -> Result<(), SyncError> {
    let length = u32::try_from(message.len()).map_err(|_| SyncError::Protocol("a message is too large".into()))?;
    stream.write_all(&length.to_be_bytes()).await.map_err(broke)?;
    stream.write_all(message).await.map_err(broke)
}

/// Reads a message of at most so many bytes; nothing at the end of the stream.
pub async fn read(stream: &mut RecvStream, limit: usize) -> Result<Option<Vec<u8>>, SyncError> {
    match read_length(stream, limit).await? {
        Some(length) => read_content(stream, length).await.map(Some),
        None => Ok(None),
    }
}

/// Reads how long the next message is; nothing at the end of the stream. Its bytes come with [`read_content`], for which one may
/// wait until there is memory.
pub async fn read_length(stream: &mut RecvStream, limit: usize) -> Result<Option<usize>, SyncError> {
    let mut length = [0; 4];
    let mut filled = 0;
    while filled < length.len() {
        match stream.read(&mut length[filled..]).await.map_err(broke)? {
            Some(count) => filled += count,
            None if filled == 0 => return Ok(None),
            None => return Err(broke("in the middle of a message")),
        }
    }
    let length = u32::from_be_bytes(length) as usize;
    if length > limit {
        return Err(SyncError::Protocol(format!("a message of {length} bytes")));
    }
    Ok(Some(length))
}

/// Reads the bytes of a message.
pub async fn read_content(stream: &mut RecvStream, length: usize) -> Result<Vec<u8>, SyncError> {
    let mut bytes = Vec::new();
    while bytes.len() < length {
        let start = bytes.len();
        bytes.resize(length.min(start + CHUNK), 0);
        stream.read_exact(&mut bytes[start..]).await.map_err(broke)?;
    }
    Ok(bytes)
}

/// The error of bytes that are no message.
fn unreadable() -> SyncError {
    SyncError::Protocol("an unreadable message".into())
}

/// Writes messages to a stream, until the sender is gone or the stream breaks.
pub(super) fn spawn_writer<M: Wire + Send + 'static>(mut stream: SendStream) -> (mpsc::UnboundedSender<M>, JoinHandle<()>) {
    // Unbounded, but a session has only so much under way.
    let (sender, mut receiver) = mpsc::unbounded_channel::<M>();
    let task = tokio::spawn(async move {
        while let Some(message) = receiver.recv().await {
            if write(&mut stream, &message.encode()).await.is_err() {
                return;
            }
        }
        if stream.finish().is_ok() {
            drop(stream.stopped().await);
        }
    });
    (sender, task)
}

/// Reads messages from a stream, until it ends, or with the first that cannot be read.
pub(super) fn spawn_reader<M: Wire + Send + 'static>(mut stream: RecvStream) -> (mpsc::Receiver<Result<M, SyncError>>, JoinHandle<()>) {
    let (sender, receiver) = mpsc::channel(1);
    let task = tokio::spawn(async move {
        loop {
            let Some(message) = read(&mut stream, MAX_MESSAGE).await.transpose() else { return };
            let message = message.and_then(|bytes| M::decode(&bytes).ok_or_else(unreadable));
            let failed = message.is_err();
            if sender.send(message).await.is_err() || failed {
                return;
            }
        }
    });
    (receiver, task)
}

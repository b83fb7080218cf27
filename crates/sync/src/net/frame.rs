//! Messages on a stream: the length in four bytes, big-endian, then so many bytes.

use iroh::endpoint::{RecvStream, SendStream};

use crate::SyncError;

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
pub(crate) fn unreadable() -> SyncError {
    SyncError::Protocol("an unreadable message".into())
}

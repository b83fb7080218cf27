//! Messages on a stream: the length in four bytes, big-endian, then so many bytes.

use iroh::endpoint::{RecvStream, SendStream};

use crate::SyncError;
use crate::protocol::{MAX_MESSAGE, Message};

/// Memory is taken as bytes come, not as a length promises.
const CHUNK: usize = 64 << 10;

/// Writes a message.
pub(super) async fn write(stream: &mut SendStream, message: &Message) -> Result<(), SyncError> {
    let bytes = message.encode();
    let length = u32::try_from(bytes.len()).map_err(|_| SyncError::Protocol("a message is too large".into()))?;
    let failed = |error: iroh::endpoint::WriteError| SyncError::Unreachable { detail: format!("the connection broke: {error}") };
    stream.write_all(&length.to_be_bytes()).await.map_err(failed)?;
    stream.write_all(&bytes).await.map_err(failed)
}

/// Reads a message; nothing at the end of the stream.
pub(super) async fn read(stream: &mut RecvStream) -> Result<Option<Message>, SyncError> {
    let broke = |error: &dyn std::fmt::Display| SyncError::Unreachable { detail: format!("the connection broke: {error}") };
    let mut length = [0; 4];
    let mut filled = 0;
    while filled < length.len() {
        match stream.read(&mut length[filled..]).await.map_err(|error| broke(&error))? {
            Some(count) => filled += count,
            None if filled == 0 => return Ok(None),
            None => return Err(broke(&"in the middle of a message")),
        }
    }
    let length = u32::from_be_bytes(length) as usize;
    if length > MAX_MESSAGE {
        return Err(SyncError::Protocol(format!("a message of {length} bytes")));
    }
    let mut bytes = Vec::new();
    while bytes.len() < length {
        let start = bytes.len();
        bytes.resize(length.min(start + CHUNK), 0);
        stream.read_exact(&mut bytes[start..]).await.map_err(|error| broke(&error))?;
    }
    Message::decode(&bytes).map(Some).ok_or_else(|| SyncError::Protocol("an unreadable message".into()))
}

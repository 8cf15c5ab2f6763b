//! Frames to bytes and back, size-limited both ways.

use bytes::Bytes;
use prost::Message;

use crate::error::{ErrorCode, ProtoError};
use crate::limits::FRAME_BYTES;

/// Encodes one frame.
///
/// # Errors
///
/// 9522 when it would be larger than [`FRAME_BYTES`].
pub fn encode<M: Message>(frame: &M) -> Result<Bytes, ProtoError> {
    let length = frame.encoded_len();
    if length > FRAME_BYTES {
        return Err(ProtoError::new(
            ErrorCode::FrameTooLarge,
            format!("the frame has {length} bytes; {FRAME_BYTES} are allowed"),
        ));
    }
    Ok(Bytes::from(frame.encode_to_vec()))
}

/// Decodes one frame. Byte fields share `frame`'s buffer.
///
/// # Errors
///
/// 9522 when it is larger than [`FRAME_BYTES`], 9502 when it is not what `M` describes.
pub fn decode<M: Message + Default>(frame: Bytes) -> Result<M, ProtoError> {
    if frame.len() > FRAME_BYTES {
        return Err(ErrorCode::FrameTooLarge.into());
    }
    M::decode(frame).map_err(|_| ErrorCode::FrameUndecodable.into())
}

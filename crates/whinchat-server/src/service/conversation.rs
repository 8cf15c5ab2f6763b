//! What a user does with his own view of a conversation.

use whinchat_proto::error::{ErrorCode, ProtoError};
use whinchat_proto::id::ConversationId;
use whinchat_proto::wire;
use whinchat_proto::wire::response::Body;

use super::push::Own;
use super::{Asker, Service, operation, refusal};

impl Service {
    /// Moves the read mark; gives where the user's log moved.
    pub(crate) async fn mark_read(
        &self,
        asker: &dyn Asker,
        operation_id: &[u8],
        request: &wire::MarkRead,
    ) -> Result<(Body, Option<(u64, u64)>), ProtoError> {
        let operation = operation(asker, operation_id)?;
        let conversation = ConversationId::from_wire(request.conversation.as_ref())?;
        let done = self
            .storage
            .mark_read(operation, conversation, request.epoch, request.seq)
            .await
            .map_err(|denied| refusal(denied, ErrorCode::ConversationFault))?;
        let moved = self.tell(asker, Own::Answered, None, &done.bumped);
        Ok((Body::MarkRead(done.result), moved))
    }
}

//! What a user does with his own view of a conversation.

use whinchat_proto::error::{ErrorCode, ProtoError};
use whinchat_proto::id::ConversationId;
use whinchat_proto::limits::BATCH_ITEMS;
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

    /// Deletes messages for the user alone; his devices hear of it by a push, the asking one as well.
    pub(crate) async fn delete_messages(
        &self,
        asker: &dyn Asker,
        operation_id: &[u8],
        request: &wire::DeleteMessages,
    ) -> Result<(Body, Option<(u64, u64)>), ProtoError> {
        let operation = operation(asker, operation_id)?;
        let conversation = ConversationId::from_wire(request.conversation.as_ref())?;
        if request.seqs.is_empty() || request.seqs.len() > BATCH_ITEMS {
            return Err(ProtoError::new(ErrorCode::BadParameter, "name 1 to 100 places"));
        }
        let done = self
            .storage
            .delete_messages(operation, conversation, request.epoch, request.seqs.clone())
            .await
            .map_err(|denied| refusal(denied, ErrorCode::ConversationFault))?;
        let moved = self.tell(asker, Own::Pushed, None, &done.bumped);
        Ok((Body::DeleteMessages(done.result), moved))
    }

    /// Empties a conversation for the user alone; told like deletions.
    pub(crate) async fn clear_history(
        &self,
        asker: &dyn Asker,
        operation_id: &[u8],
        request: &wire::ClearHistory,
    ) -> Result<(Body, Option<(u64, u64)>), ProtoError> {
        let operation = operation(asker, operation_id)?;
        let conversation = ConversationId::from_wire(request.conversation.as_ref())?;
        let done = self
            .storage
            .clear_history(operation, conversation, request.epoch, request.seq)
            .await
            .map_err(|denied| refusal(denied, ErrorCode::ConversationFault))?;
        let moved = self.tell(asker, Own::Pushed, None, &done.bumped);
        Ok((Body::ClearHistory(done.result), moved))
    }
}

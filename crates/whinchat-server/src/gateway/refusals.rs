//! Keeps pipelined sends in order: after a refusal that is worth retrying, those sent behind it in the same conversation
//! are refused as well, until the client starts the conversation's queue again with a higher round.

use std::collections::HashMap;

use whinchat_proto::error::ProtoError;
use whinchat_proto::id::ConversationId;

/// Conversations of one connection that are remembered.
const CONVERSATIONS: usize = 1_024;
/// Rounds of one conversation that are remembered. A client that waits for its answers before it begins a new one needs two.
const ROUNDS: usize = 256;

struct Refusal {
    round: u32,
    /// Arrival of the message that was refused.
    arrival: u64,
    error: ProtoError,
}

/// See the module.
#[derive(Default)]
pub(crate) struct Refusals {
    conversations: HashMap<ConversationId, Vec<Refusal>>,
}

impl Refusals {
    /// Notes that the message of this arrival was refused. Gives false when too much would have to be remembered.
    pub(crate) fn note(
        &mut self,
        conversation: &ConversationId,
        round: u32,
        arrival: u64,
        error: &ProtoError,
    ) -> bool {
        if !self.conversations.contains_key(conversation) && self.conversations.len() >= CONVERSATIONS {
            return false;
        }
        let refusals = self.conversations.entry(conversation.clone()).or_default();
        if refusals.iter().any(|r| r.round >= round && r.arrival <= arrival) {
            return true;
        }
        refusals.retain(|r| !(round >= r.round && arrival <= r.arrival));
        if refusals.len() >= ROUNDS {
            return false;
        }
        refusals.push(Refusal { round, arrival, error: error.clone() });
        true
    }

    /// Why a message has to be refused, if it has to.
    pub(crate) fn stands_against(
        &self,
        conversation: &ConversationId,
        round: u32,
        arrival: u64,
    ) -> Option<ProtoError> {
        if self.conversations.is_empty() {
            return None;
        }
        self.conversations
            .get(conversation)?
            .iter()
            .find(|r| round <= r.round && arrival > r.arrival)
            .map(|r| r.error.clone())
    }

    /// Everything up to this arrival is settled: what a later refusal covers as well is forgotten.
    pub(crate) fn settled(&mut self, conversation: &ConversationId, arrival: u64) {
        if let Some(refusals) = self.conversations.get_mut(conversation)
            && refusals.len() > 1
            && let Some(newest) = refusals.iter().map(|r| r.round).max()
            && let Some(at) = refusals.iter().find(|r| r.round == newest).map(|r| r.arrival)
            && at <= arrival
        {
            refusals.retain(|r| r.round == newest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use whinchat_proto::error::ErrorCode;
    use whinchat_proto::id::UserId;

    #[test]
    fn a_client_that_begins_ever_new_rounds_is_not_remembered_for_ever() {
        let bob = ConversationId::User(UserId::new("bob").unwrap());
        let error = ProtoError::from(ErrorCode::TooManyRequests);
        let mut refusals = Refusals::default();
        let noted = (1..100_000).take_while(|n| refusals.note(&bob, *n, u64::from(*n), &error)).count();
        assert_eq!(noted, ROUNDS);
        assert_eq!(refusals.conversations.get(&bob).map(Vec::len), Some(ROUNDS));
        // One that waits for its answers, and is refused again and again, is not counted against.
        let mut refusals = Refusals::default();
        for n in 1..10_000 {
            assert!(refusals.note(&bob, n, u64::from(n), &error));
            refusals.settled(&bob, u64::from(n));
        }
        assert!(refusals.stands_against(&bob, 9_998, 10_001).is_some());
    }

    #[test]
    fn only_what_came_behind_in_the_same_or_an_older_round_is_refused() {
        let with = |name: &str| ConversationId::User(UserId::new(name).unwrap());
        let (bob, carol) = (with("bob"), with("carol"));
        let error = ProtoError::from(ErrorCode::MessageFault);
        let mut refusals = Refusals::default();
        assert!(refusals.note(&bob, 1, 10, &error));
        assert!(refusals.stands_against(&bob, 1, 9).is_none());
        assert!(refusals.stands_against(&bob, 1, 11).is_some());
        assert!(refusals.stands_against(&bob, 0, 12).is_some());
        assert!(refusals.stands_against(&bob, 2, 13).is_none());
        assert!(refusals.stands_against(&carol, 1, 14).is_none());
        // A second refusal in a later round leaves the first one standing for its stragglers.
        assert!(refusals.note(&bob, 2, 20, &error));
        assert!(refusals.stands_against(&bob, 1, 15).is_some());
        assert!(refusals.stands_against(&bob, 2, 19).is_none());
        assert!(refusals.stands_against(&bob, 2, 21).is_some());
        refusals.settled(&bob, 20);
        assert_eq!(refusals.conversations.get(&bob).map(Vec::len), Some(1));
        assert!(refusals.stands_against(&bob, 1, 22).is_some());
    }
}

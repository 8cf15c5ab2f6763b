//! The schedule's reads in the contract's words.

use whinchat_proto::wire;
use whinchat_proto::wire::request::Body;
use whinchat_proto::wire::response::Body as Answer;

use crate::error::{Error, ErrorClass, ErrorCode, Result};
use crate::sync::{ChangesPage, Input, Page, Request};

/// An answer to a read, not yet applied.
pub(super) struct Answered {
    pub(super) request: Request,
    pub(super) inputs: Vec<Input>,
    /// What it did not reach.
    pub(super) rest: Option<Request>,
}

/// How a read is asked.
pub(super) fn body_of(request: &Request) -> Body {
    match request {
        Request::Changes { epoch, since, below, deleted_since } => Body::GetChanges(wire::GetChanges {
            since: Some(wire::Cursor { epoch: *epoch, version: *since, groups: 0 }),
            below: *below,
            deleted_since: *deleted_since,
        }),
        Request::Fetch(wants) => Body::FetchEntries(wire::FetchEntries {
            ranges: wants
                .iter()
                .map(|want| wire::EntryRange {
                    conversation: Some(want.conversation.to_wire()),
                    epoch: want.epoch,
                    from: want.from,
                    to: want.to,
                })
                .collect(),
        }),
        Request::LookUp(conversations) => Body::GetConversations(wire::GetConversations {
            conversations: conversations.iter().map(|id| id.to_wire()).collect(),
        }),
    }
}

/// What an answer has to say, and what of the request it did not reach.
pub(super) fn inputs_of(
    request: &Request,
    response: wire::Response,
) -> Result<(Vec<Input>, Option<Request>)> {
    match (request, response.body) {
        (Request::Changes { below, .. }, Some(Answer::GetChanges(page))) => {
            Ok((vec![Input::Changes { page: ChangesPage::from_wire(page)?, below: *below }], None))
        }
        (Request::Fetch(wants), Some(Answer::FetchEntries(result))) => {
            let pages = Page::list_from_result(&result)?;
            let reached = reached(pages.len())?;
            let mut inputs = Vec::with_capacity(reached);
            for (page, want) in pages.into_iter().zip(wants) {
                inputs.push(match page {
                    Ok(page) => Input::Page(page),
                    Err(error) if error.class == ErrorClass::Final => {
                        Input::Unknown { conversation: want.conversation.clone() }
                    }
                    Err(error) => return Err(error),
                });
            }
            Ok((inputs, rest(wants, reached).map(Request::Fetch)))
        }
        (Request::LookUp(conversations), Some(Answer::GetConversations(result))) => {
            let reached = reached(result.items.len())?;
            let mut inputs = Vec::with_capacity(reached);
            for (item, conversation) in result.items.into_iter().zip(conversations) {
                inputs.push(match (item.change, item.error.map(Error::from)) {
                    (Some(change), _) => Input::from_change(change)?,
                    (None, Some(error)) if error.class != ErrorClass::Final => return Err(error),
                    (None, _) => Input::Unknown { conversation: conversation.clone() },
                });
            }
            Ok((inputs, rest(conversations, reached).map(Request::LookUp)))
        }
        _ => Err(ErrorCode::ResponseUndecodable.into()),
    }
}

/// An answer that reaches nothing would be asked for again at once, and for ever.
fn reached(count: usize) -> Result<usize> {
    if count == 0 { Err(ErrorCode::ResponseUndecodable.into()) } else { Ok(count) }
}

fn rest<T: Clone>(asked: &[T], reached: usize) -> Option<Vec<T>> {
    asked.get(reached..).filter(|rest| !rest.is_empty()).map(<[_]>::to_vec)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sync::Want;
    use prost::Message as _;
    use whinchat_proto::id::ConversationId;

    fn response(body: Answer) -> wire::Response {
        wire::Response { body: Some(body), ..wire::Response::default() }
    }

    fn looked_up(items: usize) -> wire::Response {
        let error = Some(wire::Error { code: 50_001, ..wire::Error::default() });
        let items = vec![wire::ConversationLookup { change: None, error }; items];
        response(Answer::GetConversations(wire::GetConversationsResult { items }))
    }

    #[test]
    fn what_an_answer_does_not_reach_is_asked_for_again_and_one_that_reaches_nothing_is_none() {
        let names: Vec<_> =
            ["a", "b", "c"].map(|name| ConversationId::parse(&format!("c2c_{name}")).unwrap()).into();
        let look_up = Request::LookUp(names.clone());
        let (inputs, rest) = inputs_of(&look_up, looked_up(2)).unwrap();
        assert_eq!((inputs.len(), rest), (2, Some(Request::LookUp(names[2..].to_vec()))));
        assert_eq!(inputs_of(&look_up, looked_up(3)).unwrap().1, None);
        assert!(inputs_of(&look_up, looked_up(0)).is_err());

        let want = |name: &ConversationId| Want { conversation: name.clone(), epoch: 1, from: 1, to: 2 };
        let fetch = Request::Fetch(names.iter().map(want).collect());
        let nothing = wire::FetchEntriesResult::default().encode_to_vec();
        assert!(inputs_of(&fetch, response(Answer::FetchEntries(nothing.into()))).is_err());
    }
}

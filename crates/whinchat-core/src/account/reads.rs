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
            let reached = pages.len();
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
            let rest = wants.get(reached..).filter(|rest| !rest.is_empty()).map(<[_]>::to_vec);
            Ok((inputs, rest.map(Request::Fetch)))
        }
        (Request::LookUp(conversations), Some(Answer::GetConversations(result))) => {
            let mut inputs = Vec::with_capacity(result.items.len());
            for (item, conversation) in result.items.into_iter().zip(conversations) {
                inputs.push(match (item.change, item.error.map(Error::from)) {
                    (Some(change), _) => Input::from_change(change)?,
                    (None, Some(error)) if error.class != ErrorClass::Final => return Err(error),
                    (None, _) => Input::Unknown { conversation: conversation.clone() },
                });
            }
            Ok((inputs, None))
        }
        _ => Err(ErrorCode::ResponseUndecodable.into()),
    }
}

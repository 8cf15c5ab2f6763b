//! What goes out when, against a clock of the test's own.

use std::time::Duration;

use bytes::Bytes;
use whinchat_proto::id::ConversationId;
use whinchat_proto::wire::request::Body;

use super::item::{Next, Purpose};
use super::lanes::Lanes;
use super::submission::{delete_payload, mark_payload};
use crate::error::{Error, ErrorCode};
use crate::platform::Instant;
use crate::store::{ItemKind, ItemState, OutboxRow};

const RANDOM: u64 = 7;

fn bob() -> ConversationId {
    ConversationId::parse("c2c_bob").unwrap()
}

fn row(position: i64, kind: ItemKind) -> OutboxRow {
    let mut id = [0; 16];
    id[..8].copy_from_slice(&position.to_be_bytes());
    let content = match kind {
        ItemKind::Message => Bytes::from_static(b"hello"),
        ItemKind::MarkRead | ItemKind::Clear => mark_payload(1, 1),
        ItemKind::Delete => delete_payload(1, &[1]),
    };
    OutboxRow {
        position,
        kind,
        conversation: bob(),
        id,
        state: ItemState::Waiting,
        created_ms: 0,
        expires_ms: None,
        again: false,
        head_seq: 0,
        envelope: Bytes::new(),
        content,
    }
}

fn lanes(rows: &[OutboxRow]) -> Lanes {
    let mut lanes = Lanes::default();
    for row in rows {
        lanes.add(row.clone(), false);
    }
    lanes.up();
    lanes
}

/// Everything that goes out now: tag and whether it is a question whether it arrived.
fn out(lanes: &mut Lanes, now: Instant) -> Vec<(u64, bool)> {
    let mut tags = Vec::new();
    while let Next::Submit { tag, body, .. } = lanes.next(now, 0) {
        tags.push((tag, matches!(*body, Body::CancelSend(_))));
    }
    tags
}

fn busy() -> Error {
    ErrorCode::TooManyRequests.into()
}

#[test]
fn a_mark_that_is_replaced_while_it_is_on_its_way_does_not_hold_up_the_messages_behind_it() {
    let now = Instant::now();
    let mut lanes = lanes(&[row(1, ItemKind::MarkRead), row(2, ItemKind::Message)]);
    let tags = out(&mut lanes, now);
    assert_eq!(tags.len(), 2);
    lanes.remove(1);
    lanes.add(row(3, ItemKind::MarkRead), false);
    assert!(lanes.answered(tags[0].0).is_none());
    let answered = lanes.answered(tags[1].0).unwrap();
    lanes.refused(answered.row.position, answered.purpose, &busy(), now, RANDOM);
    assert!(out(&mut lanes, now).is_empty());
    assert_eq!(out(&mut lanes, now + Duration::from_secs(120)).len(), 2);
}

#[test]
fn a_cancellation_that_is_refused_for_now_is_asked_again_later_and_not_at_once() {
    let now = Instant::now();
    let mut lanes = lanes(&[row(1, ItemKind::Message)]);
    let carried = out(&mut lanes, now);
    lanes.cancel(1);
    let cancel = out(&mut lanes, now);
    assert!(matches!((carried.as_slice(), cancel.as_slice()), ([(_, false)], [(_, true)])));
    let first = lanes.answered(carried[0].0).unwrap();
    lanes.refused(first.row.position, first.purpose, &busy(), now, RANDOM);
    assert!(out(&mut lanes, now).is_empty(), "the question is on its way already");
    let second = lanes.answered(cancel[0].0).unwrap();
    assert_eq!(second.purpose, Purpose::Cancel);
    lanes.refused(second.row.position, second.purpose, &busy(), now, RANDOM);
    assert!(matches!(lanes.next(now, 0), Next::Wait { at: Some(_), .. }));
    assert!(matches!(out(&mut lanes, now + Duration::from_secs(120)).as_slice(), [(_, true)]));
}

#[test]
fn what_was_refused_for_good_is_not_cancelled_any_more() {
    let now = Instant::now();
    let mut lanes = lanes(&[row(1, ItemKind::Message)]);
    let tags = out(&mut lanes, now);
    lanes.answered(tags[0].0).unwrap();
    lanes.fail(1, ErrorCode::NotMember.into());
    lanes.cancel(1);
    assert!(out(&mut lanes, now).is_empty());
    assert!(matches!(lanes.item(1).unwrap().row.state, ItemState::Failed(_)));
}

#[test]
fn messages_go_out_in_order_and_again_in_order_after_a_refusal_and_a_cut() {
    let now = Instant::now();
    let rows: Vec<OutboxRow> = (1..=4).map(|position| row(position, ItemKind::Message)).collect();
    let mut lanes = lanes(&rows);
    let first = out(&mut lanes, now);
    for (tag, _) in first.iter().rev() {
        let answered = lanes.answered(*tag).unwrap();
        lanes.refused(answered.row.position, answered.purpose, &busy(), now, RANDOM);
    }
    let order = |lanes: &mut Lanes, tags: Vec<(u64, bool)>| -> Vec<i64> {
        tags.iter().map(|(tag, _)| lanes.answered(*tag).unwrap().row.position).collect()
    };
    let again = out(&mut lanes, now + Duration::from_secs(120));
    lanes.up();
    assert!(again.iter().all(|(tag, _)| lanes.answered(*tag).is_none()), "the cut has taken them");
    let last = out(&mut lanes, now);
    assert_eq!(order(&mut lanes, last), [1, 2, 3, 4]);
}

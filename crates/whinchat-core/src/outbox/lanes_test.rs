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
fn nothing_goes_out_behind_refused_messages_before_all_of_them_are_in_the_queue_again() {
    let now = Instant::now();
    let later = now + Duration::from_secs(120);
    let rows: Vec<_> = (1..=3).map(|position| row(position, ItemKind::Message)).collect();
    let mut lanes = lanes(&rows);
    let tags = out(&mut lanes, now);
    lanes.add(row(4, ItemKind::Message), false);
    let answered: Vec<_> = [0, 1, 2].map(|n| lanes.answered(tags[n].0).unwrap()).into();
    for (settled, answer) in answered.iter().enumerate() {
        let is_held_up = settled == 0 || out(&mut lanes, later).is_empty();
        assert!(is_held_up, "{settled} of 3 are in the queue again");
        lanes.refused(answer.row.position, answer.purpose, &busy(), now, RANDOM);
    }
    let again = out(&mut lanes, later);
    let places: Vec<_> = again.iter().map(|(tag, _)| lanes.answered(*tag).unwrap().row.position).collect();
    assert_eq!(places, [1, 2, 3, 4]);
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

#[test]
fn ten_thousands_of_conversations_do_not_cost_a_walk_for_each_item() {
    let now = Instant::now();
    let count = 30_000;
    let rows: Vec<OutboxRow> = (1..=count)
        .map(|position| OutboxRow {
            conversation: ConversationId::parse(&format!("c2c_{position}")).unwrap(),
            ..row(position, ItemKind::MarkRead)
        })
        .collect();
    let mut lanes = lanes(&rows);
    let begun = std::time::Instant::now();
    assert_eq!(out(&mut lanes, now).len(), 30_000);
    // A walk over all lanes for each would take minutes.
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
}

/// The rules of one lane, looked at one lane after the other.
#[derive(Default)]
struct Model {
    waiting: Vec<(i64, ItemKind)>,
    on_their_way: Vec<(i64, ItemKind)>,
    held_until: Option<Instant>,
    marks_from: Option<Instant>,
}

impl Model {
    fn due(&self, now: Instant) -> Option<(i64, ItemKind)> {
        if self.held_until.is_some_and(|until| until > now || !self.on_their_way.is_empty()) {
            return None;
        }
        let may_go = |(_, kind): &&(i64, ItemKind)| {
            *kind != ItemKind::MarkRead || self.marks_from.is_none_or(|from| from <= now)
        };
        self.waiting.iter().filter(may_go).min_by_key(|(position, _)| *position).copied()
    }
}

/// One run against the model: things come, go out, are answered and refused, while time passes.
fn follow_the_model(seed: u64) {
    let mut random = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut below = |limit: u64| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random % limit
    };
    let of = |lane: usize| ConversationId::parse(&format!("c2c_{lane}")).unwrap();
    let mut lanes = lanes(&[]);
    let mut model: [Model; 3] = Default::default();
    let mut tags: Vec<(u64, usize, i64)> = Vec::new();
    let (mut now, mut position) = (Instant::now(), 0);
    for _ in 0..200 {
        match below(8) {
            0..3 => {
                position += 1;
                let lane = usize::try_from(below(3)).unwrap();
                let kind = if below(2) == 0 { ItemKind::Message } else { ItemKind::MarkRead };
                lanes.add(OutboxRow { conversation: of(lane), ..row(position, kind) }, false);
                model[lane].waiting.push((position, kind));
            }
            3..6 if !tags.is_empty() => {
                let at = usize::try_from(below(tags.len() as u64)).unwrap();
                let (tag, lane, position) = tags.swap_remove(at);
                let answered = lanes.answered(tag).unwrap();
                let lane = &mut model[lane];
                let at = lane.on_their_way.iter().position(|(other, _)| *other == position).unwrap();
                let item = lane.on_their_way.swap_remove(at);
                if below(3) == 0 {
                    let wait = if below(2) == 0 { 200 } else { 700 };
                    let error = Error { class: crate::error::ErrorClass::After(wait), ..busy() };
                    lanes.refused(position, answered.purpose, &error, now, RANDOM);
                    lane.waiting.push(item);
                    lane.held_until = lane.held_until.or(Some(now + Duration::from_millis(u64::from(wait))));
                } else {
                    lanes.remove(position);
                }
            }
            6 => now += Duration::from_millis(below(900)),
            _ => {}
        }
        loop {
            let due =
                (0..3).filter_map(|lane| Some((model[lane].due(now)?, lane))).min_by_key(|((at, _), _)| *at);
            match (lanes.next(now, 0), due) {
                (Next::Submit { tag, .. }, Some(((position, kind), lane))) => {
                    tags.push((tag, lane, position));
                    assert_eq!(lanes.tag_of(position), Some(tag), "seed {seed}");
                    let lane = &mut model[lane];
                    lane.held_until = None;
                    lane.waiting.retain(|(other, _)| *other != position);
                    lane.on_their_way.push((position, kind));
                    if kind == ItemKind::MarkRead {
                        lane.marks_from = Some(now + Duration::from_millis(500));
                    }
                }
                (Next::Wait { at, .. }, None) => {
                    // Whoever sleeps until then misses nothing.
                    let at = at.unwrap_or(now + Duration::from_secs(60));
                    let just_before = at.checked_sub(Duration::from_nanos(1)).unwrap();
                    assert!(model.iter().all(|lane| lane.due(just_before).is_none()), "seed {seed}");
                    break;
                }
                (Next::Submit { .. }, None) => panic!("seed {seed}: it is not its turn"),
                (_, due) => panic!("seed {seed}: {due:?} is held up"),
            }
        }
        // What was held up and waited for nobody starts again at its time, whether or not something goes out.
        for lane in &mut model {
            let is_over = lane.held_until.is_some_and(|until| until <= now) && lane.on_their_way.is_empty();
            lane.held_until = lane.held_until.filter(|_| !is_over);
        }
    }
}

#[test]
fn what_goes_out_when_is_what_a_walk_over_all_lanes_would_find() {
    let cases = std::env::var("WHINCHAT_SYNC_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(300);
    (0..cases).for_each(follow_the_model);
}

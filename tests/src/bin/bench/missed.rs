//! A client that was away stores what it missed.

use std::time::Instant;

use futures_util::SinkExt;
use prost::Message as _;
use tempfile::tempdir;
use whinchat_core::{ConversationId, Event};
use whinchat_proto::wire::server_frame;
use whinchat_server::Server;
use whinchat_tests::account::{APP_ID, user_sig};

use crate::disk::MessageRow;
use crate::latency::unlimited;
use crate::processor::Processor;
use crate::row::{Row, median};
use crate::{disk, raw};

const CONVERSATIONS: u64 = 1_000;
const EACH: u64 = 100;
/// Rows a transaction of the floor; the client takes up to 2,000.
const BATCH: usize = 1_000;

/// The rows as the client stores them, grouped by conversation.
fn rows() -> Vec<MessageRow> {
    let of = |conversation: u64| {
        (1..=EACH).map(move |seq| {
            let (envelope, content) = raw::message(1_700_000_000_000 + conversation.cast_signed(), seq);
            MessageRow {
                conversation: conversation.cast_signed(),
                seq: seq.cast_signed(),
                sender: format!("user{conversation}"),
                client_id: envelope.client_message_id.to_vec(),
                envelope: envelope.encode_to_vec(),
                content,
            }
        })
    };
    (0..CONVERSATIONS).flat_map(of).collect()
}

pub(crate) async fn measure(runs: usize) -> Vec<Row> {
    let dir = tempdir().unwrap();
    let server = Server::start(unlimited(&dir.path().join("server"))).await.unwrap();
    let address = server.local_addr();
    // Bob exists; then he is away.
    drop(raw::log_in(address, "bob", None).await);
    let to = ConversationId::parse("c2c_bob").unwrap();
    for number in 0..CONVERSATIONS {
        let (mut socket, _) = raw::log_in(address, &format!("user{number}"), None).await;
        for request in 1..=EACH {
            socket.send(raw::frame(raw::send(request, &to))).await.unwrap();
        }
        for _ in 0..EACH {
            while !matches!(raw::next(&mut socket).await, Some(server_frame::Body::Response(_))) {}
        }
    }
    let (mut ours, mut floors, mut screens) = (Vec::new(), Vec::new(), Vec::new());
    let (mut our_processor, mut floor_processor) = (Vec::new(), Vec::new());
    let all = rows();
    for run in 0..runs {
        let mut table = disk::messages_table(&dir.path().join(format!("floor{run}")), "NORMAL");
        let processor = Processor::now();
        floors.push(disk::insert(&mut table, &all, BATCH).as_secs_f64() * 1e3);
        floor_processor.push(processor.until_now());
        let client = whinchat_core::Client::builder()
            .server(format!("ws://{address}"))
            .app_id(APP_ID)
            .data_dir(dir.path().join(format!("bob{run}")))
            .build()
            .unwrap();
        let mut events = client.events();
        let (start, processor) = (Instant::now(), Processor::now());
        client.login("bob", user_sig("bob")).await.unwrap();
        let page = client.conversations().list(None, 20).await.unwrap();
        assert_eq!(page.items.len(), 20);
        assert!(page.items.iter().all(|item| item.last_message.is_some()));
        screens.push(start.elapsed().as_secs_f64() * 1e3);
        while !matches!(events.next().await, Some(Event::SyncFinished)) {}
        ours.push(start.elapsed().as_secs_f64() * 1e3);
        our_processor.push(processor.until_now());
        client.close().await;
    }
    server.stop().await;
    let floor = median(floors);
    vec![
        Row {
            name: "100,000 missed messages of 1,000 conversations, stored".into(),
            unit: "ms",
            ours: median(ours),
            floor,
            aim: Some(1.7),
        },
        Row {
            name: "the same: processor time of server and client".into(),
            unit: "ms",
            ours: median(our_processor),
            floor: median(floor_processor),
            aim: None,
        },
        Row {
            name: "the same: time until the first screen".into(),
            unit: "ms",
            ours: median(screens),
            floor,
            aim: None,
        },
    ]
}

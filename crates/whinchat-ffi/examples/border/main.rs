//! What the border costs: calls and events in Kotlin or Swift beside the same in Rust. `cargo xtask kotlin bench` and `cargo xtask swift
//! bench` run it with the command that starts the player of that language: one who does what a line asks for and answers with
//! numbers. Both sides take turns in short blocks, so that other work on the machine meets both.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod figures;
mod floor;
mod player;

use std::path::Path;

use figures::{Pairs, Row};
use floor::Floor;
use player::Player;

/// Turns of each side, and what one turn has.
const CALL_TURNS: usize = 50;
const CALLS: u32 = 10_000;
const PAGE_TURNS: usize = 60;
const PAGES: usize = 50;
const EVENT_TURNS: usize = 5;
/// Turns before those that count: a virtual machine compiles what it has seen often.
const WARM_TURNS: usize = 60;
/// How long a slow reader takes for each event.
const SLOW_MICROS: u64 = 100;

/// What a page may cost above Rust's, in microseconds.
const PAGE_AIM: f64 = 100.0;
/// What memory may come to in the last quarter of a burst, of that in the second.
const FLAT: f64 = 1.1;

fn main() {
    let mut args = std::env::args().skip(1);
    let mut next = || args.next().expect("border OUT LANGUAGE COMMAND ...");
    let (out, language) = (next(), next());
    let mut player = Player::start(&next(), args);
    let floor = Floor::new();

    for _ in 0..WARM_TURNS {
        player.ask(&format!("calls {CALLS}"));
        player.ask(&format!("pages {PAGES}"));
        floor.page(PAGES);
        floor.page_through_ffi(PAGES);
    }
    let (mut call, mut call_ffi) = (Pairs::default(), Pairs::default());
    for _ in 0..CALL_TURNS {
        let bare = floor.call(CALLS);
        call_ffi.push(floor.call_through_ffi(CALLS), bare);
        call.push(player.ask_one(&format!("calls {CALLS}")), bare);
    }
    let (mut page, mut page_ffi) = (Pairs::default(), Pairs::default());
    for _ in 0..PAGE_TURNS {
        let bare = floor.page(PAGES);
        page.push(figures::median(player.ask(&format!("pages {PAGES}"))), bare);
        page_ffi.push(floor.page_through_ffi(PAGES), bare);
    }
    let page_aim = (page.floor() + PAGE_AIM) / page.floor();
    let (mut fast, mut slow) = (Pairs::default(), Pairs::default());
    for _ in 0..EVENT_TURNS {
        let bare = floor.event(0);
        fast.push(player.ask_one("events 0"), bare);
        let bare = floor.event(SLOW_MICROS);
        slow.push(player.ask_one(&format!("events {SLOW_MICROS}")), bare);
    }
    let quarters = player.ask(&format!("memory {SLOW_MICROS}"));
    let [_, second, _, last] = quarters[..] else { panic!("memory of four quarters, not {quarters:?}") };
    let lives = player.ask("lives");
    let [far_before, far_after, near_before, near_after] = lives[..] else {
        panic!("two counts twice, not {lives:?}")
    };
    player.end();

    let named = |name: &str| format!("{language}: {name}");
    let rows = [
        Row::of("rust: an empty call through whinchat-ffi".into(), "us", &call_ffi, None),
        Row::of(named("an empty call"), "us", &call, None),
        Row::of("rust: a page of 100 messages through whinchat-ffi".into(), "us", &page_ffi, None),
        Row::of(named("a page of 100 messages (aim: 100 us more)"), "us", &page, Some(page_aim)),
        Row::of(named("each of 10,000 events that wait"), "us", &fast, None),
        Row::of(named("the same, a reader who takes 100 us for each"), "us", &slow, None),
        Row::once(named("memory under a slow reader, last quarter"), "MiB", last, second, Some(FLAT)),
        Row::once(named("objects after 10,000 calls, 1,000 subscr."), "", far_after, far_before, Some(1.0)),
        Row::once(named("the same on its own side"), "", near_after, near_before, Some(FLAT)),
    ];
    print!("{}", figures::table(&rows));
    std::fs::write(Path::new(&out), figures::json(&rows)).expect("the file for the figures");
}

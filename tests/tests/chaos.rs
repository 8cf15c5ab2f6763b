//! A short chaos; `cargo xtask chaos` plays a long one.
// Functions beside the tests are tests too.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::print_stdout)]

use std::path::PathBuf;

use whinchat_tests::chaos::process::Programs;
use whinchat_tests::chaos::run::Chaos;

/// Rounds of about a second and a half, with a judgement at the end.
const ROUNDS: u32 = 16;

/// Its rounds kill clients and the server, cut, swallow and half-open.
const SEED: u64 = 2;

fn programs() -> Programs {
    Programs {
        agent: PathBuf::from(env!("CARGO_BIN_EXE_chaos_agent")),
        server: PathBuf::from(env!("CARGO_BIN_EXE_chaos_server")),
    }
}

#[tokio::test]
async fn slow_kills_and_broken_networks_lose_and_double_nothing() {
    let chaos = Chaos { rounds: ROUNDS, seed: SEED };
    let report = chaos
        .play(&programs(), |line| println!("{line}"))
        .await
        .unwrap_or_else(|failure| panic!("{failure}"));
    assert!(report.is_clean());
    assert!(report.sent > 100 && report.acknowledged > 0 && report.delivered > 0, "{report}");
}

//! A client process for the chaos; see `whinchat_tests::chaos::agent`.

use clap::Parser;
use whinchat_tests::chaos::agent::{AgentOptions, run};

#[derive(Parser)]
struct Options {
    #[command(flatten)]
    agent: AgentOptions,
}

#[tokio::main(worker_threads = 2)]
async fn main() {
    run(Options::parse().agent).await;
}

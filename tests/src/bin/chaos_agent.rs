//! A client process for the chaos; see `whinchat_tests::chaos::agent`.

use std::path::PathBuf;

use clap::Parser;
use whinchat_tests::chaos::agent::{AgentOptions, run};
use whinchat_tests::soak::heap::{Counted, write_down};

#[global_allocator]
static HEAP: Counted = Counted;

#[derive(Parser)]
struct Options {
    /// Where it writes down what it has allocated.
    #[arg(long)]
    heap: Option<PathBuf>,
    #[command(flatten)]
    agent: AgentOptions,
}

#[tokio::main(worker_threads = 2)]
async fn main() {
    let options = Options::parse();
    options.heap.map(|path| tokio::spawn(write_down(path)));
    run(options.agent).await;
}

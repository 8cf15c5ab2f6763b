//! A server process for the chaos: it runs until it is killed or its standard input ends. `kick <user>` there ends the user's
//! sessions.
#![allow(clippy::print_stdout)]

use std::path::PathBuf;
use std::sync::Arc;

use clap::Parser;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use whinchat_proto::id::UserId;
use whinchat_server::{Server, ServerConfig};
use whinchat_tests::lossy_bus::LossyBus;
use whinchat_tests::server::config;
use whinchat_tests::soak::heap::{Counted, write_down};

#[global_allocator]
static HEAP: Counted = Counted;

#[derive(Parser)]
struct Options {
    /// Where it writes down what it has allocated.
    #[arg(long)]
    heap: Option<PathBuf>,
    /// Its folder.
    #[arg(long)]
    data: PathBuf,
    /// Its name among the nodes of the folder.
    #[arg(long, default_value = "main")]
    node: String,
    /// How often it looks for what the bus has lost, in milliseconds.
    #[arg(long, default_value_t = 300)]
    sweep_ms: u64,
    /// How often clients have to say something, in milliseconds.
    #[arg(long)]
    heartbeat_ms: Option<u32>,
    /// Members that make a group large.
    #[arg(long, default_value_t = 200)]
    large_group: u32,
    /// How many of a hundred wakes and frames the bus loses.
    #[arg(long, default_value_t = 0)]
    lose: u64,
    /// Which ones.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let options = Options::parse();
    options.heap.map(|path| tokio::spawn(write_down(path)));
    let mut config = ServerConfig {
        node: options.node,
        sweep_ms: options.sweep_ms,
        large_group: options.large_group,
        ..config(&options.data)
    };
    config.heartbeat_ms = options.heartbeat_ms.unwrap_or(config.heartbeat_ms);
    let server = Server::start_with(config, |bus| match options.lose {
        0 => bus,
        percent => Arc::new(LossyBus::new(bus, percent, options.seed)),
    });
    let server = server.await?;
    println!("listening {}", server.local_addr());
    let admin = server.admin();
    let mut commands = BufReader::new(tokio::io::stdin()).lines();
    // This ends with the one who started it.
    while let Some(command) = commands.next_line().await? {
        match command.strip_prefix("kick ").map(UserId::new) {
            // A full disk may stand in the way; the administrator would try again.
            Some(Ok(user)) => drop(admin.kick(&user, None).await),
            _ => println!("broken command {command}"),
        }
    }
    server.stop().await;
    Ok(())
}

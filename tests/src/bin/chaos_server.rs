//! A server process for the chaos: it runs until it is killed or its standard input ends.
#![allow(clippy::print_stdout)]

use std::path::PathBuf;

use clap::Parser;
use tokio::io::AsyncReadExt as _;
use whinchat_server::Server;
use whinchat_tests::server::config;

#[derive(Parser)]
struct Options {
    /// Its folder.
    #[arg(long)]
    data: PathBuf,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let server = Server::start(config(&Options::parse().data)).await?;
    println!("listening {}", server.local_addr());
    // Nothing is ever said to it: this ends with the one who started it.
    tokio::io::stdin().read_to_end(&mut Vec::new()).await?;
    server.stop().await;
    Ok(())
}

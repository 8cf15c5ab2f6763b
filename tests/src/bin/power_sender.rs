//! A client that accepts messages until it is killed, for the tests of power loss and of sleep.
#![allow(clippy::print_stdout, clippy::unwrap_used)]

use std::path::PathBuf;

use clap::Parser;
use tokio::task::JoinSet;
use whinchat_core::Platform;
use whinchat_tests::account::user_sig;
use whinchat_tests::device::{Device, conversation};

#[derive(Parser)]
struct Options {
    /// Its folder, in which alice has been logged in before.
    #[arg(long)]
    data: PathBuf,
    /// What each text begins with.
    #[arg(long)]
    word: String,
    /// How many messages.
    #[arg(long)]
    count: u32,
    /// Where the server is; there is no network without it.
    #[arg(long)]
    server: Option<std::net::SocketAddr>,
    /// Falls asleep and wakes after every so many messages.
    #[arg(long)]
    nap: Option<u32>,
}

#[tokio::main(worker_threads = 2)]
async fn main() {
    let options = Options::parse();
    let server = options.server.unwrap_or(([127, 0, 0, 1], 9).into());
    let client = Device::builder(&options.data, Platform::Desktop, server).build().unwrap();
    tokio::spawn({
        let client = client.clone();
        async move { client.login("alice", &user_sig("alice")).await }
    });
    while client.user().is_none() {
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    }
    let mut sending = JoinSet::new();
    for n in 0..options.count {
        let (sender, text) = (client.clone(), format!("{}-{n}.", options.word));
        sending.spawn(async move {
            sender.messages().send_text(&conversation("c2c_bob"), &text).await.unwrap();
            println!("{text}");
        });
        // Several share a commit, as several views of an app do.
        if sending.len() >= 6 {
            sending.join_next().await;
        }
        if options.nap.is_some_and(|every| n % every == every - 1) {
            while sending.join_next().await.is_some() {}
            client.pause().await.unwrap();
            client.resume().await.unwrap();
        }
    }
    sending.join_all().await;
}

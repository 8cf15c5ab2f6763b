//! `whinchat serve` in a process of its own.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

/// The command.
const WHINCHAT: &str = env!("CARGO_BIN_EXE_whinchat_command");

/// The server; killed when dropped.
pub(crate) struct Server {
    data: PathBuf,
    /// `ws://127.0.0.1:PORT`, the same after a new start.
    pub(crate) address: String,
    process: Option<(Child, Lines<BufReader<ChildStdout>>)>,
}

impl Server {
    pub(crate) async fn start(folder: &Path) -> Self {
        let mut server = Self { data: folder.join("server"), address: String::new(), process: None };
        server.start_at("127.0.0.1:0").await;
        server
    }

    /// Starts it again where it was, on the same folder.
    pub(crate) async fn start_again(&mut self) {
        let listen = self.address.trim_start_matches("ws://").to_owned();
        self.start_at(&listen).await;
    }

    async fn start_at(&mut self, listen: &str) {
        let mut child = Command::new(WHINCHAT)
            .args(["serve", "--listen", listen, "--data"])
            .arg(&self.data)
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        loop {
            // None: it has ended, and said why on its standard error.
            let line = lines.next_line().await.unwrap().unwrap();
            if let Some((_, address)) = line.split_once("ready at ") {
                address.clone_into(&mut self.address);
            }
            // The last line: what `whinchat sig` needs is written.
            if line.starts_with("Ctrl-C") {
                break;
            }
        }
        self.process = Some((child, lines));
    }

    /// SIGTERM, and waits.
    pub(crate) async fn stop(&mut self) {
        let (mut child, _lines) = self.process.take().unwrap();
        let id = child.id().unwrap().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().await.unwrap().success());
        child.wait().await.unwrap();
    }

    /// What an app's backend would sign.
    pub(crate) async fn signature(&self, user: &str) -> String {
        let output = Command::new(WHINCHAT)
            .args(["sig", "make", "--user", user, "--data"])
            .arg(&self.data)
            .output()
            .await
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }
}

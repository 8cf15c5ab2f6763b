//! Memory of a client, in a process of its own.

use std::path::Path;
use std::process::Command;

use rusqlite::Connection;
use whinchat_core::History;

use crate::local::{HISTORY, first_page, read_list, reader};

/// Names the child's part, and after it comes a path.
const CHILD: &str = "--measure-memory-of";

/// Who is measured.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
    /// A client that shows its first page and one of history.
    Client,
    /// The same file open, and as much read.
    Floor,
}

/// Resident memory of a child, KiB.
pub(crate) fn of_child(who: Who, path: &Path) -> f64 {
    let part = if who == Who::Client { "client" } else { "floor" };
    let this = std::env::current_exe().unwrap();
    let output = Command::new(this).arg(CHILD).arg(part).arg(path).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().parse().unwrap()
}

/// Plays the child's part, if this process is one.
pub(crate) async fn is_child() -> bool {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [flag, part, path] = &args[..] else { return false };
    if flag != CHILD {
        return false;
    }
    let path = Path::new(path);
    if part == "client" {
        let (client, page, login) = first_page(path).await;
        let history = client.messages().history(&page[0].id, History::newest(HISTORY)).await.unwrap();
        assert!(!history.messages.is_empty());
        println!("{}", resident());
        client.close().await;
        drop(login.await);
    } else {
        let connections = [Connection::open(path).unwrap(), reader(path)];
        assert!(read_list(&connections[1]) > 0);
        println!("{}", resident());
    }
    true
}

/// Resident memory of this process, KiB.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

//! A phone of a play that is a process: a host of native code (`uniapp-plugin/hosts/driver/README.md`).

use std::collections::HashMap;
use std::path::Path;
use std::process::Stdio;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use whinchat_bridge::Delivery;

use crate::wait::PATIENCE;

/// What JavaScript calls in it.
const MODULE: &str = "Whinchat-IM";

/// How a phone is started, as `cargo xtask` says in the environment.
#[derive(Clone, Debug)]
pub struct Program {
    command: Vec<String>,
    package: String,
}

impl Program {
    /// The one of `WHINCHAT_HOST` (the words of its command as a list in JSON) and `WHINCHAT_HOST_PACKAGE` (the plugin's
    /// folder); none where plays are put on over bridges.
    ///
    /// # Panics
    ///
    /// When only one of them is there, or the first is no list.
    #[must_use]
    pub fn from_environment() -> Option<Self> {
        let command = std::env::var("WHINCHAT_HOST").ok()?;
        let command = serde_json::from_str(&command).expect("WHINCHAT_HOST is a list of words");
        let package =
            std::env::var("WHINCHAT_HOST_PACKAGE").expect("WHINCHAT_HOST_PACKAGE goes with WHINCHAT_HOST");
        Some(Self { command, package })
    }
}

type Outlet = Arc<dyn Fn(Delivery) + Send + Sync>;

/// What the process has said.
#[derive(Default)]
struct Said {
    pages: HashMap<String, Outlet>,
    faults: Vec<String>,
}

/// A running host.
pub(super) struct HostProcess {
    child: Child,
    lines: mpsc::UnboundedSender<Value>,
    said: Arc<Mutex<Said>>,
    reader: JoinHandle<()>,
}

impl std::fmt::Debug for HostProcess {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        to.debug_struct("HostProcess").field("pid", &self.child.id()).finish_non_exhaustive()
    }
}

fn lock(said: &Mutex<Said>) -> MutexGuard<'_, Said> {
    said.lock().unwrap_or_else(PoisonError::into_inner)
}

impl HostProcess {
    /// Starts one and waits until it is ready.
    ///
    /// # Panics
    ///
    /// When it does not start.
    pub(super) async fn start(program: &Program, documents: &Path, platform: &str, server: &str) -> Self {
        std::fs::create_dir_all(documents).expect("a folder");
        let (name, args) = program.command.split_first().expect("a command");
        let mut child = Command::new(name)
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("the host starts");
        let mut stdin = child.stdin.take().expect("its stdin");
        // Bounded by what a play says.
        let (lines, mut waiting) = mpsc::unbounded_channel::<Value>();
        tokio::spawn(async move {
            while let Some(line) = waiting.recv().await {
                if stdin.write_all(format!("{line}\n").as_bytes()).await.is_err() {
                    return;
                }
            }
        });
        let start = json!({
            "do": "start", "package": program.package, "documents": documents, "device": platform, "platform": platform,
            "server": server, "parameters": {},
        });
        lines.send(start).expect("a writer");
        let mut heard = BufReader::new(child.stdout.take().expect("its stdout")).lines();
        let ready =
            tokio::time::timeout(PATIENCE, ready(&mut heard)).await.expect("the host gets ready in time");
        let said = Arc::new(Mutex::new(Said::default()));
        lock(&said).faults.extend(ready);
        let reader = tokio::spawn(read(heard, said.clone()));
        Self { child, lines, said, reader }
    }

    /// Hands what comes to a page's callbacks to `outlet`.
    pub(super) fn open(&self, page: &str, outlet: impl Fn(Delivery) + Send + Sync + 'static) {
        lock(&self.said).pages.insert(page.to_owned(), Arc::new(outlet));
    }

    /// A way to call methods in a page.
    #[must_use]
    pub(super) fn caller(&self, page: &str) -> Caller {
        Caller { page: page.to_owned(), lines: self.lines.clone() }
    }

    /// The rules that it broke so far.
    #[must_use]
    pub(super) fn faults(&self) -> Vec<String> {
        lock(&self.said).faults.clone()
    }

    /// As the system kills.
    pub(super) async fn kill(mut self) {
        lock(&self.said).pages.clear();
        let _ = self.child.kill().await;
        self.reader.abort();
    }

    /// Ends it politely; gives what is wrong with it, if anything is.
    pub(super) async fn quit(mut self) -> Vec<String> {
        let _ = self.lines.send(json!({"do": "quit"}));
        let ended = tokio::time::timeout(PATIENCE, self.child.wait()).await;
        let mut faults = self.faults();
        match ended {
            Ok(Ok(status)) if status.success() => {}
            Ok(how) => faults.push(format!("the host ended with {how:?}")),
            Err(_) => faults.push("the host did not end".to_owned()),
        }
        faults
    }
}

/// Calls methods in a page of a process.
#[derive(Debug)]
pub(super) struct Caller {
    page: String,
    lines: mpsc::UnboundedSender<Value>,
}

impl Caller {
    /// Calls a method; what JavaScript leaves out arrives as an empty text.
    pub(super) fn call(&self, id: u64, method: &str, params: Option<&Value>) {
        let options = match params {
            None | Some(Value::Null) => json!(""),
            Some(params) => params.clone(),
        };
        let line = json!({
            "do": "call", "page": self.page, "module": MODULE, "method": method, "args": [options, id.to_string()], "callbacks": [1],
        });
        // A process that is gone answers nothing, which the play finds out.
        let _ = self.lines.send(line);
    }
}

/// Reads up to `ready`; gives the faults before it.
async fn ready(lines: &mut Lines<BufReader<ChildStdout>>) -> Vec<String> {
    let mut faults = Vec::new();
    while let Some(line) = lines.next_line().await.expect("its stdout") {
        let line: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("no JSON: {line}"));
        if line.get("ready").is_some() {
            return faults;
        }
        assert!(line.get("failed").is_none(), "{line}");
        faults.extend(fault(&line));
    }
    panic!("the host ended before it was ready");
}

async fn read(mut lines: Lines<BufReader<ChildStdout>>, said: Arc<Mutex<Said>>) {
    while let Ok(Some(text)) = lines.next_line().await {
        let Ok(line) = serde_json::from_str::<Value>(&text) else {
            lock(&said).faults.push(format!("no JSON: {text}"));
            continue;
        };
        if let Some(callback) = line.get("callback") {
            deliver(callback, &said);
        }
        lock(&said).faults.extend(fault(&line));
    }
}

fn deliver(callback: &Value, said: &Mutex<Said>) {
    let text = |key: &str| callback.get(key).and_then(Value::as_str).unwrap_or_default();
    let outlet = lock(said).pages.get(text("page")).cloned();
    let (Some(outlet), Ok(call)) = (outlet, text("id").parse()) else { return };
    let json = callback.get("data").unwrap_or(&Value::Null).to_string();
    outlet(Delivery { call, json, keep: callback.get("keep") == Some(&Value::Bool(true)) });
}

fn fault(line: &Value) -> Option<String> {
    line.get("violation").map(ToString::to_string)
}

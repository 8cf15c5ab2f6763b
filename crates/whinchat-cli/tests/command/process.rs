//! A running `whinchat`: what it says is waited for, never guessed at by time.

use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// How long anything may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// A process that runs; killed when dropped.
pub(crate) struct Running {
    child: Child,
    input: Option<ChildStdin>,
    out: Heard,
    err: Heard,
}

/// How a process ended.
#[derive(Debug)]
pub(crate) struct End {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// Lines of one pipe, read as they come so that the pipe never fills up.
struct Heard {
    lines: Receiver<String>,
    all: String,
}

impl Heard {
    fn listen(pipe: impl Read + Send + 'static) -> Self {
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(pipe).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        Self { lines, all: String::new() }
    }

    fn next(&mut self, deadline: Instant) -> Option<String> {
        match self.lines.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(line) => {
                self.all.push_str(&line);
                self.all.push('\n');
                Some(line)
            }
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => None,
        }
    }

    fn wait_for(&mut self, part: &str) -> String {
        let deadline = Instant::now() + PATIENCE;
        while let Some(line) = self.next(deadline) {
            if line.contains(part) {
                return line;
            }
        }
        panic!("{part:?} was not said, only:\n{}", self.all);
    }

    fn rest(mut self) -> String {
        let deadline = Instant::now() + PATIENCE;
        while self.next(deadline).is_some() {}
        self.all
    }
}

impl Running {
    pub(crate) fn start(args: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_whinchat"))
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let input = child.stdin.take();
        let out = Heard::listen(child.stdout.take().unwrap());
        let err = Heard::listen(child.stderr.take().unwrap());
        Self { child, input, out, err }
    }

    /// Waits for a line of stdout.
    pub(crate) fn line(&mut self, part: &str) -> String {
        self.out.wait_for(part)
    }

    /// Waits for a line of stderr.
    pub(crate) fn note(&mut self, part: &str) -> String {
        self.err.wait_for(part)
    }

    /// Types a line.
    pub(crate) fn say(&mut self, line: &str) {
        writeln!(self.input.as_mut().unwrap(), "{line}").unwrap();
    }

    /// Ends stdin and waits.
    pub(crate) fn end_of_input(mut self) -> End {
        drop(self.input.take());
        self.end()
    }

    /// SIGTERM, and waits.
    pub(crate) fn terminate(self) -> End {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        self.end()
    }

    /// SIGKILL.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    fn end(mut self) -> End {
        let deadline = Instant::now() + PATIENCE;
        let code = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status.code();
            }
            assert!(Instant::now() < deadline, "it does not end");
            std::thread::sleep(Duration::from_millis(5));
        };
        let silent = || Heard { lines: channel().1, all: String::new() };
        let out = std::mem::replace(&mut self.out, silent()).rest();
        let err = std::mem::replace(&mut self.err, silent()).rest();
        End { code, out, err }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs a command to its end, with this on its stdin.
pub(crate) fn finished(args: &[&str], input: &str) -> End {
    let mut running = Running::start(args);
    // A command that does not read may be gone already.
    let _ = running.input.as_mut().unwrap().write_all(input.as_bytes());
    running.end_of_input()
}

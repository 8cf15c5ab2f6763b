//! The processes of the chaos: started, spoken to, killed.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

/// How long a process may take to say something that it has to say.
const ANSWER: Duration = Duration::from_secs(40);

/// Why a process is of no use; the round fails with it.
#[derive(Debug)]
pub struct Broken(pub String);

/// Where the programs of the chaos are.
#[derive(Clone, Debug)]
pub struct Programs {
    /// The client process.
    pub agent: PathBuf,
    /// The server process.
    pub server: PathBuf,
}

impl Programs {
    /// Those beside this program.
    ///
    /// # Errors
    ///
    /// When this program does not know where it is.
    pub fn beside_this() -> std::io::Result<Self> {
        let this = std::env::current_exe()?;
        let folder = this.parent().unwrap_or(Path::new("."));
        Ok(Self { agent: folder.join("chaos_agent"), server: folder.join("chaos_server") })
    }
}

/// A variable of a process's environment.
pub type Variable = (&'static str, OsString);

/// A running program that takes commands and answers, a line each. It is killed when this is dropped.
#[derive(Debug)]
pub struct Process {
    name: String,
    child: Child,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
}

impl Process {
    /// Starts a program in such an environment. What it writes to standard error goes into `log`.
    ///
    /// # Errors
    ///
    /// When it does not start.
    pub fn start(
        name: &str,
        program: &Path,
        args: &[String],
        environment: &[Variable],
        log: &Path,
    ) -> Result<Self, Broken> {
        let broken = |error: std::io::Error| Broken(format!("{name} does not start: {error}"));
        let errors = std::fs::OpenOptions::new().create(true).append(true).open(log).map_err(broken)?;
        let mut child = Command::new(program)
            .args(args)
            .envs(environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(errors)
            .kill_on_drop(true)
            .spawn()
            .map_err(broken)?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(Broken(format!("{name} has no pipes")));
        };
        Ok(Self { name: name.to_owned(), child, input, output: BufReader::new(output).lines() })
    }

    /// The system's number for it, while it runs.
    #[must_use]
    pub fn id(&self) -> Option<u32> {
        self.child.id()
    }

    /// Says something to it. A process that is gone is noticed when it has to answer.
    pub async fn tell(&mut self, command: &str) {
        let _ = self.input.write_all(format!("{command}\n").as_bytes()).await;
    }

    /// The rest of the next line that starts with `word`, skipping others.
    ///
    /// # Errors
    ///
    /// When it ends, says that something is broken, or says nothing for long.
    pub async fn answer(&mut self, word: &str) -> Result<String, Broken> {
        let wait = async {
            loop {
                match self.output.next_line().await {
                    Ok(Some(line)) => {
                        if let Some(rest) = line.strip_prefix(word) {
                            return Ok(rest.trim().to_owned());
                        }
                        if line.starts_with("broken") || line.starts_with("late") {
                            return Err(Broken(format!("{}: {line}", self.name)));
                        }
                    }
                    Ok(None) | Err(_) => return Err(Broken(format!("{} ended by itself", self.name))),
                }
            }
        };
        match tokio::time::timeout(ANSWER, wait).await {
            Ok(answer) => answer,
            Err(_) => Err(Broken(format!("{} did not say {word:?} for {ANSWER:?}", self.name))),
        }
    }

    /// Closes its standard input, upon which it ends in good order.
    ///
    /// # Errors
    ///
    /// When it had ended by itself before, complained, does not end, or ends with a failure.
    pub async fn end(mut self) -> Result<(), Broken> {
        if let Ok(Some(status)) = self.child.try_wait() {
            return Err(Broken(format!("{} ended by itself: {status}", self.name)));
        }
        drop(self.input);
        let wait = async {
            while let Ok(Some(line)) = self.output.next_line().await {
                if line.starts_with("broken") {
                    return Err(Broken(format!("{}: {line}", self.name)));
                }
            }
            match self.child.wait().await {
                Ok(status) if status.success() => Ok(()),
                Ok(status) => Err(Broken(format!("{} ended with {status}", self.name))),
                Err(error) => Err(Broken(format!("{} was lost: {error}", self.name))),
            }
        };
        tokio::time::timeout(ANSWER, wait)
            .await
            .unwrap_or_else(|_| Err(Broken(format!("{} does not end within {ANSWER:?}", self.name))))
    }

    /// SIGKILL, at whatever it is doing. Gives what it had said before, if that was bad.
    ///
    /// # Errors
    ///
    /// When it had ended by itself before, or complained.
    pub async fn kill(mut self) -> Result<(), Broken> {
        if let Ok(Some(status)) = self.child.try_wait() {
            return Err(Broken(format!("{} ended by itself: {status}", self.name)));
        }
        self.child
            .kill()
            .await
            .map_err(|error| Broken(format!("{} cannot be killed: {error}", self.name)))?;
        while let Ok(Some(line)) = self.output.next_line().await {
            if line.starts_with("broken") {
                return Err(Broken(format!("{}: {line}", self.name)));
            }
        }
        Ok(())
    }
}

/// The server's process.
#[derive(Debug)]
pub struct ServerProcess {
    /// Where it listens.
    pub addr: SocketAddr,
    process: Process,
}

impl ServerProcess {
    /// Starts it and waits until it listens.
    ///
    /// # Errors
    ///
    /// When it does not come up.
    pub async fn start(
        name: &str,
        program: &Path,
        args: &[String],
        environment: &[Variable],
        log: &Path,
    ) -> Result<Self, Broken> {
        let mut process = Process::start(name, program, args, environment, log)?;
        let addr = process.answer("listening ").await?;
        let addr = addr.parse().map_err(|_| Broken(format!("{name} listens at {addr:?}")))?;
        Ok(Self { addr, process })
    }

    /// The system's number for it, while it runs.
    #[must_use]
    pub fn id(&self) -> Option<u32> {
        self.process.id()
    }

    /// Says something to it.
    pub async fn tell(&mut self, command: &str) {
        self.process.tell(command).await;
    }

    /// Stops it in good order.
    ///
    /// # Errors
    ///
    /// When it had ended by itself, or does not end.
    pub async fn stop(self) -> Result<(), Broken> {
        self.process.end().await
    }

    /// SIGKILL.
    ///
    /// # Errors
    ///
    /// When it had ended by itself.
    pub async fn kill(self) -> Result<(), Broken> {
        self.process.kill().await
    }
}

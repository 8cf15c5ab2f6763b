//! The process of the other language.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// What its answers begin with; everything else that it says is passed on.
const ANSWER: &str = "= ";

/// Asked by a line, answers by a line of numbers.
pub(crate) struct Player {
    process: Child,
    asked: ChildStdin,
    said: BufReader<ChildStdout>,
}

impl Player {
    pub(crate) fn start(program: &str, args: impl Iterator<Item = String>) -> Self {
        let mut command = Command::new(program);
        let mut process = command
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the player's start");
        let (asked, said) = (process.stdin.take().unwrap(), process.stdout.take().unwrap());
        Self { process, asked, said: BufReader::new(said) }
    }

    pub(crate) fn ask(&mut self, line: &str) -> Vec<f64> {
        writeln!(self.asked, "{line}")
            .unwrap_or_else(|error| panic!("asked for `{line}`, it was gone: {error}"));
        loop {
            let mut said = String::new();
            if self.said.read_line(&mut said).expect("what the player says") == 0 {
                panic!("asked for `{line}`, it ended with {:?}", self.process.wait());
            }
            match said.strip_prefix(ANSWER) {
                Some(numbers) => {
                    return numbers
                        .split_whitespace()
                        .map(|number| number.parse().expect("a number"))
                        .collect();
                }
                None => eprint!("{said}"),
            }
        }
    }

    pub(crate) fn ask_one(&mut self, line: &str) -> f64 {
        let answer = self.ask(line);
        let [number] = answer[..] else { panic!("asked for `{line}`, it answered {answer:?}") };
        number
    }

    /// Lets it end.
    pub(crate) fn end(self) {
        let Self { mut process, asked, said } = self;
        drop((asked, said));
        let status = process.wait().expect("the player's end");
        assert!(status.success(), "the player ended with {status}");
    }
}

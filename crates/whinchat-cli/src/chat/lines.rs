//! The chat without a screen: lines in, lines out, for pipes and scripts.

use std::io::{self, BufRead as _, Write as _};
use std::time::Duration;

use jiff::tz::TimeZone;
use tokio::sync::mpsc;
use whinchat_core::ConversationId;

use super::line_state::{Lines, Step};
use super::rows::{Action, Link, News};
use super::session::Session;
use crate::failure::Failure;
use crate::signals::Signals;

/// Lines of stdin that wait. When full, reading stdin waits.
const LINES: usize = 32;

/// Between two looks at the outbox at the end.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// How lines are handled at the end of stdin.
#[derive(Debug, Clone, Copy)]
pub struct Ending {
    /// Go on printing when stdin has ended.
    pub follow: bool,
    /// How long to wait for what is not sent yet.
    pub wait: Duration,
}

/// Runs line mode until stdin ends and everything is sent, or the user leaves.
///
/// # Errors
///
/// A sentence when something was not sent or the session ended.
pub async fn run(open: ConversationId, mut session: Session, ending: Ending) -> Result<(), Failure> {
    let mut signals = Signals::new()?;
    let mut typed = read_stdin();
    let mut lines = Lines::new(open, TimeZone::system());
    let mut at_end = false;
    let mut ended = None;
    let mut late = false;
    // Marks leave the outbox without news: at the end it is looked at now and then.
    let mut looks = tokio::time::interval(LOOK_EVERY);
    let deadline = tokio::time::sleep(Duration::MAX / 4);
    tokio::pin!(deadline);
    loop {
        // What others have sent is printed and what an earlier run left in the outbox goes out before this one ends.
        let done = lines.is_settled() && lines.is_caught_up() && session.is_drained();
        if at_end && done && !ending.follow {
            break;
        }
        let step = tokio::select! {
            news = session.news.recv() => match news {
                Some(News::Link(Link::Ended(reason))) => {
                    ended = Some(reason);
                    break;
                }
                Some(news) => lines.news(news),
                None => break,
            },
            line = typed.recv(), if !at_end && lines.ready => match line {
                Some(line) => lines.line(&line),
                None => {
                    at_end = true;
                    let wait = if ending.follow { Duration::MAX / 4 } else { ending.wait };
                    deadline.as_mut().reset(tokio::time::Instant::now() + wait);
                    Step::default()
                }
            },
            _ = looks.tick(), if at_end => Step::default(),
            () = &mut deadline => {
                late = true;
                break;
            }
            () = signals.next() => break,
        };
        if !tell(&step) {
            break;
        }
        let quit = step.actions.contains(&Action::Quit);
        for action in step.actions {
            // Never waits for long: the session takes actions as long as its news are taken, and few lines wait.
            hand_over(&mut session, &mut lines, action).await;
        }
        if quit {
            break;
        }
    }
    let waiting = (lines.pending.len() + lines.asked).max(usize::from(late && !session.is_drained()));
    session.finish().await;
    if let Some(reason) = ended {
        return Err(Failure::new(format!("Signed out: {reason}.")));
    }
    let unreached = late && !lines.is_caught_up();
    match (lines.failed, waiting) {
        (0, 0) if unreached => {
            Err(Failure::new("The server could not be reached in time; there may be new messages."))
        }
        (0, 0) => Ok(()),
        (0, waiting) => Err(Failure::new(format!(
            "{} out when this user is connected the next time.",
            if waiting == 1 {
                "A message waits in the outbox and goes".to_owned()
            } else {
                format!("{waiting} messages wait in the outbox and go")
            }
        ))),
        (failed, _) => Err(Failure::new(format!("{failed} of the messages could not be sent."))),
    }
}

/// Hands an action over while news go on being taken, so that neither side waits for the other.
async fn hand_over(session: &mut Session, lines: &mut Lines, action: Action) {
    let mut queue = std::collections::VecDeque::from([action]);
    while !queue.is_empty() {
        tokio::select! {
            permit = session.actions.reserve() => match (permit, queue.pop_front()) {
                (Ok(permit), Some(action)) => permit.send(action),
                _ => return,
            },
            Some(news) = session.news.recv() => {
                let step = lines.news(news);
                tell(&step);
                queue.extend(step.actions);
            }
        }
    }
}

/// Prints; false when nobody reads any more.
fn tell(step: &Step) -> bool {
    for note in &step.notes {
        let _ = writeln!(io::stderr(), "{note}");
    }
    let mut out = io::stdout().lock();
    step.out.iter().all(|line| writeln!(out, "{line}").is_ok()) && out.flush().is_ok()
}

/// Reads stdin on a thread of its own: a read cannot be cancelled, and the process does not wait for this thread.
fn read_stdin() -> mpsc::Receiver<String> {
    let (sender, lines) = mpsc::channel(LINES);
    std::thread::spawn(move || {
        for line in io::stdin().lock().split(b'\n') {
            let Ok(line) = line else { return };
            let line = String::from_utf8_lossy(&line).trim_end_matches('\r').to_owned();
            if sender.blocking_send(line).is_err() {
                return;
            }
        }
    });
    lines
}

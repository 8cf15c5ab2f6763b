//! The chat without a screen: lines in, lines out, for pipes and scripts.

use std::collections::HashSet;
use std::io::{self, BufRead as _, Write as _};
use std::time::Duration;

use jiff::tz::TimeZone;
use tokio::sync::mpsc;
use whinchat_core::ConversationId;

use super::command::{self, COMMANDS, Command};
use super::layout::clock;
use super::rows::{Action, Link, Mark, MessageRow, News, RowKind};
use super::session::Session;
use super::text::clean_line;
use crate::failure::Failure;
use crate::signals::Signals;

/// Lines of stdin that wait. When full, reading stdin waits.
const LINES: usize = 32;

/// How lines are handled at the end of stdin.
#[derive(Debug, Clone, Copy)]
pub struct Ending {
    /// Go on printing when stdin has ended.
    pub follow: bool,
    /// How long to wait for what is not sent yet.
    pub wait: Duration,
}

/// What line mode knows; no more than it needs.
#[derive(Debug)]
struct Lines {
    open: ConversationId,
    zone: TimeZone,
    /// Newest place that was printed.
    printed: u64,
    /// The local session is open: lines can be sent.
    ready: bool,
    /// Sends that are not on the disk yet.
    asked: usize,
    /// Messages that are not settled.
    pending: HashSet<String>,
    failed: usize,
    link: Option<&'static str>,
}

/// What is to be printed and done.
#[derive(Debug, Default, PartialEq, Eq)]
struct Step {
    out: Vec<String>,
    notes: Vec<String>,
    actions: Vec<Action>,
}

impl Lines {
    fn new(open: ConversationId, zone: TimeZone) -> Self {
        Self {
            open,
            zone,
            printed: 0,
            ready: false,
            asked: 0,
            pending: HashSet::new(),
            failed: 0,
            link: None,
        }
    }

    fn is_settled(&self) -> bool {
        self.asked == 0 && self.pending.is_empty()
    }

    fn print(&mut self, row: &MessageRow, step: &mut Step) {
        if row.seq <= self.printed {
            return;
        }
        self.printed = row.seq;
        if row.is_own && row.kind == RowKind::Said {
            return;
        }
        let time = seconds(row.time_ms, &self.zone);
        let text = clean_line(&row.text);
        step.out.push(match row.kind {
            RowKind::Said => format!("{time} {}: {text}", clean_line(&row.sender)),
            RowKind::Notice => format!("{time} * {text}"),
        });
    }

    fn news(&mut self, news: News) -> Step {
        let mut step = Step::default();
        match news {
            News::Link(link) => self.take_link(&link, &mut step),
            News::Conversations(rows) => {
                if !self.ready {
                    self.ready = true;
                    match rows.into_iter().find(|row| row.id == self.open) {
                        // What an earlier run saw and did not print, since it had another conversation open.
                        Some(row) if row.unread > 0 => {
                            self.printed = row.read_seq;
                            step.actions.push(Action::LoadNewest(self.open.clone()));
                            step.actions.push(Action::MarkRead(self.open.clone()));
                        }
                        Some(row) => self.printed = row.read_seq,
                        None => {}
                    }
                }
            }
            News::Newest(id, page) if id == self.open => {
                for row in page.rows.iter().filter(|row| row.seq > 0) {
                    self.print(row, &mut step);
                }
            }
            News::Conversation(row) if row.id == self.open && row.unread > 0 => {
                step.actions.push(Action::MarkRead(row.id));
            }
            News::Arrived(id, row) if id == self.open => self.print(&row, &mut step),
            News::Queued(_, row) => {
                self.asked = self.asked.saturating_sub(1);
                if row.mark == Mark::Pending {
                    self.pending.insert(row.key);
                }
            }
            News::Changed(_, row) => self.settle(&row, &mut step),
            News::Unsent(_, _, reason) => {
                self.asked = self.asked.saturating_sub(1);
                self.failed += 1;
                step.notes.push(format!("not sent: {reason}"));
            }
            News::Open(id) => self.open = id,
            News::Note(text) | News::Fault(text) => step.notes.push(clean_line(&text)),
            _ => {}
        }
        step
    }

    fn settle(&mut self, row: &MessageRow, step: &mut Step) {
        match &row.mark {
            Mark::Pending => drop(self.pending.insert(row.key.clone())),
            Mark::Sent => drop(self.pending.remove(&row.key)),
            Mark::Failed(reason) => {
                self.pending.remove(&row.key);
                self.failed += 1;
                step.notes.push(format!("not sent: {reason}"));
            }
        }
    }

    fn take_link(&mut self, link: &Link, step: &mut Step) {
        let (word, note) = match link {
            Link::Connecting => return,
            Link::Connected => ("connected", "connected".to_owned()),
            Link::Waiting { reason, .. } => ("offline", format!("offline, messages wait: {reason}")),
            Link::Ended(reason) => ("ended", format!("signed out: {reason}")),
        };
        // Each further try in vain says nothing new.
        if self.link.replace(word) != Some(word) {
            step.notes.push(note);
        }
    }

    fn line(&mut self, line: &str) -> Step {
        let mut step = Step::default();
        if line.trim().is_empty() {
            return step;
        }
        let group = match &self.open {
            ConversationId::Group(group) => Some(group.clone()),
            ConversationId::User(_) => None,
        };
        let action = match command::parse(line) {
            Ok(Command::Send(text)) => {
                self.asked += 1;
                Some(Action::Send(self.open.clone(), text))
            }
            Ok(Command::Help) => {
                step.notes.extend(COMMANDS.iter().map(|(what, does)| format!("{what:<30} {does}")));
                None
            }
            Ok(Command::Open(id)) => {
                self.open = id;
                self.printed = 0;
                Some(Action::MarkRead(self.open.clone()))
            }
            Ok(Command::CreateGroup { name, members }) => Some(Action::CreateGroup(name, members)),
            Ok(Command::Invite(users)) => group.map(|group| Action::Invite(group, users)),
            Ok(Command::QuitGroup) => group.map(Action::QuitGroup),
            Ok(Command::Quit) => Some(Action::Quit),
            Ok(Command::Retry | Command::Cancel) => {
                step.notes.push("this needs the screen: run it in a terminal".to_owned());
                None
            }
            Err(sentence) => {
                step.notes.push(sentence);
                None
            }
        };
        step.actions.extend(action);
        step
    }
}

fn seconds(ms: i64, zone: &TimeZone) -> String {
    format!("{}:{:02}", clock(ms, zone), ms.div_euclid(1_000).rem_euclid(60))
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
    let deadline = tokio::time::sleep(Duration::MAX / 4);
    tokio::pin!(deadline);
    loop {
        if at_end && lines.ready && lines.is_settled() && !ending.follow {
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
            () = &mut deadline => break,
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
    let waiting = lines.pending.len() + lines.asked;
    session.finish().await;
    if let Some(reason) = ended {
        return Err(Failure::new(format!("Signed out: {reason}.")));
    }
    match (lines.failed, waiting) {
        (0, 0) => Ok(()),
        (0, waiting) => Err(Failure::new(format!(
            "{waiting} message(s) wait in the outbox; they go out when this user is connected the next time."
        ))),
        (failed, _) => Err(Failure::new(format!("{failed} message(s) could not be sent."))),
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

#[cfg(test)]
mod tests {
    use whinchat_core::UserId;

    use super::super::rows::{ConversationRow, Page};
    use super::*;

    fn bob() -> ConversationId {
        ConversationId::User(UserId::new("bob").unwrap())
    }

    fn row(seq: u64, text: &str) -> MessageRow {
        MessageRow {
            key: format!("k{seq}"),
            seq,
            sender: "bob".into(),
            text: text.into(),
            time_ms: 1_795_255_207_000,
            is_own: false,
            mark: Mark::Sent,
            kind: RowKind::Said,
        }
    }

    #[test]
    fn each_message_is_one_line_and_printed_once() {
        let mut lines = Lines::new(bob(), TimeZone::UTC);
        let unread = ConversationRow { unread: 1, read_seq: 1, ..ConversationRow::unknown(&bob()) };
        let step = lines.news(News::Conversations(vec![unread]));
        assert_eq!(step.actions, [Action::LoadNewest(bob()), Action::MarkRead(bob())]);
        let page = Page { rows: vec![row(1, "old"), row(2, "a\nb\u{1b}")], complete: true };
        assert_eq!(lines.news(News::Newest(bob(), page)).out, ["10:00:07 bob: a ⏎ b\u{fffd}"]);
        assert!(lines.news(News::Arrived(bob(), row(2, "a"))).out.is_empty());
        assert_eq!(lines.news(News::Arrived(bob(), row(3, "你好"))).out, ["10:00:07 bob: 你好"]);
        let carol = ConversationId::User(UserId::new("carol").unwrap());
        assert!(lines.news(News::Arrived(carol, row(9, "x"))).out.is_empty());
    }

    #[test]
    fn it_is_settled_when_every_line_is() {
        let mut lines = Lines::new(bob(), TimeZone::UTC);
        assert_eq!(lines.line("hi").actions, [Action::Send(bob(), "hi".into())]);
        assert!(!lines.is_settled());
        let pending = MessageRow { seq: 0, mark: Mark::Pending, ..row(5, "hi") };
        lines.news(News::Queued(bob(), pending.clone()));
        assert!(!lines.is_settled());
        lines.news(News::Changed(bob(), MessageRow { mark: Mark::Failed("no".into()), ..pending }));
        assert!(lines.is_settled());
        assert_eq!(lines.failed, 1);
        assert!(lines.line("/nonsense").notes[0].contains("There is no command"));
        assert_eq!(lines.line("  "), Step::default());
    }

    #[test]
    fn losing_the_connection_is_told_once() {
        let mut lines = Lines::new(bob(), TimeZone::UTC);
        let waiting = || News::Link(Link::Waiting { until_ms: 0, reason: "gone".into() });
        assert_eq!(lines.news(waiting()).notes.len(), 1);
        lines.news(News::Link(Link::Connecting));
        assert_eq!(lines.news(waiting()).notes.len(), 0);
        assert_eq!(lines.news(News::Link(Link::Connected)).notes, ["connected"]);
    }
}

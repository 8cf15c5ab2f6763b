//! The chat without a screen: lines in, lines out, for pipes and scripts.

use std::collections::HashSet;
use std::io::{self, BufRead as _, Write as _};
use std::time::Duration;

use jiff::tz::TimeZone;
use tokio::sync::mpsc;
use whinchat_core::ConversationId;

use super::command::{self, COMMANDS, Command};
use super::layout::clock;
use super::rows::{Action, ConversationRow, Link, Mark, MessageRow, News, Page, RowKind};
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
    /// Newest place that was printed; the largest number before the first look at the list.
    printed: u64,
    /// A page is being read.
    reading: bool,
    /// Something came while one was.
    again: bool,
    /// What was read and is not printed yet, oldest first.
    gathered: Vec<MessageRow>,
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
            printed: u64::MAX,
            reading: false,
            again: false,
            gathered: Vec::new(),
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

    /// Asks for what is not printed yet: the store, not the order in which news come, says what there is.
    fn read(&mut self, step: &mut Step) {
        if std::mem::replace(&mut self.reading, true) {
            self.again = true;
        } else {
            step.actions.push(Action::LoadNewest(self.open.clone()));
        }
    }

    /// A page came; goes on to older ones until it reaches what was printed, then prints.
    fn take_page(&mut self, page: Page, step: &mut Step) {
        let Page { rows, complete } = page;
        let newer = std::mem::replace(&mut self.gathered, rows);
        self.gathered.extend(newer);
        let oldest = self.gathered.iter().find(|row| row.seq > 0);
        match oldest {
            Some(oldest) if oldest.seq > self.printed + 1 && !complete => {
                step.actions.push(Action::LoadOlder(self.open.clone(), oldest.key.clone()));
            }
            _ => self.print_gathered(step),
        }
    }

    fn print_gathered(&mut self, step: &mut Step) {
        for row in std::mem::take(&mut self.gathered) {
            if row.seq <= self.printed {
                continue;
            }
            self.printed = row.seq;
            let time = seconds(row.time_ms, &self.zone);
            let text = clean_line(&row.text);
            match row.kind {
                RowKind::Said if row.is_own => {}
                RowKind::Said => step.out.push(format!("{time} {}: {text}", clean_line(&row.sender))),
                RowKind::Notice => step.out.push(format!("{time} * {text}")),
            }
        }
        // Read is what was printed.
        step.actions.push(Action::MarkRead(self.open.clone()));
        self.reading = false;
        if std::mem::take(&mut self.again) {
            self.read(step);
        }
    }

    fn take_conversation(&mut self, row: &ConversationRow, step: &mut Step) {
        if row.unread > 0 {
            self.read(step);
        } else if !self.reading {
            self.printed = self.printed.max(row.read_seq);
        }
    }

    fn news(&mut self, news: News) -> Step {
        let mut step = Step::default();
        match news {
            News::Link(link) => self.take_link(&link, &mut step),
            News::Conversations(rows) => {
                self.ready = true;
                let found = rows.iter().find(|row| row.id == self.open);
                if found.is_none() && self.printed == u64::MAX {
                    self.printed = 0;
                }
                if let Some(row) = found {
                    // Before the first look nothing is printed; what is read already is history.
                    self.printed = if self.printed == u64::MAX { row.read_seq } else { self.printed };
                    self.take_conversation(row, &mut step);
                }
            }
            News::Conversation(row) if row.id == self.open => self.take_conversation(&row, &mut step),
            News::Arrived(id, row) if id == self.open && row.seq > self.printed => self.read(&mut step),
            News::Newest(id, page) if id == self.open && self.reading => self.take_page(page, &mut step),
            News::Older(id, Ok(page)) if id == self.open => self.take_page(page, &mut step),
            News::Older(id, Err(reason)) if id == self.open => {
                step.notes.push(format!("older messages could not be read: {reason}"));
                self.print_gathered(&mut step);
            }
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
            News::Open(id) => self.turn_to(id, &mut step),
            News::Note(text) | News::Fault(text) => step.notes.push(clean_line(&text)),
            _ => {}
        }
        step
    }

    /// Another conversation: what was said there before is history.
    fn turn_to(&mut self, id: ConversationId, step: &mut Step) {
        self.open = id;
        self.gathered.clear();
        (self.reading, self.again, self.printed) = (false, false, u64::MAX);
        step.actions.push(Action::List);
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
                self.turn_to(id, &mut step);
                None
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

    fn page(rows: Vec<MessageRow>, complete: bool) -> News {
        News::Newest(bob(), Page { rows, complete })
    }

    #[test]
    fn each_message_is_one_line_and_printed_once() {
        let mut lines = Lines::new(bob(), TimeZone::UTC);
        let unread = ConversationRow { unread: 1, read_seq: 1, ..ConversationRow::unknown(&bob()) };
        let step = lines.news(News::Conversations(vec![unread]));
        assert_eq!(step.actions, [Action::LoadNewest(bob())]);
        assert_eq!(lines.news(News::Arrived(bob(), row(3, "你好"))).actions, [], "one page at a time");
        let step = lines.news(page(vec![row(1, "old"), row(2, "a\nb\u{1b}")], true));
        assert_eq!(step.out, ["10:00:07 bob: a ⏎ b\u{fffd}"]);
        assert_eq!(step.actions, [Action::MarkRead(bob()), Action::LoadNewest(bob())]);
        let step = lines.news(page(vec![row(2, "a"), row(3, "你好")], true));
        assert_eq!(step.out, ["10:00:07 bob: 你好"]);
        let carol = ConversationId::User(UserId::new("carol").unwrap());
        assert_eq!(lines.news(News::Arrived(carol, row(9, "x"))), Step::default());
        assert_eq!(lines.news(News::Arrived(bob(), row(3, "again"))), Step::default());
    }

    #[test]
    fn what_does_not_fit_one_page_is_printed_in_order_too() {
        let mut lines = Lines::new(bob(), TimeZone::UTC);
        lines.news(News::Conversations(Vec::new()));
        lines.news(News::Arrived(bob(), row(4, "four")));
        let step = lines.news(page(vec![row(3, "three"), row(4, "four")], false));
        assert_eq!((step.out.len(), step.actions), (0, vec![Action::LoadOlder(bob(), "k3".into())]));
        let older = Page { rows: vec![row(1, "one"), row(2, "two")], complete: true };
        let step = lines.news(News::Older(bob(), Ok(older)));
        let texts: Vec<&str> = step.out.iter().filter_map(|line| line.split(": ").nth(1)).collect();
        assert_eq!(texts, ["one", "two", "three", "four"]);
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

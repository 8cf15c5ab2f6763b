//! What line mode knows, and what news and typed lines do to it. Nothing here reads, prints or waits.

use std::collections::HashSet;

use jiff::tz::TimeZone;
use whinchat_core::ConversationId;

use super::command::{self, COMMANDS, Command};
use super::layout::clock;
use super::rows::{Action, ConversationRow, Link, Mark, MessageRow, News, Page, RowKind};
use super::text::clean_line;

/// What line mode knows; no more than it needs.
#[derive(Debug)]
pub(super) struct Lines {
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
    pub(super) ready: bool,
    /// Nothing that was missed is missing any more.
    synced: bool,
    /// Sends that are not on the disk yet.
    pub(super) asked: usize,
    /// Messages that are not settled.
    pub(super) pending: HashSet<String>,
    pub(super) failed: usize,
    link: Option<&'static str>,
}

/// What is to be printed and done.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) out: Vec<String>,
    pub(super) notes: Vec<String>,
    pub(super) actions: Vec<Action>,
}

impl Lines {
    pub(super) fn new(open: ConversationId, zone: TimeZone) -> Self {
        Self {
            open,
            zone,
            printed: u64::MAX,
            reading: false,
            again: false,
            gathered: Vec::new(),
            ready: false,
            synced: false,
            asked: 0,
            pending: HashSet::new(),
            failed: 0,
            link: None,
        }
    }

    /// Whether everything that can be printed now is.
    pub(super) fn is_caught_up(&self) -> bool {
        self.synced && !self.reading
    }

    pub(super) fn is_settled(&self) -> bool {
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
        // What is read already, on another device or in an earlier run, is history.
        if !self.reading && self.printed != u64::MAX {
            self.printed = self.printed.max(row.read_seq);
        }
        if row.unread > 0 {
            self.read(step);
        }
    }

    pub(super) fn news(&mut self, news: News) -> Step {
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
            News::Synced => {
                self.synced = true;
                // The last look before everything counts as printed.
                self.read(&mut step);
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
            Link::Waiting { reason, .. } => {
                self.synced = false;
                ("offline", format!("offline, messages wait: {reason}"))
            }
            Link::Ended(reason) => ("ended", format!("signed out: {reason}")),
        };
        // Each further try in vain says nothing new.
        if self.link.replace(word) != Some(word) {
            step.notes.push(note);
        }
    }

    pub(super) fn line(&mut self, line: &str) -> Step {
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

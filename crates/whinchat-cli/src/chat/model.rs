//! What is on the screen, and what news and time do to it. Nothing here draws, waits or talks to anybody.

use std::collections::HashMap;

use jiff::tz::TimeZone;
use whinchat_proto::id::ConversationId;

use super::input::InputLine;
use super::layout;
use super::rows::{Action, ConversationRow, Link, Mark, MessageRow, News, Page};
use super::text::{clean_line, wrap};

/// How long a note stays, in milliseconds.
const NOTE_MS: i64 = 8_000;
/// A note takes this many lines at most.
const NOTE_LINES: u16 = 3;
/// From this width on there is room for the list of conversations.
const LIST_FROM_WIDTH: u16 = 72;
/// Columns of the list.
const LIST_WIDTH: u16 = 26;
/// Lines around the messages: title, input, status.
const FRAME_LINES: u16 = 3;

/// A sentence above the input line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// What it says.
    pub text: String,
    /// Whether something went wrong.
    pub is_fault: bool,
    until_ms: i64,
}

/// The conversation on the screen.
#[derive(Debug)]
pub struct OpenConversation {
    /// Which one.
    pub id: ConversationId,
    /// Its messages, oldest first, without a hole.
    pub rows: Vec<MessageRow>,
    /// Nothing is older than the first row.
    pub complete: bool,
    /// The first page has come.
    pub loaded: bool,
    /// Older messages are being read.
    pub loading: bool,
    /// Messages from here on were unread when it was opened.
    pub new_from: Option<u64>,
    /// Lines hidden below the bottom of the screen; 0 follows what comes in.
    pub scroll: usize,
}

/// The screen's whole state.
#[derive(Debug)]
pub struct Model {
    /// The user's id.
    pub me: String,
    /// The connection.
    pub link: Link,
    /// The list, newest activity first.
    pub conversations: Vec<ConversationRow>,
    /// What is open.
    pub open: Option<OpenConversation>,
    /// What is being typed.
    pub input: InputLine,
    /// The sentence above the input line.
    pub note: Option<Note>,
    /// The help is on the screen.
    pub help: bool,
    /// Lines of the help that are hidden above, at most as many as do not fit.
    pub help_scroll: u16,
    /// The terminal has the user's eye: what comes in is read.
    pub focused: bool,
    /// Columns and lines of the terminal.
    pub size: (u16, u16),
    /// The time, in milliseconds since the epoch.
    pub now_ms: i64,
    /// Where the user is.
    pub zone: TimeZone,
    drafts: HashMap<ConversationId, InputLine>,
}

impl Model {
    /// An empty screen.
    #[must_use]
    pub fn new(me: &str, size: (u16, u16), now_ms: i64, zone: TimeZone) -> Self {
        Self {
            me: me.to_owned(),
            link: Link::Connecting,
            conversations: Vec::new(),
            open: None,
            input: InputLine::default(),
            note: None,
            help: false,
            help_scroll: 0,
            focused: true,
            size,
            now_ms,
            zone,
            drafts: HashMap::new(),
        }
    }

    /// Columns of the list of conversations; 0 where there is no room.
    #[must_use]
    pub fn list_width(&self) -> u16 {
        if self.size.0 >= LIST_FROM_WIDTH { LIST_WIDTH } else { 0 }
    }

    /// Columns of the messages.
    #[must_use]
    pub fn pane_width(&self) -> u16 {
        // One column is the line between list and messages.
        let list = self.list_width();
        self.size.0.saturating_sub(if list > 0 { list + 1 } else { 0 })
    }

    /// Lines of the messages.
    #[must_use]
    pub fn pane_height(&self) -> u16 {
        self.size.1.saturating_sub(FRAME_LINES + self.note_height())
    }

    /// Lines of the note.
    #[must_use]
    pub fn note_height(&self) -> u16 {
        let lines = self.note.as_ref().map_or(0, |note| self.note_lines(&note.text).len());
        u16::try_from(lines).unwrap_or(NOTE_LINES)
    }

    /// The note's text, as many lines of it as are shown.
    #[must_use]
    pub fn note_lines(&self, text: &str) -> Vec<String> {
        let width = usize::from(self.size.0);
        let mut lines = wrap(&clean_line(text), width, width);
        lines.truncate(usize::from(NOTE_LINES));
        lines
    }

    /// Unread messages in conversations that are not on the screen.
    #[must_use]
    pub fn unread_elsewhere(&self) -> u64 {
        let open = self.open.as_ref().map(|open| &open.id);
        self.conversations.iter().filter(|row| Some(&row.id) != open).map(|row| row.unread).sum()
    }

    /// What the list knows of a conversation.
    #[must_use]
    pub fn conversation(&self, id: &ConversationId) -> Option<&ConversationRow> {
        self.conversations.iter().find(|row| &row.id == id)
    }

    /// Time has passed.
    pub fn tick(&mut self, now_ms: i64) {
        self.now_ms = now_ms;
        if self.note.as_ref().is_some_and(|note| note.until_ms <= now_ms) {
            self.note = None;
        }
    }

    /// The terminal has another size.
    pub fn resize(&mut self, size: (u16, u16)) {
        self.keep_place(|model| model.size = size);
    }

    /// Tells the user something.
    pub fn say(&mut self, text: impl Into<String>, is_fault: bool) {
        self.note = Some(Note { text: text.into(), is_fault, until_ms: self.now_ms + NOTE_MS });
    }

    /// Opens a conversation.
    pub fn open(&mut self, id: ConversationId) -> Vec<Action> {
        if let Some(old) = self.open.take_if(|old| old.id != id) {
            self.drafts.insert(old.id, std::mem::take(&mut self.input));
            self.input = self.drafts.remove(&id).unwrap_or_default();
        }
        if self.conversation(&id).is_none() {
            self.conversations.insert(0, ConversationRow::unknown(&id));
        }
        let unread_from = self.conversation(&id).filter(|row| row.unread > 0).map(|row| row.read_seq + 1);
        if self.open.is_none() {
            self.open = Some(OpenConversation {
                id: id.clone(),
                rows: Vec::new(),
                complete: false,
                loaded: false,
                loading: false,
                new_from: unread_from,
                scroll: 0,
            });
        }
        let mut actions = vec![Action::LoadNewest(id)];
        actions.extend(self.read_what_is_seen());
        actions
    }

    /// Opens the conversation `step` further down the list, going round.
    pub(super) fn switch(&mut self, step: isize) -> Vec<Action> {
        let Ok(count) = isize::try_from(self.conversations.len()) else { return Vec::new() };
        let open = self.open.as_ref().map(|open| &open.id);
        let at = self.conversations.iter().position(|row| Some(&row.id) == open);
        let next = match at.and_then(|at| isize::try_from(at).ok()) {
            Some(at) if count > 0 => (at + step).rem_euclid(count),
            _ => 0,
        };
        let next = usize::try_from(next).ok().and_then(|next| self.conversations.get(next));
        match next.map(|row| row.id.clone()) {
            Some(id) if self.open.as_ref().is_none_or(|open| open.id != id) => self.open(id),
            _ => Vec::new(),
        }
    }

    /// The terminal got or lost the user's eye.
    pub fn focus(&mut self, focused: bool) -> Vec<Action> {
        self.focused = focused;
        self.read_what_is_seen()
    }

    fn read_what_is_seen(&self) -> Vec<Action> {
        let Some(open) = self.open.as_ref().filter(|_| self.focused) else { return Vec::new() };
        let has_unread = self.conversation(&open.id).is_some_and(|row| row.unread > 0);
        if has_unread { vec![Action::MarkRead(open.id.clone())] } else { Vec::new() }
    }

    /// Takes in what happened.
    pub fn news(&mut self, news: News) -> Vec<Action> {
        match news {
            News::Link(link) => {
                if let Link::Ended(reason) = &link {
                    // The status bar may have no room for what matters most now.
                    self.say(format!("Signed out: {reason}. Leave with /quit and start again"), true);
                }
                self.link = link;
                Vec::new()
            }
            News::Conversations(rows) => {
                self.conversations = rows;
                if let Some(id) = self.open.as_ref().map(|open| open.id.clone())
                    && self.conversation(&id).is_none()
                {
                    self.conversations.insert(0, ConversationRow::unknown(&id));
                }
                self.read_what_is_seen()
            }
            News::Conversation(row) => {
                self.conversations.retain(|old| old.id != row.id);
                let at = self.conversations.partition_point(|old| old.active_ms >= row.active_ms);
                self.conversations.insert(at, row);
                self.read_what_is_seen()
            }
            News::Newest(id, page) => {
                self.keep_place(|model| model.take_newest(&id, page));
                Vec::new()
            }
            News::Older(id, page) => {
                self.take_older(&id, page);
                Vec::new()
            }
            News::Arrived(id, row) | News::Queued(id, row) | News::Changed(id, row) => {
                if !self.is_open(&id) {
                    return Vec::new();
                }
                self.keep_place(|model| model.take_row(row));
                // The store knows the order; the row on the screen is there at once, its place follows.
                vec![Action::LoadNewest(id)]
            }
            News::Unsent(id, text, reason) => {
                // What was typed goes back to where it can be mended.
                if self.is_open(&id) && self.input.is_empty() {
                    self.input.set(text);
                } else {
                    self.drafts.entry(id).or_default().set(text);
                }
                self.say(reason, true);
                Vec::new()
            }
            News::Resynced | News::Synced => {
                self.open.iter().map(|open| Action::LoadNewest(open.id.clone())).collect()
            }
            News::Open(id) => self.open(id),
            News::Note(text) => {
                self.say(text, false);
                Vec::new()
            }
            News::Fault(text) => {
                self.say(text, true);
                Vec::new()
            }
        }
    }

    fn is_open(&self, id: &ConversationId) -> bool {
        self.open.as_ref().is_some_and(|open| &open.id == id)
    }

    /// The newest page replaces what it overlaps. Without an overlap there may be a hole between, and what is older
    /// goes: scrolling up reads it again.
    fn take_newest(&mut self, id: &ConversationId, page: Page) {
        let Some(open) = self.open.as_mut().filter(|open| &open.id == id) else { return };
        let first = page.rows.iter().find(|row| row.seq > 0);
        let overlap = first.and_then(|first| open.rows.iter().position(|row| row.key == first.key));
        open.loaded = true;
        match overlap.filter(|_| !page.complete) {
            Some(at) => {
                open.rows.truncate(at);
                open.rows.retain(|old| !page.rows.iter().any(|new| new.key == old.key));
                open.rows.extend(page.rows);
            }
            None => {
                open.rows = page.rows;
                open.complete = page.complete;
            }
        }
    }

    fn take_older(&mut self, id: &ConversationId, page: Result<Page, String>) {
        let Some(open) = self.open.as_mut().filter(|open| &open.id == id) else { return };
        open.loading = false;
        match page {
            Ok(page) => {
                open.complete = page.complete;
                let unreachable = page.rows.is_empty() && !page.complete;
                let mut rows = page.rows;
                rows.retain(|new| !open.rows.iter().any(|old| old.key == new.key));
                rows.append(&mut open.rows);
                open.rows = rows;
                if unreachable {
                    self.say(
                        "Older messages are on the server only: they come when it can be reached",
                        false,
                    );
                }
            }
            Err(reason) => self.say(reason, true),
        }
    }

    /// Puts one row where it certainly belongs, or leaves it to the page that follows.
    fn take_row(&mut self, row: MessageRow) {
        let Some(open) = self.open.as_mut() else { return };
        if let Some(old) = open.rows.iter_mut().find(|old| old.key == row.key) {
            *old = row;
            return;
        }
        let head = open.rows.iter().map(|old| old.seq).max().unwrap_or(0);
        if row.mark == Mark::Pending || row.seq == head + 1 {
            open.rows.push(row);
        }
    }

    /// Changes something while what the user looks at stays where it is.
    fn keep_place(&mut self, change: impl FnOnce(&mut Self)) {
        let place = layout::place(self);
        change(self);
        layout::restore(self, place);
    }
}

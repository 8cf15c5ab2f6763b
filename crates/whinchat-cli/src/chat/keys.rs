//! What a key means.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use whinchat_proto::id::ConversationId;

use super::command::{self, COMMANDS, Command};
use super::layout;
use super::model::Model;
use super::rows::{Action, Mark};

/// The keys, for the help.
pub const KEYS: &[(&str, &str)] = &[
    ("Tab, Ctrl-N / Ctrl-P", "next / previous conversation"),
    ("PageUp, Up", "scroll up; older messages load at the top"),
    ("PageDown, Down, Esc", "scroll down; Esc goes to the end"),
    ("Ctrl-U, Ctrl-K, Ctrl-W", "clear before, after, the last word"),
    ("Alt-Enter", "a new line in the message"),
    ("Ctrl-C, Ctrl-D", "leave"),
];

impl Model {
    /// A key was pressed.
    pub fn key(&mut self, key: KeyEvent) -> Vec<Action> {
        if key.kind == KeyEventKind::Release {
            return Vec::new();
        }
        let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
        let alt = key.modifiers.contains(KeyModifiers::ALT);
        if self.help && !(ctrl && key.code == KeyCode::Char('c')) {
            self.help_key(key.code);
            return Vec::new();
        }
        match key.code {
            KeyCode::Char(c) if ctrl => return self.control(c),
            KeyCode::Char('b') if alt => self.input.word_left(),
            KeyCode::Char('f') if alt => self.input.word_right(),
            KeyCode::Char(_) if alt => {}
            KeyCode::Char(c) => self.input.insert(c.encode_utf8(&mut [0; 4])),
            KeyCode::Enter if alt || key.modifiers.contains(KeyModifiers::SHIFT) => self.input.insert("\n"),
            KeyCode::Enter => return self.enter(),
            KeyCode::Backspace if alt || ctrl => self.input.cut_word(),
            KeyCode::Backspace => self.input.backspace(),
            KeyCode::Delete => self.input.delete(),
            KeyCode::Left if ctrl || alt => self.input.word_left(),
            KeyCode::Right if ctrl || alt => self.input.word_right(),
            KeyCode::Left => self.input.left(),
            KeyCode::Right => self.input.right(),
            KeyCode::End if ctrl => layout::scroll_down(self, usize::MAX),
            KeyCode::Home => self.input.home(),
            KeyCode::End => self.input.end(),
            KeyCode::Up => return self.scroll_up(1),
            KeyCode::Down => layout::scroll_down(self, 1),
            KeyCode::PageUp => return self.scroll_up(self.page()),
            KeyCode::PageDown => layout::scroll_down(self, self.page()),
            KeyCode::Esc => layout::scroll_down(self, usize::MAX),
            KeyCode::Tab => return self.switch(1),
            KeyCode::BackTab => return self.switch(-1),
            _ => {}
        }
        Vec::new()
    }

    /// Scrolls the help, or closes it.
    fn help_key(&mut self, code: KeyCode) {
        // No help is longer than this; the drawing stops at its end.
        let most = u16::try_from(2 * (COMMANDS.len() + KEYS.len())).unwrap_or(u16::MAX);
        match code {
            KeyCode::Down | KeyCode::PageDown => {
                self.help_scroll = self.help_scroll.saturating_add(1).min(most)
            }
            KeyCode::Up | KeyCode::PageUp => self.help_scroll = self.help_scroll.min(most).saturating_sub(1),
            _ => (self.help, self.help_scroll) = (false, 0),
        }
    }

    fn control(&mut self, c: char) -> Vec<Action> {
        match c {
            'c' => return vec![Action::Quit],
            'd' if self.input.is_empty() => return vec![Action::Quit],
            'd' => self.input.delete(),
            'n' => return self.switch(1),
            'p' => return self.switch(-1),
            'a' => self.input.home(),
            'e' => self.input.end(),
            'b' => self.input.left(),
            'f' => self.input.right(),
            'h' => self.input.backspace(),
            'j' => self.input.insert("\n"),
            'k' => self.input.cut_after(),
            'u' => self.input.cut_before(),
            'w' => self.input.cut_word(),
            _ => {}
        }
        Vec::new()
    }

    /// Text was pasted: it never runs as keys.
    pub fn paste(&mut self, text: &str) {
        self.help = false;
        self.input.insert(text);
    }

    fn page(&self) -> usize {
        usize::from(self.pane_height().saturating_sub(1).max(1))
    }

    fn scroll_up(&mut self, by: usize) -> Vec<Action> {
        let at_top = layout::scroll_up(self, by);
        let Some(open) =
            self.open.as_mut().filter(|open| at_top && open.loaded && !open.complete && !open.loading)
        else {
            return Vec::new();
        };
        let Some(oldest) = open.rows.first() else { return Vec::new() };
        open.loading = true;
        vec![Action::LoadOlder(open.id.clone(), oldest.key.clone())]
    }

    fn enter(&mut self) -> Vec<Action> {
        if self.input.text().trim().is_empty() {
            self.input.take();
            return Vec::new();
        }
        match command::parse(self.input.text()) {
            Ok(command) => self.run(command),
            Err(sentence) => {
                self.say(sentence, true);
                Vec::new()
            }
        }
    }

    /// Carries out a command. The line is taken only when it could be used, so that nothing typed is lost.
    pub(super) fn run(&mut self, command: Command) -> Vec<Action> {
        let answer = self.understand(command);
        match answer {
            Ok(actions) => actions,
            Err(sentence) => {
                self.say(sentence, true);
                Vec::new()
            }
        }
    }

    fn understand(&mut self, command: Command) -> Result<Vec<Action>, String> {
        let open = self.open.as_ref().map(|open| open.id.clone());
        let group = match &open {
            Some(ConversationId::Group(group)) => Ok(group.clone()),
            _ => Err("Open a group first: /group open ID".to_owned()),
        };
        let actions = match command {
            Command::Send(text) => {
                let open = open.ok_or("Open a conversation first: /open USER")?;
                self.note = None;
                layout::scroll_down(self, usize::MAX);
                if let Some(open) = self.open.as_mut() {
                    open.new_from = None;
                }
                vec![Action::Send(open, text)]
            }
            Command::Help => {
                self.help = true;
                Vec::new()
            }
            Command::Open(id) => {
                // The line goes first: what is typed for this conversation must not be kept as its draft.
                self.input.take();
                self.open(id)
            }
            Command::CreateGroup { name, members } => vec![Action::CreateGroup(name, members)],
            Command::Invite(users) => vec![Action::Invite(group?, users)],
            Command::QuitGroup => vec![Action::QuitGroup(group?)],
            Command::Retry => vec![Action::Retry(
                self.last_marked(|mark| matches!(mark, Mark::Failed(_)))
                    .ok_or("No message here has failed")?,
            )],
            Command::Cancel => vec![Action::Cancel(
                self.last_marked(|mark| *mark == Mark::Pending).ok_or("No message here is waiting")?,
            )],
            Command::Quit => vec![Action::Quit],
        };
        // After /open the line holds the other conversation's draft.
        let opened = actions.iter().any(|action| matches!(action, Action::LoadNewest(_)));
        if !opened {
            self.input.take();
        }
        Ok(actions)
    }

    fn last_marked(&self, fits: impl Fn(&Mark) -> bool) -> Option<String> {
        let rows = &self.open.as_ref()?.rows;
        rows.iter().rev().find(|row| row.is_own && fits(&row.mark)).map(|row| row.key.clone())
    }
}

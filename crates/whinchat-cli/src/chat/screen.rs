//! The chat on a whole terminal: takes it, gives it back whatever happens, and turns its events into keys.

use std::collections::VecDeque;
use std::io;
use std::time::Duration;

use crossterm::event::{
    DisableBracketedPaste, DisableFocusChange, EnableBracketedPaste, EnableFocusChange, Event, EventStream,
};
use crossterm::execute;
use crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode};
use futures_util::StreamExt as _;
use jiff::tz::TimeZone;
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use whinchat_core::ConversationId;

use super::draw::draw;
use super::model::Model;
use super::rows::Action;
use super::session::{Session, now_ms};
use crate::failure::Failure;
use crate::signals::Signals;

/// The countdown of the status bar moves this often.
const TICK: Duration = Duration::from_millis(500);

/// The terminal in our hands; given back when dropped.
struct Taken {
    terminal: Terminal<CrosstermBackend<io::Stdout>>,
}

impl Taken {
    fn take() -> io::Result<Self> {
        // From here on any way out gives the terminal back: the value's end, and a panic's report before it is printed.
        enable_raw_mode()?;
        let previous = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            give_back();
            previous(info);
        }));
        let taken = execute!(io::stdout(), EnterAlternateScreen, EnableBracketedPaste, EnableFocusChange)
            .and_then(|()| Terminal::new(CrosstermBackend::new(io::stdout())));
        match taken {
            Ok(terminal) => Ok(Self { terminal }),
            Err(error) => {
                give_back();
                Err(error)
            }
        }
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        give_back();
    }
}

fn give_back() {
    // Nobody is left to tell when this fails.
    let _ = execute!(
        io::stdout(),
        DisableFocusChange,
        DisableBracketedPaste,
        LeaveAlternateScreen,
        crossterm::cursor::Show
    );
    let _ = disable_raw_mode();
}

/// Runs the chat until the user leaves, a signal comes or the terminal goes away.
///
/// # Errors
///
/// A sentence when the terminal cannot be used.
pub async fn run(user: &str, first: Option<ConversationId>, mut session: Session) -> Result<(), Failure> {
    let unusable = |error: io::Error| Failure::new(format!("The terminal cannot be used: {error}."));
    let mut signals = Signals::new()?;
    let mut taken = Taken::take().map_err(unusable)?;
    let size = crossterm::terminal::size().map_err(unusable)?;
    let mut model = Model::new(user, size, now_ms(), TimeZone::system());
    let mut waiting: VecDeque<Action> = first.map(|id| model.open(id)).unwrap_or_default().into();
    let mut events = EventStream::new();
    let mut ticks = tokio::time::interval(TICK);
    loop {
        model.tick(now_ms());
        taken.terminal.draw(|frame| draw(frame, &model)).map_err(unusable)?;
        let actions = tokio::select! {
            event = events.next() => match event {
                Some(Ok(event)) => take_event(&mut model, &event),
                // The terminal is gone.
                Some(Err(_)) | None => break,
            },
            news = session.news.recv() => {
                let mut actions = news.map(|news| model.news(news)).unwrap_or_default();
                // What came together is painted together.
                while let Ok(news) = session.news.try_recv() {
                    actions.extend(model.news(news));
                }
                actions
            }
            permit = session.actions.reserve(), if !waiting.is_empty() => {
                if let (Ok(permit), Some(action)) = (permit, waiting.pop_front()) {
                    permit.send(action);
                }
                Vec::new()
            }
            _ = ticks.tick() => Vec::new(),
            () = signals.next() => break,
        };
        if actions.contains(&Action::Quit) {
            break;
        }
        waiting.extend(actions);
    }
    drop(taken);
    // What was typed and not yet queued still gets onto the disk.
    for action in waiting {
        if matches!(action, Action::Send(..)) && session.actions.send(action).await.is_err() {
            break;
        }
    }
    session.finish().await;
    Ok(())
}

fn take_event(model: &mut Model, event: &Event) -> Vec<Action> {
    match event {
        Event::Key(key) => model.key(*key),
        Event::Paste(text) => {
            model.paste(text);
            Vec::new()
        }
        Event::Resize(width, height) => {
            model.resize((*width, *height));
            Vec::new()
        }
        Event::FocusGained => model.focus(true),
        Event::FocusLost => model.focus(false),
        Event::Mouse(_) => Vec::new(),
    }
}

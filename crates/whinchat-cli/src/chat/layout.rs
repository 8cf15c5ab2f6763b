//! Messages as lines of text for a width: what the drawing paints and what scrolling counts.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::model::{Model, OpenConversation};
use super::rows::{Mark, MessageRow, RowKind};
use super::text::{clean, columns, fit, wrap};

/// From this width on, lines that continue a message stand under its text.
const WIDE: usize = 48;
/// Continued lines in a narrow pane stand this far in.
const NARROW_INDENT: usize = 2;
/// Columns that a sender's name gets at most.
const SENDER_WIDTH: usize = 14;

/// What a piece of a line is; the drawing gives it a colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Spaces and the like.
    Plain,
    /// A time.
    Time,
    /// The user's own name.
    Me,
    /// Another user's name.
    Other,
    /// What was said.
    Said,
    /// What waits to be sent.
    Waiting,
    /// A note about the group, or a day.
    Aside,
    /// The line above what is new.
    New,
    /// The sign of a sent message.
    Sent,
    /// A failed message's reason.
    Failed,
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Line {
    /// The pieces, left to right.
    pub pieces: Vec<(Role, String)>,
    /// Index of the message it belongs to.
    pub message: Option<usize>,
}

impl Line {
    fn aside(role: Role, text: &str, width: usize) -> Self {
        let text = fit(&format!(" {text} "), width);
        let rule = width.saturating_sub(columns(&text));
        let left = rule / 2;
        let text = format!("{}{text}{}", "─".repeat(left), "─".repeat(rule - left));
        Self { pieces: vec![(role, text)], message: None }
    }
}

/// The clock time of `ms` as a user reads it, such as `09:05`.
#[must_use]
pub fn clock(ms: i64, zone: &TimeZone) -> String {
    let Ok(time) = Timestamp::from_millisecond(ms) else { return "--:--".to_owned() };
    let time = time.to_zoned(zone.clone());
    format!("{:02}:{:02}", time.hour(), time.minute())
}

/// A time for a list: the clock today, the date before.
#[must_use]
pub fn when(ms: i64, now_ms: i64, zone: &TimeZone) -> String {
    match day(ms, zone) {
        Some(date) if day(now_ms, zone) == Some(date) => clock(ms, zone),
        Some(date) => date.strftime("%-d %b").to_string(),
        None => String::new(),
    }
}

fn day(ms: i64, zone: &TimeZone) -> Option<Date> {
    Timestamp::from_millisecond(ms).ok().map(|time| time.to_zoned(zone.clone()).date())
}

fn day_name(date: Date, today: Option<Date>) -> String {
    match today {
        Some(today) if today == date => "Today".to_owned(),
        Some(today) if today.yesterday().ok() == Some(date) => "Yesterday".to_owned(),
        _ => date.strftime("%A, %-d %B %Y").to_string(),
    }
}

/// The open conversation's lines in a pane of `width` columns.
#[must_use]
pub fn lines(open: &OpenConversation, width: usize, now_ms: i64, zone: &TimeZone) -> Vec<Line> {
    let today = day(now_ms, zone);
    let senders = open.rows.iter().filter(|row| row.kind == RowKind::Said).map(|row| columns(&row.sender));
    let sender_width = senders.max().unwrap_or(0).min(SENDER_WIDTH);
    let mut lines = Vec::new();
    let mut last_day = None;
    let mut marked = open.new_from.is_none();
    for (at, row) in open.rows.iter().enumerate() {
        let this_day = day(row.time_ms, zone);
        if this_day != last_day
            && let Some(date) = this_day
        {
            lines.push(Line::aside(Role::Aside, &day_name(date, today), width));
        }
        last_day = this_day;
        if !marked && !row.is_own && open.new_from.is_some_and(|from| row.seq >= from) {
            marked = true;
            lines.push(Line::aside(Role::New, "new", width));
        }
        let from = lines.len();
        match row.kind {
            RowKind::Said => said(row, width, sender_width, zone, &mut lines),
            RowKind::Notice => notice(row, width, zone, &mut lines),
        }
        for line in lines.iter_mut().skip(from) {
            line.message = Some(at);
        }
    }
    lines
}

fn notice(row: &MessageRow, width: usize, zone: &TimeZone, lines: &mut Vec<Line>) {
    let time = clock(row.time_ms, zone);
    let indent = columns(&time) + 1;
    for (n, text) in wrap(&clean(&row.text), width.saturating_sub(indent), width.saturating_sub(indent))
        .into_iter()
        .enumerate()
    {
        let margin =
            if n == 0 { (Role::Time, format!("{time} ")) } else { (Role::Plain, " ".repeat(indent)) };
        lines.push(Line { pieces: vec![margin, (Role::Aside, text)], message: None });
    }
}

fn said(row: &MessageRow, width: usize, sender_width: usize, zone: &TimeZone, lines: &mut Vec<Line>) {
    let time = clock(row.time_ms, zone);
    let sender = fit(&clean(&row.sender), SENDER_WIDTH);
    let wide = width >= WIDE;
    let gap = if wide { sender_width.saturating_sub(columns(&sender)) } else { 0 };
    let prefix = columns(&time) + 1 + gap + columns(&sender) + 2;
    let indent = if wide { prefix } else { NARROW_INDENT };
    let (role, sign) = match &row.mark {
        Mark::Pending => (Role::Waiting, Some((Role::Waiting, "…".to_owned()))),
        Mark::Sent if row.is_own => (Role::Said, Some((Role::Sent, "✓".to_owned()))),
        Mark::Sent => (Role::Said, None),
        Mark::Failed(_) => (Role::Said, Some((Role::Failed, "✗".to_owned()))),
    };
    let text = clean(&row.text);
    let mut wrapped =
        wrap(text.trim_end(), width.saturating_sub(prefix), width.saturating_sub(indent)).into_iter();
    let who = if row.is_own { Role::Me } else { Role::Other };
    let mut current = Line {
        pieces: vec![
            (Role::Time, format!("{time} ")),
            (who, sender),
            (Role::Plain, format!("{}  ", " ".repeat(gap))),
            (role, wrapped.next().unwrap_or_default()),
        ],
        message: None,
    };
    for text in wrapped {
        lines.push(current);
        current = Line { pieces: vec![(Role::Plain, " ".repeat(indent)), (role, text)], message: None };
    }
    if let Some((sign_role, sign)) = sign {
        let used: usize = current.pieces.iter().map(|(_, text)| columns(text)).sum();
        if used + 2 > width {
            lines.push(current);
            current =
                Line { pieces: vec![(Role::Plain, " ".repeat(indent.saturating_sub(1)))], message: None };
        }
        current.pieces.push((sign_role, format!(" {sign}")));
    }
    lines.push(current);
    if let Mark::Failed(reason) = &row.mark {
        let reason = format!("not sent: {} (/retry)", clean(reason).trim_end_matches('.'));
        for text in wrap(&reason, width.saturating_sub(indent), width.saturating_sub(indent)) {
            lines.push(Line {
                pieces: vec![(Role::Plain, " ".repeat(indent)), (Role::Failed, text)],
                message: None,
            });
        }
    }
}

/// What stood at the bottom of the pane: a message, and how many of its lines were hidden below.
pub(super) type Place = Option<(String, usize)>;

fn of_model(model: &Model, open: &OpenConversation) -> Vec<Line> {
    lines(open, usize::from(model.pane_width()), model.now_ms, &model.zone)
}

/// Remembers what the user looks at; nothing while the pane follows the end.
pub(super) fn place(model: &Model) -> Place {
    let open = model.open.as_ref().filter(|open| open.scroll > 0)?;
    let lines = of_model(model, open);
    let bottom = lines.len().checked_sub(open.scroll + 1)?;
    let message = lines.iter().take(bottom + 1).rev().find_map(|line| line.message)?;
    let last = lines.iter().rposition(|line| line.message == Some(message))?;
    Some((open.rows.get(message)?.key.clone(), last.saturating_sub(bottom)))
}

/// Scrolls so that the remembered place is at the bottom again.
pub(super) fn restore(model: &mut Model, place: Place) {
    let Some((key, hidden)) = place else { return };
    let scroll = model.open.as_ref().and_then(|open| {
        let lines = of_model(model, open);
        let message = open.rows.iter().position(|row| row.key == key)?;
        let last = lines.iter().rposition(|line| line.message == Some(message))?;
        Some((lines.len() - 1).saturating_sub(last) + hidden)
    });
    if let Some(open) = model.open.as_mut() {
        open.scroll = scroll.unwrap_or(0);
    }
    clamp(model);
}

/// Lines above the pane that scrolling can reach.
fn most_scroll(model: &Model) -> usize {
    let Some(open) = &model.open else { return 0 };
    of_model(model, open).len().saturating_sub(usize::from(model.pane_height()))
}

fn clamp(model: &mut Model) {
    let most = most_scroll(model);
    if let Some(open) = model.open.as_mut() {
        open.scroll = open.scroll.min(most);
    }
}

/// Scrolls up by `by` lines. Answers whether the oldest line on the screen is the oldest that is loaded.
pub(super) fn scroll_up(model: &mut Model, by: usize) -> bool {
    let most = most_scroll(model);
    match model.open.as_mut() {
        Some(open) => {
            open.scroll = open.scroll.saturating_add(by).min(most);
            open.scroll == most
        }
        None => false,
    }
}

/// Scrolls down by `by` lines.
pub(super) fn scroll_down(model: &mut Model, by: usize) {
    if let Some(open) = model.open.as_mut() {
        open.scroll = open.scroll.saturating_sub(by);
    }
    clamp(model);
}

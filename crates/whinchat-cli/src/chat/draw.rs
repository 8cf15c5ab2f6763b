//! Paints the model. Decides colours and cuts, nothing else.

use ratatui::Frame;
use ratatui::layout::{Alignment, Constraint, Layout, Position, Rect};
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line as Painted, Span};
use ratatui::widgets::{Block, Clear, Paragraph};

use super::command::COMMANDS;
use super::keys::KEYS;
use super::layout::{self, Role};
use super::model::Model;
use super::rows::{ConversationRow, Link, plain_title};
use super::text::{clean_line, columns, fit, pad};
use whinchat_proto::id::ConversationId;

/// From this width on the title bar explains itself.
const ROOMY: usize = 60;
/// The sign before what is typed.
const PROMPT: &str = "> ";

fn bar() -> Style {
    Style::new().add_modifier(Modifier::REVERSED)
}

fn dim() -> Style {
    Style::new().add_modifier(Modifier::DIM)
}

/// Paints everything.
pub fn draw(frame: &mut Frame<'_>, model: &Model) {
    let note = model.note_height();
    let [title, middle, note_line, input, status] = Layout::vertical([
        Constraint::Length(1),
        Constraint::Min(0),
        Constraint::Length(note),
        Constraint::Length(1),
        Constraint::Length(1),
    ])
    .areas(frame.area());
    draw_title(frame, model, title);
    let list = model.list_width();
    let line = u16::from(list > 0);
    let [list, line, pane] =
        Layout::horizontal([Constraint::Length(list), Constraint::Length(line), Constraint::Min(0)])
            .areas(middle);
    if list.width > 0 {
        draw_list(frame, model, list);
        frame
            .render_widget(Paragraph::new(vec![Painted::styled("│", dim()); usize::from(line.height)]), line);
    }
    if model.open.is_none() && list.width == 0 && !model.conversations.is_empty() {
        draw_list(frame, model, pane);
    } else {
        draw_messages(frame, model, pane);
    }
    if let Some(note) = &model.note {
        let style = Style::new().fg(if note.is_fault { Color::Red } else { Color::Cyan });
        let lines = model.note_lines(&note.text).into_iter().map(|line| Painted::styled(line, style));
        frame.render_widget(Paragraph::new(lines.collect::<Vec<_>>()), note_line);
    }
    draw_input(frame, model, input);
    draw_status(frame, model, status);
    if model.help {
        draw_help(frame, model.help_scroll);
    }
}

fn draw_title(frame: &mut Frame<'_>, model: &Model, area: Rect) {
    let title = match &model.open {
        Some(open) => {
            let row = model.conversation(&open.id);
            let name = clean_line(&row.map_or_else(|| plain_title(&open.id), |row| row.title.clone()));
            match (&open.id, row) {
                (ConversationId::Group(_), Some(row)) if row.left => format!("#{name} (you have left)"),
                (ConversationId::Group(id), Some(row)) if row.members > 0 => {
                    let id = if id.as_str() == name { String::new() } else { format!(" · {id}") };
                    format!("#{name} · {} members{id}", row.members)
                }
                (ConversationId::Group(_), _) => format!("#{name}"),
                (ConversationId::User(_), _) => name,
            }
        }
        None => "Whinchat".to_owned(),
    };
    let width = usize::from(area.width);
    let elsewhere = match model.unread_elsewhere() {
        0 => String::new(),
        // In a narrow terminal the name matters more than how to get elsewhere.
        n if width < ROOMY => format!(" +{n} "),
        n => format!(" {n} unread elsewhere (Tab) "),
    };
    let text = pad(&format!(" {title}"), width.saturating_sub(columns(&elsewhere))) + &elsewhere;
    frame.render_widget(Paragraph::new(Span::styled(text, bar().add_modifier(Modifier::BOLD))), area);
}

fn draw_list(frame: &mut Frame<'_>, model: &Model, area: Rect) {
    let width = usize::from(area.width);
    let open = model.open.as_ref().map(|open| &open.id);
    let at = model.conversations.iter().position(|row| Some(&row.id) == open).unwrap_or(0);
    // Two lines each; the open one stays in sight.
    let fitting = usize::from(area.height / 2).max(1);
    let first = (at + 1).saturating_sub(fitting);
    let mut lines = Vec::new();
    for row in model.conversations.iter().skip(first).take(fitting) {
        let selected = Some(&row.id) == open;
        lines.extend(list_entry(row, selected, width, model));
    }
    frame.render_widget(Paragraph::new(lines), area);
}

fn list_entry(row: &ConversationRow, selected: bool, width: usize, model: &Model) -> [Painted<'static>; 2] {
    let time = if row.active_ms > 0 {
        layout::when(row.active_ms, model.now_ms, &model.zone)
    } else {
        String::new()
    };
    let sign = if matches!(row.id, ConversationId::Group(_)) { "#" } else { "" };
    let marker = if selected { "▌" } else { " " };
    let name_width = width.saturating_sub(columns(&time) + 2);
    let name = pad(&format!("{sign}{}", clean_line(&row.title)), name_width);
    let badge = if row.unread > 0 { format!(" {} ", row.unread.min(999)) } else { String::new() };
    let preview = pad(&clean_line(&row.preview), width.saturating_sub(columns(&badge) + 2));
    let strong =
        if selected || row.unread > 0 { Style::new().add_modifier(Modifier::BOLD) } else { Style::new() };
    let marker_style = Style::new().fg(Color::Cyan);
    let badge_style = Style::new().fg(Color::Black).bg(Color::Yellow);
    [
        Painted::from(vec![
            Span::styled(marker, marker_style),
            Span::styled(name, strong),
            Span::styled(format!(" {time}"), dim()),
        ]),
        Painted::from(vec![
            Span::styled(marker, marker_style),
            Span::styled(preview, dim()),
            Span::raw(" "),
            Span::styled(badge, badge_style),
        ]),
    ]
}

/// A colour for a name: the same on every screen.
fn colour_of(name: &str) -> Color {
    const COLOURS: [Color; 6] =
        [Color::Green, Color::Magenta, Color::Blue, Color::LightRed, Color::LightGreen, Color::LightMagenta];
    let sum: usize = name.bytes().map(usize::from).fold(7, |sum, byte| (sum * 31 + byte) % 65_521);
    COLOURS.get(sum % COLOURS.len()).copied().unwrap_or(Color::Green)
}

fn style_of(role: Role, text: &str) -> Style {
    match role {
        Role::Plain | Role::Said => Style::new(),
        Role::Time | Role::Waiting => dim(),
        Role::Me => Style::new().fg(Color::Cyan).add_modifier(Modifier::BOLD),
        Role::Other => Style::new().fg(colour_of(text)).add_modifier(Modifier::BOLD),
        Role::Aside => dim().add_modifier(Modifier::ITALIC),
        Role::New => Style::new().fg(Color::Yellow),
        Role::Sent => Style::new().fg(Color::Green),
        Role::Failed => Style::new().fg(Color::Red),
    }
}

fn draw_messages(frame: &mut Frame<'_>, model: &Model, area: Rect) {
    let (width, height) = (usize::from(area.width), usize::from(area.height));
    let Some(open) = &model.open else {
        let text = "\nNo conversation is open.\n\n/open USER starts one,\nTab goes through those you have,\n/help shows the rest.";
        frame.render_widget(Paragraph::new(text).style(dim()).alignment(Alignment::Center), area);
        return;
    };
    if open.rows.is_empty() {
        let text =
            if open.loaded { "\nNothing here yet. Type a message and press Enter." } else { "\nLoading…" };
        frame.render_widget(Paragraph::new(text).style(dim()).alignment(Alignment::Center), area);
        return;
    }
    let lines = layout::lines(open, width, model.now_ms, &model.zone);
    let end = lines.len().saturating_sub(open.scroll);
    let start = end.saturating_sub(height);
    let mut painted: Vec<Painted<'static>> = Vec::with_capacity(height);
    // Few messages stand at the bottom, beside the input line.
    painted.extend(std::iter::repeat_n(Painted::default(), height.saturating_sub(end - start)));
    for line in lines.into_iter().take(end).skip(start) {
        painted.push(Painted::from_iter(line.pieces.into_iter().map(|(role, text)| {
            let style = style_of(role, &text);
            Span::styled(text, style)
        })));
    }
    frame.render_widget(Paragraph::new(painted), area);
}

fn draw_input(frame: &mut Frame<'_>, model: &Model, area: Rect) {
    let prompt = columns(PROMPT);
    let window = model.input.window(usize::from(area.width).saturating_sub(prompt));
    let line =
        Painted::from(vec![Span::styled(PROMPT, Style::new().fg(Color::Cyan)), Span::raw(window.text)]);
    frame.render_widget(Paragraph::new(line), area);
    if !model.help {
        let x = u16::try_from(prompt + window.cursor).unwrap_or(0);
        frame.set_cursor_position(Position::new(area.x.saturating_add(x), area.y));
    }
}

fn draw_status(frame: &mut Frame<'_>, model: &Model, area: Rect) {
    let width = usize::from(area.width);
    let (sign, colour, text) = match &model.link {
        Link::Connected => ("●", Color::Green, "connected".to_owned()),
        Link::Connecting => ("◌", Color::Yellow, "connecting…".to_owned()),
        Link::Waiting { until_ms, reason } => {
            let seconds = (until_ms - model.now_ms).max(0).div_euclid(1_000) + 1;
            let reason = clean_line(reason);
            (
                "○",
                Color::Yellow,
                format!("offline, next try in {seconds} s: {}", reason.trim_end_matches('.')),
            )
        }
        Link::Ended(reason) => {
            ("✗", Color::Red, format!("signed out: {}", clean_line(reason).trim_end_matches('.')))
        }
    };
    let right = place_hint(model).unwrap_or_else(|| format!("{} · /help ", clean_line(&model.me)));
    let left_width = columns(&text) + 4;
    // Where one is in a long history matters more than the end of a reason.
    let fits = left_width + columns(&right) <= width || place_hint(model).is_some();
    let right = if fits { fit(&right, width.saturating_sub(4)) } else { String::new() };
    let text = pad(&format!(" {text}"), width.saturating_sub(columns(&right) + 2));
    let line = Painted::from(vec![
        Span::styled(format!(" {sign}"), bar().bg(colour)),
        Span::styled(text, bar()),
        Span::styled(right, bar()),
    ]);
    frame.render_widget(Paragraph::new(line), area);
}

/// Where the pane stands, when it is not at the end.
fn place_hint(model: &Model) -> Option<String> {
    let open = model.open.as_ref()?;
    if open.loading {
        Some("loading older… ".to_owned())
    } else if open.scroll > 0 {
        Some(format!("↓ {} lines · Esc ", open.scroll))
    } else {
        None
    }
}

fn draw_help(frame: &mut Frame<'_>, scroll: u16) {
    let screen = frame.area();
    let entries = || COMMANDS.iter().chain(std::iter::once(&("", ""))).chain(KEYS);
    let inner = usize::from(screen.width.saturating_sub(4)).min(76);
    let left = entries().map(|(what, _)| columns(what)).max().unwrap_or(0);
    let beside = left + 2 + 20 <= inner;
    let mut lines: Vec<Painted<'static>> = Vec::new();
    for (what, does) in entries() {
        if beside {
            lines.push(Painted::from(vec![
                Span::styled(pad(what, left + 2), Style::new().fg(Color::Cyan)),
                Span::raw(fit(does, inner.saturating_sub(left + 2))),
            ]));
        } else {
            lines.push(Painted::styled(fit(what, inner), Style::new().fg(Color::Cyan)));
            if !does.is_empty() {
                lines.push(Painted::raw(fit(&format!("  {does}"), inner)));
            }
        }
    }
    let size = |n: usize, most: u16| u16::try_from(n + 2).unwrap_or(most).min(most);
    let width = size(inner + 2, screen.width);
    let height = size(lines.len(), screen.height);
    let spot = Rect {
        x: screen.x + (screen.width - width) / 2,
        y: screen.y + (screen.height - height) / 2,
        width,
        height,
    };
    // One column more to the left: half a wide character there would hide the border.
    frame.render_widget(
        Clear,
        Rect { x: spot.x.saturating_sub(1), width: spot.width + spot.x.min(1), ..spot },
    );
    let hidden = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_sub(height.saturating_sub(2));
    let title = if hidden > 0 {
        " Help: ↑ ↓ scroll, another key closes it "
    } else {
        " Help: any key closes it "
    };
    let block = Block::bordered().title(title).padding(ratatui::widgets::Padding::horizontal(1));
    frame.render_widget(Paragraph::new(lines).block(block).scroll((scroll.min(hidden), 0)), spot);
}

//! Keys and news in, a painted screen out, with made-up data.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use jiff::tz::TimeZone;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use whinchat_proto::id::{ConversationId, GroupId, UserId};

use super::draw::draw;
use super::model::Model;
use super::rows::{Action, ConversationRow, Link, Mark, MessageRow, News, Page, RowKind};

/// 2026-11-21 10:00:00 UTC.
const NOW: i64 = 1_795_255_200_000;

fn bob() -> ConversationId {
    ConversationId::User(UserId::new("bob").unwrap())
}

fn team() -> ConversationId {
    ConversationId::Group(GroupId::new("team").unwrap())
}

fn message(seq: u64, sender: &str, text: &str) -> MessageRow {
    MessageRow {
        key: format!("key{seq}"),
        seq,
        sender: sender.into(),
        text: text.into(),
        time_ms: NOW - 3_600_000 + i64::try_from(seq).unwrap() * 60_000,
        is_own: sender == "alice",
        mark: Mark::Sent,
        kind: RowKind::Said,
    }
}

fn conversation(id: &ConversationId, unread: u64, minutes_ago: i64) -> ConversationRow {
    ConversationRow { unread, active_ms: NOW - minutes_ago * 60_000, ..ConversationRow::unknown(id) }
}

fn model(width: u16, height: u16) -> Model {
    Model::new("alice", (width, height), NOW, TimeZone::UTC)
}

fn screen(model: &Model) -> Vec<String> {
    let mut terminal = Terminal::new(TestBackend::new(model.size.0, model.size.1)).unwrap();
    terminal.draw(|frame| draw(frame, model)).unwrap();
    let buffer = terminal.backend().buffer().clone();
    let mut lines = Vec::new();
    for y in 0..buffer.area.height {
        let mut line = String::new();
        let mut x = 0;
        while x < buffer.area.width {
            let symbol = buffer[(x, y)].symbol();
            line.push_str(symbol);
            x += u16::try_from(super::text::columns(symbol).max(1)).unwrap();
        }
        lines.push(line.trim_end().to_owned());
    }
    lines
}

fn press(model: &mut Model, code: KeyCode) -> Vec<Action> {
    model.key(KeyEvent::new(code, KeyModifiers::NONE))
}

fn type_line(model: &mut Model, text: &str) -> Vec<Action> {
    for c in text.chars() {
        press(model, KeyCode::Char(c));
    }
    press(model, KeyCode::Enter)
}

fn page(rows: Vec<MessageRow>, complete: bool) -> Page {
    Page { rows, complete }
}

fn many(from: u64, to: u64) -> Vec<MessageRow> {
    (from..=to).map(|seq| message(seq, "bob", &format!("line {seq}"))).collect()
}

#[test]
fn a_wide_screen_shows_list_messages_and_states() {
    let mut m = model(80, 12);
    m.news(News::Link(Link::Connected));
    let team_row =
        ConversationRow { title: "深圳团队".into(), members: 3, ..conversation(&team(), 2, 5) };
    m.news(News::Conversations(vec![team_row, conversation(&bob(), 0, 30)]));
    assert_eq!(m.open(bob()), vec![Action::LoadNewest(bob())]);
    let mut rows =
        vec![message(1, "bob", "hi"), message(2, "alice", "你好，世界"), message(3, "alice", "later")];
    rows.push(MessageRow {
        seq: 0,
        key: "p".into(),
        mark: Mark::Pending,
        ..message(4, "alice", "on its way")
    });
    let failed = Mark::Failed("you are not a member.".into());
    rows.push(MessageRow { seq: 0, key: "f".into(), mark: failed, ..message(5, "alice", "no") });
    m.news(News::Newest(bob(), page(rows, true)));
    let lines = screen(&m);
    let text = lines.join("\n");
    assert!(lines[0].starts_with(" bob") && lines[0].ends_with("2 unread elsewhere (Tab)"), "{text}");
    assert!(lines[1].contains("#深圳团队") && lines[1].contains("09:55"), "{text}");
    assert!(lines[2].contains(" 2 "), "{text}");
    assert!(text.contains("───── Today ─────"), "{text}");
    assert!(text.contains("09:01 bob    hi"), "{text}");
    assert!(text.contains("09:02 alice  你好，世界 ✓"), "{text}");
    assert!(text.contains("on its way …"), "{text}");
    assert!(text.contains("no ✗"), "{text}");
    assert!(text.contains("not sent: you are not a member (/retry)"), "{text}");
    assert!(lines[11].contains("connected") && lines[11].ends_with("alice · /help"), "{text}");
}

#[test]
fn a_narrow_screen_shows_messages_only_and_nothing_is_cut_off() {
    let mut m = model(40, 10);
    let reason = "Nothing listens at the server's address".to_owned();
    m.news(News::Link(Link::Waiting { until_ms: NOW + 3_200, reason }));
    m.news(News::Conversations(vec![conversation(&team(), 2, 5), conversation(&bob(), 0, 30)]));
    m.open(bob());
    let long = "我们明天早上九点在公司门口见面，然后一起去机场，好吗？";
    m.news(News::Newest(bob(), page(vec![message(1, "bob", long), message(2, "alice", "好")], true)));
    let lines = screen(&m);
    let text = lines.join("\n");
    let joined: String = lines.iter().map(|line| line.trim_start()).collect();
    assert!(joined.contains(long), "{text}");
    assert!(!text.contains('│'), "{text}");
    assert!(lines[9].contains("offline, next try in 4 s: Nothing"), "{text}");
    assert!(lines.iter().all(|line| super::text::columns(line) <= 40), "{text}");
}

#[test]
fn tiny_screens_do_not_panic() {
    for width in 0..30 {
        for height in 0..6 {
            let mut m = model(width, height);
            m.news(News::Conversations(vec![conversation(&bob(), 1, 1)]));
            m.open(bob());
            m.news(News::Newest(bob(), page(vec![message(1, "bob", "你好 world")], false)));
            type_line(&mut m, "/nonsense");
            screen(&m);
            press(&mut m, KeyCode::PageUp);
            m.help = true;
            screen(&m);
        }
    }
}

#[test]
fn opening_marks_read_and_so_does_what_comes_in_while_one_looks() {
    let mut m = model(80, 10);
    m.news(News::Conversations(vec![ConversationRow { read_seq: 1, ..conversation(&bob(), 2, 1) }]));
    assert_eq!(m.open(bob()), vec![Action::LoadNewest(bob()), Action::MarkRead(bob())]);
    m.news(News::Newest(bob(), page(many(1, 3), true)));
    let text = screen(&m).join("\n");
    let new = text.find(" new ").unwrap();
    assert!(text.find("line 1").unwrap() < new && new < text.find("line 2").unwrap(), "{text}");
    assert_eq!(m.news(News::Conversation(conversation(&bob(), 0, 0))), vec![]);
    assert_eq!(m.news(News::Conversation(conversation(&bob(), 1, 0))), vec![Action::MarkRead(bob())]);
    m.focus(false);
    assert_eq!(m.news(News::Conversation(conversation(&bob(), 1, 0))), vec![]);
    assert_eq!(m.focus(true), vec![Action::MarkRead(bob())]);
}

#[test]
fn scrolling_up_loads_older_messages_once_and_stays_at_its_place() {
    let mut m = model(40, 8);
    m.open(bob());
    m.news(News::Newest(bob(), page(many(51, 60), false)));
    assert!(screen(&m).join("\n").contains("line 60"));
    assert_eq!(press(&mut m, KeyCode::PageUp), vec![]);
    let asked = press(&mut m, KeyCode::PageUp);
    assert_eq!(asked, vec![Action::LoadOlder(bob(), "key51".into())]);
    assert_eq!(press(&mut m, KeyCode::Up), vec![], "one question at a time");
    assert!(screen(&m).join("\n").contains("loading older"));
    let bottom = |m: &Model| screen(m)[5].clone();
    let before = bottom(&m);
    m.news(News::Older(bob(), Ok(page(many(31, 50), false))));
    assert_eq!(bottom(&m).get(..14), before.get(..14), "what one reads does not move");
    press(&mut m, KeyCode::Up);
    let before = bottom(&m);
    m.news(News::Arrived(bob(), message(61, "bob", "line 61")));
    assert_eq!(bottom(&m).get(..14), before.get(..14), "nor when something comes in below");
    assert!(!screen(&m).join("\n").contains("line 61"));
    press(&mut m, KeyCode::Esc);
    assert!(screen(&m).join("\n").contains("line 61"));
    m.open.as_mut().unwrap().loading = true;
    m.news(News::Older(bob(), Err("offline".into())));
    assert!(screen(&m).join("\n").contains("offline"));
}

#[test]
fn a_page_that_does_not_touch_what_is_shown_replaces_it() {
    let mut m = model(40, 30);
    m.open(bob());
    m.news(News::Newest(bob(), page(many(1, 5), true)));
    m.news(News::Newest(bob(), page(many(4, 8), false)));
    let keys = |m: &Model| m.open.as_ref().unwrap().rows.iter().map(|row| row.seq).collect::<Vec<_>>();
    assert_eq!(keys(&m), [1, 2, 3, 4, 5, 6, 7, 8]);
    m.news(News::Newest(bob(), page(many(50, 52), false)));
    assert_eq!(keys(&m), [50, 51, 52], "a hole is never shown as if it were not there");
    assert!(!m.open.as_ref().unwrap().complete);
    // A message beyond the next place waits for the page that brings what is between.
    assert_eq!(m.news(News::Arrived(bob(), message(60, "bob", "x"))), vec![Action::LoadNewest(bob())]);
    assert_eq!(keys(&m), [50, 51, 52]);
}

#[test]
fn own_messages_appear_at_once_and_change_their_mark_in_place() {
    let mut m = model(40, 8);
    m.open(bob());
    m.news(News::Newest(bob(), page(many(1, 2), true)));
    assert_eq!(type_line(&mut m, "hello"), vec![Action::Send(bob(), "hello".into())]);
    assert!(m.input.is_empty());
    let mine = MessageRow { seq: 0, mark: Mark::Pending, ..message(3, "alice", "hello") };
    m.news(News::Changed(bob(), mine.clone()));
    assert!(screen(&m).join("\n").contains("hello …"));
    assert_eq!(type_line(&mut m, "/cancel"), vec![Action::Cancel("key3".into())]);
    m.news(News::Changed(bob(), MessageRow { mark: Mark::Failed("no".into()), ..mine.clone() }));
    assert_eq!(type_line(&mut m, "/retry"), vec![Action::Retry("key3".into())]);
    m.news(News::Changed(bob(), MessageRow { seq: 3, mark: Mark::Sent, ..mine }));
    assert!(screen(&m).join("\n").contains("hello ✓"));
    assert_eq!(type_line(&mut m, "/retry"), vec![]);
    assert!(screen(&m).join("\n").contains("No message here has failed"));
}

#[test]
fn switching_keeps_what_was_being_typed() {
    let mut m = model(80, 8);
    m.news(News::Conversations(vec![conversation(&team(), 1, 5), conversation(&bob(), 0, 30)]));
    m.open(bob());
    m.paste("half a sen\ntence");
    assert_eq!(press(&mut m, KeyCode::Tab), vec![Action::LoadNewest(team()), Action::MarkRead(team())]);
    assert!(m.input.is_empty());
    type_line(&mut m, "/open bob");
    assert_eq!(m.input.text(), "half a sen\ntence");
    m.key(KeyEvent::new(KeyCode::Char('p'), KeyModifiers::CONTROL));
    assert_eq!(m.open.as_ref().unwrap().id, team());
    assert!(m.input.is_empty());
}

#[test]
fn mistakes_keep_the_line_and_say_what_is_wrong() {
    let mut m = model(60, 8);
    assert_eq!(type_line(&mut m, "hello"), vec![]);
    assert!(screen(&m).join("\n").contains("Open a conversation first: /open USER"));
    assert_eq!(m.input.text(), "hello");
    m.input.take();
    m.open(bob());
    assert_eq!(type_line(&mut m, "/invite carol"), vec![]);
    assert!(screen(&m).join("\n").contains("Open a group first"));
    m.tick(NOW + 60_000);
    assert!(m.note.is_none(), "notes go by themselves");
    m.input.take();
    assert_eq!(type_line(&mut m, "/help"), vec![]);
    assert!(screen(&m).join("\n").contains("/open USER"));
    for _ in 0..40 {
        press(&mut m, KeyCode::Down);
    }
    assert!(screen(&m).join("\n").contains("Ctrl-C, Ctrl-D"));
    press(&mut m, KeyCode::Char('x'));
    assert!(!m.help && m.input.is_empty());
    assert_eq!(m.key(KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL)), vec![Action::Quit]);
}

#[test]
fn a_stranger_cannot_paint_over_the_screen() {
    let mut m = model(60, 6);
    m.open(bob());
    m.news(News::Newest(bob(), page(vec![message(1, "bob", "\u{1b}[2Jgone\u{7}")], true)));
    let text = screen(&m).join("\n");
    assert!(text.contains("\u{fffd}[2Jgone"), "{text}");
}

//! The input line: text, a cursor between two graphemes, and the window of it that fits the screen.

use unicode_segmentation::UnicodeSegmentation as _;

use super::text::columns;

/// Shown in place of a line break inside the input line.
const BREAK_SIGN: &str = "⏎";

/// What the user is typing.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct InputLine {
    text: String,
    /// Byte position; always on a grapheme boundary.
    cursor: usize,
}

/// The part of the line that fits the screen.
#[derive(Debug, PartialEq, Eq)]
pub struct Window {
    /// What to draw.
    pub text: String,
    /// Where the cursor stands in it, in columns.
    pub cursor: usize,
}

impl InputLine {
    /// The text so far.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether nothing is typed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Takes the text out and leaves the line empty.
    pub fn take(&mut self) -> String {
        self.cursor = 0;
        std::mem::take(&mut self.text)
    }

    /// Puts `text` in, the cursor behind it.
    pub fn set(&mut self, text: impl Into<String>) {
        self.text = text.into();
        self.cursor = self.text.len();
    }

    fn before(&self) -> &str {
        self.text.get(..self.cursor).unwrap_or("")
    }

    fn after(&self) -> &str {
        self.text.get(self.cursor..).unwrap_or("")
    }

    /// A pasted combining mark may join the grapheme before it; the cursor then moves behind the whole.
    fn settle_cursor(&mut self) {
        let cursor = self.cursor;
        self.cursor = self
            .text
            .grapheme_indices(true)
            .map(|(at, g)| at + g.len())
            .chain([0])
            .filter(|&end| end >= cursor)
            .min()
            .unwrap_or(self.text.len());
    }

    /// Types `text` at the cursor.
    pub fn insert(&mut self, text: &str) {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        self.text.insert_str(self.cursor, &text);
        self.cursor += text.len();
        self.settle_cursor();
    }

    /// One grapheme to the left.
    pub fn left(&mut self) {
        if let Some((at, _)) = self.before().grapheme_indices(true).next_back() {
            self.cursor = at;
        }
    }

    /// One grapheme to the right.
    pub fn right(&mut self) {
        self.cursor += self.after().graphemes(true).next().map_or(0, str::len);
    }

    /// To the start of the word before.
    pub fn word_left(&mut self) {
        self.cursor = self.start_of_word();
    }

    /// Behind the next word.
    pub fn word_right(&mut self) {
        let mut seen = false;
        let step = self.after().char_indices().find(|&(_, c)| {
            seen |= !c.is_whitespace();
            seen && c.is_whitespace()
        });
        self.cursor = step.map_or(self.text.len(), |(at, _)| self.cursor + at);
    }

    /// To the start of the line.
    pub fn home(&mut self) {
        self.cursor = 0;
    }

    /// To the end of the line.
    pub fn end(&mut self) {
        self.cursor = self.text.len();
    }

    fn remove(&mut self, start: usize, end: usize) {
        self.text.replace_range(start..end, "");
        self.cursor = start;
        self.settle_cursor();
    }

    /// Removes the grapheme before the cursor.
    pub fn backspace(&mut self) {
        let end = self.cursor;
        self.left();
        self.remove(self.cursor, end);
    }

    /// Removes the grapheme after the cursor.
    pub fn delete(&mut self) {
        let start = self.cursor;
        self.right();
        self.remove(start, self.cursor);
    }

    /// Removes everything before the cursor (Ctrl-U).
    pub fn cut_before(&mut self) {
        self.remove(0, self.cursor);
    }

    /// Removes everything behind the cursor (Ctrl-K).
    pub fn cut_after(&mut self) {
        self.text.truncate(self.cursor);
    }

    /// Removes the word before the cursor (Ctrl-W).
    pub fn cut_word(&mut self) {
        self.remove(self.start_of_word(), self.cursor);
    }

    fn start_of_word(&self) -> usize {
        let words = self.before().trim_end();
        words.char_indices().rfind(|(_, c)| c.is_whitespace()).map_or(0, |(at, c)| at + c.len_utf8())
    }

    /// The part of the line to draw in `width` columns; the cursor always inside it.
    #[must_use]
    pub fn window(&self, width: usize) -> Window {
        // One column stays free for the cursor behind the last character.
        let room = width.saturating_sub(1);
        let shown = |g: &str| if g == "\n" { BREAK_SIGN.to_owned() } else { super::text::clean(g) };
        let mut text = String::new();
        let mut cursor = 0;
        for grapheme in self.before().graphemes(true).rev() {
            let piece = shown(grapheme);
            let w = columns(&piece);
            if cursor + w > room {
                break;
            }
            cursor += w;
            text.insert_str(0, &piece);
        }
        let mut used = cursor;
        for grapheme in self.after().graphemes(true) {
            let piece = shown(grapheme);
            used += columns(&piece);
            if used > room {
                break;
            }
            text.push_str(&piece);
        }
        Window { text, cursor }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str) -> InputLine {
        let mut line = InputLine::default();
        line.set(text);
        line
    }

    #[test]
    fn editing_moves_by_whole_characters_of_any_script() {
        let mut l = line("a你👨‍👩‍👧‍👦é");
        l.backspace();
        assert_eq!(l.text(), "a你👨‍👩‍👧‍👦");
        l.left();
        l.left();
        l.insert("好");
        assert_eq!(l.text(), "a好你👨‍👩‍👧‍👦");
        l.right();
        l.delete();
        assert_eq!(l.text(), "a好你");
        l.delete();
        l.home();
        l.backspace();
        l.left();
        assert_eq!(l.text(), "a好你");
        l.end();
        l.right();
        l.insert("!");
        assert_eq!(l.take(), "a好你!");
        assert!(l.is_empty());
    }

    #[test]
    fn words_and_lines_are_cut() {
        let mut l = line("one two  three ");
        l.cut_word();
        assert_eq!(l.text(), "one two  ");
        l.cut_word();
        assert_eq!(l.text(), "one ");
        l.insert("深 圳");
        l.cut_word();
        assert_eq!(l.text(), "one 深 ");
        l.word_left();
        l.cut_before();
        assert_eq!(l.text(), "深 ");
        l.cut_after();
        assert_eq!(l.text(), "");
        let mut l = line("one two");
        l.home();
        l.word_right();
        l.insert("!");
        assert_eq!(l.text(), "one! two");
    }

    #[test]
    fn a_combining_mark_joins_what_stands_before_it() {
        let mut l = line("e");
        l.insert("\u{301}");
        l.left();
        l.right();
        l.backspace();
        assert_eq!(l.text(), "");
    }

    #[test]
    fn the_window_follows_the_cursor_in_columns() {
        let mut l = line("你好世界abc");
        assert_eq!(l.window(6), Window { text: "界abc".into(), cursor: 5 });
        l.home();
        assert_eq!(l.window(6), Window { text: "你好".into(), cursor: 0 });
        l.right();
        assert_eq!(l.window(6), Window { text: "你好".into(), cursor: 2 });
        assert_eq!(l.window(0), Window { text: String::new(), cursor: 0 });
    }

    #[test]
    fn pasted_line_breaks_stay_one_line_on_the_screen() {
        let mut l = InputLine::default();
        l.insert("a\r\nb");
        assert_eq!(l.text(), "a\nb");
        assert_eq!(l.window(9).text, "a⏎b");
    }
}

//! Text as a terminal can bear it: cleaned of control characters, measured in columns, wrapped.

use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

/// Columns of a tab, which has no place of its own in a wrapped line.
const TAB: &str = "    ";

/// Whether `c` could move the cursor, hide text or turn its direction for what follows.
fn is_unsafe(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// `text` with everything replaced that a terminal would act upon: what others write must not steer it. Line breaks
/// stay.
#[must_use]
pub fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => out.push('\n'),
            '\r' => {}
            '\t' => out.push_str(TAB),
            c if is_unsafe(c) => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

/// [`clean`], on one line: breaks become a visible sign.
#[must_use]
pub fn clean_line(text: &str) -> String {
    clean(text).trim_end().replace('\n', " ⏎ ")
}

/// Columns that `text` takes.
#[must_use]
pub fn columns(text: &str) -> usize {
    text.width()
}

/// `text` cut to at most `width` columns, with an ellipsis when something is missing.
#[must_use]
pub fn fit(text: &str, width: usize) -> String {
    if columns(text) <= width {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = 0;
    for grapheme in text.graphemes(true) {
        let w = columns(grapheme);
        if used + w + 1 > width {
            break;
        }
        used += w;
        out.push_str(grapheme);
    }
    if width > 0 {
        out.push('…');
    }
    out
}

/// `text` cut or filled up with spaces to exactly `width` columns.
#[must_use]
pub fn pad(text: &str, width: usize) -> String {
    let mut out = fit(text, width);
    let missing = width.saturating_sub(columns(&out));
    out.extend(std::iter::repeat_n(' ', missing));
    out
}

/// Breaks `text` into lines of at most `first` columns for the first and `rest` columns for the others. Breaks at
/// spaces where it can and inside a word where it must; scripts without spaces break between any two characters.
#[must_use]
pub fn wrap(text: &str, first: usize, rest: usize) -> Vec<String> {
    let (first, rest) = (first.max(2), rest.max(2));
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let width = |lines: &Vec<String>| if lines.is_empty() { first } else { rest };
        let mut line = String::new();
        let mut used = 0;
        // UAX 14 is more than a chat needs: break opportunities are spaces and both sides of a wide character.
        for piece in pieces(paragraph) {
            let w = columns(piece);
            if used + w <= width(&lines) {
                line.push_str(piece);
                used += w;
                continue;
            }
            if piece.trim().is_empty() {
                // A space at the margin is the break itself.
                lines.push(std::mem::take(&mut line));
                used = 0;
                continue;
            }
            if used > 0 {
                lines.push(std::mem::take(&mut line).trim_end().to_owned());
                used = 0;
            }
            for grapheme in piece.graphemes(true) {
                let g = columns(grapheme);
                if used + g > width(&lines) && used > 0 {
                    lines.push(std::mem::take(&mut line));
                    used = 0;
                }
                line.push_str(grapheme);
                used += g;
            }
        }
        lines.push(line);
    }
    lines
}

/// Cuts a paragraph into unbreakable pieces: runs of spaces, words, and single wide characters.
fn pieces(paragraph: &str) -> Vec<&str> {
    #[derive(PartialEq, Clone, Copy)]
    enum Kind {
        Space,
        Word,
        Wide,
    }
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut last: Option<Kind> = None;
    for (at, grapheme) in paragraph.grapheme_indices(true) {
        let kind = if grapheme == " " {
            Kind::Space
        } else if columns(grapheme) > 1 {
            Kind::Wide
        } else {
            Kind::Word
        };
        // Closing punctuation of a wide script stays with what stands before it.
        let glued = kind == Kind::Wide && "，。！？；：、）》」』】”’…".contains(grapheme);
        if let Some(last) = last
            && (last != kind || kind == Kind::Wide)
            && !glued
        {
            pieces.extend(paragraph.get(start..at));
            start = at;
        }
        last = Some(kind);
    }
    if start < paragraph.len() {
        pieces.extend(paragraph.get(start..));
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_write_cannot_steer_the_terminal() {
        assert_eq!(clean("a\u{1b}[2Jb\u{9b}c\u{7}"), "a\u{fffd}[2Jb\u{fffd}c\u{fffd}");
        assert_eq!(clean("x\u{202e}y"), "x\u{fffd}y");
        assert_eq!(clean("a\r\nb\tc"), "a\nb    c");
        assert_eq!(clean_line("a\nb\n"), "a ⏎ b");
    }

    #[test]
    fn width_is_counted_in_columns() {
        assert_eq!(columns("你好a"), 5);
        assert_eq!(fit("你好世界", 5), "你好…");
        assert_eq!(fit("你好世界", 4), "你…");
        assert_eq!(fit("你好", 4), "你好");
        assert_eq!(pad("你…", 5), "你…  ");
        assert_eq!(fit("abc", 0), "");
    }

    #[test]
    fn lines_break_at_spaces_and_inside_words_that_are_too_long() {
        assert_eq!(wrap("hello big world", 9, 9), ["hello big", "world"]);
        assert_eq!(wrap("hello big world", 8, 9), ["hello", "big world"]);
        assert_eq!(wrap("abcdefghij", 4, 4), ["abcd", "efgh", "ij"]);
        assert_eq!(wrap("ab cdefghij", 4, 4), ["ab", "cdef", "ghij"]);
        assert_eq!(wrap("a\n\nb", 9, 9), ["a", "", "b"]);
        assert_eq!(wrap("", 9, 9), [""]);
    }

    #[test]
    fn chinese_breaks_between_characters_and_keeps_its_punctuation() {
        assert_eq!(wrap("你好世界", 5, 5), ["你好", "世界"]);
        assert_eq!(wrap("你好世界。再见", 8, 8), ["你好世", "界。再见"]);
        for width in 2..20 {
            for line in wrap("混合 mixed 文本 with words。", width, width) {
                assert!(columns(&line) <= width, "{line:?} in {width}");
            }
        }
    }

    #[test]
    fn a_family_emoji_is_one_piece() {
        let family = "👨‍👩‍👧‍👦";
        assert_eq!(wrap(&format!("ab{family}"), 3, 3), ["ab", family]);
    }
}

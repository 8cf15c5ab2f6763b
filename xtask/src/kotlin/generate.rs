//! What is written for the SDK from the library and from the table of errors; never committed.

use std::fs;
use std::path::Path;

use super::OUTPUT;
use super::lighter::lighter;
use crate::step::Step;

/// Where the table of error codes is spelled out; a test keeps it as the code has it.
const ERRORS: &str = "docs/errors.md";

/// Writes what calls `library`, and the error codes by name.
pub(super) fn write(library: &Path) -> Result<(), String> {
    let written = Path::new(OUTPUT).join("written");
    make(&written)?;
    let library = library.to_string_lossy();
    let folder = written.to_string_lossy();
    let arguments =
        ["run", "--quiet", "--package", "whinchat-bindgen", "--", "generate", &library, "kotlin", &folder];
    Step::cargo("kotlin, generated part", &arguments).run()?;
    hide_all(&written, &Path::new(OUTPUT).join("generated"))?;
    let table = fs::read_to_string(ERRORS).map_err(|error| format!("{ERRORS} cannot be read: {error}"))?;
    put(&Path::new(OUTPUT).join("generated/im/whinchat/ErrorCodes.kt"), &error_codes(&table))
}

/// Copies a folder of Kotlin, hidden.
fn hide_all(from: &Path, to: &Path) -> Result<(), String> {
    let unreadable = |error| format!("{} cannot be read: {error}", from.display());
    for entry in fs::read_dir(from).map_err(unreadable)?.filter_map(Result::ok) {
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            hide_all(&path, &target)?;
        } else if path.extension().is_some_and(|kind| kind == "kt") {
            let text = hidden(&fs::read_to_string(&path).map_err(unreadable)?);
            // Beside what calls, there is the file with the number of the border.
            let text = if text.contains("RustBuffer") { lighter(&text)? } else { text };
            put(&target, &text)?;
        }
    }
    Ok(())
}

/// What a declaration at the beginning of a line starts with.
const DECLARATIONS: &[&str] = &[
    "abstract ",
    "annotation ",
    "class ",
    "const ",
    "data ",
    "enum ",
    "fun ",
    "fun<",
    "inline ",
    "interface ",
    "object ",
    "open ",
    "sealed ",
    "suspend ",
    "typealias ",
    "val ",
    "value ",
    "var ",
];

/// Kotlin in which every declaration is seen by its own module alone. The generator has no setting for that.
fn hidden(text: &str) -> String {
    let mut hidden = String::with_capacity(text.len() + text.len() / 32);
    let functions = functions_from(text);
    for (number, line) in text.lines().enumerate() {
        if let Some(rest) = line.strip_prefix("public ") {
            hidden.push_str("internal ");
            hidden.push_str(rest);
        } else {
            if DECLARATIONS.iter().any(|start| line.starts_with(start)) {
                hidden.push_str("internal ");
            }
            if number >= functions && line.contains("suspend fun `") {
                hidden.push_str(&line.replace("suspend fun `", "internal suspend fun `"));
            } else if number >= functions {
                hidden.push_str(&line.replace("fun `", "internal fun `"));
            } else {
                hidden.push_str(line);
            }
        }
        hidden.push('\n');
    }
    hidden
}

/// The line from which on there are functions alone. They come last, set in and behind other words, as members are.
fn functions_from(text: &str) -> usize {
    let shown = |line: &str| {
        let line = line.strip_prefix("public ").or(line.strip_prefix("internal ")).unwrap_or(line);
        DECLARATIONS.iter().any(|start| line.starts_with(start))
    };
    let lines: Vec<&str> = text.lines().collect();
    let Some(last) = lines.iter().rposition(|line| shown(line)) else { return 0 };
    let mut rest = lines.iter().enumerate().skip(last);
    // What has no block is over with its line.
    if !rest.clone().next().is_some_and(|(_, line)| line.ends_with('{')) {
        return last + 1;
    }
    rest.find(|(_, line)| **line == "}").map_or(lines.len(), |(end, _)| end + 1)
}

/// `client.not_logged_in` is `CLIENT_NOT_LOGGED_IN`, with what the table says of it.
fn error_codes(table: &str) -> String {
    let mut text = String::from(
        "package im.whinchat\n\n/** The codes of [WhinchatError] by name. Newer servers may send others. */\npublic object ErrorCodes {\n",
    );
    for row in table.lines() {
        let cells: Vec<&str> = row.split(" | ").map(|cell| cell.trim_matches(['|', ' '])).collect();
        let [number, name, _, advice] = cells.as_slice() else { continue };
        if number.parse::<i32>().is_err() {
            continue;
        }
        let name = name.trim_matches('`').replace('.', "_").to_uppercase();
        let advice = advice.replace("\\<", "<").replace("\\>", ">");
        text.push_str(&format!("    /** {advice} */\n    public const val {name}: Int = {number}\n\n"));
    }
    text.truncate(text.trim_end().len());
    text.push_str("\n}\n");
    text
}

pub(super) fn make(folder: &Path) -> Result<(), String> {
    fs::create_dir_all(folder).map_err(|error| format!("{} cannot be written: {error}", folder.display()))
}

/// Leaves a file alone that is as it should be: its date says what has to be compiled.
pub(super) fn put(path: &Path, text: &str) -> Result<(), String> {
    if fs::read_to_string(path).is_ok_and(|there| there == text) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        make(folder)?;
    }
    fs::write(path, text).map_err(|error| format!("{} cannot be written: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_generator_shows_is_hidden_and_its_members_are_left_alone() {
        let shown = "package a\n\npublic object A {\n    fun a() = 1\n}\ndata class B(val b: Int)\ninternal val c = 1\nprivate fun d() = 1\n@X\nsealed class E {\n}\n     */ fun `f`() = 1\n     suspend fun `g`() = 1\n";
        let expected = "package a\n\ninternal object A {\n    fun a() = 1\n}\ninternal data class B(val b: Int)\ninternal val c = 1\nprivate fun d() = 1\n@X\ninternal sealed class E {\n}\n     */ internal fun `f`() = 1\n     internal suspend fun `g`() = 1\n";
        assert_eq!(hidden(shown), expected);
    }

    #[test]
    fn error_codes_get_names_of_constants() {
        let table = "| number | name | class | what |\n|---|---|---|---|\n| 6014 | `client.not_logged_in` | `final` | Call `login` first. |\n";
        let text = error_codes(table);
        assert!(
            text.contains(
                "/** Call `login` first. */\n    public const val CLIENT_NOT_LOGGED_IN: Int = 6014\n"
            )
        );
        assert_eq!(text.matches("const val").count(), 1);
    }
}

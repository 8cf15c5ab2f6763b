//! docs/errors.md and the constants of the Swift package say what the table of error codes says.
// Functions beside the tests are tests too.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::print_stdout)]

use std::collections::HashSet;
use std::fmt::Write as _;
use std::path::Path;

use whinchat_proto::error::{ErrorClass, ErrorCode};

const HEAD: &str = "\
# Error codes

Generated from the table in `crates/whinchat-proto/src/error.rs` by `cargo xtask errors`; a test fails when it is stale.

Every error has a number and a name, which never change, a class, and a sentence. The class tells what to do, and is what
the client itself goes by:

| class | what to do |
|---|---|
| `retry_now` | a passing fault: try again with back-off |
| `after_reconnect` | try again once a connection stands |
| `after` | try again when the time that the error names has passed |
| `reauthenticate` | log in with a fresh signature |
| `final` | trying again as it stands cannot help |

";

fn page() -> String {
    let mut page = String::from(HEAD);
    page.push_str("| number | name | class | what it means to you |\n|---|---|---|---|\n");
    let mut codes = ErrorCode::ALL.to_vec();
    codes.sort_by_key(|code| code.number());
    for code in codes {
        let class = match code.class() {
            ErrorClass::After(ms) => format!("`after` ({ms} ms)"),
            class => format!("`{}`", class.name()),
        };
        let advice = code.advice().replace('|', "\\|").replace('<', "\\<");
        writeln!(page, "| {} | `{}` | {class} | {advice} |", code.number(), code.name()).unwrap();
    }
    page
}

fn is_fresh(file: &str, content: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file);
    if std::env::var_os("WHINCHAT_WRITE_ERROR_PAGE").is_some() {
        std::fs::write(&path, content).unwrap();
    }
    let stored = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(stored == content, "{file} is stale: run `cargo xtask errors`");
}

#[test]
fn the_page_of_error_codes_is_fresh() {
    is_fresh("docs/errors.md", &page());
}

const SWIFT_HEAD: &str = "\
// Generated from the table in crates/whinchat-proto/src/error.rs by `cargo xtask errors`; a test fails when it is stale.

extension ChatError.Code {
";

/// `UserIdInvalid` is `userIDInvalid` there.
fn swift_name(code: ErrorCode) -> String {
    let name = format!("{code:?}");
    let mut written = name[..1].to_lowercase();
    let mut rest = name[1..].chars().peekable();
    while let Some(letter) = rest.next() {
        let ends_id = letter == 'd' && written.ends_with('I') && rest.peek().is_none_or(|c| c.is_uppercase());
        written.push(if ends_id { 'D' } else { letter });
    }
    written
}

fn swift_constants() -> String {
    let mut file = String::from(SWIFT_HEAD);
    for code in ErrorCode::ALL {
        let (number, name, advice) = (code.number(), swift_name(*code), code.advice());
        writeln!(file, "    /// {number} `{}`: {advice}", code.name()).unwrap();
        // The one name that is a word of the language.
        let name = if name == "internal" { "`internal`" } else { name.as_str() };
        writeln!(file, "    public static let {name} = Self(rawValue: {number})").unwrap();
    }
    file.push_str("}\n");
    file
}

#[test]
fn the_constants_of_the_swift_package_are_fresh() {
    is_fresh("bindings/swift/Sources/Whinchat/ChatError+Codes.swift", &swift_constants());
}

#[test]
fn numbers_and_names_are_unique_and_every_code_has_a_sentence() {
    let codes = ErrorCode::ALL;
    assert_eq!(codes.iter().map(|code| code.number()).collect::<HashSet<_>>().len(), codes.len());
    assert_eq!(codes.iter().map(|code| code.name()).collect::<HashSet<_>>().len(), codes.len());
    for code in codes {
        assert!(code.advice().ends_with('.'), "{code}");
        let (subject, rest) = code.name().split_once('.').unwrap();
        assert!(!subject.is_empty() && !rest.is_empty(), "{code}");
    }
}

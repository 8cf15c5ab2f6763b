//! The functions of the successor format (UTS), which the vendor's compiler makes Kotlin, Swift or JavaScript of.

use super::HEAD;
use super::subjects::setter;
use crate::table::{Entry, Kind, METHODS, later};

/// Swift lets no function be called `init`, and the names are the same everywhere.
const RENAMED: &[(&str, &str)] = &[("init", "initSDK")];

/// What a method is called in this format.
pub(super) fn exported(name: &'static str) -> &'static str {
    RENAMED.iter().find(|(ours, _)| *ours == name).map_or(name, |(_, theirs)| theirs)
}

/// For which compiler: TypeScript's does not know the mark of a callback that stays, and needs none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// Kotlin and Swift.
    Native,
    /// JavaScript.
    Web,
}

/// `index.uts` of a platform. `ask`, `listen`, `unlisten` and `endAll` are written by hand for each, in `core.uts` beside it.
pub(super) fn page(target: Target) -> String {
    let mut page = format!(
        "// {HEAD}
import {{ ask, endAll, listen, unlisten }} from './core.uts'
import {{ WhinchatListener }} from '../interface.uts'
"
    );
    for entry in METHODS {
        let said = format!("{} / {}", entry.en.replace("*/", "* /"), entry.zh.replace("*/", "* /"));
        page.push_str(&function(entry.name, &said, &does(entry), target));
        for alias in entry.aliases {
            let said = format!("Another spelling of {0}. / {0} 的另一种写法。", exported(entry.name));
            page.push_str(&function(alias, &said, &does(entry), target));
        }
    }
    for name in later() {
        let listens = name.starts_with("set") && name.ends_with("Listener");
        let does = if listens { Does::Listen(name) } else { Does::Ask };
        page.push_str(&function(name, "Not served yet: code 7013. / 尚未提供：错误码 7013。", &does, target));
    }
    page
}

/// What a function comes to.
enum Does {
    /// Asks its method.
    Ask,
    /// Asks its method, which ends every listener.
    EndAll,
    /// Sets the listener of this setter.
    Listen(&'static str),
    /// Asks its method, which ends the listener of this setter.
    Unlisten(&'static str),
}

fn does(entry: &Entry) -> Does {
    match entry.kind {
        Kind::Call(_) if entry.name == "unInit" => Does::EndAll,
        Kind::Call(_) => Does::Ask,
        Kind::Listen(_) => Does::Listen(entry.name),
        Kind::Unlisten(listener) => Does::Unlisten(setter(listener)),
    }
}

/// The core warns of a spelling that is not the canonical one, so it is told which was used.
fn function(name: &'static str, said: &str, does: &Does, target: Target) -> String {
    let promise = "(params : UTSJSONObject | null = null) : Promise<UTSJSONObject>";
    let listener = "(listener : WhinchatListener) : void";
    let stays = if target == Target::Native { "@UTSJS.keepAlive\n" } else { "" };
    let (stays, taken, work) = match does {
        Does::Ask => ("", promise, format!("return ask('{name}', params)")),
        Does::EndAll => ("", promise, format!("return endAll('{name}', params)")),
        Does::Listen(setter) => (stays, listener, format!("listen('{name}', '{setter}', listener)")),
        Does::Unlisten(setter) => ("", promise, format!("return unlisten('{name}', '{setter}', params)")),
    };
    format!("\n/** {said} */\n{stays}export function {}{taken} {{\n  {work}\n}}\n", exported(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::methods;

    /// Words that no function may be called in one of the languages, as far as a method could be called so.
    const TAKEN: &[&str] = &[
        "as",
        "break",
        "case",
        "catch",
        "class",
        "continue",
        "default",
        "defer",
        "deinit",
        "delete",
        "do",
        "else",
        "enum",
        "export",
        "extension",
        "false",
        "for",
        "fun",
        "func",
        "function",
        "guard",
        "if",
        "import",
        "in",
        "init",
        "inout",
        "interface",
        "is",
        "let",
        "new",
        "nil",
        "null",
        "object",
        "operator",
        "package",
        "private",
        "protocol",
        "public",
        "repeat",
        "rethrows",
        "return",
        "self",
        "static",
        "struct",
        "subscript",
        "super",
        "switch",
        "this",
        "throw",
        "throws",
        "true",
        "try",
        "typealias",
        "typeof",
        "val",
        "var",
        "void",
        "when",
        "where",
        "while",
        "with",
        "yield",
    ];

    #[test]
    fn every_name_can_be_a_function_in_kotlin_swift_and_javascript() {
        for name in methods().chain(later()) {
            assert!(!TAKEN.contains(&exported(name)), "{name} needs another name");
        }
    }

    #[test]
    fn every_name_is_exported_once() {
        for target in [Target::Native, Target::Web] {
            let page = page(target);
            for name in methods().chain(later()) {
                let declared = format!("export function {}(", exported(name));
                assert_eq!(page.matches(&declared).count(), 1, "{name}");
            }
        }
    }

    #[test]
    fn only_listeners_keep_their_callback() {
        let native = page(Target::Native);
        assert!(native.contains("@UTSJS.keepAlive\nexport function setSDKListener("));
        assert!(!native.contains("@UTSJS.keepAlive\nexport function removeSDKListener("));
        assert!(!page(Target::Web).contains("@UTSJS"));
    }
}

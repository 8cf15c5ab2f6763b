//! The functions of the successor format (UTS), which the vendor's compiler makes Kotlin, Swift or JavaScript of.

use super::HEAD;
use super::subjects::setter;
use crate::table::{Kind, METHODS, later};

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

/// `index.uts` of a platform. `ask`, `listen` and `unlisten` are written by hand for each, in `core.uts` beside it.
pub(super) fn page(target: Target) -> String {
    let mut page = format!(
        "// {HEAD}\nimport {{ ask, listen, unlisten }} from './core.uts'\nimport {{ WhinchatListener }} from '../interface.uts'\n"
    );
    for entry in METHODS {
        let said = format!("{} / {}", entry.en.replace("*/", "* /"), entry.zh.replace("*/", "* /"));
        let does = match entry.kind {
            Kind::Call(_) => Does::Ask(entry.name),
            Kind::Listen(_) => Does::Listen(entry.name),
            Kind::Unlisten(listener) => Does::Unlisten(entry.name, setter(listener)),
        };
        page.push_str(&function(entry.name, &said, &does, target));
        for alias in entry.aliases {
            let said = format!("Another spelling of {0}. / {0} 的另一种写法。", exported(entry.name));
            page.push_str(&function(alias, &said, &does, target));
        }
    }
    for name in later() {
        let listens = name.starts_with("set") && name.ends_with("Listener");
        let does = if listens { Does::Listen(name) } else { Does::Ask(name) };
        page.push_str(&function(name, "Not served yet: code 7013. / 尚未提供：错误码 7013。", &does, target));
    }
    page
}

/// What a function comes to.
enum Does {
    /// Asks this method.
    Ask(&'static str),
    /// Sets this listener.
    Listen(&'static str),
    /// Asks the first, which ends the listener of the second.
    Unlisten(&'static str, &'static str),
}

fn function(name: &'static str, said: &str, does: &Does, target: Target) -> String {
    let promise = "(params : UTSJSONObject | null = null) : Promise<UTSJSONObject>";
    let listener = "(listener : WhinchatListener) : void";
    let stays = if target == Target::Native { "@UTSJS.keepAlive\n" } else { "" };
    let (stays, taken, work) = match does {
        Does::Ask(method) => ("", promise, format!("return ask('{method}', params)")),
        Does::Listen(method) => (stays, listener, format!("listen('{method}', listener)")),
        Does::Unlisten(method, setter) => {
            ("", promise, format!("return unlisten('{method}', '{setter}', params)"))
        }
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

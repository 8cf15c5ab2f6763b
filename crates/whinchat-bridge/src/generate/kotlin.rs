//! Kotlin: the exports of the Android shell.

use super::HEAD;
use super::subjects::setter;
use crate::table::{Entry, Kind, METHODS, later};

/// The class whose methods JavaScript finds: one for every name, those that are not served yet included.
///
/// They run on the thread of JavaScript and hand the call over at once. The runtime finds them by reflection, by their name,
/// so there are no overloads; it ignores further arguments and gives null for missing ones.
pub(super) fn module() -> String {
    let mut page = format!(
        "// {HEAD}
package im.whinchat.uniapp

import io.dcloud.feature.uniapp.annotation.UniJSMethod
import io.dcloud.feature.uniapp.bridge.UniJSCallback

/** The module that JavaScript gets by `uni.requireNativePlugin`. */
public class WhinchatModule : WhinchatCalls() {{
"
    );
    let mut methods = Vec::new();
    for entry in METHODS {
        methods.push(method(entry.name, &does(entry, entry.name), entry.en));
        for alias in entry.aliases {
            methods.push(method(
                alias,
                &does(entry, alias),
                &format!("Another spelling of `{}`.", entry.name),
            ));
        }
    }
    methods.extend(later().map(|name| method(name, &format!("call(\"{name}\""), "Not served yet.")));
    page.push_str(&methods.join("\n"));
    page.push_str("}\n");
    page
}

/// The core warns of a spelling that is not the canonical one, so it is told which was used.
fn does(entry: &Entry, name: &str) -> String {
    match entry.kind {
        Kind::Call(_) if entry.name == "unInit" => format!("endAll(\"{name}\""),
        Kind::Call(_) => format!("call(\"{name}\""),
        Kind::Listen(_) => format!("listen(\"{name}\", \"{}\"", entry.name),
        Kind::Unlisten(listener) => format!("unlisten(\"{name}\", \"{}\"", setter(listener)),
    }
}

fn method(name: &str, does: &str, said: &str) -> String {
    format!(
        "    /** {} */
    @UniJSMethod(uiThread = false)
    public fun {name}(options: String?, callback: UniJSCallback?) {{
        {does}, options, callback)
    }}
",
        said.replace("*/", "* /")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::methods;

    #[test]
    fn every_name_is_a_method_once_and_hands_over_under_its_own() {
        let page = module();
        for name in methods().chain(later()) {
            let method = format!("    public fun {name}(options: String?, callback: UniJSCallback?) {{\n");
            assert_eq!(page.matches(&method).count(), 1, "{name}");
        }
        for line in [
            "        endAll(\"destroy\", options, callback)",
            "        call(\"sendMesasge\", options, callback)",
            "        listen(\"setSimpleMsgListender\", \"setSimpleMsgListener\", options, callback)",
            "        unlisten(\"removeSimpleMsgListener\", \"setSimpleMsgListener\", options, callback)",
        ] {
            assert!(page.lines().any(|written| written == line), "{line}");
        }
        assert_eq!(page.matches("@UniJSMethod(uiThread = false)").count(), methods().chain(later()).count());
    }
}

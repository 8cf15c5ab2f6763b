//! Objective-C: the exports of the iOS shell.

use super::HEAD;
use super::subjects::setter;
use crate::table::{Kind, METHODS, later};

/// The class whose methods JavaScript finds: an export and a method for every name, those that are not served yet included.
///
/// An export is a class method whose name ends with the number of its line, so all of them stand in this one file. The runtime
/// refuses a call with more arguments than the method takes, without an answer: there is room for two that nobody reads. Those
/// that are missing it gives as nil.
pub(super) fn module() -> String {
    let mut page = format!("// {HEAD}\n#import \"WhinchatIMModule.h\"\n\n@implementation WhinchatIMModule\n");
    for entry in METHODS {
        let said = match entry.kind {
            Kind::Call(_) => format!("call:@\"{}\"", entry.name),
            Kind::Listen(_) => format!("listen:@\"{}\"", entry.name),
            Kind::Unlisten(listener) => {
                format!("unlisten:@\"{}\" setter:@\"{}\"", entry.name, setter(listener))
            }
        };
        for name in std::iter::once(&entry.name).chain(entry.aliases) {
            page.push_str(&method(name, &said));
        }
    }
    for name in later() {
        page.push_str(&method(name, &format!("call:@\"{name}\"")));
    }
    page.push_str("\n@end\n");
    page
}

fn method(name: &str, said: &str) -> String {
    format!(
        "
UNI_EXPORT_METHOD(@selector({name}:callback:ignored:ignored:))
- (void){name}:(id)options callback:(UniModuleKeepAliveCallback)callback ignored:(id)a ignored:(id)b {{
  [self {said} options:options callback:callback];
}}
"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::methods;

    #[test]
    fn every_name_is_exported_once_and_answered_under_its_own() {
        let page = module();
        for name in methods().chain(later()) {
            let export = format!(
                "UNI_EXPORT_METHOD(@selector({name}:callback:ignored:ignored:))\n- (void){name}:(id)options"
            );
            assert_eq!(page.matches(&export).count(), 1, "{name}");
        }
        for line in [
            "  [self call:@\"unInit\" options:options callback:callback];",
            "  [self listen:@\"setSimpleMsgListener\" options:options callback:callback];",
            "  [self unlisten:@\"removeSimpleMsgListener\" setter:@\"setSimpleMsgListener\" options:options callback:callback];",
        ] {
            assert!(page.lines().any(|written| written == line), "{line}");
        }
    }
}

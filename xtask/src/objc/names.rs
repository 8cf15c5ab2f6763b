//! The names that the shell has to export.

use std::collections::BTreeSet;
use std::fs;

/// Written from the table of methods, beside the shell.
const LIST: &str = "uniapp-plugin/generated/methods.json";

/// Every name of the list: methods, their spellings, and those that are not served yet.
pub(super) fn all() -> Result<BTreeSet<String>, String> {
    let text = fs::read_to_string(LIST).map_err(|error| format!("{LIST} cannot be read: {error}"))?;
    read(&text).ok_or_else(|| format!("{LIST} is not as `cargo xtask bindings` writes it"))
}

/// The list is ours and has one shape: that of a line of `methods`, and that of a line of `later`.
fn read(text: &str) -> Option<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for line in text.lines() {
        let quoted: Vec<&str> = line.split('"').skip(1).step_by(2).collect();
        match quoted.as_slice() {
            ["name", name, "aliases", aliases @ .., "kind", _] => {
                names.insert((*name).to_owned());
                names.extend(aliases.iter().map(|alias| (*alias).to_owned()));
            }
            [name] if line.starts_with("    ") => {
                names.insert((*name).to_owned());
            }
            [] | ["generated", _] | ["methods" | "later"] => {}
            _ => return None,
        }
    }
    (!names.is_empty()).then_some(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_read_as_it_is_written() {
        let text = r#"{
  "generated": "Generated",
  "methods": [
    { "name": "init", "aliases": [], "kind": "call" },
    { "name": "unInit", "aliases": ["unInitSDK", "destroy"], "kind": "call" }
  ],
  "later": [
    "createImageMessage"
  ]
}
"#;
        let names = read(text).unwrap();
        let expected = ["createImageMessage", "destroy", "init", "unInit", "unInitSDK"];
        assert!(names.iter().eq(&expected), "{names:?}");
        assert_eq!(read(r#"{ "names": ["a", "b"] }"#), None);
    }
}

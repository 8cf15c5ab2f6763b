//! Lists of names: for the JavaScript surface, and for the native shells.

use super::HEAD;
use super::subjects::subjects;
use crate::table::{Kind, METHODS, later, methods};

/// The names that code of the npm package needs when it runs.
pub(super) fn typescript() -> String {
    let mut page = format!(
        "// {HEAD}\nimport type {{ EventMap, ListenerSetters, WhinchatNative }} from './index.js';\n"
    );
    page.push_str(
        "\n/** Every name that the module has, accepted spellings included. */\nexport const METHODS = [\n",
    );
    for name in methods() {
        page.push_str(&format!("  '{name}',\n"));
    }
    page.push_str("] as const satisfies readonly (keyof WhinchatNative)[];\n");
    page.push_str(
        "\n/** Names that are not served yet: the module has them too, and they answer 7013. Not declared, for nothing is known of them. */\nexport const LATER: readonly string[] = [\n",
    );
    for name in later() {
        page.push_str(&format!("  '{name}',\n"));
    }
    page.push_str("];\n");
    page.push_str(
        "\n/** The setter that brings each event. */\nexport const SETTERS: { [E in keyof EventMap]: keyof ListenerSetters } = {\n",
    );
    for subject in subjects() {
        for row in subject.events {
            page.push_str(&format!("  {}: '{}',\n", row.event_type, subject.setter.name));
        }
    }
    page.push_str("};\n");
    page
}

/// The names for the shells of Android and iOS, which declare each of them; those that are not served yet as well.
pub(super) fn json() -> String {
    let entries: Vec<_> = METHODS
        .iter()
        .map(|entry| {
            let kind = match entry.kind {
                Kind::Call(_) => "call",
                Kind::Listen(_) => "listen",
                Kind::Unlisten(_) => "unlisten",
            };
            let aliases: Vec<_> = entry.aliases.iter().map(|alias| format!("\"{alias}\"")).collect();
            format!(
                "    {{ \"name\": \"{}\", \"aliases\": [{}], \"kind\": \"{kind}\" }}",
                entry.name,
                aliases.join(", ")
            )
        })
        .collect();
    let later: Vec<_> = later().map(|name| format!("    \"{name}\"")).collect();
    format!(
        "{{\n  \"generated\": \"{HEAD}\",\n  \"methods\": [\n{}\n  ],\n  \"later\": [\n{}\n  ]\n}}\n",
        entries.join(",\n"),
        later.join(",\n")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_for_the_shells_is_json_and_has_every_name() {
        let list: serde_json::Value = serde_json::from_str(&json()).unwrap();
        let named: Vec<_> = list["methods"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|entry| std::iter::once(&entry["name"]).chain(entry["aliases"].as_array().unwrap()))
            .map(|name| name.as_str().unwrap())
            .collect();
        assert!(named.into_iter().eq(methods()));
    }
}

//! The code in the documentation, taken out so that the tests compile and run it.
//!
//! A block marked `kotlin program` or `java` is a file of its own, one marked `kotlin android` a file among the Android part's
//! tests. Every other block marked `kotlin` is a fragment: the body of a function with a client that is logged in.

use std::fs;
use std::path::Path;

use super::OUTPUT;
use super::generate::put;

const PAGES: &[(&str, &str)] = &[("docs/kotlin.md", "en"), ("docs/kotlin.zh-CN.md", "zh")];

/// Writes the blocks of every page that is there.
pub(super) fn write() -> Result<(), String> {
    for folder in ["docs", "docs-java", "docs-android"] {
        let folder = Path::new(OUTPUT).join(folder);
        if folder.exists() {
            fs::remove_dir_all(&folder)
                .map_err(|error| format!("{} cannot be written: {error}", folder.display()))?;
        }
        super::generate::make(&folder)?;
    }
    for (page, name) in PAGES {
        if !Path::new(page).exists() {
            continue;
        }
        let text = fs::read_to_string(page).map_err(|error| format!("{page} cannot be read: {error}"))?;
        for (path, text) in files(&text, name) {
            put(&Path::new(OUTPUT).join(path), &text)?;
        }
    }
    Ok(())
}

/// Blocks of code with what stands behind their fence.
fn blocks(page: &str) -> Vec<(&str, String)> {
    let mut found = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if let Some(kind) = line.strip_prefix("```").filter(|kind| !kind.is_empty()) {
            let code: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            found.push((kind, code.join("\n") + "\n"));
        }
    }
    found
}

fn files(page: &str, name: &str) -> Vec<(String, String)> {
    let mut files = Vec::new();
    let (mut imports, mut fragments) = (Vec::new(), String::new());
    let (mut programs, mut count) = (0, 0);
    for (kind, code) in blocks(page) {
        match kind {
            "kotlin program" => {
                programs += 1;
                let package = format!("im.whinchat.docs.{name}{programs}");
                files.push((
                    format!("docs/{name}/Program{programs}.kt"),
                    format!("package {package}\n\n{code}"),
                ));
            }
            "kotlin android" => {
                programs += 1;
                let package = format!("im.whinchat.docs.{name}{programs}");
                files.push((
                    format!("docs-android/{name}{programs}.kt"),
                    format!("package {package}\n\n{code}"),
                ));
            }
            "java" => {
                let package = format!("im.whinchat.docs.{name}");
                let class = code.split("class ").nth(1).and_then(|rest| rest.split_whitespace().next());
                let class = class.unwrap_or("Unnamed");
                let path = format!("docs-java/{}/{class}.java", package.replace('.', "/"));
                files.push((path, format!("package {package};\n\n{code}")));
            }
            "kotlin" => {
                count += 1;
                fragments.push_str(&format!("    suspend fun fragment{count}() {{\n"));
                for line in code.lines() {
                    if line.starts_with("import ") {
                        imports.push(line.to_owned());
                    } else {
                        fragments.push_str(&format!("        {line}\n"));
                    }
                }
                fragments.push_str("    }\n\n");
            }
            _ => {}
        }
    }
    imports.sort();
    imports.dedup();
    let all: Vec<String> = (1..=count).map(|number| format!("this::fragment{number}")).collect();
    let text = format!(
        "package im.whinchat.docs.{name}\n\nimport im.whinchat.*\nimport kotlinx.coroutines.*\nimport kotlinx.coroutines.flow.*\n{}\n\n@Suppress(\"UNUSED_VARIABLE\")\nclass Fragments(private val chat: Whinchat, private val scope: CoroutineScope, private val fetchUserSig: suspend (String) -> String) {{\n{fragments}    val all = listOf({})\n}}\n",
        imports.join("\n"),
        all.join(", "),
    );
    files.push((format!("docs/{name}/Fragments.kt"), text));
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_become_files_and_fragments() {
        let page = "a\n```kotlin\nimport x.Y\nchat.close()\n```\n```sh\nno\n```\n```kotlin program\nfun main() {}\n```\n```java\npublic final class Hello {\n}\n```\n";
        let files = files(page, "en");
        let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(
            names,
            ["docs/en/Program1.kt", "docs-java/im/whinchat/docs/en/Hello.java", "docs/en/Fragments.kt"]
        );
        let (_, fragments) = &files[2];
        assert!(fragments.contains("\nimport x.Y\n"));
        assert!(fragments.contains("    suspend fun fragment1() {\n        chat.close()\n    }\n"));
        assert!(fragments.contains("listOf(this::fragment1)"));
    }
}

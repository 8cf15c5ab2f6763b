//! The reference pages, in English and Chinese.

use super::subjects::{Subject, objects, params_name, subjects};
use crate::table::{Entry, Field, Kind, METHODS, Need};

/// Which page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    English,
    Chinese,
}

/// The chapters of the table and what they are called in Chinese.
const CHAPTERS: &[(&str, &str)] = &[
    ("Init, login, connection", "初始化、登录与连接"),
    ("Messages", "消息"),
    ("History, search, deletion, local data", "历史、搜索、删除与本地数据"),
    ("Conversations", "会话"),
    ("Groups", "群组"),
];

const HEAD_EN: &str = "\
# Reference of the JavaScript API

Generated from the table of methods in `crates/whinchat-bridge` by `cargo xtask bindings`; a test fails when it is stale.
[中文](reference.zh-CN.md)

    const Im = uni.requireNativePlugin('Whinchat-IM')
    Im.method({ …parameters }, (ret) => { if (ret.status) … })

Every method takes one object and one function. The function is called exactly once, with `status`, `code`, `msg` and `desc`,
and the fields below beside them; when `status` is false the fields are there and empty, and `code` says why
([error codes](errors.md)). A setter of a listener is called back for each event, with `eventType` and the fields of the event.
Parameters: `null` and `''` mean the default, numbers may be texts, one text may stand for a list of one; `…ID`, `…IDList` and
`faceURL` are read as `…Id`, `…IdList` and `faceUrl`.
";

const HEAD_ZH: &str = "\
# JavaScript API 参考

由 `cargo xtask bindings` 根据 `crates/whinchat-bridge` 的方法表生成；过期时测试会失败。[English](reference.md)

    const Im = uni.requireNativePlugin('Whinchat-IM')
    Im.method({ …参数 }, (ret) => { if (ret.status) … })

每个方法接受一个对象和一个函数。函数恰好回调一次，参数含 `status`、`code`、`msg`、`desc`，下列字段与之并列；`status` 为 false 时
字段仍在但为空，`code` 说明原因（见[错误码](errors.md)）。监听方法的回调在每个事件时调用，参数含 `eventType` 与事件字段。
参数：`null` 与 `''` 表示默认值，数字可写成字符串，单个字符串可代表只有一项的列表；`…ID`、`…IDList`、`faceURL` 视同 `…Id`、
`…IdList`、`faceUrl`。
";

impl Language {
    pub(super) fn say<T>(self, en: T, zh: T) -> T {
        match self {
            Self::English => en,
            Self::Chinese => zh,
        }
    }

    fn chapter(self, chapter: &'static str) -> &'static str {
        let zh = CHAPTERS.iter().find(|(en, _)| *en == chapter).map_or(chapter, |(_, zh)| zh);
        self.say(chapter, zh)
    }
}

/// A page.
pub(super) fn page(language: Language) -> String {
    let mut page = language.say(HEAD_EN, HEAD_ZH).to_owned();
    let subjects = subjects();
    let mut chapters: Vec<&str> = Vec::new();
    for entry in METHODS {
        if !chapters.contains(&entry.chapter) {
            chapters.push(entry.chapter);
        }
    }
    for chapter in chapters {
        page.push_str(&format!("\n## {}\n", language.chapter(chapter)));
        for entry in METHODS.iter().filter(|entry| entry.chapter == chapter) {
            page.push_str(&method(entry, language, &subjects));
        }
    }
    page.push_str(&format!("\n## {}\n", language.say("Objects", "对象")));
    let results: Vec<_> = METHODS.iter().map(|entry| (entry.result)().0).collect();
    for (name, object) in objects() {
        // What only one method takes or gives stands with the method.
        if object.given || results.contains(&name.as_str()) {
            continue;
        }
        page.push_str(&format!("\n### {name}\n\n{}", table(&object.fields, language, false)));
    }
    page
}

fn method(entry: &Entry, language: Language, subjects: &[Subject]) -> String {
    let mut text = format!("\n### {}\n\n{}", entry.name, language.say(entry.en, entry.zh));
    match (entry.need, &entry.kind) {
        (Need::Nothing, _) => {}
        (Need::Init, _) => text.push_str(language.say(" Needs `init`.", "需先 `init`。")),
        (Need::Login, _) => text.push_str(language.say(" Needs a login.", "需先登录。")),
    }
    if !entry.aliases.is_empty() {
        let aliases: Vec<_> = entry.aliases.iter().map(|alias| format!("`{alias}`")).collect();
        text.push_str(&format!("{}{}.", language.say(" Also called ", "别名："), aliases.join(", ")));
    }
    text.push('\n');
    let (name, fields) = (entry.params)();
    if !fields.is_empty() {
        let title = language.say("Parameters", "参数");
        text.push_str(&format!("\n{title} (`{}`):\n\n{}", params_name(name), table(&fields, language, true)));
    }
    let (name, fields) = (entry.result)();
    if !fields.is_empty() {
        let title = language.say("Result", "结果");
        text.push_str(&format!("\n{title} (`{name}`):\n\n{}", table(&fields, language, false)));
    }
    if let Kind::Listen(_) = entry.kind
        && let Some(subject) = subjects.iter().find(|subject| subject.setter.name == entry.name)
    {
        text.push_str(&events(subject, language));
    }
    text
}

fn events(subject: &Subject, language: Language) -> String {
    let heads = language.say("| event | when | fields |", "| 事件 | 何时 | 字段 |");
    let mut text = format!("\n{heads}\n|---|---|---|\n");
    for row in &subject.events {
        let fields: Vec<_> = (row.payload)()
            .iter()
            .map(|field| {
                format!("`{}` {}: {}", field.name, cell(&field.ts), cell(language.say(field.en, field.zh)))
            })
            .collect();
        text.push_str(&format!(
            "| `{}` | {} | {} |\n",
            row.event_type,
            cell(language.say(row.en, row.zh)),
            fields.join("<br>")
        ));
    }
    text
}

fn table(fields: &[Field], language: Language, given: bool) -> String {
    let mut text = match (given, language) {
        (true, Language::English) => "| name | type | required | what it is |\n|---|---|---|---|\n",
        (true, Language::Chinese) => "| 名称 | 类型 | 必填 | 说明 |\n|---|---|---|---|\n",
        (false, Language::English) => "| name | type | what it is |\n|---|---|---|\n",
        (false, Language::Chinese) => "| 名称 | 类型 | 说明 |\n|---|---|---|\n",
    }
    .to_owned();
    for field in fields {
        let mut said = cell(language.say(field.en, field.zh));
        if !field.aliases.is_empty() {
            let aliases: Vec<_> = field.aliases.iter().map(|alias| format!("`{alias}`")).collect();
            said.push_str(&format!("{}{}", language.say(" Also read as ", " 也接受 "), aliases.join(", ")));
        }
        let required = match (given, field.optional) {
            (false, _) => "",
            (true, true) => language.say("no | ", "否 | "),
            (true, false) => language.say("yes | ", "是 | "),
        };
        text.push_str(&format!("| `{}` | {} | {required}{said} |\n", field.name, cell(&field.ts)));
    }
    text
}

/// A cell of a table holds no bar and no bare angle bracket.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('<', "\\<")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_chapter_is_called_something_in_chinese() {
        for entry in METHODS {
            assert!(CHAPTERS.iter().any(|(en, _)| *en == entry.chapter), "CHAPTERS lacks {}", entry.chapter);
        }
    }

    #[test]
    fn both_pages_have_every_method() {
        for language in [Language::English, Language::Chinese] {
            let page = page(language);
            for entry in METHODS {
                assert!(page.contains(&format!("\n### {}\n", entry.name)), "{}", entry.name);
            }
        }
    }
}

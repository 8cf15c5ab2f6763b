//! The pages for who comes from the plugin that the API is compatible with: its methods one by one, and where each stands here.

use super::reference::Language;
use super::subjects::subjects;
use crate::table::{METHODS, NotServed, Source, Specified, not_served, specified};

/// The specification's chapters, by number.
const CHAPTERS: &[(&str, &str, &str)] = &[
    ("1", "Init, login, connection", "初始化、登录与连接"),
    ("2.4", "Creating messages", "创建消息"),
    ("2.5", "Sending", "发送"),
    ("2.7", "Receiving", "接收"),
    ("2.8", "Revoking, editing, receipts", "撤回、编辑与回执"),
    ("2.9", "Receive options", "消息接收选项"),
    ("2.10", "Extensions, reactions, pins, media", "扩展、回应、置顶与媒体"),
    ("3.1", "History", "历史消息"),
    ("3.2", "Deletion and search", "删除与搜索"),
    ("3.3", "Local data", "本地数据"),
    ("4.2", "Conversations", "会话"),
    ("4.3", "Marks, custom data, own groups of conversations", "会话标记、自定义数据与会话分组"),
    ("5.6", "Life of a group", "群组的创建与解散"),
    ("5.7", "Applications and invitations", "加群申请与邀请"),
    ("5.8", "Members", "群成员"),
    ("5.9", "Attributes and counters", "群属性与计数器"),
    ("5.11", "Communities, topics, permission groups", "社群、话题与权限组"),
    ("6", "Signaling", "信令"),
    ("7", "Users and presence", "用户资料与在线状态"),
    ("8", "Friends, black list, following", "好友、黑名单与关注"),
    ("9", "Push", "离线推送"),
];

/// What methods wait for, in Chinese.
const STEPS: &[(&str, &str)] = &[
    ("later, with communities", "后续版本，随社群提供"),
    ("later, with conversations", "后续版本，随会话提供"),
    ("later, with extensions, reactions, pins, media", "后续版本，随扩展、回应、置顶与媒体提供"),
    ("later, with friends", "后续版本，随好友提供"),
    ("later, with group attributes and counters", "后续版本，随群属性与计数器提供"),
    ("later, with groups", "后续版本，随群组提供"),
    ("later, with history", "后续版本，随历史消息提供"),
    ("later, with local data", "后续版本，随本地数据提供"),
    ("later, with marks and groups of conversations", "后续版本，随会话标记与分组提供"),
    ("later, with media", "后续版本，随媒体提供"),
    ("later, with messages", "后续版本，随消息提供"),
    ("later, with push", "后续版本，随离线推送提供"),
    ("later, with receive options", "后续版本，随消息接收选项提供"),
    ("later, with signaling", "后续版本，随信令提供"),
    ("later, with users and presence", "后续版本，随用户资料与在线状态提供"),
];

const HEAD_EN: &str = "\
# From RY-TencentIM, method by method

Generated from the table of methods in `crates/whinchat-bridge` by `cargo xtask bindings`; a test fails when it is stale.
[中文](uniapp-migration.zh-CN.md). How to move over is in [uniapp.md](uniapp.md#5-from-ry-tencentim); this page is the list.

Names, parameters, results, events and numbers are those of the plugin: a call that is served needs no change. A method that is
not served yet is there all the same and answers with code 7013, so an app that calls it goes on. \"Named by\" says where a
method is known from: the plugin's page, the SDK that it wraps, or us.
";

const HEAD_ZH: &str = "\
# 从 RY-TencentIM 迁移：逐个方法对照

由 `cargo xtask bindings` 根据 `crates/whinchat-bridge` 的方法表生成；过期时测试会失败。
[English](uniapp-migration.md)。迁移步骤见 [uniapp.zh-CN.md](uniapp.zh-CN.md#5-从-ry-tencentim-迁移)，本页只列方法。

方法名、参数、结果、事件与数值都与该插件一致：已提供的方法无需改动。尚未提供的方法同样存在，调用时返回错误码 7013，不会让应用出错。
“命名来源”说明方法出自插件页面、其封装的 SDK，还是我们新增。
";

/// A page.
pub(super) fn page(language: Language) -> String {
    let later: Vec<_> = not_served().collect();
    let mut page = language.say(HEAD_EN, HEAD_ZH).to_owned();
    let (all, ours) = (specified().count(), METHODS.len());
    page.push_str(&language.say(
        format!("\n{ours} of {all} methods are served; {} come later.\n", later.len()),
        format!("\n{all} 个方法中已提供 {ours} 个，其余 {} 个在后续版本提供。\n", later.len()),
    ));
    for (number, en, zh) in CHAPTERS {
        page.push_str(&format!("\n## {}\n\n", language.say(*en, *zh)));
        page.push_str(language.say(
            "| method | here | named by | also read as |\n|---|---|---|---|\n",
            "| 方法 | 现状 | 命名来源 | 也接受 |\n|---|---|---|---|\n",
        ));
        for method in specified().filter(|method| method.chapter == *number) {
            page.push_str(&row(&method, &later, language));
        }
    }
    page.push_str(&events(language));
    page
}

fn row(method: &Specified, later: &[NotServed], language: Language) -> String {
    let waits = later.iter().find(|waiting| waiting.name == method.name);
    let here = match waits {
        None => {
            let reference = language.say("reference.md", "reference.zh-CN.md");
            let anchor = method.name.to_lowercase();
            format!("[{}]({reference}#{anchor})", language.say("served", "已提供"))
        }
        Some(waiting) => {
            let zh = STEPS.iter().find(|(step, _)| *step == waiting.step).map_or(waiting.step, |(_, zh)| zh);
            language.say(waiting.step, zh).to_owned()
        }
    };
    let by = match method.source {
        Source::Plugin => language.say("the plugin", "插件页面"),
        Source::Wrapped => language.say("its SDK", "其封装的 SDK"),
        Source::Ours => language.say("us", "我们"),
    };
    let also: Vec<_> = method.spellings.iter().map(|spelling| format!("`{spelling}`")).collect();
    format!("| `{}` | {here} | {by} | {} |\n", method.name, also.join(", "))
}

/// The events that come by now.
fn events(language: Language) -> String {
    let mut text = language
        .say(
            "\n## Events\n\nWhat each listener is told by now.\n\n| listener | events |\n|---|---|\n",
            "\n## 事件\n\n各监听目前会收到的事件。\n\n| 监听 | 事件 |\n|---|---|\n",
        )
        .to_owned();
    for subject in subjects() {
        let names: Vec<_> = subject.events.iter().map(|row| format!("`{}`", row.event_type)).collect();
        text.push_str(&format!("| `{}` | {} |\n", subject.setter.name, names.join(", ")));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_method_of_the_specification_stands_once_on_both_pages() {
        for language in [Language::English, Language::Chinese] {
            let page = page(language);
            let (page, _) = page.split_once(language.say("\n## Events", "\n## 事件")).unwrap();
            for method in specified() {
                let row = format!("\n| `{}` | ", method.name);
                assert_eq!(page.matches(&row).count(), 1, "{} (chapter {})", method.name, method.chapter);
            }
        }
    }

    #[test]
    fn what_a_method_waits_for_is_said_in_chinese() {
        for waiting in not_served() {
            assert!(STEPS.iter().any(|(step, _)| *step == waiting.step), "STEPS lacks {:?}", waiting.step);
        }
    }
}

//! TypeScript: the module, or the functions of the successor format, what goes in, what comes out, what listeners are told.

use super::HEAD;
use super::subjects::{Subject, objects, params_name, shapes, subjects};
use super::uts;
use crate::table::{Entry, Field, Kind, METHODS};

const ANSWER: &str = "
/** What the callback of a method gets; its data stands beside `status`. / 方法回调的结果；数据与 status 并列。 */
export interface Answer {
  /** true: done; false: failed. An event never has it. / true 成功，false 失败；事件没有此字段。 */
  status: boolean;
  /** 0, or a code of docs/errors.md. / 0 或错误码。 */
  code: number;
  /** A sentence for the developer; not for matching. / 给开发者的说明，请勿用于判断。 */
  msg: string;
  /** The same text as `msg`. / 与 msg 相同。 */
  desc: string;
}
export type Result<T = {}> = Answer & T;
export type Callback<T = {}> = (ret: Result<T>) => void;
/** Methods without parameters take any object, `null` or nothing. / 无参数的方法可传任意对象、null 或不传。 */
export type Empty = object;
";

/// The declarations.
pub(super) fn page() -> String {
    let subjects = subjects();
    let mut page = format!("// {HEAD}\n{}", objects_declared());
    page.push_str(
        "\n/** The module as `uni.requireNativePlugin('Whinchat-IM')` gives it. / 原生插件模块。 */\n",
    );
    page.push_str("export interface WhinchatNative {\n");
    for entry in METHODS {
        page.push_str(&method(entry, &subjects));
    }
    page.push_str("}\n");
    for subject in &subjects {
        page.push_str(&events(subject));
    }
    let maps: Vec<_> = subjects.iter().map(|subject| format!("{}EventMap", subject.stem)).collect();
    page.push_str(&format!(
        "\n/** Every event, by name. / 全部事件。 */\nexport interface EventMap extends {} {{}}\n",
        maps.join(", ")
    ));
    page.push_str("\n/** Which events each setter brings. / 各监听方法对应的事件。 */\nexport type ListenerSetters = {\n");
    for Subject { setter, stem, .. } in &subjects {
        page.push_str(&format!("  {}: keyof {stem}EventMap;\n", setter.name));
    }
    page.push_str("};\n");
    page.push_str(&told(&subjects));
    page
}

/// The declarations of the successor format: functions in place of a module's methods, Promises in place of callbacks.
pub(super) fn functions() -> String {
    let subjects = subjects();
    let mut page = format!("// {HEAD}\n{}", objects_declared());
    for subject in &subjects {
        page.push_str(&events(subject));
    }
    page.push_str(&told(&subjects));
    for entry in METHODS {
        let said = format!("\n/** {} / {} */\n", comment(entry.en), comment(entry.zh));
        let signature = match entry.kind {
            Kind::Listen(_) => {
                format!("(listener: (event: {}Event) => void): void;\n", stem_of(entry, &subjects))
            }
            Kind::Call(_) | Kind::Unlisten(_) => {
                format!("({}): Promise<{}>;\n", taken(entry), given(entry, "Result"))
            }
        };
        page.push_str(&format!("{said}export function {}{signature}", uts::exported(entry.name)));
        for alias in entry.aliases {
            page.push_str(&format!(
                "/** @deprecated the name is `{}` */\nexport function {alias}{signature}",
                uts::exported(entry.name)
            ));
        }
    }
    page
}

/// What is given and taken: the answer, every object by name, types that are one of several objects.
fn objects_declared() -> String {
    let mut text = ANSWER.to_owned();
    for (name, object) in objects() {
        text.push_str(&format!("\nexport interface {name} {{\n"));
        for field in &object.fields {
            text.push_str(&declared(field, "  "));
        }
        text.push_str("}\n");
    }
    for (name, of) in shapes().unions {
        text.push_str(&format!("\nexport type {name} = {};\n", of.join(" | ")));
    }
    text
}

/// What each listener is called with.
fn told(subjects: &[Subject]) -> String {
    let mut text = "\ntype Told<M> = { [E in keyof M]: { eventType: E } & M[E] }[keyof M];\n".to_owned();
    for Subject { stem, .. } in subjects {
        text.push_str(&format!("export type {stem}Event = Told<{stem}EventMap>;\n"));
    }
    text
}

/// The parameter of a method; it may be left out where nothing is required.
fn taken(entry: &Entry) -> String {
    let (params, fields) = (entry.params)();
    if fields.is_empty() {
        "params?: Empty | null".to_owned()
    } else if fields.iter().all(|field| field.optional) {
        format!("params?: {} | null", params_name(params))
    } else {
        format!("params: {}", params_name(params))
    }
}

/// `Result<LoginStatus>`, or `Result` for a method that only says whether it is done.
fn given(entry: &Entry, wrapper: &str) -> String {
    match (entry.result)() {
        (_, fields) if fields.is_empty() => wrapper.to_owned(),
        (name, _) => format!("{wrapper}<{name}>"),
    }
}

fn stem_of(entry: &Entry, subjects: &[Subject]) -> &'static str {
    subjects.iter().find(|subject| subject.setter.name == entry.name).map_or("", |subject| subject.stem)
}

fn declared(field: &Field, indent: &str) -> String {
    let mut said = String::new();
    if !field.aliases.is_empty() {
        let also: Vec<_> = field.aliases.iter().map(|alias| format!("`{alias}`")).collect();
        said = format!(" (also read as / 也接受: {})", also.join(", "));
    }
    let mark = if field.optional { "?" } else { "" };
    let or_null = if field.optional { " | null" } else { "" };
    format!(
        "{indent}/** {} / {}{said} */\n{indent}{}{mark}: {}{or_null};\n",
        comment(field.en),
        comment(field.zh),
        field.name,
        field.ts
    )
}

fn method(entry: &Entry, subjects: &[Subject]) -> String {
    let params = taken(entry);
    let callback = match entry.kind {
        Kind::Listen(_) => format!("(event: {}Event) => void", stem_of(entry, subjects)),
        Kind::Call(_) | Kind::Unlisten(_) => given(entry, "Callback"),
    };
    let said = format!("{} / {}", comment(entry.en), comment(entry.zh));
    let mut text = format!("  /** {said} */\n  {}({params}, callback?: {callback}): void;\n", entry.name);
    for alias in entry.aliases {
        text.push_str(&format!(
            "  /** @deprecated the name is `{}` */\n  {alias}({params}, callback?: {callback}): void;\n",
            entry.name
        ));
    }
    text
}

fn events(subject: &Subject) -> String {
    let mut text = format!("\nexport interface {}EventMap {{\n", subject.stem);
    for row in &subject.events {
        text.push_str(&format!("  /** {} / {} */\n", comment(row.en), comment(row.zh)));
        let fields = (row.payload)();
        if fields.is_empty() {
            text.push_str(&format!("  {}: {{}};\n", row.event_type));
        } else {
            text.push_str(&format!("  {}: {{\n", row.event_type));
            for field in &fields {
                text.push_str(&declared(field, "    "));
            }
            text.push_str("  };\n");
        }
    }
    text.push_str("}\n");
    text
}

/// A sentence inside a comment cannot end it.
fn comment(text: &str) -> String {
    text.replace("*/", "* /")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_have_required_and_optional_parameters_and_results() {
        let page = page();
        for line in [
            "  login(params: LoginParams, callback?: Callback): void;",
            "  getLoginStatus(params?: Empty | null, callback?: Callback<LoginStatus>): void;",
            "  /** @deprecated the name is `unInit` */",
            "  setSDKListener(params?: Empty | null, callback?: (event: SDKEvent) => void): void;",
            "  docPath?: string | null;",
            "  setSDKListener: keyof SDKEventMap;",
        ] {
            assert!(page.lines().any(|written| written == line), "{line}");
        }
    }
}

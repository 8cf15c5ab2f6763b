//! What is written from the table: TypeScript declarations, lists of names, the functions of the UTS plugin, the reference
//! pages.
//!
//! The same table gives the same bytes on every machine, so a test can tell that a file in the repository is stale;
//! `cargo xtask bindings` writes them.

mod declarations;
mod kotlin;
mod migration;
mod names;
mod objective_c;
mod reference;
mod subjects;
mod uts;

/// A file of the repository that the table determines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Where it is, from the root of the repository.
    pub path: &'static str,
    /// What it says.
    pub text: String,
}

/// What every generated source begins with.
const HEAD: &str =
    "Generated from the table of methods in crates/whinchat-bridge by `cargo xtask bindings`; do not edit.";

/// Every file that follows from the table.
#[must_use]
pub fn files() -> Vec<File> {
    vec![
        File {
            path: "uniapp-plugin/packages/whinchat-uniapp/src/generated/index.ts",
            text: declarations::page(),
        },
        File {
            path: "uniapp-plugin/packages/whinchat-uniapp/src/generated/methods.ts",
            text: names::typescript(),
        },
        File { path: "uniapp-plugin/generated/methods.json", text: names::json() },
        File { path: "uniapp-plugin/shell/android/generated/WhinchatModule.kt", text: kotlin::module() },
        File { path: "uniapp-plugin/shell/ios/generated/WhinchatIMModule.m", text: objective_c::module() },
        File {
            path: "uniapp-plugin/uni_modules/whinchat-im/utssdk/app-android/index.uts",
            text: uts::page(uts::Target::Native),
        },
        File {
            path: "uniapp-plugin/uni_modules/whinchat-im/utssdk/app-ios/index.uts",
            text: uts::page(uts::Target::Native),
        },
        File {
            path: "uniapp-plugin/uni_modules/whinchat-im/utssdk/web/index.uts",
            text: uts::page(uts::Target::Web),
        },
        File { path: "uniapp-plugin/uni_modules/whinchat-im/index.d.ts", text: declarations::functions() },
        File { path: "docs/reference.md", text: reference::page(reference::Language::English) },
        File { path: "docs/reference.zh-CN.md", text: reference::page(reference::Language::Chinese) },
        File { path: "docs/uniapp-migration.md", text: migration::page(reference::Language::English) },
        File { path: "docs/uniapp-migration.zh-CN.md", text: migration::page(reference::Language::Chinese) },
    ]
}

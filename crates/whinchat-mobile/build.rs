//! How the shared library is linked, whoever builds it and for what: `cargo xtask elf` and a test hold the result against
//! the same rules.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let system = std::env::var("CARGO_CFG_TARGET_OS").unwrap_or_default();
    if matches!(system.as_str(), "android" | "linux") {
        let flags = [
            // Phones with pages of 16 KB map nothing smaller, and protect whole pages.
            "-Wl,-z,max-page-size=16384",
            "-Wl,-z,common-page-size=16384",
            // The name by which others that link it find it, wherever it lay then.
            "-Wl,-soname,libwhinchat.so",
        ];
        for flag in flags {
            println!("cargo::rustc-cdylib-link-arg={flag}");
        }
    }
}

//! Compiles the `.proto` files in Rust, so that no `protoc` has to be installed.

use std::io::Error;

const FILES: [&str; 8] = ["content", "conversation", "error", "frame", "group", "message", "session", "sync"];

fn main() -> Result<(), Error> {
    println!("cargo::rerun-if-changed=proto");
    let paths: Vec<String> = FILES.iter().map(|name| format!("proto/whinchat/v1/{name}.proto")).collect();
    let set = protox::compile(paths, ["proto"]).map_err(Error::other)?;
    prost_build::Config::new()
        // Bodies are forwarded as they came: sharing the buffer spares a copy a frame.
        .bytes(["."])
        .type_attribute(".", "#[allow(missing_docs)]")
        .compile_fds(set)
}

//! Compiles the `.proto` files in Rust, so that no `protoc` has to be installed.

use std::io::Error;

use prost_types::FileDescriptorSet;
use prost_types::field_descriptor_proto::Type;

const FILES: [&str; 8] = ["content", "conversation", "error", "frame", "group", "message", "session", "sync"];

fn main() -> Result<(), Error> {
    println!("cargo::rerun-if-changed=proto");
    let paths: Vec<String> = FILES.iter().map(|name| format!("proto/whinchat/v1/{name}.proto")).collect();
    let mut set = protox::compile(paths, ["proto"]).map_err(Error::other)?;
    as_bytes(&mut set, "Response", "fetch_entries")?;
    prost_build::Config::new()
        // Bodies are forwarded as they came: sharing the buffer spares a copy a frame.
        .bytes(["."])
        .type_attribute(".", "#[allow(missing_docs)]")
        .compile_fds(set)
}

/// Makes the generated type hold a message field in its encoding, which is the same on the wire: whoever reads or writes it
/// does without the types in between (see src/raw.rs).
fn as_bytes(set: &mut FileDescriptorSet, message: &str, field: &str) -> Result<(), Error> {
    let messages = set.file.iter_mut().flat_map(|file| &mut file.message_type);
    let field = messages
        .filter(|found| found.name() == message)
        .flat_map(|found| &mut found.field)
        .find(|found| found.name() == field)
        .ok_or_else(|| Error::other(format!("{message} has no {field}")))?;
    field.set_type(Type::Bytes);
    field.type_name = None;
    Ok(())
}

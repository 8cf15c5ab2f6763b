//! Whether library and generated code belong together.
#![allow(unsafe_code)]

/// A number for everything that crosses the border: methods, records, enums. A test of `whinchat-bindgen` says what it has to be.
pub(crate) const CONTRACT: u64 = 0xf14d_48d7_3776_5621;

/// The number of the border that this library has. Plain C, so that it can be asked before anything that was generated: uniffi
/// ends the process, or breaks the class, when code of another version meets it.
#[unsafe(no_mangle)]
pub extern "C" fn whinchat_ffi_contract() -> u64 {
    CONTRACT
}

/// The version of this library, such as `0.1.0`.
#[uniffi::export]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

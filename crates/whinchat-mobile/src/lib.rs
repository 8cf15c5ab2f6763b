//! The one library that ships in apps. What it does is in `whinchat-bridge`; `include/whinchat.h` is how it is called.

pub use whinchat_bridge::c_abi;
#[cfg(not(target_vendor = "apple"))]
pub use whinchat_bridge::jni;

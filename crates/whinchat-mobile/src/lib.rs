//! The one library that ships in apps. What it does is in `whinchat-bridge` and `whinchat-ffi`; `include/` has how it is called
//! from C. Both faces share one core.

#[cfg(feature = "bridge")]
pub use whinchat_bridge::c_abi;
#[cfg(all(feature = "bridge", not(target_vendor = "apple")))]
pub use whinchat_bridge::jni;
// Without a name of its own in here, the linker would leave it out.
#[cfg(feature = "ffi")]
pub use whinchat_ffi;

//! The C ABI over the table of methods: `crates/whinchat-mobile/include/whinchat.h` says what each function does.
//!
//! The only unsafe code of this crate: reading the caller's texts, writing the new context's number, and calling the
//! caller's function. Contexts are numbers, so one that is gone is an error and never a dangling pointer.
#![allow(unsafe_code)]

use std::ffi::{CStr, c_char, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};

use whinchat_core::{ErrorCode, Result};

use crate::delivery::Delivery;
use crate::embed::{self, Config};

/// The function that the host is called with.
pub type Deliver =
    unsafe extern "C" fn(user: *mut c_void, call: u64, json: *const c_char, length: usize, keep: bool);

/// Where deliveries go.
struct Target {
    deliver: Deliver,
    user: *mut c_void,
}

// SAFETY: the header asks of the host that `user` may be used on the one thread that deliveries come from; nothing here
// reads what it points to.
unsafe impl Send for Target {}

impl Target {
    fn hand(&self, delivery: Delivery) {
        let Delivery { call, json, keep } = delivery;
        let length = json.len();
        let mut text = json.into_bytes();
        // JSON holds no zero byte, so the text ends here for those who do not look at the length.
        text.push(0);
        // SAFETY: the host gave this function for this, and `user` with it; `text` lives until it returns.
        unsafe { (self.deliver)(self.user, call, text.as_ptr().cast(), length, keep) }
    }
}

/// Runs `work`; gives 0 or the number of the error. A panic is 7012 and goes no further.
fn guarded(work: impl FnOnce() -> Result<()>) -> i32 {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(Ok(())) => 0,
        Ok(Err(error)) => error.code,
        Err(_) => ErrorCode::Internal.number(),
    }
}

/// The text at `pointer`; 6017 when there is none or it is not UTF-8.
///
/// # Safety
///
/// `pointer` is null or points to a text that ends with a zero byte and does not change during the call.
unsafe fn text<'a>(pointer: *const c_char) -> Result<&'a str> {
    if pointer.is_null() {
        return Err(ErrorCode::BadParameter.into());
    }
    // SAFETY: not null, and the rest is asked of the caller.
    let text = unsafe { CStr::from_ptr(pointer) };
    text.to_str().map_err(|_| ErrorCode::BadParameter.into())
}

/// Makes a context.
///
/// # Safety
///
/// `config` is null or a text that ends with a zero byte; `out` is null or may be written. `deliver` may be called with
/// `user` from another thread until the context was destroyed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn whinchat_create(
    config: *const c_char,
    deliver: Option<Deliver>,
    user: *mut c_void,
    out: *mut u64,
) -> i32 {
    guarded(|| {
        // SAFETY: asked of the caller.
        let config = Config::read(unsafe { text(config) }?)?;
        let (Some(deliver), false) = (deliver, out.is_null()) else {
            return Err(ErrorCode::BadParameter.into());
        };
        let target = Target { deliver, user };
        let context = embed::create(config, move |delivery| target.hand(delivery))?;
        // SAFETY: not null, and the caller lets it be written.
        unsafe { out.write(context) };
        Ok(())
    })
}

/// Calls a method.
///
/// # Safety
///
/// `method` and `params` are null or texts that end with a zero byte.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn whinchat_call(
    context: u64,
    id: u64,
    method: *const c_char,
    params: *const c_char,
) -> i32 {
    guarded(|| {
        // SAFETY: asked of the caller.
        let method = unsafe { text(method) }?;
        // SAFETY: asked of the caller.
        let params = if params.is_null() { "" } else { unsafe { text(params) }? };
        embed::call(context, id, method, params)
    })
}

/// Ends a context.
#[unsafe(no_mangle)]
pub extern "C" fn whinchat_destroy(context: u64) -> i32 {
    guarded(|| embed::destroy(context))
}

/// Tells whether somebody looks at the app.
#[unsafe(no_mangle)]
pub extern "C" fn whinchat_set_foreground(context: u64, foreground: bool) -> i32 {
    guarded(|| {
        embed::bridge(context)?.set_foreground(foreground);
        Ok(())
    })
}

/// Tells that the device may be on another network.
#[unsafe(no_mangle)]
pub extern "C" fn whinchat_network_changed(context: u64) -> i32 {
    guarded(|| {
        embed::bridge(context)?.network_changed();
        Ok(())
    })
}

/// Puts the device's client to sleep.
#[unsafe(no_mangle)]
pub extern "C" fn whinchat_pause(context: u64) -> i32 {
    guarded(|| embed::wait(embed::bridge(context)?.pause()))
}

/// Wakes the device's client.
#[unsafe(no_mangle)]
pub extern "C" fn whinchat_resume(context: u64) -> i32 {
    guarded(|| embed::wait(embed::bridge(context)?.resume()))
}

/// The version of this library.
#[unsafe(no_mangle)]
pub extern "C" fn whinchat_version() -> *const c_char {
    const VERSION: &CStr =
        match CStr::from_bytes_with_nul(concat!(env!("CARGO_PKG_VERSION"), "\0").as_bytes()) {
            Ok(version) => version,
            Err(_) => c"",
        };
    VERSION.as_ptr()
}

//! The JNI face: the native methods of `im.whinchat.uniapp.Native` (uniapp-plugin/shell/android).
//!
//! Texts cross as arrays of bytes, in UTF-8: Java's own native strings are a dialect of it that has no characters beyond
//! U+FFFF and no zero. Deliveries are taken by a thread of Java's, so nothing here attaches a thread, calls into Java, or holds
//! a reference for longer than a call.
//!
//! The only unsafe code: the functions of the environment that Java hands to each call.
#![allow(unsafe_code)]

#[cfg(test)]
mod tests;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;

use jni_sys::{JNIEnv, jbyte, jbyteArray, jclass, jint, jlong, jsize};
use whinchat_core::{Error, ErrorCode, Result};

use crate::delivery::Delivery;
use crate::embed::{self, Config};

/// What `tell` says.
mod told {
    pub(super) const BACKGROUND: i32 = 0;
    pub(super) const FOREGROUND: i32 = 1;
    pub(super) const NETWORK: i32 = 2;
}

/// Bytes in front of a delivery's JSON: the call, most significant byte first, and whether its callback stays.
const HEAD: usize = 9;

/// The environment of a call from Java.
struct Env(*mut JNIEnv);

impl Env {
    /// What Java's array of bytes holds; `None` for null. 7012: there is no memory for it.
    fn read(&self, array: jbyteArray) -> Result<Option<Vec<u8>>> {
        if array.is_null() {
            return Ok(None);
        }
        // SAFETY: Java gave this environment to the running call on this thread, its table has these functions since JNI 1.1,
        // and `array` is a live reference to an array of bytes, as the method's signature says. The region is the whole
        // array, so the vector has room for what is written.
        unsafe {
            let functions = &(**self.0).v1_1;
            let length = (functions.GetArrayLength)(self.0, array);
            let size = usize::try_from(length).unwrap_or_default();
            let mut bytes = Vec::new();
            // A process of 32 bits has not always room for what Java has.
            bytes
                .try_reserve_exact(size)
                .map_err(|error| Error::new(ErrorCode::Internal, error.to_string()))?;
            bytes.resize(size, 0_u8);
            (functions.GetByteArrayRegion)(self.0, array, 0, length, bytes.as_mut_ptr().cast::<jbyte>());
            Ok(Some(bytes))
        }
    }

    /// An array of bytes for Java, out of two parts. `None`: Java has no memory, and throws when the call returns.
    fn write(&self, parts: [&[u8]; 2]) -> Option<jbyteArray> {
        let [head, body] = parts.map(|part| jsize::try_from(part.len()).ok());
        let (head, body) = (head?, body?);
        let length = head.checked_add(body)?;
        let [first, second] = parts.map(|part| part.as_ptr().cast::<jbyte>());
        // SAFETY: as above; the array is new and as long as both regions together, each part is as long as its region, and
        // no function is called after one that has thrown.
        unsafe {
            let functions = &(**self.0).v1_1;
            let array = (functions.NewByteArray)(self.0, length);
            if array.is_null() {
                return None;
            }
            (functions.SetByteArrayRegion)(self.0, array, 0, head, first);
            (functions.SetByteArrayRegion)(self.0, array, head, body, second);
            Some(array)
        }
    }
}

/// Runs `work`; gives 0 or the number of the error. A panic is 7012 and goes no further.
fn guarded<T>(work: impl FnOnce() -> Result<T>) -> std::result::Result<T, i32> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(done) => done.map_err(|error| error.code),
        Err(_) => Err(ErrorCode::Internal.number()),
    }
}

fn text(bytes: Option<Vec<u8>>) -> Result<String> {
    let bytes = bytes.ok_or(ErrorCode::BadParameter)?;
    String::from_utf8(bytes).map_err(|_| ErrorCode::BadParameter.into())
}

fn number(context: jlong) -> Result<u64> {
    u64::try_from(context).map_err(|_| ErrorCode::NotInitialised.into())
}

/// `create(config)`: a context's number, or an error's with a minus.
///
/// # Safety
///
/// For Java to call, by the signature that its class declares.
#[unsafe(no_mangle)]
pub unsafe extern "system" fn Java_im_whinchat_uniapp_Native_create(
    env: *mut JNIEnv,
    _class: jclass,
    config: jbyteArray,
) -> jlong {
    let made = guarded(|| {
        let config = Config::read(&text(Env(env).read(config)?)?)?;
        let context = embed::create_pulled(config)?;
        jlong::try_from(context).map_err(|_| ErrorCode::Internal.into())
    });
    made.unwrap_or_else(|code| -jlong::from(code))
}

/// `call(context, id, method, params)`: 0, or the number of an error.
///
/// # Safety
///
/// For Java to call, by the signature that its class declares.
#[unsafe(no_mangle)]
pub unsafe extern "system" fn Java_im_whinchat_uniapp_Native_call(
    env: *mut JNIEnv,
    _class: jclass,
    context: jlong,
    id: jlong,
    method: jbyteArray,
    params: jbyteArray,
) -> jint {
    let called = guarded(|| {
        let env = Env(env);
        let method = text(env.read(method)?)?;
        let params = env.read(params)?.map_or(Ok(String::new()), |params| text(Some(params)))?;
        let id = u64::try_from(id).map_err(|_| ErrorCode::BadParameter)?;
        embed::call(number(context)?, id, &method, &params)
    });
    called.err().unwrap_or(0)
}

/// `next(context)`: waits for the next delivery and gives it; null when the context is gone.
///
/// # Safety
///
/// For Java to call, by the signature that its class declares.
#[unsafe(no_mangle)]
pub unsafe extern "system" fn Java_im_whinchat_uniapp_Native_next(
    env: *mut JNIEnv,
    _class: jclass,
    context: jlong,
) -> jbyteArray {
    let arrives = |delivery: &Delivery| {
        let mut head = [0_u8; HEAD];
        let (call, keep) = head.split_at_mut(HEAD - 1);
        call.copy_from_slice(&delivery.call.to_be_bytes());
        keep.copy_from_slice(&[u8::from(delivery.keep)]);
        Env(env).write([&head, delivery.json.as_bytes()])
    };
    let taken = guarded(|| Ok(embed::take(number(context)?, arrives)));
    taken.ok().flatten().unwrap_or(ptr::null_mut())
}

/// `tell(context, what)`: 0, or the number of an error.
///
/// # Safety
///
/// For Java to call, by the signature that its class declares.
#[unsafe(no_mangle)]
pub unsafe extern "system" fn Java_im_whinchat_uniapp_Native_tell(
    _env: *mut JNIEnv,
    _class: jclass,
    context: jlong,
    what: jint,
) -> jint {
    let told = guarded(|| {
        let bridge = embed::bridge(number(context)?)?;
        match what {
            told::BACKGROUND => bridge.set_foreground(false),
            told::FOREGROUND => bridge.set_foreground(true),
            told::NETWORK => bridge.network_changed(),
            _ => return Err(ErrorCode::BadParameter.into()),
        }
        Ok(())
    });
    told.err().unwrap_or(0)
}

/// `destroy(context)`: 0, or the number of an error.
///
/// # Safety
///
/// For Java to call, by the signature that its class declares.
#[unsafe(no_mangle)]
pub unsafe extern "system" fn Java_im_whinchat_uniapp_Native_destroy(
    _env: *mut JNIEnv,
    _class: jclass,
    context: jlong,
) -> jint {
    guarded(|| embed::destroy(number(context)?)).err().unwrap_or(0)
}

//! The functions of the JNI face, called as Java calls them, with an environment of our own: the few functions of Java that they
//! may use, and an end of the process for every other one.

use std::cell::{Cell, RefCell};
use std::mem::{align_of, size_of};
use std::thread;

use jni_sys::{JNINativeInterface_, jarray};
use tempfile::{TempDir, tempdir};

use super::*;

const NOT_INITIALISED: i32 = 6013;
const BAD_PARAMETER: i32 = 6017;
const NOT_JSON: i32 = 6027;

/// Pointers in Java's table of functions.
const FUNCTIONS: usize = size_of::<JNINativeInterface_>() / size_of::<usize>();

/// A thread of Java's: what native code gets for an environment begins with a pointer to the table.
#[repr(C)]
struct Java {
    table: *const [usize; FUNCTIONS],
    functions: Box<[usize; FUNCTIONS]>,
    #[expect(clippy::vec_box, reason = "an array stays where it is while others are added")]
    arrays: RefCell<Vec<Box<Vec<jbyte>>>>,
    /// There is no memory for arrays.
    is_full: Cell<bool>,
    /// Something was thrown, and nothing may be asked until the call has returned.
    has_thrown: Cell<bool>,
}

fn java<'a>(env: *mut JNIEnv) -> &'a Java {
    // SAFETY: every environment here is the beginning of a `Java`, which outlives the call.
    let java = unsafe { &*env.cast::<Java>() };
    assert!(!java.has_thrown.get(), "Java was asked for something while an exception was on its way");
    java
}

extern "system" fn unexpected() {
    // Nothing to unwind into: the process ends, and with it the test.
    std::process::abort();
}

extern "system" fn length(env: *mut JNIEnv, array: jarray) -> jsize {
    java(env);
    assert!(!array.is_null());
    // SAFETY: an array of `Java::array` or of `new_array`, which live as long as their `Java`.
    let array = unsafe { &*array.cast::<Vec<jbyte>>() };
    array.len().try_into().unwrap()
}

extern "system" fn new_array(env: *mut JNIEnv, length: jsize) -> jbyteArray {
    let java = java(env);
    if java.is_full.get() {
        java.has_thrown.set(true);
        return ptr::null_mut();
    }
    java.array_of(vec![0; length.try_into().unwrap()])
}

extern "system" fn get(env: *mut JNIEnv, array: jbyteArray, start: jsize, length: jsize, to: *mut jbyte) {
    java(env);
    let (start, length) = (usize::try_from(start).unwrap(), usize::try_from(length).unwrap());
    // SAFETY: as above; the caller has room for `length` at `to`.
    unsafe {
        let part = &(&*array.cast::<Vec<jbyte>>())[start..start + length];
        ptr::copy_nonoverlapping(part.as_ptr(), to, length);
    }
}

extern "system" fn set(env: *mut JNIEnv, array: jbyteArray, start: jsize, length: jsize, from: *const jbyte) {
    java(env);
    let (start, length) = (usize::try_from(start).unwrap(), usize::try_from(length).unwrap());
    // SAFETY: as above; the caller has `length` at `from`.
    unsafe {
        let part = &mut (&mut *array.cast::<Vec<jbyte>>())[start..start + length];
        ptr::copy_nonoverlapping(from, part.as_mut_ptr(), length);
    }
}

impl Java {
    fn new() -> Box<Self> {
        let _: () = assert!(align_of::<JNINativeInterface_>() == align_of::<usize>());
        let mut functions = Box::new([unexpected as extern "system" fn() as usize; FUNCTIONS]);
        // SAFETY: the table is nothing but pointers, all of them to functions by now, and has its size and alignment.
        let named = unsafe { &mut (*functions.as_mut_ptr().cast::<JNINativeInterface_>()).v1_1 };
        named.GetArrayLength = length;
        named.NewByteArray = new_array;
        named.GetByteArrayRegion = get;
        named.SetByteArrayRegion = set;
        let (arrays, is_full, has_thrown) = <(RefCell<_>, Cell<_>, Cell<_>)>::default();
        Box::new(Self { table: &raw const *functions, functions, arrays, is_full, has_thrown })
    }

    fn env(&self) -> *mut JNIEnv {
        debug_assert_eq!(self.table, &raw const *self.functions);
        (&raw const *self).cast_mut().cast()
    }

    fn array_of(&self, bytes: Vec<jbyte>) -> jbyteArray {
        let mut array = Box::new(bytes);
        let reference = (&raw mut *array).cast();
        self.arrays.borrow_mut().push(array);
        reference
    }

    fn array(&self, bytes: &[u8]) -> jbyteArray {
        self.array_of(bytes.iter().map(|byte| byte.cast_signed()).collect())
    }

    fn create(&self, config: jbyteArray) -> jlong {
        // SAFETY: as Java calls it.
        unsafe { Java_im_whinchat_uniapp_Native_create(self.env(), ptr::null_mut(), config) }
    }

    fn call(&self, context: jlong, id: jlong, method: jbyteArray, params: jbyteArray) -> jint {
        // SAFETY: as Java calls it.
        unsafe {
            Java_im_whinchat_uniapp_Native_call(self.env(), ptr::null_mut(), context, id, method, params)
        }
    }

    fn next(&self, context: jlong) -> Option<Vec<u8>> {
        // SAFETY: as Java calls it.
        let array = unsafe { Java_im_whinchat_uniapp_Native_next(self.env(), ptr::null_mut(), context) };
        // SAFETY: null, or an array of ours.
        let array = unsafe { array.cast::<Vec<jbyte>>().as_ref() };
        array.map(|array| array.iter().map(|byte| byte.cast_unsigned()).collect())
    }

    fn tell(&self, context: jlong, what: jint) -> jint {
        // SAFETY: as Java calls it.
        unsafe { Java_im_whinchat_uniapp_Native_tell(self.env(), ptr::null_mut(), context, what) }
    }

    fn destroy(&self, context: jlong) -> jint {
        // SAFETY: as Java calls it.
        unsafe { Java_im_whinchat_uniapp_Native_destroy(self.env(), ptr::null_mut(), context) }
    }
}

/// A context on a device of its own.
fn context(java: &Java) -> (jlong, TempDir) {
    let folder = tempdir().unwrap();
    let config = serde_json::json!({
        "documents": folder.path(), "platform": "android", "core": folder.path().display().to_string()
    });
    let context = java.create(java.array(config.to_string().as_bytes()));
    assert!(context > 0, "{context}");
    (context, folder)
}

/// The call's id, whether its callback stays, and the JSON.
fn parts(delivery: &[u8]) -> (u64, bool, serde_json::Value) {
    let (head, json) = delivery.split_at(HEAD);
    let (call, keep) = head.split_at(HEAD - 1);
    (u64::from_be_bytes(call.try_into().unwrap()), keep == [1], serde_json::from_slice(json).unwrap())
}

#[test]
fn what_is_no_configuration_makes_no_context() {
    let java = Java::new();
    assert_eq!(java.create(ptr::null_mut()), -jlong::from(BAD_PARAMETER));
    for (config, code) in [
        (&b""[..], NOT_JSON),
        (b"\xff\xfe", BAD_PARAMETER),
        (b"{", NOT_JSON),
        (b"[]", BAD_PARAMETER),
        (b"{}", BAD_PARAMETER),
        (br#"{"documents":"/tmp","platform":"fridge"}"#, BAD_PARAMETER),
    ] {
        let made = java.create(java.array(config));
        assert_eq!(made, -jlong::from(code), "{}", String::from_utf8_lossy(config));
    }
}

#[test]
fn numbers_that_are_no_contexts_are_refused_by_everything() {
    let java = Java::new();
    let (gone, _folder) = context(&java);
    assert_eq!(java.destroy(gone), 0);
    for number in [gone, 0, -1, jlong::MIN, jlong::MAX] {
        assert_eq!(java.call(number, 1, java.array(b"getVersion"), ptr::null_mut()), NOT_INITIALISED);
        assert_eq!(java.next(number), None);
        for what in [told::BACKGROUND, told::FOREGROUND, told::NETWORK] {
            assert_eq!(java.tell(number, what), NOT_INITIALISED);
        }
        assert_eq!(java.destroy(number), NOT_INITIALISED, "{number}");
    }
}

#[test]
fn a_call_that_cannot_be_read_is_refused_and_the_next_one_is_served() {
    let java = Java::new();
    let (context, _folder) = context(&java);
    let (version, none) = (java.array(b"getVersion"), ptr::null_mut());
    assert_eq!(java.call(context, 1, none, none), BAD_PARAMETER);
    assert_eq!(java.call(context, 1, java.array(b"get\xc3Version"), none), BAD_PARAMETER);
    assert_eq!(java.call(context, 1, version, java.array(b"\"\xed\xa0\x80\"")), BAD_PARAMETER);
    assert_eq!(java.call(context, -1, version, none), BAD_PARAMETER);
    assert_eq!(java.tell(context, 3), BAD_PARAMETER);
    assert_eq!(java.tell(context, -1), BAD_PARAMETER);
    // These are read, and answered.
    for (id, method, params) in [
        (2, "getVersion", none),
        (3, "getVersion", java.array(b"")),
        (jlong::MAX, "noSuchMethod", java.array(b"{}")),
        (4, "", none),
        (5, "getVersion", java.array(b"no JSON")),
    ] {
        assert_eq!(java.call(context, id, java.array(method.as_bytes()), params), 0);
        let (call, keep, answer) = parts(&java.next(context).unwrap());
        assert_eq!((call, keep), (id.try_into().unwrap(), false));
        assert_eq!(answer["status"], id < 4, "{answer}");
    }
    assert_eq!(java.destroy(context), 0);
}

#[test]
fn what_java_has_no_memory_for_comes_again_and_nothing_is_asked_of_java_meanwhile() {
    let java = Java::new();
    let (context, _folder) = context(&java);
    for id in [1, 2] {
        assert_eq!(java.call(context, id, java.array(b"getVersion"), ptr::null_mut()), 0);
    }
    for _ in 0..3 {
        java.is_full.set(true);
        // Anything asked after the array was refused would fail the test: see `java`.
        assert_eq!(java.next(context), None);
        assert!(java.has_thrown.replace(false));
        java.is_full.set(false);
    }
    let (first, _, answer) = parts(&java.next(context).unwrap());
    assert_eq!((first, &answer["status"]), (1, &true.into()));
    let (second, ..) = parts(&java.next(context).unwrap());
    assert_eq!(second, 2);
    // What could not be given is not given to anybody once the context is gone.
    assert_eq!(java.call(context, 3, java.array(b"getVersion"), ptr::null_mut()), 0);
    java.is_full.set(true);
    assert_eq!(java.next(context), None);
    java.has_thrown.set(false);
    java.is_full.set(false);
    assert_eq!(java.destroy(context), 0);
    assert_eq!(java.next(context), None);
}

#[test]
fn who_waits_is_let_go_when_the_context_ends_and_one_of_two_ends_it() {
    let java = Java::new();
    // Whichever of the three comes first.
    for _ in 0..20 {
        let (context, _folder) = context(&java);
        let waiting = thread::spawn(move || Java::new().next(context));
        let ending = [(); 2].map(|()| thread::spawn(move || Java::new().destroy(context)));
        let mut ends = ending.map(|thread| thread.join().unwrap());
        ends.sort_unstable();
        assert_eq!(ends, [0, NOT_INITIALISED]);
        assert_eq!(waiting.join().unwrap(), None);
    }
}

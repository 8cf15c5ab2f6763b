//! What the generated calls do in a way that costs more than the calls themselves, done in another (docs/adr/0013). It belongs to the
//! pinned version of the generator, and says so when another one writes something else.

use crate::generated::{self, Change};

const CHANGES: &[Change] = &[
    // A `Structure` of JNA for each outcome: two allocations outside of the heap, each known to a cleaner, and reflection.
    ("uniffi_out_err: UniffiRustCallStatus", "uniffi_out_err: UniffiCallStatus"),
    ("callback: (UniffiRustCallStatus) -> U", "callback: (UniffiCallStatus) -> U"),
    ("    var status = UniffiRustCallStatus()\n", "    val status = UniffiCallStatus.ofThisThread()\n"),
    (
        "errorHandler: UniffiRustCallStatusErrorHandler<E>, status: UniffiRustCallStatus)",
        "errorHandler: UniffiRustCallStatusErrorHandler<E>, status: UniffiCallStatus)",
    ),
    // Each small read out of memory that is not the heap's is checked; one large one is not worth noticing.
    (
        "        val byteBuf = rbuf.asByteBuffer()!!\n",
        "        val byteBuf = ByteBuffer.wrap(rbuf.data!!.getByteArray(0, rbuf.len.toInt()))\n",
    ),
    (
        "        val byteArr = ByteArray(len)\n        buf.get(byteArr)\n        return byteArr.toString(Charsets.UTF_8)\n",
        "        val start = buf.arrayOffset() + buf.position()\n        buf.position(buf.position() + len)\n        \
         return String(buf.array(), start, len, Charsets.UTF_8)\n",
    ),
    ("internal class InternalException(", CALL_STATUS),
];

/// Only where calls wait.
const WAITING: Change =
    ("completeFunc: (Long, UniffiRustCallStatus) -> F", "completeFunc: (Long, UniffiCallStatus) -> F");

const CALL_STATUS: &str = r#"/**
 * Where a call's outcome is written: one place for each thread. No call begins between another's end and the moment at which its
 * outcome is read.
 */
internal class UniffiCallStatus private constructor() : com.sun.jna.Memory(Layout.size().toLong()) {
    private object Layout : UniffiRustCallStatus() {
        val error: Long = fieldOffset("error_buf").toLong()
    }

    val code: Byte get() = getByte(0)
    val error_buf: RustBuffer.ByValue
        get() = RustBuffer.ByValue().also {
            it.capacity = getLong(Layout.error)
            it.len = getLong(Layout.error + 8)
            it.data = getPointer(Layout.error + 16)
        }

    fun isSuccess(): Boolean = code == UNIFFI_CALL_SUCCESS
    fun isError(): Boolean = code == UNIFFI_CALL_ERROR
    fun isPanic(): Boolean = code == UNIFFI_CALL_UNEXPECTED_ERROR

    companion object {
        private val OF_THREAD = object : ThreadLocal<UniffiCallStatus>() {
            override fun initialValue() = UniffiCallStatus()
        }

        fun ofThisThread(): UniffiCallStatus = OF_THREAD.get()!!.also { it.setByte(0, UNIFFI_CALL_SUCCESS) }
    }
}

internal class InternalException("#;

/// The generated code of one package, with those changes.
pub(super) fn lighter(text: &str) -> Result<String, String> {
    let lighter = generated::changed(text, CHANGES, file!())?;
    // The package of the models has no calls.
    Ok(lighter.replace(WAITING.0, WAITING.1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_is_changed_everywhere_and_what_is_not_is_an_error() {
        let known: String = CHANGES.iter().map(|(there, _)| format!("{there}\n{there}\n")).collect();
        let changed = lighter(&known).unwrap();
        for (there, instead) in CHANGES {
            assert_eq!(changed.matches(instead).count(), 2, "{there}");
        }
        assert!(lighter("internal class InternalException(").is_err());
    }
}

package im.whinchat

/**
 * Bytes that are compared by what they hold, so that messages can be: an array is equal to itself alone.
 *
 * @property array the bytes themselves. They are taken as they are, without a copy, and are not to be changed once they are here.
 */
public class Bytes(public val array: ByteArray) {
    /** How many there are. */
    public val size: Int get() = array.size

    override fun equals(other: Any?): Boolean = other is Bytes && array.contentEquals(other.array)

    override fun hashCode(): Int = array.contentHashCode()

    override fun toString(): String = "$size bytes"

    public companion object {
        /** None. */
        @JvmField
        public val EMPTY: Bytes = Bytes(ByteArray(0))
    }
}

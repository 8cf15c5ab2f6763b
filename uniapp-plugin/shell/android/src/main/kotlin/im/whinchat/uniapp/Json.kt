package im.whinchat.uniapp

import java.nio.charset.Charset

/**
 * JSON as the core writes it, read into what the runtime hands to JavaScript: maps, lists, texts, numbers, booleans, null.
 *
 * Kotlin's own functions on texts are in a library that an app may have in another version, or not at all: nothing of it is
 * called in this shell.
 */
internal object Json {
    private val UTF_8: Charset = Charset.forName("UTF-8")

    fun bytes(text: String): ByteArray {
        val encoded = UTF_8.encode(text)
        val bytes = ByteArray(encoded.remaining())
        encoded.get(bytes)
        return bytes
    }

    /** The value that stands in [json] from [offset] on. */
    fun read(json: ByteArray, offset: Int): Any? = Reader(String(json, offset, json.size - offset, UTF_8)).value()

    /** [text] as JSON. */
    fun quoted(text: String): String {
        val quoted = StringBuilder(text.length + 2).append('"')
        for (index in 0 until text.length) {
            val char = text[index]
            if (char == '"' || char == '\\') {
                quoted.append('\\').append(char)
            } else if (char < ' ') {
                quoted.append("\\u00").append(HEX[char.code shr 4]).append(HEX[char.code and 15])
            } else {
                quoted.append(char)
            }
        }
        return quoted.append('"').toString()
    }

    private const val HEX = "0123456789abcdef"

    /** It trusts the writer: what is no JSON ends in an exception. */
    private class Reader(private val text: String) {
        private var at = 0

        fun value(): Any? {
            space()
            when (text[at]) {
                '{' -> return map()
                '[' -> return list()
                '"' -> return string()
                't' -> return word("true", true)
                'f' -> return word("false", false)
                'n' -> return word("null", null)
                else -> return number()
            }
        }

        private fun map(): Map<String, Any?> {
            val map = LinkedHashMap<String, Any?>()
            at++
            if (ends('}')) return map
            while (true) {
                space()
                val key = string()
                space()
                expect(':')
                map.put(key, value())
                if (ends('}')) return map
                expect(',')
            }
        }

        private fun list(): List<Any?> {
            val list = ArrayList<Any?>()
            at++
            if (ends(']')) return list
            while (true) {
                list.add(value())
                if (ends(']')) return list
                expect(',')
            }
        }

        private fun string(): String {
            expect('"')
            val start = at
            while (true) {
                val char = text[at++]
                if (char == '"') return part(start, at - 1)
                if (char == '\\') break
            }
            // Few texts have a backslash: only they are put together.
            val string = StringBuilder().append(text, start, at - 1)
            at--
            while (true) {
                val char = text[at++]
                if (char == '"') return string.toString()
                string.append(if (char == '\\') escaped() else char)
            }
        }

        private fun escaped(): Char {
            when (val char = text[at++]) {
                'n' -> return '\n'
                't' -> return '\t'
                'r' -> return '\r'
                'b' -> return '\b'
                'f' -> return '\u000c'
                'u' -> {
                    at += 4
                    return Integer.parseInt(part(at - 4, at), 16).toChar()
                }
                else -> return char
            }
        }

        /** The smallest type that holds it. */
        private fun number(): Number {
            val start = at
            var whole = true
            while (at < text.length) {
                val char = text[at]
                if (char == '.' || char == 'e' || char == 'E') whole = false
                else if (char != '-' && char != '+' && (char < '0' || char > '9')) break
                at++
            }
            val digits = part(start, at)
            if (!whole || digits.length > 18) return java.lang.Double.valueOf(digits)
            val number = java.lang.Long.parseLong(digits)
            return if (number == number.toInt().toLong()) number.toInt() else number
        }

        private fun word(word: String, value: Any?): Any? {
            for (index in 0 until word.length) expect(word[index])
            return value
        }

        private fun part(from: Int, to: Int): String = text.subSequence(from, to).toString()

        private fun ends(char: Char): Boolean {
            space()
            if (text[at] != char) return false
            at++
            return true
        }

        private fun expect(char: Char) {
            if (text[at++] != char) throw IllegalArgumentException("no JSON at ${at - 1}")
        }

        private fun space() {
            while (text[at] <= ' ') at++
        }
    }
}

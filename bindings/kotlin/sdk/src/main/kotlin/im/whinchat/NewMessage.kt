package im.whinchat

import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds

/**
 * A message that is to be sent, with its options.
 *
 * ```kotlin
 * NewMessage.text("see you at eight") { mentions += UserId("bob") }
 * ```
 *
 * From Java: `NewMessage.text("hello")`, or `new NewMessage.Builder().text("hello").mention(new UserId("bob")).build()`.
 */
public class NewMessage private constructor(builder: Builder) {
    /** What it holds; the first says what kind of message it is. */
    public val elements: List<Element> = builder.elements.toList()

    /** Data of the app's own that travels with it. */
    public val customData: Bytes = builder.customData

    /** It does not count as unread. */
    public val excludedFromUnread: Boolean = builder.excludedFromUnread

    /** It does not become the conversation's last message. */
    public val excludedFromLastMessage: Boolean = builder.excludedFromLastMessage

    /** Users named with an @. */
    public val mentions: List<UserId> = builder.mentions.toList()

    /** Everybody is named with an @. */
    public val mentionAll: Boolean = builder.mentionAll

    /** The members of a group that it is for; empty for all. */
    public val audience: List<UserId> = builder.audience.toList()

    /** What may be dropped first in a room over its rate. */
    public val priority: Priority = builder.priority

    /** Delivered to those who are online now, and stored nowhere. */
    public val onlineOnly: Boolean = builder.onlineOnly

    /** When to give up; `null` for never. */
    public val timeout: Duration? = builder.timeout

    /** Options of a message. */
    public class Builder {
        /** What it holds, at least one; text and custom elements can be sent (6016 otherwise). */
        public val elements: MutableList<Element> = mutableListOf()

        /** Data of the app's own that travels with it. */
        public var customData: Bytes = Bytes.EMPTY

        /** It does not count as unread. */
        public var excludedFromUnread: Boolean = false

        /** It does not become the conversation's last message. */
        public var excludedFromLastMessage: Boolean = false

        /** Users to name with an @; groups only, at most 30. */
        public val mentions: MutableList<UserId> = mutableListOf()

        /** Name everybody with an @; groups only. */
        public var mentionAll: Boolean = false

        /** Show it to these members of a group alone, at most 50; empty for all. */
        public val audience: MutableList<UserId> = mutableListOf()

        /** What may be dropped first in a room over its rate. */
        public var priority: Priority = Priority.UNSET

        /** Deliver to those who are online now and store nowhere; needs a connection (9508 without). */
        public var onlineOnly: Boolean = false

        /** Give up (6012) when the server does not have it by then; `null`, the default, waits for as long as it takes. */
        @get:JvmSynthetic
        @set:JvmSynthetic
        public var timeout: Duration? = null

        /** Adds a text. */
        public fun text(text: String): Builder = apply { elements += Element.Text(text) }

        /** Adds bytes of the app's own, with what to show in a list and further data. */
        @JvmOverloads
        public fun custom(data: ByteArray, description: String = "", extension: String = ""): Builder =
            apply { elements += Element.Custom(Bytes(data), description, extension) }

        /** Names a user with an @. */
        public fun mention(user: UserId): Builder = apply { mentions += user }

        /** As [timeout], in milliseconds. */
        public fun timeoutMillis(millis: Long): Builder = apply { timeout = millis.milliseconds }

        /** The message. */
        public fun build(): NewMessage = NewMessage(this)
    }

    public companion object {
        /** A text. Empty text is refused when it is sent (6017). */
        @JvmStatic
        @JvmOverloads
        public fun text(text: String, options: Builder.() -> Unit = {}): NewMessage =
            Builder().text(text).apply(options).build()

        /** Bytes of the app's own, with what to show in a list and further data. */
        @JvmStatic
        @JvmOverloads
        public fun custom(
            data: ByteArray,
            description: String = "",
            extension: String = "",
            options: Builder.() -> Unit = {},
        ): NewMessage = Builder().custom(data, description, extension).apply(options).build()
    }
}

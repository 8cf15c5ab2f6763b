package im.whinchat

import java.io.File
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds

/** What kind of device this is. Devices of one kind exclude each other: the newest login wins. */
public enum class DeviceKind {
    /** Android phone. */
    ANDROID,

    /** iPhone. */
    IOS,

    /** Tablet of any system. */
    TABLET,

    /** Desktop program or terminal. */
    DESKTOP,

    /** Browser. */
    WEB,
}

/**
 * Settings of a client. In Kotlin they are said where the client is made:
 *
 * ```kotlin
 * val chat = Whinchat("wss://chat.example.com", appId = 1400000001, dataDir = folder) {
 *     requestTimeout = 20.seconds
 * }
 * ```
 *
 * In Java: `new WhinchatConfig.Builder("wss://chat.example.com", 1400000001L, folder).requestTimeoutMillis(20_000).build()`.
 */
public class WhinchatConfig private constructor(builder: Builder) {
    /** The server's address: `ws://host:port` or `wss://host:port`. */
    public val server: String = builder.server

    /** The app id that the server serves. */
    public val appId: Long = builder.appId

    /** The folder for this device's data. */
    public val dataDir: File = builder.dataDir

    /** What kind of device this is. */
    public val deviceKind: DeviceKind = builder.deviceKind

    /** A stable id of this installation; `null` for one that is made and kept. */
    public val deviceId: String? = builder.deviceId

    /** Certificates of the server's own authority; `null` for none. */
    public val caPem: Bytes? = builder.caPem

    /** The key of the local databases; `null` for none. */
    public val databaseKey: Bytes? = builder.databaseKey

    /** The first span between two attempts to connect; `null`, here and below, for the usual one. */
    public val backoffBase: Duration? = builder.backoffBase

    /** The longest span between two attempts to connect. */
    public val backoffCap: Duration? = builder.backoffCap

    /** The same while nobody looks at the app. */
    public val backgroundBackoffCap: Duration? = builder.backgroundBackoffCap

    /** How long a connection has to stand for the back-off to begin anew. */
    public val stableAfter: Duration? = builder.stableAfter

    /** How long the server may leave a request unanswered. */
    public val requestTimeout: Duration? = builder.requestTimeout

    /** How long connecting may take. */
    public val connectTimeout: Duration? = builder.connectTimeout

    /** How long [Whinchat.pause] gives waiting messages to get out. */
    public val drainTime: Duration? = builder.drainTime

    /** How long before the end of the signature [Event.LoginExpiring] is told. */
    public val expiryLead: Duration? = builder.expiryLead

    /** Who takes the log; `null` for nobody. */
    public val logSink: LogSink? = builder.logSink

    /** The least that a line has to matter for [logSink] to be given it. */
    public val logLevel: LogLevel = builder.logLevel

    /**
     * Settings that can still be changed.
     *
     * @property server the server's address: `ws://host:port`, for development, or `wss://host:port`.
     * @property appId the app id that the server serves.
     * @property dataDir the folder for this device's data; made if it is not there. One client at a time uses it.
     */
    public class Builder(public val server: String, public val appId: Long, public val dataDir: File) {
        /** What kind of device this is. */
        public var deviceKind: DeviceKind = DeviceKind.DESKTOP

        /** A stable id of this installation, 1 to 128 bytes of printable ASCII. By default a random one is made and kept. */
        public var deviceId: String? = null

        /** Certificates (PEM) of the server's own authority, trusted beside the public ones. */
        public var caPem: Bytes? = null

        /** A key to encrypt the local databases with. Not built in yet: making the client fails with 7013. */
        public var databaseKey: Bytes? = null

        /** The first span between two attempts to connect; it doubles with each attempt. One second by default. */
        @get:JvmSynthetic
        @set:JvmSynthetic
        public var backoffBase: Duration? = null

        /** The longest span between two attempts to connect. A minute by default. */
        @get:JvmSynthetic
        @set:JvmSynthetic
        public var backoffCap: Duration? = null

        /** The longest span while nobody looks at the app ([Whinchat.setForeground]). Ten minutes by default. */
        @get:JvmSynthetic
        @set:JvmSynthetic
        public var backgroundBackoffCap: Duration? = null

        /** How long a connection has to stand for the back-off to begin anew. A minute by default. */
        @get:JvmSynthetic
        @set:JvmSynthetic
        public var stableAfter: Duration? = null

        /** How long the server may leave a request unanswered before the connection is given up. 15 s by default. */
        @get:JvmSynthetic
        @set:JvmSynthetic
        public var requestTimeout: Duration? = null

        /** How long connecting may take. 15 s by default. */
        @get:JvmSynthetic
        @set:JvmSynthetic
        public var connectTimeout: Duration? = null

        /** How long [Whinchat.pause] gives waiting messages to get out. 3 s by default. */
        @get:JvmSynthetic
        @set:JvmSynthetic
        public var drainTime: Duration? = null

        /** How long before the end of the signature [Event.LoginExpiring] is told. Five minutes by default. */
        @get:JvmSynthetic
        @set:JvmSynthetic
        public var expiryLead: Duration? = null

        /** Takes the log of the client. Nobody by default. */
        public var logSink: LogSink? = null

        /** The least that a line has to matter for [logSink] to be given it. [LogLevel.INFO] by default. */
        public var logLevel: LogLevel = LogLevel.INFO

        /** Sets [deviceKind]. */
        public fun deviceKind(kind: DeviceKind): Builder = apply { deviceKind = kind }

        /** Sets [deviceId]. */
        public fun deviceId(id: String?): Builder = apply { deviceId = id }

        /** Sets [caPem]. */
        public fun caPem(pem: ByteArray?): Builder = apply { caPem = pem?.let(::Bytes) }

        /** Sets [databaseKey]. */
        public fun databaseKey(key: ByteArray?): Builder = apply { databaseKey = key?.let(::Bytes) }

        /** Sets [backoffBase], in milliseconds. */
        public fun backoffBaseMillis(millis: Long): Builder = apply { backoffBase = millis.milliseconds }

        /** Sets [backoffCap], in milliseconds. */
        public fun backoffCapMillis(millis: Long): Builder = apply { backoffCap = millis.milliseconds }

        /** Sets [backgroundBackoffCap], in milliseconds. */
        public fun backgroundBackoffCapMillis(millis: Long): Builder =
            apply { backgroundBackoffCap = millis.milliseconds }

        /** Sets [stableAfter], in milliseconds. */
        public fun stableAfterMillis(millis: Long): Builder = apply { stableAfter = millis.milliseconds }

        /** Sets [requestTimeout], in milliseconds. */
        public fun requestTimeoutMillis(millis: Long): Builder = apply { requestTimeout = millis.milliseconds }

        /** Sets [connectTimeout], in milliseconds. */
        public fun connectTimeoutMillis(millis: Long): Builder = apply { connectTimeout = millis.milliseconds }

        /** Sets [drainTime], in milliseconds. */
        public fun drainTimeMillis(millis: Long): Builder = apply { drainTime = millis.milliseconds }

        /** Sets [expiryLead], in milliseconds. */
        public fun expiryLeadMillis(millis: Long): Builder = apply { expiryLead = millis.milliseconds }

        /** Sets [logSink]. */
        public fun logSink(sink: LogSink?): Builder = apply { logSink = sink }

        /** Sets [logLevel]. */
        public fun logLevel(level: LogLevel): Builder = apply { logLevel = level }

        /** The settings as they are now. */
        public fun build(): WhinchatConfig = WhinchatConfig(this)
    }
}

import Foundation
internal import WhinchatCore

extension ChatClient {
    /// Settings of a client.
    ///
    /// ```swift
    /// var configuration = ChatClient.Configuration(server: URL(string: "wss://chat.example.com")!, appID: 1_400_000_001)
    /// configuration.requestTimeout = 10
    /// ```
    public struct Configuration: Hashable, Sendable {
        /// The server's address: `ws://host:port` or `wss://host:port`.
        public var server: URL
        /// The app id that the server serves.
        public var appID: UInt64
        /// The folder for this device's data; made if it is not there. One client at a time uses it.
        public var folder: URL
        /// What kind of device this is. Devices of one kind exclude each other: the newest login wins.
        public var device: DeviceKind
        /// A stable id of this installation, 1 to 128 characters of printable ASCII; one is made and kept if not given.
        public var deviceID: String?
        /// Certificates (PEM) of your server's own authority, trusted beside the public ones.
        public var certificateAuthorities: Data?
        /// The span of the first wait before connecting again, in seconds. It doubles with each attempt; each wait is drawn
        /// from nothing up to it.
        public var reconnectDelay: TimeInterval
        /// The longest span between two attempts to connect, in seconds.
        public var longestReconnectDelay: TimeInterval
        /// The same while the app is in the background, in seconds.
        public var longestBackgroundReconnectDelay: TimeInterval
        /// How long connecting may take, in seconds.
        public var connectTimeout: TimeInterval
        /// How long the server may leave a request unanswered before the connection is given up, in seconds.
        public var requestTimeout: TimeInterval
        /// How long ``ChatClient/pause()`` gives what waits to get out, in seconds. iOS allows about five in all.
        public var drainTime: TimeInterval
        /// How long before the end of a signature ``ChatEvent/loginExpiring(in:)`` is told, in seconds.
        public var expiryLead: TimeInterval
        /// The least that a line of the log has to matter for the closure given to ``ChatClient/init(_:log:)`` to be called.
        public var logLevel: ChatClient.LogLevel
        /// Whether the client follows the life of the app and the device's network by itself.
        ///
        /// On iOS it sleeps while the app is suspended and wakes before the app is shown; on every Apple platform it connects
        /// at once when the network has changed. Elsewhere this changes nothing: call ``ChatClient/pause()``,
        /// ``ChatClient/resume()``, ``ChatClient/setForeground(_:)`` and ``ChatClient/networkChanged()`` yourself.
        public var followsApplication: Bool

        /// The settings that every app needs; the others have values that fit.
        ///
        /// - Parameters:
        ///   - server: The server's address: `ws://host:port` or `wss://host:port`.
        ///   - appID: The app id that the server serves.
        ///   - folder: The folder for this device's data.
        public init(server: URL, appID: UInt64, folder: URL = Self.defaultFolder) {
            self.server = server
            self.appID = appID
            self.folder = folder
            device = .current
            reconnectDelay = 1
            longestReconnectDelay = 60
            longestBackgroundReconnectDelay = 600
            connectTimeout = 15
            requestTimeout = 15
            drainTime = 3
            expiryLead = 300
            logLevel = .info
            followsApplication = true
        }

        /// `Whinchat` in the app's folder for data that it makes itself.
        public static var defaultFolder: URL {
            let folders = FileManager.default.urls(for: .applicationSupportDirectory, in: .userDomainMask)
            let folder = folders.first ?? URL(fileURLWithPath: NSHomeDirectory(), isDirectory: true)
            return folder.appendingPathComponent("Whinchat", isDirectory: true)
        }
    }

    /// What kind of device a client runs on.
    public enum DeviceKind: Hashable, Sendable, CaseIterable {
        /// An Android phone.
        case androidPhone
        /// An iPhone.
        case iPhone
        /// A tablet of any system.
        case tablet
        /// A desktop program, or a terminal.
        case desktop
        /// A browser.
        case web
    }
}

extension ChatClient.Configuration {
    func core(logs: Bool) -> ClientConfig {
        ClientConfig(
            server: server.absoluteString,
            appId: appID,
            dataDir: folder.path,
            platform: device.core,
            deviceId: deviceID,
            caPem: certificateAuthorities,
            backoffBaseMs: milliseconds(reconnectDelay),
            backoffCapMs: milliseconds(longestReconnectDelay),
            backgroundCapMs: milliseconds(longestBackgroundReconnectDelay),
            requestTimeoutMs: milliseconds(requestTimeout),
            connectTimeoutMs: milliseconds(connectTimeout),
            drainTimeMs: milliseconds(drainTime),
            expiryLeadMs: milliseconds(expiryLead),
            logLevel: logs ? logLevel.core : nil
        )
    }
}

extension ChatClient.DeviceKind {
    var core: Platform {
        switch self {
        case .androidPhone: .android
        case .iPhone: .ios
        case .tablet: .tablet
        case .desktop: .desktop
        case .web: .web
        }
    }
}

import Foundation
internal import WhinchatCore

extension ChatClient {
    /// How much a line of the log matters.
    public enum LogLevel: Hashable, Sendable, CaseIterable {
        /// Something went wrong that the client does not put right by itself.
        case error
        /// Something went wrong; the client goes on.
        case warning
        /// What the client does.
        case info
        /// How it does it: for who looks for a fault.
        case debug
    }

    /// A line of a client's log. Signatures, keys and what messages hold are in none, at any level.
    ///
    /// ```swift
    /// let logger = Logger(subsystem: "com.example.chat", category: "whinchat")
    /// let client = try ChatClient(configuration) { logger.log("\($0.origin): \($0.text)") }
    /// ```
    public struct LogLine: Hashable, Sendable {
        /// How much it matters.
        public let level: LogLevel
        /// When it was written.
        public let date: Date
        /// Where it comes from, such as `whinchat_core::connection`: to group lines by.
        public let origin: String
        /// What there is to say; for people, and not the same in every version.
        public let text: String

        /// Makes a line; for tests of your own.
        public init(level: LogLevel, date: Date = Date(), origin: String, text: String) {
            self.level = level
            self.date = date
            self.origin = origin
            self.text = text
        }
    }
}

extension ChatClient.LogLine {
    init(_ core: WhinchatCore.LogLine) {
        self.init(
            level: ChatClient.LogLevel(core.level), date: Date(millisecondsSince1970: core.timeMs), origin: core.target,
            text: core.text)
    }

    /// Hands a client's log on for as long as the client is there. It does not keep it, and ends with its last line.
    static func follow(_ log: LogSubscription, _ take: @escaping @Sendable (Self) -> Void) {
        Task.detached(priority: .utility) {
            // Nothing fails in it without a token.
            while let lines = (try? await log.next(cancel: nil)) ?? nil {
                for line in lines {
                    take(Self(line))
                }
            }
        }
    }
}

extension ChatClient.LogLevel {
    init(_ core: WhinchatCore.LogLevel) {
        switch core {
        case .error: self = .error
        case .warning: self = .warning
        case .info: self = .info
        case .debug: self = .debug
        }
    }

    var core: WhinchatCore.LogLevel {
        switch self {
        case .error: .error
        case .warning: .warning
        case .info: .info
        case .debug: .debug
        }
    }
}

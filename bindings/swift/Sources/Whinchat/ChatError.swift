import Foundation

/// Why something could not be done.
///
/// Match on ``code``; ``class`` says what can be done about it without knowing every code. ``message`` is for you and your
/// log, not for the person who uses the app.
///
/// ```swift
/// do {
///     try await client.login(as: "alice", signature: signature)
/// } catch let error as ChatError where error.code == .userSigExpired {
///     // ask your backend for a new one
/// }
/// ```
///
/// A call that ended because its task was cancelled throws `CancellationError` instead.
public struct ChatError: Error, Hashable, Sendable {
    /// Which error this is; stable over versions and the same on every platform.
    public let code: Code
    /// Its stable name, such as `group.not_member`.
    public let name: String
    /// What can be done about it.
    public let `class`: Class
    /// A sentence for the developer: what is wrong and what to do.
    public let message: String

    /// Makes an error; for tests and previews of your own.
    public init(code: Code, name: String, class: Class, message: String) {
        self.code = code
        self.name = name
        self.class = `class`
        self.message = message
    }

    /// A stable number.
    ///
    /// Those that this version knows have names; a newer server may send others.
    public struct Code: RawRepresentable, Hashable, Sendable, Codable {
        /// The number.
        public let rawValue: Int32

        /// Takes the number.
        public init(rawValue: Int32) {
            self.rawValue = rawValue
        }
    }

    /// What can be done about an error.
    public enum Class: Hashable, Sendable {
        /// A passing fault: try again, a little later each time.
        case retry
        /// Try again once there is a connection.
        case afterReconnecting
        /// Try again when this many seconds have passed.
        case after(TimeInterval)
        /// Log in with a fresh signature.
        case reauthenticate
        /// Trying again as it stands cannot help.
        case final
    }
}

extension ChatError: CustomStringConvertible, LocalizedError {
    /// Name, number and sentence, for a log.
    public var description: String { "\(name) (\(code.rawValue)): \(message)" }

    /// The same as ``message``.
    public var errorDescription: String? { message }
}

extension ChatError.Class {
    /// Whether the same call may succeed later without anybody changing it.
    public var isRetryable: Bool {
        switch self {
        case .retry, .afterReconnecting, .after: true
        case .reauthenticate, .final: false
        }
    }
}

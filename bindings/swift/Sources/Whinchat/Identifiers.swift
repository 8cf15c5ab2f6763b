/// The id of a user, given by your backend: 1 to 128 characters of printable ASCII.
///
/// ```swift
/// let bob: UserID = "bob"
/// ```
///
/// Nothing is checked here; a call with a malformed id throws ``ChatError`` with ``ChatError/Code/userIDInvalid``.
public struct UserID: RawRepresentable, Hashable, Sendable, Codable, ExpressibleByStringInterpolation {
    /// The id as text.
    public let rawValue: String

    /// Takes the id from text.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Takes the id from text.
    public init(_ text: String) {
        rawValue = text
    }

    /// Takes the id from a literal.
    public init(stringLiteral text: String) {
        rawValue = text
    }
}

/// The id of a group, chosen by your app or given by the server: 1 to 128 characters of printable ASCII.
public struct GroupID: RawRepresentable, Hashable, Sendable, Codable, ExpressibleByStringInterpolation {
    /// The id as text.
    public let rawValue: String

    /// Takes the id from text.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Takes the id from text.
    public init(_ text: String) {
        rawValue = text
    }

    /// Takes the id from a literal.
    public init(stringLiteral text: String) {
        rawValue = text
    }
}

/// The id of a message: the same on every device, from before it is sent, and for good.
///
/// Keep it as text if you have to; do not read anything from it.
public struct MessageID: RawRepresentable, Hashable, Sendable, Codable {
    /// The id as text.
    public let rawValue: String

    /// Takes the id from text that came from ``rawValue``.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }
}

/// The id of a conversation, as one of its members names it: by the other person, or by the group.
///
/// ```swift
/// try await client.messages.send("hello", to: .user("bob"))
/// ```
///
/// Nothing is checked here; a call with a malformed id throws ``ChatError`` with
/// ``ChatError/Code/conversationIDMalformed``.
public struct ConversationID: RawRepresentable, Hashable, Sendable, Codable, ExpressibleByStringInterpolation {
    /// The id as text, the same on every platform: `c2c_<user id>` or `group_<group id>`.
    public let rawValue: String

    /// Takes the id from text, such as a notification brings it.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Takes the id from a literal.
    public init(stringLiteral text: String) {
        rawValue = text
    }

    /// One to one with a user.
    public static func user(_ id: UserID) -> Self {
        Self(rawValue: userPrefix + id.rawValue)
    }

    /// In a group.
    public static func group(_ id: GroupID) -> Self {
        Self(rawValue: groupPrefix + id.rawValue)
    }

    /// The other person of a one to one; `nil` for a group.
    public var user: UserID? {
        rest(after: Self.userPrefix).map { UserID($0) }
    }

    /// The group; `nil` for a one to one.
    public var group: GroupID? {
        rest(after: Self.groupPrefix).map { GroupID($0) }
    }

    private static let userPrefix = "c2c_"
    private static let groupPrefix = "group_"

    private func rest(after prefix: String) -> String? {
        rawValue.hasPrefix(prefix) ? String(rawValue.dropFirst(prefix.count)) : nil
    }
}

extension ConversationID: CustomStringConvertible {
    /// The id as text.
    public var description: String { rawValue }
}

extension UserID: CustomStringConvertible {
    /// The id as text.
    public var description: String { rawValue }
}

extension GroupID: CustomStringConvertible {
    /// The id as text.
    public var description: String { rawValue }
}

extension MessageID: CustomStringConvertible {
    /// The id as text.
    public var description: String { rawValue }
}

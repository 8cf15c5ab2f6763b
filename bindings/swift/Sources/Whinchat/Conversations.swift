import Foundation
internal import WhinchatCore

/// The conversations of the user who is logged in. From ``ChatClient/conversations``.
///
/// Every call throws ``ChatError/Code/notLoggedIn`` while nobody is logged in.
public struct Conversations: Sendable {
    let core: WhinchatCore.Conversations

    /// A live window on the list: the conversations with the newest activity, then each change.
    ///
    /// ```swift
    /// for await list in try client.conversations.list() {
    ///     show(list.conversations)
    /// }
    /// ```
    ///
    /// - Parameter limit: How many conversations the window has at first, at least 1. ``ConversationList/loadMore(_:)`` makes
    ///   it longer.
    /// - Throws: ``ChatError``: ``ChatError/Code/badParameter`` for a limit below 1.
    public func list(limit: Int = 50) throws -> ConversationList {
        try ConversationList(translating { try core.observe(limit: UInt32(clamping: limit)) })
    }

    /// One page of the list, newest activity first, as it stands.
    ///
    /// - Parameters:
    ///   - cursor: Where the page begins: ``ConversationPage/next`` of the page before; `nil` for the start.
    ///   - limit: How many conversations at most, 1 to 100.
    /// - Throws: ``ChatError``: ``ChatError/Code/badParameter`` for a limit out of range.
    public func page(after cursor: ConversationCursor? = nil, limit: Int = 50) async throws -> ConversationPage {
        let page = try await cancellable { [core] in
            try await core.list(after: cursor?.core, limit: UInt32(clamping: limit), cancel: $0)
        }
        return ConversationPage(page)
    }

    /// A conversation, if it is known on this device.
    public func conversation(_ id: ConversationID) async throws -> Conversation? {
        try await cancellable { [core] in try await core.get(id: id.rawValue, cancel: $0) }
            .map { Conversation($0) }
    }

    /// How many messages are unread, over all conversations.
    public func totalUnreadCount() async throws -> Int {
        Int(clamping: try await cancellable { [core] in try await core.totalUnread(cancel: $0) })
    }

    /// Marks everything that is in the conversation now as read: here at once, on the server and other devices as soon as
    /// there is a connection.
    public func markRead(_ id: ConversationID) async throws {
        try await cancellable { [core] in try await core.markRead(id: id.rawValue, cancel: $0) }
    }

    /// Empties a conversation for this user, on all his devices: what is there now, and not what comes later. It keeps its
    /// place in the list.
    public func clearHistory(of id: ConversationID) async throws {
        try await cancellable { [core] in try await core.clearHistory(id: id.rawValue, cancel: $0) }
    }

    /// Tells those who are in the conversation and connected that the user has begun to type, or has stopped.
    ///
    /// Call it as often as he types. Without a connection nobody is told, and that is no error.
    ///
    /// - Throws: ``ChatError``: ``ChatError/Code/receiverInvalid`` to oneself.
    public func setTyping(_ isTyping: Bool, in id: ConversationID) async throws {
        try await cancellable { [core] in
            try await core.setTyping(id: id.rawValue, active: isTyping, cancel: $0)
        }
    }
}

/// One page of the conversation list.
public struct ConversationPage: Hashable, Sendable {
    /// The conversations, newest activity first.
    public let conversations: [Conversation]
    /// Where the next page begins; `nil` at the end.
    public let next: ConversationCursor?
}

/// A place in the conversation list. From ``ConversationPage/next``.
public struct ConversationCursor: Hashable, Sendable {
    let core: WhinchatCore.ConversationCursor
}

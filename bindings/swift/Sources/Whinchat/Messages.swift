import Foundation
internal import WhinchatCore

/// Sending and reading messages of the user who is logged in. From ``ChatClient/messages``.
///
/// Every call throws ``ChatError/Code/notLoggedIn`` while nobody is logged in.
public struct Messages: Sendable {
    let core: WhinchatCore.Messages

    // MARK: Sending

    /// Sends a text.
    ///
    /// When this returns, the message is safe on this device and will reach the server, over reconnects and restarts, once
    /// and in order. No connection is needed. ``OutgoingMessage/settled()`` tells when it has.
    ///
    /// - Parameters:
    ///   - text: What to say; not empty.
    ///   - conversation: To whom.
    /// - Returns: The message on its way.
    /// - Throws: What sending a ``NewMessage`` throws.
    @discardableResult
    public func send(_ text: String, to conversation: ConversationID) async throws -> OutgoingMessage {
        try await OutgoingMessage(
            core: cancellable { [core] in
                try await core.sendText(conversation: conversation.rawValue, text: text, cancel: $0)
            })
    }

    /// Sends a message.
    ///
    /// - Parameters:
    ///   - message: What to send, and how.
    ///   - conversation: To whom.
    /// - Returns: The message on its way.
    /// - Throws: ``ChatError``: ``ChatError/Code/badParameter`` when it is empty or an option does not fit,
    ///   ``ChatError/Code/messageTooLarge`` over 32,768 bytes, ``ChatError/Code/receiverInvalid`` to oneself,
    ///   ``ChatError/Code/fileSystem`` when the disk is full; for messages that are online only also
    ///   ``ChatError/Code/disconnected`` and what the server says.
    @discardableResult
    public func send(_ message: NewMessage, to conversation: ConversationID) async throws -> OutgoingMessage {
        try await OutgoingMessage(
            core: cancellable { [core] in
                try await core.send(conversation: conversation.rawValue, message: message.core, cancel: $0)
            })
    }

    /// Sends several messages, in their order. They share the work of being stored, so a burst is much faster this way.
    ///
    /// - Parameters:
    ///   - messages: What to send.
    ///   - conversation: To whom.
    /// - Returns: The messages on their way, in the same order.
    /// - Throws: What sending a ``NewMessage`` throws. Those before the one that is refused are sent all the same; those behind it
    ///   are not.
    @discardableResult
    public func send(
        contentsOf messages: some Sequence<NewMessage>, to conversation: ConversationID
    ) async throws -> [OutgoingMessage] {
        var attempts: [SendAttempt] = []
        var refusal: (any Error)?
        do {
            for message in messages.map(\.core) {
                attempts.append(
                    try await cancellable { [core] in
                        try await core.beginSend(
                            conversation: conversation.rawValue, message: message, cancel: $0)
                    })
            }
        } catch {
            refusal = error
        }
        var sent: [OutgoingMessage] = []
        for attempt in attempts {
            sent.append(OutgoingMessage(core: try await cancellable { try await attempt.durable(cancel: $0) }))
        }
        if let refusal {
            throw refusal
        }
        return sent
    }

    /// Sends a failed message again: the same id, at the end of its conversation.
    ///
    /// - Throws: ``ChatError``: ``ChatError/Code/recordNotFound``, ``ChatError/Code/wrongState`` when it has not failed,
    ///   ``ChatError/Code/fileSystem`` when the disk is full.
    @discardableResult
    public func retry(_ id: MessageID) async throws -> OutgoingMessage {
        try await OutgoingMessage(
            core: cancellable { [core] in try await core.retry(id: id.rawValue, cancel: $0) })
    }

    /// Takes a message back that has not reached the server; it then stands as failed with
    /// ``ChatError/Code/sendCancelled``.
    ///
    /// If it may have left this device already, this waits until the server has said whether it came too late.
    ///
    /// - Throws: ``ChatError``: ``ChatError/Code/sendNotCancellable`` when it has reached the server,
    ///   ``ChatError/Code/recordNotFound``.
    public func cancelSending(_ id: MessageID) async throws {
        try await cancellable { [core] in try await core.cancelSend(id: id.rawValue, cancel: $0) }
    }

    // MARK: Reading

    /// A message, if it is on this device.
    public func message(_ id: MessageID) async throws -> Message? {
        try await cancellable { [core] in try await core.get(id: id.rawValue, cancel: $0) }
            .map { Message($0) }
    }

    /// One page of a conversation's messages, with those that wait to be sent.
    ///
    /// What is not on this device is fetched. Without a connection the page ends before it and is not
    /// ``HistoryPage/isComplete``.
    ///
    /// - Parameters:
    ///   - conversation: Which one.
    ///   - start: Where the page begins.
    ///   - limit: How many messages at most, 1 to 100.
    /// - Throws: ``ChatError``: ``ChatError/Code/badParameter`` for a limit out of range or an unknown message to start from.
    public func history(
        of conversation: ConversationID, from start: HistoryStart = .newest, limit: Int = 50
    ) async throws -> HistoryPage {
        let page = try await cancellable { [core] in
            try await core.history(
                conversation: conversation.rawValue, from: start.core, limit: UInt32(clamping: limit), cancel: $0)
        }
        return HistoryPage(page)
    }

    /// A live window on a conversation: its messages, oldest first, then each change.
    ///
    /// ```swift
    /// for await window in try await client.messages.timeline(of: .user("bob")) {
    ///     show(window.messages)
    /// }
    /// ```
    ///
    /// - Parameters:
    ///   - conversation: Which one.
    ///   - start: Where the window lies at first.
    /// - Throws: ``ChatError``: ``ChatError/Code/badParameter`` for an empty window or an unknown message to start from.
    public func timeline(
        of conversation: ConversationID, from start: TimelineStart = .newest(30)
    ) async throws -> Timeline {
        try await Timeline(
            cancellable { [core] in
                try await core.observe(conversation: conversation.rawValue, start: start.core, cancel: $0)
            })
    }

    // MARK: Deleting

    /// Deletes messages for this user, on all his devices; for others nothing changes.
    ///
    /// They are gone here when this returns, and elsewhere as soon as there is a connection. A message that has not reached
    /// the server is taken back as well.
    ///
    /// - Parameters:
    ///   - ids: Which ones, 1 to 50.
    ///   - conversation: Where they stand.
    /// - Throws: ``ChatError``, and nothing was deleted then: ``ChatError/Code/badParameter`` for none, more than 50, or those
    ///   of another conversation, ``ChatError/Code/recordNotFound``, ``ChatError/Code/fileSystem``.
    public func delete(_ ids: some Sequence<MessageID>, from conversation: ConversationID) async throws {
        let ids = ids.map(\.rawValue)
        try await cancellable { [core] in
            try await core.delete(conversation: conversation.rawValue, ids: ids, cancel: $0)
        }
    }
}

/// A message on its way: safe on this device. From ``Messages/send(_:to:)-(String,_)``.
///
/// Letting it go undoes nothing.
public struct OutgoingMessage: Identifiable, Sendable {
    let core: SendHandle

    /// The message's id; stays the same for good.
    public var id: MessageID { MessageID(rawValue: core.id()) }

    /// The message as it was accepted.
    public var message: Message { Message(core.message()) }

    /// Waits until the server has stored the message, however long that takes, and gives it as it stands there.
    ///
    /// Cancelling the wait takes nothing back.
    ///
    /// - Throws: ``ChatError``: why it failed for good; ``ChatError/Code/interrupted`` when the user logged out or the client
    ///   was closed before, and the message goes out after the next login; ``ChatError/Code/recordNotFound`` when the user has
    ///   deleted it meanwhile.
    @discardableResult
    public func settled() async throws -> Message {
        Message(try await cancellable { [core] in try await core.settled(cancel: $0) })
    }

    /// Takes the message back; see ``Messages/cancelSending(_:)``.
    ///
    /// - Throws: ``ChatError``: ``ChatError/Code/sendNotCancellable`` when it has reached the server.
    public func cancelSending() async throws {
        try await cancellable { [core] in try await core.cancelSend(cancel: $0) }
    }
}

/// Where a page of history begins.
public enum HistoryStart: Hashable, Sendable {
    /// At the newest message, going back.
    case newest
    /// Before a message, going back; it is not part of the page.
    case before(MessageID)
    /// After a message, going forward; it is not part of the page.
    case after(MessageID)
}

/// A page of history.
public struct HistoryPage: Hashable, Sendable {
    /// Newest first; oldest first for ``HistoryStart/after(_:)``. Nothing is missing in between.
    public let messages: [Message]
    /// Nothing follows in this direction. False also when that cannot be known without a connection.
    public let isComplete: Bool
    /// Newer messages than the first of this page exist and could not be fetched: a list shows a break there. Only without a
    /// connection.
    public let isMissingNewer: Bool

    /// Makes a page; for tests and previews of your own.
    public init(messages: [Message], isComplete: Bool = true, isMissingNewer: Bool = false) {
        self.messages = messages
        self.isComplete = isComplete
        self.isMissingNewer = isMissingNewer
    }
}

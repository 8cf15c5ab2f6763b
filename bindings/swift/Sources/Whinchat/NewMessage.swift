import Foundation
internal import WhinchatCore

/// A message that is to be sent, with its options.
///
/// ```swift
/// var message = NewMessage("see you at eight")
/// message.isExcludedFromUnread = true
/// try await client.messages.send(message, to: .group("friends"))
/// ```
public struct NewMessage: Hashable, Sendable, ExpressibleByStringInterpolation {
    /// What it holds: ``Content/Element/text(_:)`` and ``Content/Element/custom(_:)``, at least one element.
    public var content: Content
    /// It does not count as unread.
    public var isExcludedFromUnread = false
    /// It does not become the conversation's last message.
    public var isExcludedFromLastMessage = false
    /// Users named with an @; groups only, at most 30.
    public var mentions: [UserID] = []
    /// Everybody is named with an @; groups only.
    public var mentionsEverybody = false
    /// Shows it to these members of a group alone, at most 50; empty for all.
    public var audience: [UserID] = []
    /// Delivers to those who are online now and stores nowhere; needs a connection.
    public var isOnlineOnly = false
    /// What may be dropped first in a room over its rate; `nil` is as ``Message/Priority/normal``.
    public var priority: Message.Priority?
    /// Gives up, with ``ChatError/Code/requestTimeout``, when the server has not stored it after so many seconds; `nil`
    /// waits for as long as it takes.
    public var timeout: TimeInterval?

    /// Text.
    public init(_ text: String) {
        content = Content(elements: [.text(text)])
    }

    /// Text, from a literal.
    public init(stringLiteral text: String) {
        self.init(text)
    }

    /// Bytes of your own.
    ///
    /// - Parameters:
    ///   - data: The payload; not empty.
    ///   - description: What to show in a list.
    ///   - extension: Further data of your own.
    public init(custom data: Data, description: String = "", extension: String = "") {
        content = Content(
            elements: [.custom(Content.Custom(data: data, description: description, extension: `extension`))])
    }

    /// Several elements, the first of which says what kind of message it is.
    public init(_ content: Content) {
        self.content = content
    }
}

extension NewMessage {
    var core: WhinchatCore.OutgoingMessage {
        WhinchatCore.OutgoingMessage(
            elements: content.elements.map(\.core),
            customData: content.customData,
            excludedFromUnread: isExcludedFromUnread,
            excludedFromLastMessage: isExcludedFromLastMessage,
            mentions: mentions.map(\.rawValue),
            mentionAll: mentionsEverybody,
            audience: audience.map(\.rawValue),
            onlineOnly: isOnlineOnly,
            priority: priority?.core,
            timeoutMs: timeout.map(milliseconds)
        )
    }
}

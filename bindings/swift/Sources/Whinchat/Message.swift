import Foundation

/// A message, as it is stored on this device.
public struct Message: Identifiable, Hashable, Sendable {
    /// Its id; the same on every device, and from before it was sent.
    public let id: MessageID
    /// The conversation it belongs to.
    public let conversation: ConversationID
    /// Who wrote it.
    public let sender: UserID
    /// Its place in the conversation, from 1 on; `nil` while it is not stored at the server.
    public let sequence: Int64?
    /// When the server stored it, by the server's clock; while it has not, when it was written, by this device's.
    public let date: Date
    /// How far it got.
    public let state: State
    /// Whether the user who is logged in wrote it, on any of his devices.
    public let isOwn: Bool
    /// What it holds.
    public let content: Content
    /// It does not count as unread.
    public let isExcludedFromUnread: Bool
    /// It does not become the conversation's last message.
    public let isExcludedFromLastMessage: Bool
    /// Users named with an @.
    public let mentions: [UserID]
    /// Everybody is named with an @.
    public let mentionsEverybody: Bool
    /// The members of a group that alone see it; empty for all of them.
    public let audience: [UserID]
    /// What the sender gave it; `nil` is as ``Priority/normal``.
    public let priority: Priority?
    /// Delivered to those who were online, and stored nowhere.
    public let isOnlineOnly: Bool
    /// One's own, one to one, and the other side has read it. Always false in groups.
    public let isReadByPeer: Bool

    /// Makes a message that stands nowhere; for tests and previews of your own.
    public init(
        id: MessageID,
        conversation: ConversationID,
        sender: UserID,
        sequence: Int64? = nil,
        date: Date = Date(),
        state: State = .sent,
        isOwn: Bool = false,
        content: Content,
        isExcludedFromUnread: Bool = false,
        isExcludedFromLastMessage: Bool = false,
        mentions: [UserID] = [],
        mentionsEverybody: Bool = false,
        audience: [UserID] = [],
        priority: Priority? = nil,
        isOnlineOnly: Bool = false,
        isReadByPeer: Bool = false
    ) {
        self.id = id
        self.conversation = conversation
        self.sender = sender
        self.sequence = sequence
        self.date = date
        self.state = state
        self.isOwn = isOwn
        self.content = content
        self.isExcludedFromUnread = isExcludedFromUnread
        self.isExcludedFromLastMessage = isExcludedFromLastMessage
        self.mentions = mentions
        self.mentionsEverybody = mentionsEverybody
        self.audience = audience
        self.priority = priority
        self.isOnlineOnly = isOnlineOnly
        self.isReadByPeer = isReadByPeer
    }

    /// The text of its first text element; `nil` when there is none.
    public var text: String? {
        for case .text(let text) in content.elements {
            return text
        }
        return nil
    }

    /// What may be dropped first in a room over its rate. One to one nothing is dropped; it only travels with the message.
    public enum Priority: Hashable, Sendable, CaseIterable {
        /// Kept longest.
        case high
        /// Between the others.
        case normal
        /// Dropped first.
        case low
    }

    /// How far a message got.
    public enum State: Hashable, Sendable {
        /// Safe in the outbox, or on its way.
        case pending
        /// Stored at the server.
        case sent
        /// Given up, with the reason. ``Messages/retry(_:)`` sends it again.
        case failed(ChatError)
    }
}

/// What a message holds.
public struct Content: Hashable, Sendable {
    /// Its elements; at least one.
    public var elements: [Element]
    /// Data of your own that travels with the message.
    public var customData: Data

    /// Makes a content.
    public init(elements: [Element], customData: Data = Data()) {
        self.elements = elements
        self.customData = customData
    }

    /// One element of a message.
    ///
    /// Newer versions know more of them: give a `switch` a `default`.
    public enum Element: Hashable, Sendable {
        /// Text; not empty.
        case text(String)
        /// Bytes of your own.
        case custom(Custom)
        /// What happened to a group; only the server writes these.
        case groupTip(GroupTip)
        /// Of a kind that this version does not know.
        case unknown
    }

    /// Bytes of your own.
    public struct Custom: Hashable, Sendable {
        /// The payload; not empty.
        public var data: Data
        /// What to show in a list.
        public var description: String
        /// Further data of your own.
        public var `extension`: String

        /// Makes an element.
        public init(data: Data, description: String = "", extension: String = "") {
            self.data = data
            self.description = description
            self.extension = `extension`
        }
    }

    /// What happened to a group.
    public struct GroupTip: Hashable, Sendable {
        /// What happened.
        public let kind: Kind
        /// Who did it.
        public let actor: UserID
        /// Whom it concerns.
        public let members: [UserID]
        /// How many members there are afterwards.
        public let memberCount: Int

        /// Makes a tip; for tests and previews of your own.
        public init(kind: Kind, actor: UserID, members: [UserID], memberCount: Int) {
            self.kind = kind
            self.actor = actor
            self.members = members
            self.memberCount = memberCount
        }

        /// What happened.
        public enum Kind: Hashable, Sendable {
            /// Somebody joined by himself.
            case joined
            /// Members were invited in.
            case invited
            /// A member quit.
            case quit
            /// A member was removed.
            case removed
            /// Of a kind that this version does not know.
            case unknown
        }
    }
}

import Foundation

/// A conversation, as a list shows it.
public struct Conversation: Identifiable, Hashable, Sendable {
    /// Which one.
    public let id: ConversationID
    /// The newest message that may stand there; those that wait to be sent, and those that failed, count as well.
    public let lastMessage: Message?
    /// Messages that came since it was read and are not one's own.
    public let unreadCount: Int
    /// Everything up to this place is read; 0 for nothing.
    public let readSequence: Int64
    /// One to one: the other side has read everything up to this place; 0 for nothing, and in groups.
    public let peerReadSequence: Int64
    /// The last place that the server told of.
    public let lastSequence: Int64
    /// When it was last active; orders the list.
    public let lastActivity: Date
    /// What is known of the group; `nil` for one to one.
    public let group: GroupSummary?
    /// The user is no longer a member; what he saw stays readable.
    public let hasLeft: Bool

    /// Makes a conversation that stands nowhere; for tests and previews of your own.
    public init(
        id: ConversationID,
        lastMessage: Message? = nil,
        unreadCount: Int = 0,
        readSequence: Int64 = 0,
        peerReadSequence: Int64 = 0,
        lastSequence: Int64 = 0,
        lastActivity: Date = Date(),
        group: GroupSummary? = nil,
        hasLeft: Bool = false
    ) {
        self.id = id
        self.lastMessage = lastMessage
        self.unreadCount = unreadCount
        self.readSequence = readSequence
        self.peerReadSequence = peerReadSequence
        self.lastSequence = lastSequence
        self.lastActivity = lastActivity
        self.group = group
        self.hasLeft = hasLeft
    }
}

/// What a list shows of a group.
public struct GroupSummary: Hashable, Sendable {
    /// Its kind; `nil` for one that this version does not know.
    public let kind: GroupKind?
    /// Its name.
    public let name: String
    /// Its owner.
    public let owner: UserID
    /// How many members it has.
    public let memberCount: Int

    /// Makes a summary; for tests and previews of your own.
    public init(kind: GroupKind?, name: String, owner: UserID, memberCount: Int) {
        self.kind = kind
        self.name = name
        self.owner = owner
        self.memberCount = memberCount
    }
}

/// What a group is; decides who may do what.
public enum GroupKind: String, Hashable, Sendable, CaseIterable {
    /// Friends or colleagues: members invite each other, nobody joins by himself.
    case work = "Work"
    /// Open to all who are let in.
    case `public` = "Public"
    /// Open to all; newcomers see what was said before, and nothing counts as unread.
    case meeting = "Meeting"
}

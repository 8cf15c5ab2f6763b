import Foundation

/// Something that your app may want to show. From ``ChatClient/events()``.
///
/// Newer versions tell of more: give a `switch` a `default`.
public enum ChatEvent: Hashable, Sendable {
    /// The connection's state changed.
    case connectionChanged(ConnectionState)
    /// After connecting: what was missed is being fetched.
    case syncStarted
    /// What was missed is stored.
    case syncFinished
    /// Fetching what was missed met an error. It is tried again by itself.
    case syncFailed(ChatError)
    /// A new message is stored: from others, or from another device of one's own.
    case messageReceived(Message)
    /// A message that is stored nowhere.
    case ephemeralMessageReceived(Message)
    /// A message sent from here got further: stored at the server, failed, or queued again.
    case messageChanged(Message)
    /// A conversation is in the list that was not there before.
    case conversationAdded(Conversation)
    /// A conversation has a new state. Bursts are merged.
    case conversationChanged(Conversation)
    /// A conversation is gone.
    case conversationRemoved(ConversationID)
    /// The other side of a one to one has read further. Bursts are merged.
    case receiptReceived(ReadReceipt)
    /// Messages were deleted, here or on another device of the user.
    case messagesDeleted([MessageID], in: ConversationID)
    /// Somebody has begun to type, or has stopped; it ends by itself, and with a message.
    case typingChanged(TypingStatus)
    /// The number of unread messages over all conversations changed.
    case totalUnreadCountChanged(Int)
    /// The signature ends in so many seconds: fetch a fresh one and give it to ``ChatClient/renew(signature:)``.
    case loginExpiring(in: TimeInterval)
    /// The signature is no longer good, and the user is logged out: log in with a fresh one.
    case loginExpired(ChatError)
    /// Another device of the same kind has logged in, or an administrator has ended the session, and the user is logged out.
    case kickedOffline(ChatError)
    /// The local copy of what the server has was damaged; it was set aside to this file, and is being fetched again.
    case storeReset(setAside: URL)
}

/// How far the other side of a one to one has read.
public struct ReadReceipt: Hashable, Sendable {
    /// Which conversation.
    public let conversation: ConversationID
    /// Everything up to this place is read.
    public let sequence: Int64
    /// When the newest message up to there was stored; `nil` when none is on this device.
    public let date: Date?

    /// Makes a receipt; for tests and previews of your own.
    public init(conversation: ConversationID, sequence: Int64, date: Date?) {
        self.conversation = conversation
        self.sequence = sequence
        self.date = date
    }
}

/// Who types where.
public struct TypingStatus: Hashable, Sendable {
    /// Where.
    public let conversation: ConversationID
    /// Who.
    public let user: UserID
    /// False when it has ended.
    public let isTyping: Bool

    /// Makes a status; for tests and previews of your own.
    public init(conversation: ConversationID, user: UserID, isTyping: Bool) {
        self.conversation = conversation
        self.user = user
        self.isTyping = isTyping
    }
}

/// Whether the server can be reached.
public enum ConnectionState: Hashable, Sendable {
    /// Nobody is logged in.
    case loggedOut
    /// An attempt to connect runs.
    case connecting
    /// The server has accepted the session.
    case connected
    /// The connection is gone; the next attempt follows in so many seconds by itself.
    case waiting(TimeInterval, ChatError)
    /// The client sleeps until ``ChatClient/resume()``.
    case paused
}

internal import WhinchatCore

/// The conversation list as a screen shows it: as it stands, then after each change. From ``Conversations/list(limit:)``.
///
/// ```swift
/// for await list in try client.conversations.list() {
///     tableView.show(list.conversations)
/// }
/// ```
///
/// A task that comes late is told less often, not more: everything that happened meanwhile comes as one change, and what
/// waits takes no memory. When the user logs out or the client is closed, an empty list comes, and then the sequence ends. A
/// task that is cancelled leaves its loop. The subscription ends when the sequence and its iterators are let go.
///
/// Iterate it in one task, and ask for another list for another reader.
public struct ConversationList: AsyncSequence, Sendable {
    /// The list at one moment.
    public struct Element: Hashable, Sendable {
        /// The conversations, newest activity first.
        public let conversations: [Conversation]
        /// Whether the list goes on behind the last of them.
        public let hasMore: Bool
        /// The steps from the element before to this one, for views that move rows; `nil` when this one replaces it.
        public let changes: [ListChange<Conversation>]?

        /// Makes a state; for tests and previews of your own.
        public init(
            conversations: [Conversation], hasMore: Bool = false, changes: [ListChange<Conversation>]? = nil
        ) {
            self.conversations = conversations
            self.hasMore = hasMore
            self.changes = changes
        }
    }

    private let feed: Feed<Conversation, Bool>
    private let core: Subscription

    init(_ core: ConversationSubscription) {
        let core = Subscription(core: core)
        self.core = core
        feed = Feed(finished: false) { taken, cancel in
            try await core.core.next(taken: taken, cancel: cancel).map { ($0.number, Feed.Update($0.update)) }
        }
    }

    /// Makes the window longer at its end. The next element says what came of it.
    public func loadMore(_ count: Int = 50) {
        core.core.grow(count: UInt32(clamping: count))
    }

    /// Goes through the states of the list.
    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(feed: feed)
    }

    /// Goes through the states of the list.
    public struct AsyncIterator: AsyncIteratorProtocol, Sendable {
        fileprivate let feed: Feed<Conversation, Bool>

        /// Waits for the next change; `nil` when the user has logged out, the client is closed or the task cancelled.
        public func next() async -> Element? {
            await feed.next().map { Element(conversations: $0.items, hasMore: $0.status, changes: $0.changes) }
        }
    }

    /// Stops the subscription when nobody can come for its updates any more.
    private final class Subscription: Sendable {
        let core: ConversationSubscription

        init(core: ConversationSubscription) {
            self.core = core
        }

        deinit {
            core.stop()
        }
    }
}

extension Feed.Update where Item == Conversation, Status == Bool {
    init(_ update: ConversationUpdate) {
        switch update {
        case .snapshot(let items, let hasMore):
            self = .snapshot(items.map { Conversation($0) }, hasMore)
        case .changes(let diffs, let hasMore):
            self = .changes(diffs.map { ListChange($0) }, hasMore)
        case .reset:
            self = .reset
        }
    }
}

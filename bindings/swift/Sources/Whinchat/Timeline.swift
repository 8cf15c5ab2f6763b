internal import WhinchatCore

/// A conversation as a screen shows it: its messages as they stand, then after each change. From
/// ``Messages/timeline(of:from:)``.
///
/// ```swift
/// let timeline = try await client.messages.timeline(of: .user("bob"))
/// for await window in timeline {
///     tableView.show(window.messages)
/// }
/// // and when somebody scrolls up
/// timeline.loadOlder()
/// ```
///
/// The window has no hole inside: what is not on this device is fetched after you have taken what is, and without a connection
/// the window ends there and is not ``Element/isComplete``. Own messages that have not reached the server stand where they were
/// written.
///
/// A task that comes late is told less often, not more. When the user logs out or the client is closed, an empty window comes,
/// and then the sequence ends. A task that is cancelled leaves its loop. The subscription ends when the sequence and its
/// iterators are let go.
///
/// Iterate it in one task, and ask for another timeline for another reader.
public struct Timeline: AsyncSequence, Sendable {
    /// The window at one moment.
    public struct Element: Hashable, Sendable {
        /// The messages, oldest first.
        public let messages: [Message]
        /// There are messages before the first one, or there may be.
        public let hasOlder: Bool
        /// There are messages after the last stored one.
        public let hasNewer: Bool
        /// The window takes in every new message as it comes.
        public let isAtLiveEnd: Bool
        /// Everything that the window should hold is here. What has to be fetched comes by itself, without a connection once
        /// there is one.
        public let isComplete: Bool
        /// The steps from the element before to this one, for views that move rows; `nil` when this one replaces it.
        public let changes: [ListChange<Message>]?

        /// Makes a state; for tests and previews of your own.
        public init(
            messages: [Message], hasOlder: Bool = false, hasNewer: Bool = false, isAtLiveEnd: Bool = true,
            isComplete: Bool = true, changes: [ListChange<Message>]? = nil
        ) {
            self.messages = messages
            self.hasOlder = hasOlder
            self.hasNewer = hasNewer
            self.isAtLiveEnd = isAtLiveEnd
            self.isComplete = isComplete
            self.changes = changes
        }
    }

    private let feed: Feed<Message, TimelineStatus>
    private let core: Subscription

    init(_ core: TimelineSubscription) {
        let core = Subscription(core: core)
        self.core = core
        let nothing = TimelineStatus(hasOlder: false, hasNewer: false, atLiveEnd: false, complete: false)
        feed = Feed(finished: nothing) { taken, cancel in
            try await core.core.next(taken: taken, cancel: cancel).map { ($0.number, Feed.Update($0.update)) }
        }
    }

    /// Takes in more messages at the older end. The next element says what came of it; what has to be fetched follows.
    public func loadOlder(_ count: Int = 30) {
        core.core.growOlder(count: UInt32(clamping: count))
    }

    /// Takes in more messages at the newer end. A window that has reached the newest message stays there.
    public func loadNewer(_ count: Int = 30) {
        core.core.growNewer(count: UInt32(clamping: count))
    }

    /// Leaves the place for the newest end: the next element replaces everything.
    public func jumpToNewest() {
        core.core.newest()
    }

    /// Goes through the states of the window.
    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(feed: feed)
    }

    /// Goes through the states of the window.
    public struct AsyncIterator: AsyncIteratorProtocol, Sendable {
        fileprivate let feed: Feed<Message, TimelineStatus>

        /// Waits for the next change; `nil` when the user has logged out, the client is closed or the task cancelled.
        public func next() async -> Element? {
            await feed.next().map {
                Element(
                    messages: $0.items, hasOlder: $0.status.hasOlder, hasNewer: $0.status.hasNewer,
                    isAtLiveEnd: $0.status.atLiveEnd, isComplete: $0.status.complete, changes: $0.changes)
            }
        }
    }

    /// Stops the subscription when nobody can come for its updates any more.
    private final class Subscription: Sendable {
        let core: TimelineSubscription

        init(core: TimelineSubscription) {
            self.core = core
        }

        deinit {
            core.stop()
        }
    }
}

/// Where a timeline lies at first.
public enum TimelineStart: Hashable, Sendable {
    /// At the newest end with so many messages, at least 1; it stays there and takes in what comes.
    case newest(Int)
    /// Around a message that is on this device, such as one that was found, with so many before and after it.
    case around(MessageID, older: Int, newer: Int)
}

extension TimelineStart {
    var core: WhinchatCore.TimelineStart {
        switch self {
        case .newest(let limit):
            .newest(limit: UInt32(clamping: limit))
        case .around(let message, let older, let newer):
            .around(message: message.rawValue, older: UInt32(clamping: older), newer: UInt32(clamping: newer))
        }
    }
}

extension Feed.Update where Item == Message, Status == TimelineStatus {
    init(_ update: TimelineUpdate) {
        switch update {
        case .snapshot(let items, let status):
            self = .snapshot(items.map { Message($0) }, status)
        case .changes(let diffs, let status):
            self = .changes(diffs.map { ListChange($0) }, status)
        case .reset:
            self = .reset
        }
    }
}

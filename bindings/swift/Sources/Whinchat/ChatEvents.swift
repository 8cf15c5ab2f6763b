internal import WhinchatCore

/// What happens in a client, in the order in which it was stored. From ``ChatClient/events()``.
///
/// ```swift
/// for await event in client.events() {
///     if case .messageReceived(let message) = event {
///         print(message.sender, message.text ?? "")
///     }
/// }
/// ```
///
/// The subscription begins when ``ChatClient/events()`` is called and ends when the sequence and its iterators are let go, so
/// leaving a loop ends it unless you keep the sequence. It outlives a logout and ends when the client is closed. A task that
/// is cancelled leaves its loop.
///
/// A slow reader costs no memory: what changes often is merged, and messages wait in the database. No message is left out;
/// those that were not read when the app was killed come again after the next login.
///
/// Iterate it in one task. Several tasks share the events among them, each goes to one; call ``ChatClient/events()`` for each
/// reader that wants all of them.
public struct ChatEvents: AsyncSequence, Sendable {
    /// What happens.
    public typealias Element = ChatEvent

    private let source: EventSource

    init(_ core: EventSubscription) {
        source = EventSource(core)
    }

    /// Goes through the events.
    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(source: source)
    }

    /// Goes through the events.
    public struct AsyncIterator: AsyncIteratorProtocol, Sendable {
        fileprivate let source: EventSource

        /// Waits for the next event; `nil` when the client is closed or the task cancelled.
        public func next() async -> ChatEvent? {
            await source.next()
        }
    }
}

/// Pulls events in batches, since each crossing of the border has its price, and gives them out one by one.
private final class EventSource: Sendable {
    /// So many events at most are taken ahead of the reader. They are told again when the app is killed meanwhile.
    private static let batch: UInt32 = 64

    private struct State {
        /// Last one first, so that taking one out moves none of the others.
        var waiting: [ChatEvent] = []
        /// The number of the batch that they are of.
        var number: UInt64 = 0
    }

    private let core: EventSubscription
    private let turn = Turn()
    private let state = Guarded(State())

    init(_ core: EventSubscription) {
        self.core = core
    }

    deinit {
        core.stop()
    }

    func next() async -> ChatEvent? {
        if Task.isCancelled {
            return nil
        }
        if let event = waiting() {
            return event
        }
        return await turn.take { [self] in
            // Somebody who had the turn before may have brought more than he wanted.
            if let event = waiting() {
                return event
            }
            let taken = state.with { $0.number }
            // Nothing fails in waiting but the wait itself; what it would have given comes again.
            guard
                let batch = try? await cancellable({ [core] in
                    try await core.next(taken: taken, max: Self.batch, cancel: $0)
                })
            else {
                return nil
            }
            let events = Array(batch.events.map { ChatEvent($0) }.reversed())
            state.with { $0 = State(waiting: events, number: batch.number) }
            return waiting()
        }
    }

    private func waiting() -> ChatEvent? {
        state.with { $0.waiting.popLast() }
    }
}

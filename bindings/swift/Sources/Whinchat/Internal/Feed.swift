internal import WhinchatCore

/// A list that is kept current: takes updates one after the other and gives out what they lead to.
final class Feed<Item: Sendable, Status: Sendable>: Sendable {
    /// What an update says.
    enum Update: Sendable {
        /// The list as it stands.
        case snapshot([Item], Status)
        /// The steps since the last update.
        case changes([ListChange<Item>], Status)
        /// What was shown is nobody's any more.
        case reset
    }

    /// The list after an update.
    struct State: Sendable {
        let items: [Item]
        let status: Status
        /// The steps that led here; none when it replaces what was shown.
        let changes: [ListChange<Item>]?
    }

    /// Gives the next update and its number, to be given to the next pull: one that did not arrive is given again.
    typealias Pull = @Sendable (_ taken: UInt64, CancelToken) async throws -> (UInt64, Update)?

    private struct Shown {
        var items: [Item] = []
        /// The number of the update that led here.
        var number: UInt64 = 0
    }

    private let pull: Pull
    private let finished: Status
    private let turn = Turn()
    private let shown = Guarded(Shown())

    /// `finished` is the status of the empty list that comes after a reset.
    init(finished: Status, pull: @escaping Pull) {
        self.finished = finished
        self.pull = pull
    }

    func next() async -> State? {
        await turn.take { [self] in
            let taken = shown.with { $0.number }
            // Nothing fails in waiting but the wait itself.
            guard let (number, update) = try? await cancellable({ try await pull(taken, $0) }) else {
                return nil
            }
            return shown.with { shown in
                shown.number = number
                switch update {
                case .snapshot(let items, let status):
                    shown.items = items
                    return State(items: items, status: status, changes: nil)
                case .changes(let changes, let status):
                    changes.forEach { shown.items.apply($0) }
                    return State(items: shown.items, status: status, changes: changes)
                case .reset:
                    shown.items = []
                    return State(items: [], status: finished, changes: nil)
                }
            }
        }
    }
}

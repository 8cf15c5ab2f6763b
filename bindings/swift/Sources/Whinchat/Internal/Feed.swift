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

    private let pull: @Sendable (CancelToken) async throws -> Update?
    private let finished: Status
    private let turn = Turn()
    private let items = Guarded<[Item]>([])

    /// `finished` is the status of the empty list that comes after a reset.
    init(finished: Status, pull: @escaping @Sendable (CancelToken) async throws -> Update?) {
        self.finished = finished
        self.pull = pull
    }

    func next() async -> State? {
        await turn.take { [self] in
            // Nothing fails in waiting but the wait itself.
            guard let update = try? await cancellable(pull) else {
                return nil
            }
            switch update {
            case .snapshot(let items, let status):
                self.items.with { $0 = items }
                return State(items: items, status: status, changes: nil)
            case .changes(let changes, let status):
                let items = self.items.with { items in
                    changes.forEach { items.apply($0) }
                    return items
                }
                return State(items: items, status: status, changes: changes)
            case .reset:
                self.items.with { $0 = [] }
                return State(items: [], status: finished, changes: nil)
            }
        }
    }
}

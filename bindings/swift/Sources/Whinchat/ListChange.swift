/// One step from a list to the next.
///
/// Steps are made in the order in which they come; each index counts in the list as the steps before have left it.
public enum ListChange<Item> {
    /// A new item, and where it stands afterwards.
    case insert(Item, at: Int)
    /// The item that stood there is gone.
    case remove(at: Int)
    /// The item that stands there has a new state.
    case update(Item, at: Int)
    /// An item stands at another place, perhaps with a new state: it is taken out at the first, then put in at the second.
    case move(Item, from: Int, to: Int)
}

extension ListChange: Equatable where Item: Equatable {}
extension ListChange: Hashable where Item: Hashable {}
extension ListChange: Sendable where Item: Sendable {}

extension Array {
    /// Makes a step. One that does not fit this array, because another was left out, is not made.
    public mutating func apply(_ change: ListChange<Element>) {
        switch change {
        case .insert(let item, let index):
            if (0...count).contains(index) {
                insert(item, at: index)
            }
        case .remove(let index):
            if indices.contains(index) {
                remove(at: index)
            }
        case .update(let item, let index):
            if indices.contains(index) {
                self[index] = item
            }
        case .move(let item, let from, let to):
            if indices.contains(from), indices.contains(to) {
                remove(at: from)
                insert(item, at: to)
            }
        }
    }
}

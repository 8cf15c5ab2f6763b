import Foundation

/// Lets one task work at a time, in the order in which they came. Who is cancelled while he waits goes away.
final class Turn: Sendable {
    private struct Waiting {
        let number: UInt64
        let continuation: CheckedContinuation<Bool, Never>
    }

    private struct State {
        var isTaken = false
        var waiting: [Waiting] = []
        var next: UInt64 = 0
        /// Those that have their number and do not wait yet.
        var coming: Set<UInt64> = []
    }

    private let state = Guarded(State())

    /// Runs `work` when its turn has come; gives `nil` when the task is cancelled before.
    func take<Value: Sendable>(_ work: @Sendable () async -> Value?) async -> Value? {
        let number = state.with { state in
            state.next += 1
            state.coming.insert(state.next)
            return state.next
        }
        let isOurs = await withTaskCancellationHandler {
            await withCheckedContinuation { wait(Waiting(number: number, continuation: $0)) }
        } onCancel: {
            leave(number)
        }
        guard isOurs else {
            return nil
        }
        defer { pass() }
        return await work()
    }

    private func wait(_ waiting: Waiting) {
        let answer: Bool? = state.with { state in
            guard state.coming.remove(waiting.number) != nil else {
                return false
            }
            if state.isTaken {
                state.waiting.append(waiting)
                return nil
            }
            state.isTaken = true
            return true
        }
        if let answer {
            waiting.continuation.resume(returning: answer)
        }
    }

    private func leave(_ number: UInt64) {
        let left: Waiting? = state.with { state in
            if let place = state.waiting.firstIndex(where: { $0.number == number }) {
                return state.waiting.remove(at: place)
            }
            // Cancelled before it waits, or after its turn has come, which changes nothing here.
            state.coming.remove(number)
            return nil
        }
        left?.continuation.resume(returning: false)
    }

    private func pass() {
        let next: Waiting? = state.with { state in
            if state.waiting.isEmpty {
                state.isTaken = false
                return nil
            }
            return state.waiting.removeFirst()
        }
        next?.continuation.resume(returning: true)
    }
}

/// A value that one thread at a time looks at.
final class Guarded<Value>: @unchecked Sendable {
    // `lock` guards every access to `value`.
    private let lock = NSLock()
    private var value: Value

    init(_ value: Value) {
        self.value = value
    }

    func with<Result>(_ work: (inout Value) throws -> Result) rethrows -> Result {
        lock.lock()
        defer { lock.unlock() }
        return try work(&value)
    }
}

import Foundation
internal import WhinchatCore

/// Runs a call that waits. Cancelling the task ends it at once, with a `CancellationError`.
func cancellable<Value: Sendable>(
    _ call: @Sendable (CancelToken) async throws -> Value
) async throws -> Value {
    try Task.checkCancellation()
    let token = CancelToken()
    do {
        return try await withTaskCancellationHandler {
            try await call(token)
        } onCancel: {
            token.cancel()
        }
    } catch {
        try Task.checkCancellation()
        throw ChatError(translating: error)
    }
}

/// Runs a call that does not wait.
func translating<Value>(_ call: () throws -> Value) throws -> Value {
    do {
        return try call()
    } catch {
        throw ChatError(translating: error)
    }
}

extension ChatError {
    fileprivate init(translating error: any Error) {
        if case CallError.Failed(let failure) = error {
            self.init(failure)
        } else {
            self.init(
                code: .internal, name: "client.internal", class: .final,
                message: "a call ended unforeseen; please report it with the log: \(error)")
        }
    }
}

/// Whole milliseconds; what cannot be said in them is as near to it as can be.
func milliseconds(_ seconds: TimeInterval) -> UInt64 {
    // Ten years are as good as forever, and no clock overflows.
    let longest: TimeInterval = 315_360_000
    guard seconds > 0 else {
        return 0
    }
    return UInt64(min(seconds, longest) * 1_000)
}

extension Date {
    init(millisecondsSince1970 milliseconds: Int64) {
        self.init(timeIntervalSince1970: Double(milliseconds) / 1_000)
    }
}

import Foundation
import Stage
import Testing
import Whinchat

/// A server that tests share: each uses people of its own.
let shared = Result { try Server("--automatic-signatures") }

extension Server {
    /// A client of this server with a folder of its own.
    func client(_ change: (inout ChatClient.Configuration) throws -> Void = { _ in }) throws -> ChatClient {
        var configuration = try ChatClient.Configuration(
            server: address, appID: Self.appID, folder: Stage.folder("client"))
        configuration.reconnectDelay = 0.05
        configuration.longestReconnectDelay = 0.1
        try change(&configuration)
        return try ChatClient(configuration)
    }

    /// A client with a new user, who is logged in.
    func person(_ name: String) async throws -> Person {
        let person = Person(id: UserID("\(name)-\(UUID().uuidString.prefix(8))"), client: try client())
        try await person.client.login(as: person.id, signature: "")
        return person
    }
}

/// Somebody with a client.
struct Person: Sendable {
    let id: UserID
    let client: ChatClient

    /// One to one with somebody else.
    func with(_ other: Person) -> ConversationID {
        .user(other.id)
    }
}

extension AsyncSequence where Self: Sendable {
    /// The first element that is as wanted. A test that waits in vain ends by its time limit.
    func first<Found: Sendable>(_ wanted: @Sendable (Element) throws -> Found?) async throws -> Found {
        for try await element in self {
            if let found = try wanted(element) {
                return found
            }
        }
        throw Trouble("it ended before")
    }
}

/// The error that a call throws.
func refusal<Value>(
    _ call: () async throws -> Value, sourceLocation: SourceLocation = #_sourceLocation
) async throws -> ChatError {
    do {
        let value = try await call()
        Issue.record("it gave \(value)", sourceLocation: sourceLocation)
        throw Trouble("not refused")
    } catch let error as ChatError {
        return error
    }
}

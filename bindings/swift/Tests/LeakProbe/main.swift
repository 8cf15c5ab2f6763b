// Calls and subscriptions by the thousand, in a process of its own: what lives afterwards is what lived before.

import Foundation
import Heap
import Stage
import Whinchat
import WhinchatCore

/// What is allocated on both sides, and the objects that the library counts for the other side.
struct Census {
    let objects: LiveObjects
    let bytes: Int

    /// Taken when nothing is under way any more: what a cancelled call held goes a moment after it.
    static func taken(like before: LiveObjects? = nil) async throws -> Self {
        let deadline = Date(timeIntervalSinceNow: 30)
        while let before, liveObjects() != before, Date() < deadline {
            try await Task.sleep(nanoseconds: 10_000_000)
        }
        return Census(objects: liveObjects(), bytes: Int(heap_in_use()))
    }
}

extension LiveObjects {
    /// Of all kinds.
    var sum: UInt64 { clients + services + attempts + sendHandles + subscriptions + cancelTokens }
}

let nothing = liveObjects()
let server = try Server("--automatic-signatures")

func client(_ user: UserID) async throws -> ChatClient {
    let client = try ChatClient(
        ChatClient.Configuration(server: server.address, appID: Server.appID, folder: Stage.folder("client")))
    try await client.login(as: user, signature: "")
    return client
}

func calls(_ count: Int, _ alice: ChatClient) async throws {
    for number in 0..<count {
        switch number % 5 {
        case 0: _ = try await alice.conversations.totalUnreadCount()
        case 1: _ = try await alice.messages.history(of: "c2c_bob", limit: 20)
        case 2: _ = alice.user
        case 3:
            do {
                _ = try await alice.messages.send("", to: "c2c_bob")
            } catch is ChatError {}
        default:
            // Cancelled at any moment.
            let task = Task { _ = try await alice.conversations.conversation("c2c_bob") }
            task.cancel()
            _ = await task.result
        }
    }
}

func subscriptions(_ count: Int, _ alice: ChatClient) async throws {
    for number in 0..<count {
        switch number % 4 {
        case 0:
            for await _ in try alice.conversations.list() { break }
        case 1:
            for await _ in try await alice.messages.timeline(of: "c2c_bob") { break }
        case 2:
            _ = alice.events()
        default:
            let (events, list) = (alice.events(), try alice.conversations.list())
            let readers = [Task { for await _ in events {} }, Task { for await _ in list {} }]
            readers.forEach { $0.cancel() }
            for reader in readers {
                await reader.value
            }
        }
    }
}

func round() async throws {
    let alice = try await client("alice")
    let bob = try await client("bob")
    for sent in try await bob.messages.send(contentsOf: (1...30).map { "message \($0)" }, to: "c2c_alice") {
        try await sent.settled()
    }
    // Caches fill and buffers grow for a while; what leaks does so in every round.
    for number in 1...5 {
        let before = try await Census.taken()
        try await calls(10_000, alice)
        try await subscriptions(1_000, alice)
        let after = try await Census.taken(like: before.objects)
        print("round \(number): \(before.objects == after.objects ? "the same" : "other") objects")
        print("round \(number): \(after.bytes - before.bytes) bytes more")
        print("figures \(before.objects.sum) \(after.objects.sum) \(before.bytes) \(after.bytes)")
    }
}

try await round()
// Nobody has closed the clients: letting them go is enough.
let end = try await Census.taken(like: nothing)
print("without clients: \(end.objects == nothing ? "the same" : "other") objects")

import Foundation
import Stage
import Testing
import Whinchat

@Suite("cancelling and leaving", .timeLimit(.minutes(2)))
struct CancellationTests {
    @Test("cancelling a task ends the call that it awaits, and takes nothing back")
    func cancelledCall() async throws {
        let server = try Server("--automatic-signatures")
        let (alice, bob) = (try await server.person("alice"), try await server.person("bob"))
        server.stop()
        let outgoing = try await alice.client.messages.send("wait for me", to: alice.with(bob))
        let waiting = Task { try await outgoing.settled() }
        // It has nothing to wait for but the server.
        _ = try await alice.client.events().first { if case .connectionChanged(.waiting) = $0 { true } else { nil } }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
        try server.start()
        #expect(try await outgoing.settled().text == "wait for me")
    }

    @Test("a call in a task that is cancelled already is not begun")
    func cancelledBefore() async throws {
        let (alice, bob) = (try await shared.get().person("alice"), try await shared.get().person("bob"))
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            try await alice.client.messages.send("never", to: alice.with(bob))
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try await alice.client.messages.history(of: alice.with(bob)).messages.isEmpty)
    }

    @Test("a first login that finds no server can be given up")
    func cancelledLogin() async throws {
        // It takes connections and says nothing.
        let silent = try Silence()
        let client = try ChatClient(
            ChatClient.Configuration(server: silent.address, appID: Server.appID, folder: Stage.folder("client")))
        let login = Task { try await client.login(as: "alice", signature: "") }
        silent.waitForSomebody()
        login.cancel()
        await #expect(throws: CancellationError.self) { try await login.value }
        await client.close()
    }

    @Test("cancelling a task ends its loop over events, a list and a timeline, and another one goes on where it stopped")
    func cancelledLoops() async throws {
        let (alice, bob) = (try await shared.get().person("alice"), try await shared.get().person("bob"))
        let events = alice.client.events()
        let list = try alice.client.conversations.list()
        let timeline = try await alice.client.messages.timeline(of: alice.with(bob))
        // The first states are there at once, so the loops wait for more when they are cancelled.
        _ = try await list.first { $0 }
        _ = try await timeline.first { $0 }
        let loops = [
            Task { for await _ in events {} }, Task { for await _ in list {} }, Task { for await _ in timeline {} },
        ]
        loops.forEach { $0.cancel() }
        for loop in loops {
            await loop.value
        }
        try await bob.client.messages.send("still there?", to: bob.with(alice)).settled()
        let received = try await events.first { if case .messageReceived(let message) = $0 { message } else { nil } }
        #expect(received.text == "still there?")
        #expect(try await list.first { $0.conversations.first }.lastMessage?.text == "still there?")
        #expect(try await timeline.first { $0.messages.first }.text == "still there?")
    }

    @Test("several tasks share one sequence: each event goes to one of them, and each can leave while he waits")
    func sharedSequence() async throws {
        let (alice, bob) = (try await shared.get().person("alice"), try await shared.get().person("bob"))
        let events = alice.client.events()
        let readers = (0..<4).map { _ in
            Task {
                var texts: [String] = []
                for await event in events {
                    if case .messageReceived(let message) = event {
                        texts.append(message.text ?? "")
                    }
                }
                return texts
            }
        }
        readers[0].cancel()
        let texts = (1...30).map { "\($0)" }
        for sent in try await bob.client.messages.send(contentsOf: texts.map { NewMessage($0) }, to: bob.with(alice)) {
            try await sent.settled()
        }
        _ = try await alice.client.conversations.list().first { $0.conversations.first?.unreadCount == 30 ? true : nil }
        await alice.client.close()
        var all: [String] = []
        for reader in readers {
            all += await reader.value
        }
        #expect(all.sorted { Int($0)! < Int($1)! } == texts)
    }
}

/// A port that takes connections and says nothing.
private final class Silence: Sendable {
    let address: URL
    private let socket: Int32

    init() throws {
        #if os(Linux)
        let stream = Int32(SOCK_STREAM.rawValue)
        #else
        let stream = SOCK_STREAM
        #endif
        socket = Foundation.socket(AF_INET, stream, 0)
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let (listener, size) = (socket, length)
        let bound = withUnsafePointer(to: &name) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(listener, $0, size) }
        }
        guard bound == 0, listen(socket, 8) == 0 else {
            throw Trouble("no port could be had")
        }
        _ = withUnsafeMutablePointer(to: &name) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(listener, $0, &length) }
        }
        address = URL(string: "ws://127.0.0.1:\(UInt16(bigEndian: name.sin_port))")!
    }

    /// Returns when somebody has connected.
    func waitForSomebody() {
        var set = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        poll(&set, 1, 60_000)
    }

    deinit {
        close(socket)
    }
}

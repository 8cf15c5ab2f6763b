import Foundation
import Stage
import Testing
import Whinchat

@Suite("bad input", .timeLimit(.minutes(2)))
struct BadInputTests {
    let server: Server

    init() throws {
        server = try shared.get()
    }

    @Test("a reader that throws leaves its loop, and nothing else happens")
    func throwingReader() async throws {
        struct Mishap: Error {}
        let (alice, bob) = (try await server.person("alice"), try await server.person("bob"))
        let events = alice.client.events()
        let reader = Task {
            for await event in events {
                if case .messageReceived = event {
                    throw Mishap()
                }
            }
        }
        try await bob.client.messages.send("one", to: bob.with(alice)).settled()
        await #expect(throws: Mishap.self) { try await reader.value }
        try await bob.client.messages.send("two", to: bob.with(alice)).settled()
        let next = try await events.first { if case .messageReceived(let message) = $0 { message } else { nil } }
        #expect(next.text == "two")
    }

    @Test("a closed client refuses every call and ends every sequence")
    func usedAfterClose() async throws {
        let alice = try await server.person("alice")
        let bob: ConversationID = "c2c_bob"
        let (events, list) = (alice.client.events(), try alice.client.conversations.list())
        let timeline = try await alice.client.messages.timeline(of: bob)
        let outgoing = try await alice.client.messages.send("hello", to: "c2c_\(alice.id)x")
        await alice.client.close()
        await alice.client.close()
        #expect(try await refusal { try await alice.client.login(as: alice.id, signature: "") }.code == .notInitialised)
        #expect(try await refusal { try await alice.client.messages.send("x", to: bob) }.code == .notInitialised)
        #expect(try await refusal { try await alice.client.messages.history(of: bob) }.code == .notInitialised)
        #expect(try await refusal { try await alice.client.messages.timeline(of: bob) }.code == .notInitialised)
        #expect(try await refusal { try alice.client.conversations.list() }.code == .notInitialised)
        #expect(try await refusal { try await alice.client.conversations.page() }.code == .notInitialised)
        #expect(try await refusal { try await alice.client.groups.create(name: "x") }.code == .notInitialised)
        #expect(try await refusal { try await alice.client.pause() }.code == .notInitialised)
        #expect(try await refusal { try await alice.client.resume() }.code == .notInitialised)
        #expect(try await refusal { try await alice.client.renew(signature: "") }.code == .notInitialised)
        for await _ in events {}
        for await state in list { #expect(state.conversations.isEmpty) }
        for await state in timeline { #expect(state.messages.isEmpty) }
        for await _ in alice.client.events() { Issue.record("a closed client tells nothing") }
        _ = try? await outgoing.settled()
        _ = (alice.client.user, alice.client.connection, alice.client.serverDate, alice.client.isOutboxEmpty)
        alice.client.setForeground(false)
        alice.client.networkChanged()
    }

    @Test("a client is used by many tasks at once, and closed under them")
    func closedUnderCalls() async throws {
        let (alice, bob) = (try await server.person("alice"), try await server.person("bob"))
        let client = alice.client
        let begun = Guard()
        let codes = try await withThrowingTaskGroup(of: ChatError.Code?.self) { group in
            for number in 0..<24 {
                group.addTask {
                    var count = 0
                    do {
                        while true {
                            switch (number + count) % 5 {
                            case 0: _ = try await client.messages.send("\(number) \(count)", to: alice.with(bob))
                            case 1: _ = try await client.messages.history(of: alice.with(bob))
                            case 2: _ = try await client.conversations.list().first { $0 }
                            case 3: _ = try await client.conversations.totalUnreadCount()
                            default: _ = try await client.messages.timeline(of: alice.with(bob)).first { $0 }
                            }
                            count += 1
                            await begun.note()
                        }
                    } catch let error as ChatError {
                        return error.code
                    } catch is Trouble {
                        // A sequence that ended before its first element.
                        return nil
                    }
                }
            }
            await begun.until(200)
            await client.close()
            return try await group.reduce(into: [ChatError.Code?]()) { $0.append($1) }
        }
        #expect(codes.count == 24)
        for code in codes.compactMap({ $0 }) {
            #expect([.notInitialised, .interrupted, .notLoggedIn].contains(code), "\(code.rawValue)")
        }
        // Nothing stayed half done: the folder can be opened again, and holds what was accepted.
    }

    @Test("two clients on one folder: the second is refused, until the first is closed or gone")
    func twoClientsOnOneFolder() async throws {
        let folder = try Stage.folder("client")
        let first = try server.client { $0.folder = folder }
        let error = try await refusal { try server.client { $0.folder = folder } }
        #expect(error.code == .storeUnreadable)
        #expect(error.name == "store.unreadable")
        #expect(error.class == .final)
        #expect(!error.class.isRetryable)
        #expect(error.message.contains("another"))
        #expect(error.localizedDescription == error.message)
        await first.close()
        let second = try server.client { $0.folder = folder }
        await second.close()
    }

    @Test("a folder that cannot be made is refused")
    func folderCannotBeWritten() async throws {
        let file = try Stage.folder("client").appendingPathComponent("a file")
        try Data("x".utf8).write(to: file)
        // Root may write everywhere, but nobody can make a folder in a file.
        let error = try await refusal { try server.client { $0.folder = file.appendingPathComponent("folder") } }
        #expect(error.code == .fileSystem)
    }

    @Test("a setting that makes no sense is refused or taken as near to it as can be")
    func strangeSettings() async throws {
        #expect(try await refusal { try server.client { $0.server = URL(string: "https://a.b")! } }.code == .badParameter)
        #expect(try await refusal { try server.client { $0.server = URL(fileURLWithPath: "/x") } }.code == .badParameter)
        #expect(try await refusal { try server.client { $0.appID = 0 } }.code == .badParameter)
        #expect(try await refusal { try server.client { $0.deviceID = "ü" } }.code == .badParameter)
        #expect(
            try await refusal { try server.client { $0.certificateAuthorities = Data("no PEM".utf8) } }.code == .badParameter)
        for time in [.nan, .infinity, -.infinity, -1, 0, 1e300, .leastNonzeroMagnitude] as [TimeInterval] {
            let client = try server.client {
                $0.reconnectDelay = time
                $0.longestReconnectDelay = time
                $0.longestBackgroundReconnectDelay = time
                $0.connectTimeout = time
                $0.requestTimeout = time
                $0.drainTime = time
                $0.expiryLead = time
            }
            await client.close()
        }
    }

    @Test("malformed ids and arguments out of range are refused with their own codes")
    func malformedArguments() async throws {
        let (alice, bob) = (try await server.person("alice"), try await server.person("bob"))
        let (messages, conversations) = (alice.client.messages, alice.client.conversations)
        #expect(try await refusal { try await messages.send("x", to: "nowhere") }.code == .conversationIDMalformed)
        #expect(try await refusal { try await messages.send("x", to: .user("")) }.code == .conversationIDMalformed)
        #expect(try await refusal { try await messages.send("x", to: .user("zoë")) }.code == .conversationIDMalformed)
        #expect(try await refusal { try await messages.send("", to: alice.with(bob)) }.code == .badParameter)
        #expect(try await refusal { try await messages.send("x", to: .user(alice.id)) }.code == .receiverInvalid)
        let large = String(repeating: "x", count: 40_000)
        #expect(try await refusal { try await messages.send(NewMessage(large), to: alice.with(bob)) }.code == .messageTooLarge)
        let tip = Content.GroupTip(kind: .joined, actor: "x", members: [], memberCount: -1)
        for element in [Content.Element.unknown, .groupTip(tip)] {
            let message = NewMessage(Content(elements: [element]))
            #expect(try await refusal { try await messages.send(message, to: alice.with(bob)) }.code == .elementNotAllowed)
        }
        var mentioning: NewMessage = "x"
        mentioning.mentions = [bob.id]
        #expect(try await refusal { try await messages.send(mentioning, to: alice.with(bob)) }.code == .badParameter)
        for limit in [Int.min, -1, 0, 101, .max] {
            #expect(try await refusal { try await messages.history(of: alice.with(bob), limit: limit) }.code == .badParameter)
            #expect(try await refusal { try await conversations.page(limit: limit) }.code == .badParameter)
        }
        for limit in [Int.min, -1, 0] {
            #expect(try await refusal { try conversations.list(limit: limit) }.code == .badParameter)
            #expect(
                try await refusal { try await messages.timeline(of: alice.with(bob), from: .newest(limit)) }.code
                    == .badParameter)
        }
        let list = try conversations.list(limit: .max)
        list.loadMore(.max)
        list.loadMore(.min)
        _ = try await list.first { $0 }
        let nobody = MessageID(rawValue: "no id")
        #expect(try await refusal { try await messages.message(nobody) }.code == .badParameter)
        #expect(try await refusal { try await messages.retry(nobody) }.code == .badParameter)
        let unknown = MessageID(rawValue: String(repeating: "0", count: 32) + "-" + String(repeating: "0", count: 16))
        #expect(try await refusal { try await messages.retry(unknown) }.code == .recordNotFound)
        #expect(try await refusal { try await messages.cancelSending(unknown) }.code == .recordNotFound)
        #expect(try await refusal { try await messages.delete([], from: alice.with(bob)) }.code == .badParameter)
        #expect(try await refusal { try await alice.client.login(as: "", signature: "") }.code == .userIDInvalid)
        #expect(try await refusal { try await alice.client.login(as: bob.id, signature: "") }.code == .wrongState)
        #expect(try await refusal { try await alice.client.groups.create(name: "") }.code == .groupNameInvalid)
        #expect(try await refusal { try await alice.client.groups.leave("no\u{0}group") }.code == .groupIDMalformed)
        #expect(
            try await refusal {
                try NotificationInbox.leave(
                    Data("no message".utf8), for: "alice", appID: 1, folder: FileManager.default.temporaryDirectory)
            }.code == .badParameter)
    }

    @Test("before a login every call says so")
    func notLoggedIn() async throws {
        let client = try server.client()
        #expect(try await refusal { try await client.messages.send("x", to: "c2c_bob") }.code == .notLoggedIn)
        #expect(try await refusal { try client.conversations.list() }.code == .notLoggedIn)
        #expect(try await refusal { try await client.groups.leave("g") }.code == .notLoggedIn)
        try await client.logout()
        try await client.pause()
        try await client.pause()
        #expect(try await refusal { try client.conversations.list() }.code == .wrongState)
        try await client.resume()
        try await client.resume()
    }

    @Test("what the server says of a signature comes as it is")
    func refusedSignatures() async throws {
        let signing = try Server()
        let client = try signing.client()
        #expect(try await refusal { try await client.login(as: "alice", signature: "") }.code == .userSigEmpty)
        #expect(try await refusal { try await client.login(as: "alice", signature: "nonsense") }.code == .userSigMalformed)
        let bobs = try signing.signature(for: "bob")
        #expect(try await refusal { try await client.login(as: "alice", signature: bobs) }.code == .userSigOtherUser)
        try await client.login(as: "alice", signature: signing.signature(for: "alice"))
        #expect(client.user == "alice")
    }

    @Test("a server that is not there is said with its class, and nobody is logged in")
    func noServer() async throws {
        let client = try server.client { $0.server = URL(string: "ws://127.0.0.1:1")! }
        let error = try await refusal { try await client.login(as: "alice", signature: "") }
        #expect(error.code == .connectRefused)
        #expect(error.class == .afterReconnecting)
        #expect(error.class.isRetryable)
        #expect(client.user == nil)
    }
}

/// Counts, and lets somebody wait for a count.
private actor Guard {
    private var count = 0
    private var waiting: (Int, CheckedContinuation<Void, Never>)?

    func note() {
        count += 1
        if let (wanted, continuation) = waiting, count >= wanted {
            waiting = nil
            continuation.resume()
        }
    }

    func until(_ wanted: Int) async {
        if count < wanted {
            await withCheckedContinuation { waiting = (wanted, $0) }
        }
    }
}

import Foundation
import Stage
import Testing
import Whinchat

/// The scenario of bindings/scenario, played in Swift.
@Suite("the shared scenario", .timeLimit(.minutes(5)))
struct ScenarioTests {
    @Test("it gives the transcript")
    func transcript() async throws {
        let file = Stage.source.appendingPathComponent("bindings/scenario/transcript.txt")
        let server = try Server()
        let play = Play(
            ledger: Ledger(try String(contentsOf: file, encoding: .utf8)), server: server,
            alice: try Device("alice", server), bob: try Device("bob", server))
        try await play.login()
        try await play.lists()
        try await play.chat()
        try await play.group()
        try await play.offline()
        try await play.sleep()
        try await play.logOut()
        try await play.switchAccount()
        try await play.close()
        try play.ledger.end()
    }
}

/// What was seen, line by line, beside what is expected.
private final class Ledger {
    private let expected: [String]
    private var count = 0

    init(_ expected: String) {
        self.expected = expected.split(separator: "\n").map(String.init)
    }

    /// Writes down a fact that is final. The first one that is not expected ends the test.
    func note(_ line: String) throws {
        guard count < expected.count, line == expected[count] else {
            throw Trouble("line \(count + 1) is: \(line)\nnot: \(count < expected.count ? expected[count] : "the end")")
        }
        count += 1
    }

    /// Writes down a fact that comes true by and by: as soon as it is the expected one, or as it stands when patience ends.
    func comes(_ look: () async throws -> String) async throws {
        let deadline = Date(timeIntervalSinceNow: 30)
        var line = try await look()
        while count < expected.count, line != expected[count], Date() < deadline {
            try await Task.sleep(nanoseconds: 5_000_000)
            line = try await look()
        }
        try note(line)
    }

    func end() throws {
        guard count == expected.count else {
            throw Trouble("the transcript goes on: \(expected[count])")
        }
    }
}

/// A device, named after who uses it: its client, what it was told, what it shows.
private final class Device {
    var name: String
    let client: ChatClient
    private let told = Shared<[(kind: String, line: String)]>([])
    private var taken: [String: Int] = [:]
    private var list = Shared<String>("")
    private var timelines: [String: Shared<String>] = [:]
    private var tasks: [Task<Void, Never>] = []

    init(_ name: String, _ server: Server) throws {
        self.name = name
        client = try ChatClient(
            ChatClient.Configuration(server: server.address, appID: Server.appID, folder: Stage.folder(name)))
        let (events, told) = (client.events(), told)
        tasks.append(
            Task {
                for await event in events {
                    if let word = Words.event(event) {
                        told.with { $0.append(word) }
                    }
                }
            })
    }

    deinit {
        tasks.forEach { $0.cancel() }
    }

    func opensList() throws {
        let (states, shown) = (try client.conversations.list(limit: 20), Shared<String>(""))
        list = shown
        tasks.append(
            Task {
                for await state in states {
                    shown.with { $0 = Words.all(state.conversations, Words.conversation) }
                }
                shown.with { $0 = "over" }
            })
    }

    func opensTimeline(_ conversation: ConversationID) async throws {
        let states = try await client.messages.timeline(of: conversation, from: .newest(20))
        let shown = Shared<String>("")
        timelines[conversation.rawValue] = shown
        tasks.append(
            Task {
                for await state in states {
                    shown.with { $0 = Words.all(state.messages, Words.message) }
                }
                shown.with { $0 = "over" }
            })
    }

    func showsList(_ ledger: Ledger) async throws {
        try await ledger.comes { "\(name) list = \(list.with { $0 })" }
    }

    func showsTimeline(_ ledger: Ledger, _ conversation: ConversationID) async throws {
        let shown = timelines[conversation.rawValue]
        try await ledger.comes { "\(name) timeline \(conversation) = \(shown?.with { $0 } ?? "closed")" }
    }

    func isTold(_ ledger: Ledger, _ kind: String) async throws {
        let at = taken[kind, default: 0]
        try await ledger.comes {
            let lines = told.with { told in told.filter { $0.kind == kind }.map(\.line) }
            return "\(name) told \(at < lines.count ? lines[at] : "nothing")"
        }
        taken[kind] = at + 1
    }

    func wasToldNoMore(_ ledger: Ledger) throws {
        try ledger.note("\(name) told \(told.with { $0.count } - taken.values.reduce(0, +)) more")
    }

    func connection(_ ledger: Ledger) async throws {
        try await ledger.comes { "\(name) connection = \(Words.connection(client.connection))" }
    }

    func user(_ ledger: Ledger) throws {
        try ledger.note("\(name) user = \(client.user?.rawValue ?? "nobody")")
    }

    func readsList(_ ledger: Ledger) async throws {
        try ledger.note("\(name) reads the list: \(await Words.outcome { try await client.conversations.page(limit: 20) })")
    }

    func says(_ ledger: Ledger, _ text: String, to conversation: ConversationID) async throws {
        let sent = try await client.messages.send(text, to: conversation)
        try ledger.note("\(name) sends to \(conversation): \(Words.message(sent.message))")
        try ledger.note("\(name) settled: \(await Words.settled(sent))")
        try await isTold(ledger, "changed")
    }
}

/// The steps, as bindings/scenario/README.md numbers them.
private struct Play {
    let ledger: Ledger
    let server: Server
    let alice: Device
    let bob: Device

    func login() async throws {
        try ledger.note("[login]")
        try await alice.readsList(ledger)
        let (right, wrong) = (try server.signature(for: "alice"), try server.signature(for: "bob"))
        for (what, signature) in [("bob's", wrong), ("a malformed", "nonsense"), ("her", right)] {
            let outcome = await Words.outcome { try await alice.client.login(as: "alice", signature: signature) }
            try ledger.note("alice logs in with \(what) signature: \(outcome)")
        }
        try alice.user(ledger)
        try await alice.connection(ledger)
        try ledger.note("bob logs in: \(await Words.outcome { try await bob.client.login(as: "bob", signature: wrong) })")
        try await bob.connection(ledger)
    }

    func lists() async throws {
        try ledger.note("[observe lists]")
        try alice.opensList()
        try await alice.showsList(ledger)
        try await alice.opensTimeline("c2c_bob")
        try await alice.showsTimeline(ledger, "c2c_bob")
        try bob.opensList()
        try await bob.showsList(ledger)
        try await bob.opensTimeline("c2c_alice")
        try await bob.showsTimeline(ledger, "c2c_alice")
    }

    func chat() async throws {
        try ledger.note("[chat]")
        try await alice.says(ledger, "hello", to: "c2c_bob")
        try await bob.isTold(ledger, "received")
        try await bob.showsTimeline(ledger, "c2c_alice")
        try await bob.showsList(ledger)
        try await ledger.comes { "bob unread = \(try await bob.client.conversations.totalUnreadCount())" }
        let marked = await Words.outcome { try await bob.client.conversations.markRead("c2c_alice") }
        try ledger.note("bob marks c2c_alice read: \(marked)")
        try await bob.showsList(ledger)
        try await alice.isTold(ledger, "receipt")
        try await alice.showsTimeline(ledger, "c2c_bob")

        let typed = await Words.outcome { try await bob.client.conversations.setTyping(true, in: "c2c_alice") }
        try ledger.note("bob types in c2c_alice: \(typed)")
        try await alice.isTold(ledger, "typing")
        try await bob.says(ledger, "hello yourself", to: "c2c_alice")
        try await alice.isTold(ledger, "typing")
        try await alice.isTold(ledger, "received")
        try await alice.showsList(ledger)

        var knock: NewMessage = "knock"
        knock.isOnlineOnly = true
        let knocked = try await alice.client.messages.send(knock, to: "c2c_bob")
        try ledger.note("alice sends online only: \(Words.message(knocked.message))")
        try await bob.isTold(ledger, "ephemeral")
        let card = NewMessage(custom: Data([0x00, 0x01, 0xFF]), description: "a card", extension: "v1")
        try ledger.note("alice settled: \(await Words.settled(try await alice.client.messages.send(card, to: "c2c_bob")))")
        try await alice.isTold(ledger, "changed")
        try await bob.isTold(ledger, "received")

        let nowhere = await Words.outcome { try await alice.client.messages.send("x", to: "nowhere") }
        try ledger.note("alice sends to nowhere: \(nowhere)")
        for (to, text) in [("c2c_bob", ""), ("c2c_alice", "me")] as [(ConversationID, String)] {
            let refused = await Words.outcome { try await alice.client.messages.send(text, to: to) }
            try ledger.note("alice sends \"\(text)\" to \(to): \(refused)")
        }
        let newest = try await alice.client.messages.history(of: "c2c_bob", limit: 2)
        try ledger.note("alice newest 2 of c2c_bob = \(Words.page(newest))")
        let older = try await alice.client.messages.history(of: "c2c_bob", from: .before(newest.messages[1].id), limit: 2)
        try ledger.note("alice older 2 of c2c_bob = \(Words.page(older))")
    }

    func group() async throws {
        try ledger.note("[group]")
        let create = {
            try await alice.client.groups.create(name: "The team", kind: .work, id: "team", members: ["bob", "nobody"])
        }
        let created = try await create()
        let members = created.members.map { "\($0.user) \($0.error.map(Words.error) ?? "ok")" }
        try ledger.note("alice creates \(created.id): \(members.joined(separator: ", "))")
        try ledger.note("alice creates team again: \(await Words.outcome(create))")
        try await bob.showsList(ledger)

        var welcome: NewMessage = "welcome"
        welcome.mentions = ["bob"]
        let sent = try await alice.client.messages.send(welcome, to: "group_team")
        try ledger.note("alice settled: \(await Words.settled(sent))")
        try await alice.isTold(ledger, "changed")
        // The server's word that he was invited is a message too, for everybody.
        try await alice.isTold(ledger, "received")
        try await bob.isTold(ledger, "received")
        try await bob.isTold(ledger, "received")
        try await bob.opensTimeline("group_team")
        try await bob.says(ledger, "thanks", to: "group_team")
        try await alice.isTold(ledger, "received")
        try await bob.showsTimeline(ledger, "group_team")

        try ledger.note("bob quits team: \(await Words.outcome { try await bob.client.groups.leave("team") })")
        try await alice.isTold(ledger, "received")
        try await alice.showsList(ledger)
        try await bob.showsList(ledger)
        try await bob.says(ledger, "one last word", to: "group_team")
        try await bob.showsTimeline(ledger, "group_team")
    }

    func offline() async throws {
        try ledger.note("[offline and back]")
        server.stop()
        try await alice.connection(ledger)
        try await bob.connection(ledger)
        var waiting: [OutgoingMessage] = []
        for text in ["are you there?", "hello?", "never mind"] {
            let sent = try await alice.client.messages.send(text, to: "c2c_bob")
            try ledger.note("alice sends to c2c_bob: \(Words.message(sent.message))")
            waiting.append(sent)
        }
        let cancelled = waiting.removeLast()
        try ledger.note("alice cancels: \(await Words.outcome { try await cancelled.cancelSending() })")
        try ledger.note("alice settled: \(await Words.settled(cancelled))")
        try await alice.isTold(ledger, "changed")
        try await alice.showsTimeline(ledger, "c2c_bob")
        try await alice.showsList(ledger)
        let newest = try await bob.client.messages.history(of: "c2c_alice", limit: 2)
        try ledger.note("bob newest 2 of c2c_alice = \(Words.page(newest))")

        try server.start()
        for device in [alice, bob] {
            device.client.networkChanged()
            try await device.connection(ledger)
        }
        for sent in waiting {
            try ledger.note("alice settled: \(await Words.settled(sent))")
        }
        for _ in waiting {
            try await alice.isTold(ledger, "changed")
            try await bob.isTold(ledger, "received")
        }
        try await bob.showsTimeline(ledger, "c2c_alice")
    }

    func sleep() async throws {
        try ledger.note("[sleep]")
        try ledger.note("bob pauses: \(await Words.outcome { try await bob.client.pause() })")
        try await bob.connection(ledger)
        try await bob.readsList(ledger)
        try await alice.says(ledger, "sleep well", to: "c2c_bob")
        try ledger.note("bob resumes: \(await Words.outcome { try await bob.client.resume() })")
        try await bob.connection(ledger)
        try await bob.isTold(ledger, "received")
        try await bob.showsTimeline(ledger, "c2c_alice")

        let newest = try await bob.client.messages.history(of: "c2c_alice", limit: 1)
        let deleted = await Words.outcome {
            try await bob.client.messages.delete(newest.messages.map(\.id), from: "c2c_alice")
        }
        try ledger.note("bob deletes the newest of c2c_alice: \(deleted)")
        try await bob.isTold(ledger, "deleted")
        try await bob.showsTimeline(ledger, "c2c_alice")
        try await bob.showsList(ledger)
        try await alice.showsTimeline(ledger, "c2c_bob")
    }

    func logOut() async throws {
        try ledger.note("[log out]")
        try ledger.note("bob logs out: \(await Words.outcome { try await bob.client.logout() })")
        try bob.user(ledger)
        try await bob.connection(ledger)
        try await bob.showsList(ledger)
        try await bob.showsTimeline(ledger, "c2c_alice")
        try await bob.readsList(ledger)
        try await alice.says(ledger, "for bob", to: "c2c_bob")
    }

    func switchAccount() async throws {
        try ledger.note("[switch account]")
        let carols = try server.signature(for: "carol")
        let outcome = await Words.outcome { try await bob.client.login(as: "carol", signature: carols) }
        try ledger.note("carol logs in on bob's device: \(outcome)")
        bob.name = "carol"
        try bob.user(ledger)
        try bob.opensList()
        try await bob.showsList(ledger)
        try await alice.says(ledger, "for carol", to: "c2c_carol")
        try await bob.isTold(ledger, "received")
        try await bob.showsList(ledger)
        try ledger.note("carol logs out: \(await Words.outcome { try await bob.client.logout() })")

        let bobs = try server.signature(for: "bob")
        try ledger.note("bob logs in: \(await Words.outcome { try await bob.client.login(as: "bob", signature: bobs) })")
        bob.name = "bob"
        try bob.opensList()
        try await bob.opensTimeline("c2c_alice")
        try await bob.isTold(ledger, "received")
        try await bob.showsList(ledger)
        try await bob.showsTimeline(ledger, "c2c_alice")
    }

    func close() async throws {
        try ledger.note("[close]")
        for device in [alice, bob] {
            await device.client.close()
            try await device.readsList(ledger)
            try device.wasToldNoMore(ledger)
        }
    }
}

/// How the transcript says things.
private enum Words {
    static func error(_ error: ChatError) -> String {
        "\(error.code.rawValue) \(error.name)"
    }

    static func outcome<Value>(_ call: () async throws -> Value) async -> String {
        do {
            _ = try await call()
            return "ok"
        } catch let failure as ChatError {
            return error(failure)
        } catch {
            return "\(error)"
        }
    }

    static func settled(_ sent: OutgoingMessage) async -> String {
        do {
            return message(try await sent.settled())
        } catch let failure as ChatError {
            return error(failure)
        } catch {
            return "\(error)"
        }
    }

    static func element(_ element: Content.Element) -> String {
        switch element {
        case .text(let text):
            return "\"\(text)\""
        case .custom(let custom):
            let hex = custom.data.map { String(format: "%02x", $0) }.joined()
            return "custom \(hex) \"\(custom.description)\" \"\(custom.extension)\""
        case .groupTip(let tip):
            let kind =
                switch tip.kind {
                case .joined: "joined"
                case .invited: "invited"
                case .quit: "quit"
                case .removed: "kicked"
                case .unknown: "unknown"
                }
            let members = tip.members.map(\.rawValue).joined(separator: " ")
            return "tip \(kind) by \(tip.actor): \(members), \(tip.memberCount) in"
        case .unknown:
            return "unknown"
        }
    }

    static func content(_ message: Message) -> String {
        message.content.elements.map(element).joined(separator: " + ")
    }

    static func message(_ message: Message) -> String {
        let state =
            switch message.state {
            case .pending: "pending"
            case .sent: "sent"
            case .failed(let failure): "failed \(error(failure))"
            }
        return "\(message.sender) #\(message.sequence ?? 0) \(content(message)) \(state)"
            + (message.isReadByPeer ? " read" : "") + message.mentions.map { " @\($0)" }.joined()
    }

    static func conversation(_ conversation: Conversation) -> String {
        "\(conversation.id)" + (conversation.group.map { " \"\($0.name)\" \($0.memberCount) in" } ?? "")
            + ", \(conversation.lastMessage.map(content) ?? "nothing"), \(conversation.unreadCount) unread"
            + (conversation.hasLeft ? ", left" : "")
    }

    static func all<Item>(_ items: [Item], _ word: (Item) -> String) -> String {
        items.isEmpty ? "(empty)" : items.map(word).joined(separator: " | ")
    }

    static func page(_ page: HistoryPage) -> String {
        "\(all(page.messages, message)), complete \(page.isComplete)"
    }

    static func connection(_ state: ConnectionState) -> String {
        switch state {
        case .loggedOut: "logged out"
        case .connecting, .waiting: "offline"
        case .connected: "connected"
        case .paused: "paused"
        }
    }

    /// The event as kind and line; none for what is merged, or depends on time.
    static func event(_ event: ChatEvent) -> (kind: String, line: String)? {
        switch event {
        case .messageReceived(let told):
            ("received", "received in \(told.conversation): \(message(told))")
        case .ephemeralMessageReceived(let told):
            ("ephemeral", "ephemeral in \(told.conversation): \(message(told))")
        case .messageChanged(let told):
            ("changed", "changed in \(told.conversation): \(message(told))")
        case .receiptReceived(let receipt):
            ("receipt", "receipt in \(receipt.conversation): up to #\(receipt.sequence)")
        case .messagesDeleted(let ids, let conversation):
            ("deleted", "deleted in \(conversation): \(ids.count) message")
        case .typingChanged(let typing):
            ("typing", "typing in \(typing.conversation): \(typing.user) \(typing.isTyping ? "begins" : "ends")")
        default:
            nil
        }
    }
}

/// A value that the tasks of a test share.
private final class Shared<Value>: @unchecked Sendable {
    private let lock = NSLock()
    private var value: Value

    init(_ value: Value) {
        self.value = value
    }

    func with<Result>(_ work: (inout Value) -> Result) -> Result {
        lock.withLock { work(&value) }
    }
}

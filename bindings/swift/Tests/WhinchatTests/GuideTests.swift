import Foundation
import Stage
import Testing
import Whinchat

/// The code of docs/swift.md, run. The page has it word for word; `pages` sees to that.
@Suite("the guide", .timeLimit(.minutes(2)))
struct GuideTests {
    let server: Server

    init() throws {
        server = try shared.get()
    }

    @Test("a screen shows a conversation until its task is cancelled")
    func screens() async throws {
        let (alice, other) = (try await server.person("alice"), try await server.person("bob"))
        let (client, conversation) = (alice.client, alice.with(other))
        try await other.client.messages.send("hello", to: other.with(alice)).settled()
        let screen = await MainActor.run { ConversationScreen() }
        let shown = Task { try await screen.run(conversation, in: client) }
        _ = try await other.client.messages.timeline(of: other.with(alice)).first {
            $0.messages.first?.isReadByPeer == true ? true : nil
        }
        shown.cancel()
        _ = await shown.result
        #expect(await screen.messages.map(\.text) == ["hello"])

        let timeline = try await client.messages.timeline(of: conversation, from: .newest(30))
        timeline.loadOlder(30)

        #expect(try await timeline.first { $0.isComplete ? $0.messages.count : nil } == 1)
    }

    @Test("the log is taken")
    func logging() throws {
        let configuration = try ChatClient.Configuration(
            server: server.address, appID: Server.appID, folder: Stage.folder("client"))

        let client = try ChatClient(configuration) { line in
            print(line.level, line.origin, line.text)
        }

        #expect(client.user == nil)
    }

    @Test("messages are sent, alone and together")
    func sending() async throws {
        let (alice, other) = (try await server.person("alice"), try await server.person("bob"))
        let (client, bob) = (alice.client, other.id)
        let team = try await client.groups.create(name: "team", members: [bob]).id

        let outgoing = try await client.messages.send("on my way", to: .user(bob))
        let stored = try await outgoing.settled()
        print(stored.sequence ?? 0)

        var message: NewMessage = "lunch at noon?"
        message.mentions = [bob]
        try await client.messages.send(message, to: .group(team))
        try await client.messages.send(contentsOf: ["one", "two", "three"], to: .user(bob))

        #expect(stored.sequence == 1)
    }

    @Test("what failed can be sent again")
    func failing() async throws {
        let (alice, other) = (try await server.person("alice"), try await server.person("bob"))
        let client = alice.client
        let team = try await other.client.groups.create(name: "team").id
        let outgoing = try await client.messages.send("let me in", to: .group(team))
        #expect(try await refusal { try await outgoing.settled() }.code == .notMember)
        let failed = try #require(try await client.messages.message(outgoing.id))
        try await other.client.groups.invite([alice.id], to: team)

        if case .failed(let error) = failed.state {
            print(error.message)
            try await client.messages.retry(failed.id)
        }

        let sent = try await client.messages.timeline(of: .group(team)).first {
            $0.messages.first { $0.id == failed.id && $0.state == .sent }
        }
        #expect(sent.text == "let me in")
    }

    @Test("a login is refused, renewed, and told of when it ends")
    func loggingIn() async throws {
        let server = try Server()
        let fresh = try server.signature(for: "alice")
        func freshSignature() -> String { fresh }
        func showConversations() {}
        func showLogin() {}
        let client = try server.client { $0.expiryLead = 1_000_000_000 }
        let signature = "nonsense"

        do {
            try await client.login(as: "alice", signature: signature)
        } catch let error as ChatError where error.class == .reauthenticate {
            try await client.login(as: "alice", signature: freshSignature())
        } catch let error as ChatError {
            print(error.code.rawValue, error.name, error.message)
        }

        try await begin(client, signature: fresh, showConversations)
        let listening = Task {
            for await event in client.events() {
                switch event {
                case .loginExpiring:
                    try await client.renew(signature: freshSignature())
                case .loginExpired, .kickedOffline:
                    showLogin()
                default:
                    break
                }
            }
        }
        await client.close()
        try await listening.value
    }

    private func begin(_ client: ChatClient, signature: String, _ showConversations: () -> Void) async throws {
        let login = try await client.beginLogin(as: "alice", signature: signature)
        showConversations()
        try await login.accepted()
    }

    @Test("an extension leaves a message for the app")
    func inbox() throws {
        let (push, folder) = (Data("no message of the protocol".utf8), try Stage.folder("inbox"))
        func leave() throws {
            try NotificationInbox.leave(push, for: "alice", appID: 1_400_000_001, folder: folder)
        }
        #expect(throws: ChatError.self) { try leave() }
    }

    @Test("every piece of code on the pages stands in what is compiled", arguments: ["swift.md", "swift.zh-CN.md"])
    func pages(name: String) throws {
        let (page, compiled) = try checked("docs/\(name)", blocks: 12)
        // The program is there as a whole.
        #expect(page.contains(compiled[1].joined(separator: "\n").trimmingCharacters(in: .newlines)))
    }

    @Test("so does what the README shows", arguments: ["README.md", "README.zh-CN.md"])
    func readme(name: String) throws {
        _ = try checked(name, blocks: 1)
    }

    // Of the README: to be compiled is all that it is for.
    private func readmeInEnglish(_ signature: String, show: ([Message]) -> Void) async throws {
        let client = try ChatClient(
            ChatClient.Configuration(server: URL(string: "wss://chat.example.com")!, appID: 1_400_000_001))
        try await client.login(as: "alice", signature: signature)
        try await client.messages.send("hello", to: .user("bob"))
        for await window in try await client.messages.timeline(of: .user("bob")) {
            show(window.messages)
        }
    }

    private func readmeInChinese(_ signature: String, show: ([Message]) -> Void) async throws {
        let client = try ChatClient(
            ChatClient.Configuration(server: URL(string: "wss://chat.example.com")!, appID: 1_400_000_001))
        try await client.login(as: "alice", signature: signature)
        try await client.messages.send("你好", to: .user("bob"))
        for await window in try await client.messages.timeline(of: .user("bob")) {
            show(window.messages)
        }
    }

    /// Looks for each block of a page in the sources; gives the page and these.
    private func checked(_ file: String, blocks count: Int) throws -> (page: String, compiled: [[String]]) {
        let page = try lines(of: file).joined(separator: "\n")
        let compiled = try [
            "bindings/swift/Tests/WhinchatTests/GuideTests.swift", "examples/swift-console/Sources/Hello/main.swift",
            "examples/swift-console/Package.swift",
        ].map { try lines(of: $0) }
        let blocks = page.components(separatedBy: "```swift\n").dropFirst().map {
            $0.components(separatedBy: "\n```")[0]
        }
        #expect(blocks.count == count)
        for block in blocks {
            let wanted = flush(block.components(separatedBy: "\n"))
            let isThere = compiled.contains { file in
                file.indices.contains { start in
                    start + wanted.count <= file.count && flush(Array(file[start..<(start + wanted.count)])) == wanted
                }
            }
            #expect(isThere, "not compiled anywhere:\n\(block)")
        }
        return (page, compiled)
    }

    private func lines(of file: String) throws -> [String] {
        try String(contentsOf: Stage.source.appendingPathComponent(file), encoding: .utf8).components(separatedBy: "\n")
    }

    /// Without what all lines are indented by.
    private func flush(_ lines: [String]) -> [String] {
        let depth = lines.filter { !$0.isEmpty }.map { $0.prefix { $0 == " " }.count }.min() ?? 0
        return lines.map { String($0.dropFirst(depth)) }
    }
}

@MainActor
final class ConversationScreen {
    private(set) var messages: [Message] = []

    func run(_ conversation: ConversationID, in client: ChatClient) async throws {
        for await window in try await client.messages.timeline(of: conversation) {
            messages = window.messages
            try await client.conversations.markRead(conversation)
        }
    }
}

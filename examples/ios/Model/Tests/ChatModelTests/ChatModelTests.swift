import Testing
import Whinchat

@testable import ChatModel

/// A phone: its model, and the tasks that its screens run.
@MainActor
private final class Phone {
    let client: ChatClient
    let model: ChatModel
    private var screens: [Task<Void, Never>] = []

    init(_ server: Server, _ device: String) throws {
        client = try server.client(device)
        model = ChatModel(client: client)
        let model = model
        screens.append(Task { await model.follow() })
    }

    func signIn(as name: String) async {
        await model.signIn(as: name, signature: "")
        let model = model
        screens.append(Task { await model.followConversations() })
    }

    func open(_ conversation: ConversationID) -> TimelineModel {
        let timeline = model.timeline(of: conversation)
        screens.append(Task { await timeline.follow() })
        return timeline
    }

    func close() async {
        screens.forEach { $0.cancel() }
        await client.close()
    }
}

@Suite("the model of the app")
@MainActor
struct ChatModelTests {
    @Test("two people write to each other, also while the server is away")
    func chat() async throws {
        let server = try Server()
        let (alice, bob) = (try Phone(server, "alice"), try Phone(server, "bob"))
        #expect(alice.model.user == nil)
        await alice.signIn(as: "alice")
        await bob.signIn(as: "bob")
        #expect(alice.model.user == "alice" && alice.model.problem == nil)

        let hers = alice.open(.user("bob"))
        hers.draft = "  hello "
        await hers.send()
        #expect(hers.draft.isEmpty)
        try await eventually("bob's list has it") { bob.model.conversations.first?.lastMessage?.text == "hello" }
        let his = bob.open(.user("alice"))
        try await eventually("he sees it") { his.messages.map(\.text) == ["hello"] }
        try await eventually("she sees that he did") { hers.messages.last?.isReadByPeer == true }
        try await eventually("nothing is unread") { bob.model.conversations.first?.unreadCount == 0 }

        server.stop()
        try await eventually("she knows that there is no connection") { alice.model.connection != .connected }
        hers.draft = "are you there?"
        await hers.send()
        try await eventually("it waits") { hers.messages.last?.state == .pending }
        try server.start()
        try await eventually("it arrives") { his.messages.last?.text == "are you there?" }
        hers.draft = "   "
        await hers.send()
        #expect(hers.messages.count == 2)

        await bob.model.signOut()
        #expect(bob.model.user == nil && bob.model.conversations.isEmpty)
        await alice.close()
        await bob.close()
    }

    @Test("what goes wrong is said in a sentence")
    func problems() async throws {
        let server = try Server()
        let phone = try Phone(server, "phone")
        await phone.signIn(as: "小明")
        #expect(phone.model.user == nil)
        #expect(phone.model.problem?.isEmpty == false)
        phone.model.problem = nil
        await phone.signIn(as: "alice")
        let timeline = phone.open(.user("alice"))
        timeline.draft = "to myself"
        await timeline.send()
        #expect(timeline.draft == "to myself" && timeline.problem?.isEmpty == false)
        await phone.close()
    }
}

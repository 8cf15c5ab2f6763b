import Foundation
import Stage
import Testing
import Whinchat

@Suite("chatting", .timeLimit(.minutes(2)))
struct ChatTests {
    let server: Server

    init() throws {
        server = try shared.get()
    }

    @Test("a message arrives, with everything that was said with it")
    func messageArrives() async throws {
        let (alice, bob) = (try await server.person("alice"), try await server.person("bob"))
        let events = bob.client.events()
        var message = NewMessage(
            Content(
                elements: [
                    .custom(Content.Custom(data: Data([0, 1, 255]), description: "a card", extension: "v1")),
                    .text("grüß dich 👋"),
                ],
                customData: Data("mine".utf8)))
        message.isExcludedFromUnread = true
        message.priority = .high
        let outgoing = try await alice.client.messages.send(message, to: alice.with(bob))
        #expect(outgoing.message.state == .pending)
        #expect(outgoing.message.sequence == nil)
        #expect(outgoing.message.isOwn)

        let settled = try await outgoing.settled()
        #expect(settled.id == outgoing.id)
        #expect(settled.state == .sent)
        #expect(settled.sequence == 1)
        #expect(abs(settled.date.timeIntervalSinceNow) < 60)

        let received = try await events.first { if case .messageReceived(let message) = $0 { message } else { nil } }
        #expect(received.id == outgoing.id)
        #expect(received.sender == alice.id)
        #expect(received.conversation == bob.with(alice))
        #expect(received.content == message.content)
        #expect(received.text == "grüß dich 👋")
        #expect(received.isExcludedFromUnread)
        #expect(received.priority == .high)
        #expect(!received.isOwn)
        #expect(try await bob.client.conversations.totalUnreadCount() == 0)
    }

    @Test("a burst is sent in its order")
    func burst() async throws {
        let (alice, bob) = (try await server.person("alice"), try await server.person("bob"))
        let texts = (1...20).map { "message \($0)" }
        let sent = try await alice.client.messages.send(contentsOf: texts.map { NewMessage($0) }, to: alice.with(bob))
        #expect(sent.map(\.message.text) == texts)
        for outgoing in sent {
            try await outgoing.settled()
        }
        let page = try await bob.client.messages.history(of: bob.with(alice), limit: 100)
        #expect(page.messages.reversed().map(\.text) == texts)
        #expect(page.isComplete)
        #expect(!page.isMissingNewer)
        let middle = page.messages[10]
        let older = try await bob.client.messages.history(of: bob.with(alice), from: .before(middle.id), limit: 3)
        #expect(older.messages == Array(page.messages[11..<14]))
        let newer = try await bob.client.messages.history(of: bob.with(alice), from: .after(middle.id), limit: 3)
        #expect(newer.messages == page.messages[7..<10].reversed())
        #expect(try await bob.client.messages.message(middle.id) == middle)
    }

    @Test("a refused message of a burst keeps none of those before it back")
    func refusedInBurst() async throws {
        let (alice, bob) = (try await server.person("alice"), try await server.person("bob"))
        let error = try await refusal {
            try await alice.client.messages.send(contentsOf: ["one", "", "three"], to: alice.with(bob))
        }
        #expect(error.code == .badParameter)
        let page = try await alice.client.messages.history(of: alice.with(bob))
        #expect(page.messages.map(\.text) == ["one"])
    }

    @Test("the list follows what happens, and its changes lead from one state to the next")
    func listFollows() async throws {
        let (alice, bob, carol) = (
            try await server.person("alice"), try await server.person("bob"), try await server.person("carol")
        )
        var replayed: [Conversation] = []
        let list = try alice.client.conversations.list().makeAsyncIterator()
        func until(_ wanted: ([Conversation]) -> Bool) async throws -> [Conversation] {
            while let next = await list.next() {
                if let changes = next.changes {
                    changes.forEach { replayed.apply($0) }
                    #expect(replayed == next.conversations)
                }
                replayed = next.conversations
                if wanted(next.conversations) {
                    return next.conversations
                }
            }
            throw Trouble("the list ended")
        }
        _ = try await until { $0.isEmpty }
        try await bob.client.messages.send("from bob", to: bob.with(alice)).settled()
        try await carol.client.messages.send("from carol", to: carol.with(alice)).settled()
        let both = try await until { $0.map(\.unreadCount) == [1, 1] }
        #expect(both.map(\.id) == [.user(carol.id), .user(bob.id)])
        #expect(both.map(\.lastMessage?.text) == ["from carol", "from bob"])
        try await alice.client.conversations.markRead(.user(bob.id))
        _ = try await until { $0.map(\.unreadCount) == [1, 0] }
        try await bob.client.messages.send("again", to: bob.with(alice)).settled()
        let moved = try await until { $0.first?.lastMessage?.text == "again" }
        #expect(moved.map(\.id) == [.user(bob.id), .user(carol.id)])

        let page = try await alice.client.conversations.page(limit: 1)
        #expect(page.conversations.map(\.id) == [.user(bob.id)])
        let rest = try await alice.client.conversations.page(after: try #require(page.next), limit: 1)
        #expect(rest.conversations.map(\.id) == [.user(carol.id)])
        #expect(try await alice.client.conversations.conversation(.user(carol.id)) == rest.conversations.first)
        #expect(try await alice.client.conversations.conversation("c2c_nobody") == nil)
    }

    @Test("a timeline shows what is there, grows, and follows")
    func timelineFollows() async throws {
        let (alice, bob) = (try await server.person("alice"), try await server.person("bob"))
        let texts = (1...12).map { "message \($0)" }
        for sent in try await alice.client.messages.send(contentsOf: texts.map { NewMessage($0) }, to: alice.with(bob)) {
            try await sent.settled()
        }
        let timeline = try await bob.client.messages.timeline(of: bob.with(alice), from: .newest(5))
        let first = try await timeline.first { $0.messages.count == 5 && $0.isComplete ? $0 : nil }
        #expect(first.messages.map(\.text) == Array(texts[7...]))
        #expect(first.hasOlder)
        #expect(!first.hasNewer)
        #expect(first.isAtLiveEnd)
        timeline.loadOlder(20)
        let all = try await timeline.first { $0.messages.count == 12 && $0.isComplete ? $0 : nil }
        #expect(!all.hasOlder)
        try await bob.client.messages.send("an answer", to: bob.with(alice)).settled()
        let answered = try await timeline.first { $0.messages.last?.state == .sent && $0.messages.count == 13 ? $0 : nil }
        #expect(answered.messages.last?.text == "an answer")

        let around = try await bob.client.messages.timeline(
            of: bob.with(alice), from: .around(all.messages[4].id, older: 1, newer: 1))
        let place = try await around.first { $0 }
        #expect(place.messages.map(\.text) == Array(texts[3...5]))
        #expect(!place.isAtLiveEnd)
        around.jumpToNewest()
        let jumped = try await around.first { $0.isAtLiveEnd ? $0 : nil }
        #expect(jumped.messages.last?.text == "an answer")
        #expect(jumped.changes == nil)
    }

    @Test("receipts, typing and deletions are told")
    func signals() async throws {
        let (alice, bob) = (try await server.person("alice"), try await server.person("bob"))
        let (toAlice, toBob) = (alice.client.events(), bob.client.events())
        let sent = try await alice.client.messages.send("hello", to: alice.with(bob)).settled()
        _ = try await toBob.first { if case .messageReceived = $0 { true } else { nil } }
        try await bob.client.conversations.markRead(bob.with(alice))
        let receipt = try await toAlice.first { if case .receiptReceived(let receipt) = $0 { receipt } else { nil } }
        #expect(receipt == ReadReceipt(conversation: alice.with(bob), sequence: 1, date: sent.date))
        #expect(try await alice.client.messages.message(sent.id)?.isReadByPeer == true)
        try await bob.client.conversations.setTyping(true, in: bob.with(alice))
        let typing = try await toAlice.first { if case .typingChanged(let typing) = $0 { typing } else { nil } }
        #expect(typing == TypingStatus(conversation: alice.with(bob), user: bob.id, isTyping: true))
        try await alice.client.messages.delete([sent.id], from: alice.with(bob))
        let deleted = try await toAlice.first { if case .messagesDeleted(let ids, let id) = $0 { (ids, id) } else { nil } }
        #expect(deleted.0 == [sent.id] && deleted.1 == alice.with(bob))
        #expect(try await alice.client.messages.message(sent.id) == nil)
        try await bob.client.conversations.clearHistory(of: bob.with(alice))
        #expect(try await bob.client.messages.history(of: bob.with(alice)).messages.isEmpty)
    }

    @Test("a group is made, joined, named in a list, and left")
    func group() async throws {
        let (alice, bob) = (try await server.person("alice"), try await server.person("bob"))
        let created = try await alice.client.groups.create(
            name: "The team", kind: .work, members: [bob.id, "nobody-\(UUID().uuidString.prefix(8))"])
        #expect(created.members.first == MemberOutcome(user: bob.id, error: nil))
        #expect(created.members.last?.error?.code == .userUnknown)
        let events = alice.client.events()
        var message: NewMessage = "welcome"
        message.mentions = [bob.id]
        try await alice.client.messages.send(message, to: .group(created.id)).settled()
        let seen = try await bob.client.conversations.list().first { list in
            list.conversations.first { $0.id == .group(created.id) && $0.lastMessage?.text == "welcome" }
        }
        #expect(seen.group == GroupSummary(kind: .work, name: "The team", owner: alice.id, memberCount: 2))
        #expect(seen.lastMessage?.mentions == [bob.id])
        try await bob.client.groups.leave(created.id)
        let tip = try await events.first { event in
            if case .messageReceived(let message) = event, case .groupTip(let tip) = message.content.elements.first,
                tip.kind == .quit
            {
                tip
            } else {
                nil
            }
        }
        #expect(tip == Content.GroupTip(kind: .quit, actor: bob.id, members: [bob.id], memberCount: 1))
        #expect(try await bob.client.conversations.conversation(.group(created.id))?.hasLeft == true)
        let again = try await alice.client.groups.invite([bob.id], to: created.id)
        #expect(again == [MemberOutcome(user: bob.id, error: nil)])
    }

    @Test("a device has a state that can be looked at")
    func state() async throws {
        let client = try server.client { $0.deviceID = "a phone" }
        #expect(client.user == nil)
        #expect(client.connection == .loggedOut)
        #expect(!client.isAccepted)
        #expect(client.isOutboxEmpty)
        #expect(client.serverDate == nil)
        #expect(client.deviceID == "a phone")
        let login = try await client.beginLogin(as: "dora", signature: "")
        #expect(client.user == "dora")
        try await login.accepted()
        #expect(client.isAccepted)
        #expect(client.connection == .connected)
        #expect(abs(try #require(client.serverDate).timeIntervalSinceNow) < 60)
        client.setForeground(false)
        client.networkChanged()
        client.setForeground(true)
        try await client.renew(signature: "")
        try await client.logout()
        #expect(client.user == nil)
    }
}

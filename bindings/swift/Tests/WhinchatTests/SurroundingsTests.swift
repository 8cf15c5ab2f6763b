import Stage
import Testing
@testable import Whinchat

@Suite("what happens around a client", .timeLimit(.minutes(1)))
struct SurroundingsTests {
    /// A client that writes down what it is told.
    private final class Told: Surrounded {
        let calls: AsyncStream<String>
        private let tell: AsyncStream<String>.Continuation

        init() {
            (calls, tell) = AsyncStream.makeStream()
        }

        func setForeground(foreground: Bool) { tell.yield(foreground ? "foreground" : "background") }
        func networkChanged() { tell.yield("network changed") }
        func pause() async throws { tell.yield("pause") }
        func resume() async throws {
            tell.yield("resume")
            throw ChatError(code: .storeUnreadable, name: "store.unreadable", class: .final, message: "taken")
        }
        func note(_ what: String) { tell.yield(what) }
    }

    private func calls(_ count: Int, of told: Told) async -> [String] {
        var calls: [String] = []
        for await call in told.calls {
            calls.append(call)
            if calls.count == count {
                break
            }
        }
        return calls
    }

    @Test("an app in the background sleeps in the time that the system leaves it, and wakes before it is shown")
    func background() async {
        let (happenings, happen) = AsyncStream.makeStream(of: Happening.self)
        let told = Told()
        let surroundings = Surroundings(of: told, happenings: happenings) { work in
            told.note("time begins")
            await work()
            told.note("time ends")
        }
        happen.yield(.enteredBackground)
        happen.yield(.willEnterForeground)
        let calls = await calls(6, of: told)
        #expect(calls == ["background", "time begins", "pause", "time ends", "resume", "foreground"])
        withExtendedLifetime(surroundings) {}
    }

    @Test("only another network that can be used is told")
    func network() async {
        let (happenings, happen) = AsyncStream.makeStream(of: Happening.self)
        let told = Told()
        let surroundings = Surroundings(of: told, happenings: happenings) { await $0() }
        let wifi = NetworkPath(isUsable: true, interfaces: ["en0"])
        let cellular = NetworkPath(isUsable: true, interfaces: ["pdp_ip0"])
        let none = NetworkPath(isUsable: false, interfaces: [])
        // The first is what it began on; then away, back, away, elsewhere, and elsewhere once more.
        for path in [wifi, none, wifi, wifi, none, cellular, cellular] {
            happen.yield(.network(path))
        }
        happen.yield(.willEnterForeground)
        #expect(await calls(4, of: told) == ["network changed", "network changed", "resume", "foreground"])
        withExtendedLifetime(surroundings) {}
    }

    @Test("it ends with whoever holds it, and lets go of the client and of what tells it")
    func ends() async {
        let (happenings, happen) = AsyncStream.makeStream(of: Happening.self)
        let (ended, end) = AsyncStream.makeStream(of: Void.self)
        happen.onTermination = { _ in end.finish() }
        weak var client: Told?
        do {
            let told = Told()
            client = told
            let surroundings = Surroundings(of: told, happenings: happenings) { await $0() }
            withExtendedLifetime(surroundings) {}
        }
        for await _ in ended {}
        while client != nil {
            await Task.yield()
        }
    }

    @Test("a real client sleeps and wakes")
    func realClient() async throws {
        let alice = try await shared.get().person("alice")
        let (happenings, happen) = AsyncStream.makeStream(of: Happening.self)
        let states = alice.client.events()
        let surroundings = Surroundings(of: alice.client.core, happenings: happenings) { await $0() }
        happen.yield(.enteredBackground)
        _ = try await states.first { $0 == .connectionChanged(.paused) ? true : nil }
        #expect(alice.client.connection == .paused)
        happen.yield(.willEnterForeground)
        _ = try await states.first { $0 == .connectionChanged(.connected) ? true : nil }
        withExtendedLifetime(surroundings) {}
    }
}

@Suite("taking turns", .timeLimit(.minutes(1)))
struct TurnTests {
    @Test("one works at a time, in the order in which they came, and who is cancelled goes away")
    func order() async {
        let turn = Turn()
        let (open, opener) = AsyncStream.makeStream(of: Void.self)
        let (entered, enter) = AsyncStream.makeStream(of: Int.self)
        let first = Task {
            await turn.take {
                enter.yield(0)
                for await _ in open {}
                return 0
            }
        }
        var working = entered.makeAsyncIterator()
        #expect(await working.next() == 0)
        let given = Task { await turn.take { 1 } }
        given.cancel()
        // It is told so although somebody else has the turn.
        #expect(await given.value == nil)
        opener.finish()
        #expect(await first.value == 0)
        #expect(await turn.take { 2 } == 2)
    }

    @Test("many tasks, half of them cancelled at any moment, leave nobody waiting")
    func storm() async {
        let turn = Turn()
        let inside = Guarded(0)
        let worked = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<500 {
                group.addTask {
                    let task = Task {
                        await turn.take {
                            #expect(inside.with { $0 += 1; return $0 } == 1)
                            await Task.yield()
                            inside.with { $0 -= 1 }
                            return true
                        }
                    }
                    if number % 2 == 0 {
                        await Task.yield()
                        task.cancel()
                    }
                    return await task.value ?? false
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(worked >= 250)
        #expect(await turn.take { true } == true)
    }
}

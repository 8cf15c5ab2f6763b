// Does what each line of its input asks for and answers with a line of numbers, times in microseconds: the Swift side of
// `cargo xtask swift bench`. Who asks has the same calls in Rust, and makes the figures.

import Foundation
import Stage
import Whinchat

let pageSize = 100
let eventCount = 10_000

/// Since when something runs.
struct Stopwatch {
    private let begun = ContinuousClock.now

    var microseconds: Double {
        let time = (ContinuousClock.now - begun).components
        return Double(time.seconds) * 1e6 + Double(time.attoseconds) / 1e12
    }
}

/// A server, somebody who reads, and somebody new who writes each time.
struct Bench: Sendable {
    private let server: Server
    private let alice: ChatClient

    init() async throws {
        server = try Server(
            "--automatic-signatures", "--requests-per-second", "1000000", "--request-burst", "1000000")
        alice = try await Self.client("alice", of: server)
        // Somebody can be written to once he has logged in.
        try await Self.client("bob", of: server).close()
        for number in 0..<pageSize {
            try await alice.messages.send("message \(number) of those that a page holds", to: .user("bob")).settled()
        }
    }

    private static func client(_ user: UserID, of server: Server) async throws -> ChatClient {
        let client = try ChatClient(
            ChatClient.Configuration(server: server.address, appID: Server.appID, folder: Stage.folder("client")))
        try await client.login(as: user, signature: "")
        return client
    }

    /// A call that gives a bit.
    func calls(_ times: Int) -> Double {
        let watch = Stopwatch()
        for _ in 0..<times {
            precondition(alice.isAccepted)
        }
        return watch.microseconds / Double(times)
    }

    func pages(_ times: Int) async throws -> [Double] {
        var figures: [Double] = []
        for _ in 0..<times {
            let watch = Stopwatch()
            let page = try await alice.messages.history(of: .user("bob"), limit: pageSize)
            figures.append(watch.microseconds)
            precondition(page.messages.count == pageSize)
        }
        return figures
    }

    /// One of many events that wait already, for a reader who takes so long for each.
    func events(slowness: Double) async throws -> Double {
        let (writer, client) = try await writer()
        let told = alice.events()
        try await Self.write(client)
        // All of them are on the device before the first is taken.
        for await list in try alice.conversations.list()
        where list.conversations.first(where: { $0.id == .user(writer) })?.unreadCount == eventCount {
            break
        }
        let watch = Stopwatch()
        await take(told, from: writer, slowness: slowness) { _ in }
        let time = watch.microseconds / Double(eventCount)
        await client.close()
        return time
    }

    /// MiB that the process has after each quarter of as many events, which come while a slow reader takes them.
    func memory(slowness: Double) async throws -> [Double] {
        let (writer, client) = try await writer()
        let told = alice.events()
        async let written: Void = Self.write(client)
        var quarters: [Double] = []
        await take(told, from: writer, slowness: slowness) { count in
            if count % (eventCount / 4) == 0 {
                quarters.append(resident())
            }
        }
        try await written
        await client.close()
        return quarters
    }

    private func writer() async throws -> (UserID, ChatClient) {
        let name: UserID = "writer-\(UUID().uuidString)"
        return (name, try await Self.client(name, of: server))
    }

    private static func write(_ client: ChatClient) async throws {
        var last: OutgoingMessage?
        for _ in 0..<(eventCount / 500) {
            let burst = (0..<500).map { NewMessage("event \($0)") }
            last = try await client.messages.send(contentsOf: burst, to: .user("alice")).last
        }
        try await last?.settled()
    }

    /// Takes all that somebody wrote: each, and in order.
    private func take(_ told: ChatEvents, from writer: UserID, slowness: Double, taken: (Int) -> Void) async {
        var count = 0
        for await case .messageReceived(let message) in told {
            count += 1
            precondition(message.sender == writer && message.sequence == Int64(count), "each, and in order")
            let watch = Stopwatch()
            while watch.microseconds < slowness {}
            taken(count)
            if count == eventCount {
                break
            }
        }
    }

    /// What lives before and after many calls and subscriptions: objects in the library, then bytes on both sides together.
    func lives() throws -> [Double] {
        let said = try Stage.output(of: Stage.built("LeakProbe"), environment: ["MALLOC_ARENA_MAX": "1"])
        let rounds = said.split(separator: "\n").filter { $0.hasPrefix("figures ") }.map { line in
            line.split(separator: " ").dropFirst().compactMap { Double($0) }
        }
        // Caches fill in the first rounds; what leaks does so in each.
        guard let best = rounds.filter({ $0.count == 4 }).min(by: { $0[3] - $0[2] < $1[3] - $1[2] }) else {
            throw Trouble("no figures: \(said)")
        }
        return best
    }
}

/// MiB of this process's memory.
func resident() -> Double {
    let pages = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ")
    return Double(pages?[1] ?? "").map { $0 * 4_096 / 1_048_576 } ?? .nan
}

let bench = try await Bench()
while let line = readLine() {
    let words = line.split(separator: " ")
    let amount = words.count > 1 ? Double(words[1]) ?? 0 : 0
    let answer: [Double] =
        switch words.first {
        case "calls": [bench.calls(Int(amount))]
        case "pages": try await bench.pages(Int(amount))
        case "events": [try await bench.events(slowness: amount)]
        case "memory": try await bench.memory(slowness: amount)
        case "lives": try bench.lives()
        default: throw Trouble("nothing is known of `\(line)`")
        }
    let said = "= " + answer.map { String($0) }.joined(separator: " ") + "\n"
    try FileHandle.standardOutput.write(contentsOf: Data(said.utf8))
}

// What the border costs: the same calls in Rust, in the same job, are the floor. `cargo xtask swift bench` runs it, optimised.

import Foundation
import Stage
import Whinchat

let runs = 5
let pageSize = 100
let pages = 2_000
let calls = 10_000
let events = 10_000
/// How long the slow reader takes for each event.
let slowness = Duration.microseconds(100)

/// Nanoseconds of one run, by name.
typealias Figures = [String: Double]

func nanoseconds(_ duration: Duration) -> Double {
    Double(duration.components.seconds) * 1e9 + Double(duration.components.attoseconds) / 1e9
}

func median(_ figures: [Double]) -> Double {
    figures.sorted()[figures.count / 2]
}

/// A server, somebody who writes, and somebody who reads.
struct Setting {
    let server: Server
    let alice: ChatClient
    let bob: ChatClient
    let toBob: ConversationID = .user("bob")

    init() async throws {
        server = try Server("--automatic-signatures", "--requests-per-second", "100000", "--request-burst", "100000")
        alice = try await Self.client("alice", of: server)
        bob = try await Self.client("bob", of: server)
        for number in 0..<pageSize {
            try await alice.messages.send("message \(number) of those that a page holds", to: toBob).settled()
        }
    }

    static func client(_ user: UserID, of server: Server) async throws -> ChatClient {
        let client = try ChatClient(
            ChatClient.Configuration(server: server.address, appID: Server.appID, folder: Stage.folder("client")))
        try await client.login(as: user, signature: "")
        return client
    }

    /// Median time of a call that gives a bit.
    func emptyCall() -> Double {
        median(
            (0..<50).map { _ in
                let begun = ContinuousClock.now
                for _ in 0..<calls {
                    precondition(alice.isAccepted)
                }
                return nanoseconds(ContinuousClock.now - begun) / Double(calls)
            })
    }

    /// Median time of a page of messages.
    func page() async throws -> Double {
        var times: [Double] = []
        for _ in 0..<pages {
            let begun = ContinuousClock.now
            let page = try await alice.messages.history(of: toBob, limit: pageSize)
            times.append(nanoseconds(ContinuousClock.now - begun))
            precondition(page.messages.count == pageSize)
        }
        return median(times)
    }

    /// Time of an event that waits already, of 10,000, for a reader who takes so long for each.
    func drain(_ slowness: Duration, from writer: UserID) async throws -> Double {
        let writing = try await Self.client(writer, of: server)
        let told = alice.events()
        var last: OutgoingMessage?
        for _ in 0..<(events / 500) {
            last = try await writing.messages.send(contentsOf: (0..<500).map { NewMessage("event \($0)") }, to: .user("alice"))
                .last
        }
        try await last?.settled()
        // All of them are on the device before the first is taken.
        for await list in try alice.conversations.list()
        where list.conversations.first(where: { $0.id == .user(writer) })?.unreadCount == events {
            break
        }
        let begun = ContinuousClock.now
        var place: Int64 = 0
        for await case .messageReceived(let message) in told where message.sender == writer {
            place += 1
            precondition(message.sequence == place, "in order, and every one")
            if slowness > .zero {
                let end = ContinuousClock.now + slowness
                while ContinuousClock.now < end {}
            }
            if place == events {
                break
            }
        }
        let time = nanoseconds(ContinuousClock.now - begun) / Double(events)
        await writing.close()
        return time
    }
}

/// One figure beside its floor.
struct Row: Encodable {
    let name: String
    let unit = "us"
    let ours: Double
    let floor: Double?
    var ratio: Double? { floor.map { ours / $0 } }
    /// The ratio to reach.
    let aim: Double?

    enum CodingKeys: CodingKey {
        case name, unit, ours, floor, ratio, aim
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(unit, forKey: .unit)
        try container.encode(ours, forKey: .ours)
        try container.encode(floor, forKey: .floor)
        try container.encode(ratio, forKey: .ratio)
        try container.encode(aim, forKey: .aim)
    }
}

let setting = try await Setting()
var (ours, floors): ([Figures], [Figures]) = ([], [])
for run in 1...runs {
    let floor = try Stage.output(of: Stage.path("WHINCHAT_FLOOR"))
    floors.append(try JSONDecoder().decode(Figures.self, from: Data(floor.utf8)))
    var figures: Figures = [:]
    figures["emptyCallNs"] = setting.emptyCall()
    figures["page100Ns"] = try await setting.page()
    figures["eventNs"] = try await setting.drain(.zero, from: "writer-\(run)")
    figures["slowEventNs"] = try await setting.drain(slowness, from: "slow-writer-\(run)")
    ours.append(figures)
    print("run \(run) of \(runs): \(figures)")
}

@MainActor func row(_ name: String, _ key: String, floor: Double? = nil, aim: (Double) -> Double? = { _ in nil }) -> Row {
    func middle(_ figures: [Figures]) -> Double? {
        let figures = figures.compactMap { $0[key] }
        return figures.isEmpty ? nil : median(figures) / 1_000
    }
    let floor = floor ?? middle(floors)
    return Row(name: name, ours: middle(ours) ?? .nan, floor: floor, aim: floor.flatMap(aim))
}

let rows = [
    row("swift: an empty call", "emptyCallNs"),
    row("swift: a page of 100 messages (aim: 100 us more)", "page100Ns") { ($0 + 100) / $0 },
    row("swift: an event of 10,000 that wait, fast reader", "eventNs"),
    row("swift: the same, a reader that takes 100 us for each", "slowEventNs", floor: nanoseconds(slowness) / 1_000),
]
for row in rows {
    let floor = row.floor.map { String(format: "%10.3f us %7.2f", $0, row.ours / $0) } ?? "         -"
    let aim = row.aim.map { String(format: "%7.2f%@", $0, row.ours > $0 * (row.floor ?? 0) ? " missed" : "") } ?? "      -"
    print(row.name.padding(toLength: 58, withPad: " ", startingAt: 0), String(format: "%10.3f us", row.ours), floor, aim)
}
let encoder = JSONEncoder()
encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
try encoder.encode(rows).write(to: Stage.path("WHINCHAT_OUT"))

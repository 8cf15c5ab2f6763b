import Foundation
import Stage
import Testing
import Whinchat
import WhinchatCore

@Suite("the log", .timeLimit(.minutes(2)))
struct LogTests {
    private func configuration(_ server: URL) throws -> ChatClient.Configuration {
        var configuration = try ChatClient.Configuration(
            server: server, appID: Server.appID, folder: Stage.folder("client"))
        configuration.reconnectDelay = 0.01
        configuration.longestReconnectDelay = 0.01
        return configuration
    }

    @Test("an app that takes it reads what the client does, and in no line a signature or a text")
    func lines() async throws {
        let server = try Server()
        var configuration = try configuration(server.address)
        configuration.logLevel = .debug
        let (lines, told) = AsyncStream.makeStream(of: ChatClient.LogLine.self)
        let alice = try ChatClient(configuration) { told.yield($0) }
        let signature = try server.signature(for: "alice")
        try await alice.login(as: "alice", signature: signature)
        let before = Date()
        server.stop()
        _ = try await alice.messages.send("between the two of us", to: "c2c_bob")
        var seen = 0
        for await line in lines {
            #expect(!"\(line)".contains(signature) && !"\(line)".contains("between the two"))
            if line.text.hasPrefix("no connection") {
                #expect(line.level == .debug)
                #expect(line.origin.hasPrefix("whinchat_core::connection"))
                #expect(abs(line.date.timeIntervalSince(before)) < 60)
                seen += 1
                if seen == 3 {
                    break
                }
            }
        }
        await alice.close()
    }

    @Test("what matters less than was asked for is not told, and the log ends with the client")
    func level() async throws {
        let configuration = try configuration(#require(URL(string: "ws://127.0.0.1:9")))
        // Its closure goes with the last who could call it.
        let (lines, told) = AsyncStream.makeStream(of: ChatClient.LogLine.self)
        do {
            let held = Held(told)
            let nobody = try ChatClient(configuration) { held.told.yield($0) }
            await #expect(throws: ChatError.self) { try await nobody.login(as: "alice", signature: "signature") }
        }
        for await line in lines {
            #expect(line.level != .debug)
        }
    }
}

/// Ends a stream when it goes.
private final class Held: Sendable {
    let told: AsyncStream<ChatClient.LogLine>.Continuation

    init(_ told: AsyncStream<ChatClient.LogLine>.Continuation) {
        self.told = told
    }

    deinit {
        told.finish()
    }
}

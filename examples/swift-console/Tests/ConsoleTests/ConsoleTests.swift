import Foundation
import Testing

/// A server, and a folder for what everybody keeps.
private final class Place {
    let folder: URL
    private var server: Terminal?
    private(set) var address = "ws://127.0.0.1:0"

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("console-\(UUID().uuidString)")
        try start()
    }

    deinit {
        stop()
        try? FileManager.default.removeItem(at: folder)
    }

    func start() throws {
        let binary = try #require(ProcessInfo.processInfo.environment["WHINCHAT_BINARY"], "cargo xtask swift sets it")
        let server = try Terminal(
            URL(fileURLWithPath: binary),
            [
                "serve", "--automatic-signatures", "--data", folder.appendingPathComponent("server").path,
                "--listen", address.replacingOccurrences(of: "ws://", with: ""),
            ])
        try server.says("Ctrl-C stops the server.")
        address = try server.says { said in
            said.split(whereSeparator: \.isWhitespace).first { $0.hasPrefix("ws://") }.map(String.init)
        }
        self.server = server
    }

    func stop() {
        server?.stop()
        server = nil
    }

    func console(_ user: String, _ peer: String) throws -> Terminal {
        try Terminal(
            "Console", [user, peer, "--server", address, "--folder", folder.appendingPathComponent(user).path])
    }
}

@Suite("the chat in the terminal")
struct ConsoleTests {
    @Test("two people chat, one to one and in a group")
    func chat() throws {
        let place = try Place()
        let alice = try place.console("alice", "bob")
        try alice.says("connected")
        let bob = try place.console("bob", "alice")
        try bob.says("connected")
        try alice.type("hello")
        try bob.says("alice: hello")
        // He has seen it, and she is told so.
        try alice.says("alice: hello (read)")
        try bob.type("hello yourself")
        try alice.says("bob: hello yourself")
        try alice.type("/team friends bob nobody")
        try alice.says("nobody is not in it")
        try alice.type("welcome")
        try bob.type("/open #friends")
        try bob.says("alice: welcome")
        try bob.type("/list")
        // Whether it counts as read already is a matter of moments.
        try bob.says { $0.contains("#friends: welcome") || $0.contains("#friends (1 new): welcome") ? () : nil }
        try bob.says("alice: hello yourself")
        try bob.type("/nonsense")
        try bob.says("There is no /nonsense.")
        _ = try (alice.end(), bob.end())
    }

    @Test("what is written while the server is away arrives when it is back")
    func offline() throws {
        let place = try Place()
        let (alice, bob) = (try place.console("alice", "bob"), try place.console("bob", "alice"))
        try alice.says("connected")
        try bob.says("connected")
        place.stop()
        try alice.says("no connection")
        try alice.type("are you there?")
        try alice.says("alice: are you there? ...")
        try place.start()
        try bob.says("alice: are you there?")
        // The end of the input waits for what is under way.
        try alice.type("bye")
        _ = try alice.end()
        try bob.says("alice: bye")
        _ = try bob.end()
    }

    #if os(Linux)
    @Test("the program of the guide says hello, and hears it")
    func hello() throws {
        let place = try Place()
        // The program keeps what it has beside those of other runs: other names, other folders.
        let (alice, bob) = ("alice-\(UUID().uuidString)", "bob-\(UUID().uuidString)")
        let surroundings = ["SERVER": place.address, "TMPDIR": place.folder.path]
        let listening = try Terminal("Hello", [bob], environment: surroundings, lineByLine: true)
        try listening.says("\(bob) is in")
        let saying = try Terminal("Hello", [alice, bob], environment: surroundings, lineByLine: true)
        try saying.says("the server has it at place 1")
        try listening.says("\(alice): hello, this is \(alice)")
    }
    #endif

    @Test("a command line that cannot be understood is explained")
    func usage() throws {
        #expect(try Terminal("Console", ["alice"]).end().hasPrefix("Usage: Console USER PEER"))
        #expect(try Terminal("Console", ["alice", "bob", "--server"]).end().hasPrefix("Usage:"))
    }

    @Test("a folder that somebody else uses is said in a sentence")
    func takenFolder() throws {
        let place = try Place()
        let alice = try place.console("alice", "bob")
        try alice.says("connected")
        #expect(try place.console("alice", "bob").end().contains("Console: "))
        _ = try alice.end()
    }
}

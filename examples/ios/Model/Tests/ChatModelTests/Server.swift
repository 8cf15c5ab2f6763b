import Foundation
import Testing
import Whinchat

/// `whinchat serve` in a process and a folder of its own.
final class Server {
    let folder: URL
    private var process: Process?
    private var listen = "127.0.0.1:0"

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("chat-model-\(UUID().uuidString)")
        try start()
    }

    deinit {
        stop()
        try? FileManager.default.removeItem(at: folder)
    }

    /// Starts it, where it was if it ran before.
    func start() throws {
        let binary = try #require(ProcessInfo.processInfo.environment["WHINCHAT_BINARY"], "cargo xtask swift sets it")
        let (process, output) = (Process(), Pipe())
        process.executableURL = URL(fileURLWithPath: binary)
        process.arguments = [
            "serve", "--automatic-signatures", "--listen", listen, "--data", folder.appendingPathComponent("server").path,
        ]
        process.standardOutput = output
        // A child inherits what the thread blocks that starts it, and Dispatch blocks every signal: it would never hear of its end.
        var (none, before) = (sigset_t(), sigset_t())
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        try process.run()
        var said = ""
        while !said.contains("Ctrl-C") {
            let more = output.fileHandleForReading.availableData
            try #require(!more.isEmpty, "the server ended")
            said += String(decoding: more, as: UTF8.self)
        }
        let address = said.split(whereSeparator: \.isWhitespace).first { $0.hasPrefix("ws://") }
        listen = String(try #require(address).dropFirst("ws://".count))
        self.process = process
    }

    func stop() {
        process?.terminate()
        process?.waitUntilExit()
        process = nil
    }

    func client(_ device: String) throws -> ChatClient {
        let server = try #require(URL(string: "ws://\(listen)"))
        let folder = folder.appendingPathComponent(device)
        return try ChatClient(ChatClient.Configuration(server: server, appID: 1_400_000_001, folder: folder))
    }
}

/// Looks until something has come true.
@MainActor
func eventually(_ what: Comment, _ isTrue: @MainActor () -> Bool) async throws {
    let deadline = ContinuousClock.now + .seconds(30)
    while !isTrue() {
        try #require(ContinuousClock.now < deadline, what)
        try await Task.sleep(for: .milliseconds(10))
    }
}

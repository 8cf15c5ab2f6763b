import Foundation

/// A real server in a process of its own, on a free port of this machine, with everything that it stores in a temporary folder.
public final class Server: @unchecked Sendable {
    /// The app that a development server serves.
    public static let appID: UInt64 = 1_400_000_001

    /// The program, as `cargo xtask swift` names it.
    public static let program = Stage.path("WHINCHAT_BINARY")

    /// What it stores.
    public let folder: URL
    /// Where it listens; the same after a ``stop()`` and a ``start()``.
    public private(set) var address: URL

    // `lock` guards every access to `process`.
    private let lock = NSLock()
    private var process: Process?
    private let arguments: [String]

    /// Starts one, and returns when it serves.
    public init(_ arguments: String...) throws {
        self.arguments = arguments
        folder = try Stage.folder("server")
        address = URL(string: "ws://127.0.0.1:0")!
        try start()
        Stage.atEnd { [weak self] in self?.stop() }
    }

    deinit {
        stop()
    }

    /// Starts it again after a ``stop()``.
    public func start() throws {
        let process = Process()
        process.executableURL = Self.program
        let listen = "127.0.0.1:\(address.port ?? 0)"
        process.arguments = ["serve", "--data", folder.path, "--listen", listen] + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardInput = FileHandle.nullDevice
        try Stage.run(process)
        lock.withLock { self.process = process }
        var said = ""
        // Its last line says that everything is in its place.
        while !said.contains("Ctrl-C stops the server.") {
            let more = output.fileHandleForReading.availableData
            if more.isEmpty {
                throw Trouble("the server ended with: \(said)")
            }
            said += String(decoding: more, as: UTF8.self)
        }
        let words = said.split(whereSeparator: \.isWhitespace)
        guard let word = words.first(where: { $0.hasPrefix("ws://") }), let address = URL(string: String(word)) else {
            throw Trouble("the server named no address: \(said)")
        }
        self.address = address
    }

    /// Lets it end in order, and returns when it is gone.
    public func stop() {
        let process = lock.withLock {
            defer { self.process = nil }
            return self.process
        }
        process?.terminate()
        process?.waitUntilExit()
    }

    /// The signature that an app's backend would make.
    public func signature(for user: String) throws -> String {
        try Stage.output(of: Self.program, ["sig", "make", "--user", user, "--data", folder.path])
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }
}

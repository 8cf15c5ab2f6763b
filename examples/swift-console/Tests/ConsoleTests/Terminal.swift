import Foundation

/// A program in a process of its own, with somebody at its keyboard.
final class Terminal: @unchecked Sendable {
    private let process = Process()
    private let (keyboard, output) = (Pipe(), Pipe())
    // `changed` guards every access to `said` and `ended`.
    private let changed = NSCondition()
    private var said = ""
    private var ended = false

    /// Starts a program that was built with the tests.
    ///
    /// One that writes with `print` alone keeps its lines back as long as nobody sees them: `lineByLine` makes it think that
    /// somebody does.
    init(
        _ name: String, _ arguments: [String], environment: [String: String] = [:], lineByLine: Bool = false
    ) throws {
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let tests = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        let program = tests.deletingLastPathComponent().appendingPathComponent(name)
        if lineByLine {
            try start(URL(fileURLWithPath: "/usr/bin/stdbuf"), ["-oL", program.path] + arguments)
        } else {
            try start(program, arguments)
        }
    }

    /// Starts a program.
    init(_ program: URL, _ arguments: [String]) throws {
        try start(program, arguments)
    }

    private func start(_ program: URL, _ arguments: [String]) throws {
        process.executableURL = program
        process.arguments = arguments
        process.standardInput = keyboard
        process.standardOutput = output
        process.standardError = output
        // A child would inherit the signals that the threads of tests block.
        var (none, before) = (sigset_t(), sigset_t())
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        try process.run()
        let output = output.fileHandleForReading
        Thread.detachNewThread { [self] in
            while true {
                let more = output.availableData
                changed.lock()
                said += String(decoding: more, as: UTF8.self)
                ended = more.isEmpty
                changed.broadcast()
                changed.unlock()
                if more.isEmpty {
                    return
                }
            }
        }
    }

    deinit {
        process.terminate()
    }

    /// Types a line.
    func type(_ line: String) throws {
        try keyboard.fileHandleForWriting.write(contentsOf: Data("\(line)\n".utf8))
    }

    /// Waits until the program has said this.
    func says(_ text: String) throws {
        try says { $0.contains(text) ? () : nil }
    }

    /// Waits until what the program has said is as wanted.
    func says<Found>(_ wanted: (String) -> Found?) throws -> Found {
        let deadline = Date(timeIntervalSinceNow: 60)
        changed.lock()
        defer { changed.unlock() }
        while true {
            if let found = wanted(said) {
                return found
            }
            if ended || !changed.wait(until: deadline) {
                throw Silence(said: said)
            }
        }
    }

    /// Closes the keyboard, waits for the end, and gives everything that was said.
    func end() throws -> String {
        try keyboard.fileHandleForWriting.close()
        process.waitUntilExit()
        return try says { [self] in ended ? $0 : nil }
    }

    /// Ends it from outside.
    func stop() {
        process.terminate()
        process.waitUntilExit()
    }

    /// It did not say what it should have.
    struct Silence: Error, CustomStringConvertible {
        let said: String
        var description: String { "it has only said:\n\(said)" }
    }
}

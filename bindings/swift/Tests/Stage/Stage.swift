import Foundation

/// What could not be set up, in a sentence.
public struct Trouble: Error, CustomStringConvertible {
    /// The sentence.
    public let description: String

    /// Says it.
    public init(_ description: String) {
        self.description = description
    }
}

/// What every test and every program that plays in one needs.
public enum Stage {
    /// A path that `cargo xtask swift` gives.
    public static func path(_ name: String) -> URL {
        guard let path = ProcessInfo.processInfo.environment[name] else {
            fatalError("\(name) is not set: run this with `cargo xtask swift`")
        }
        return URL(fileURLWithPath: path)
    }

    /// The repository.
    public static let source = path("WHINCHAT_SOURCE")

    /// A new folder that is gone when the process ends.
    public static func folder(_ name: String) throws -> URL {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("whinchat-\(name)-\(UUID().uuidString)", isDirectory: true)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        atEnd { try? FileManager.default.removeItem(at: folder) }
        return folder
    }

    /// A program that was built with the tests.
    public static func built(_ name: String) -> URL {
        let tests = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        return tests.deletingLastPathComponent().appendingPathComponent(name)
    }

    /// Runs a program to its end and gives what it printed.
    public static func output(
        of program: URL, _ arguments: [String] = [], environment: [String: String] = [:]
    ) throws -> String {
        let process = Process()
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.executableURL = program
        process.arguments = arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardInput = FileHandle.nullDevice
        try run(process)
        let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationReason == .exit, process.terminationStatus == 0 else {
            throw Trouble("\(program.lastPathComponent) ended with \(process.terminationStatus): \(said)")
        }
        return said
    }

    /// Starts a process that hears signals: tests run on threads that block them, and a child would inherit that.
    public static func run(_ process: Process) throws {
        var (none, before) = (sigset_t(), sigset_t())
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        try process.run()
    }

    private static let endings = Endings()

    /// Does something when the process ends; what was said last comes first.
    static func atEnd(_ work: @escaping @Sendable () -> Void) {
        endings.add(work)
    }

    private final class Endings: @unchecked Sendable {
        private let lock = NSLock()
        private var work: [@Sendable () -> Void] = []

        init() {
            atexit { Stage.endings.run() }
        }

        func add(_ more: @escaping @Sendable () -> Void) {
            lock.withLock { work.append(more) }
        }

        func run() {
            for work in lock.withLock({ work.reversed() }) {
                work()
            }
        }
    }
}

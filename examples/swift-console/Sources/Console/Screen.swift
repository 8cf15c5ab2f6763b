import Foundation

/// Lines in, lines out. What comes in while somebody types is printed above what he types, as far as a terminal goes.
actor Screen {
    private let isTerminal = isatty(STDOUT_FILENO) == 1

    /// Prints a line.
    func show(_ line: String) {
        let line = isTerminal ? "\r\u{1B}[K\(line)\n" : "\(line)\n"
        try? FileHandle.standardOutput.write(contentsOf: Data(line.utf8))
    }

    /// Prints something of less weight.
    func note(_ line: String) {
        show(isTerminal ? "\u{1B}[2m\(line)\u{1B}[0m" : line)
    }

    /// What is typed, line by line, until there is no more.
    nonisolated func lines() -> AsyncStream<String> {
        AsyncStream { lines in
            // Reading blocks, so it has a thread of its own.
            Thread.detachNewThread {
                while let line = readLine() {
                    lines.yield(line)
                }
                lines.finish()
            }
        }
    }
}

internal import WhinchatCore

/// What happens around a client.
enum Happening: Hashable, Sendable {
    /// Nobody looks at the app any more; the system may suspend it at any time.
    case enteredBackground
    /// The app will be looked at in a moment.
    case willEnterForeground
    /// How the device is connected now.
    case network(NetworkPath)
}

/// How the device is connected.
struct NetworkPath: Hashable, Sendable {
    /// Something can be reached over it.
    let isUsable: Bool
    /// The interfaces that it goes over, best first.
    let interfaces: [String]
}

/// Who is told of what happens around him.
protocol Surrounded: Sendable {
    func setForeground(foreground: Bool)
    func networkChanged()
    func pause() async throws
    func resume() async throws
}

extension WhinchatCore.Client: Surrounded {
    func pause() async throws {
        try await pause(cancel: nil)
    }

    func resume() async throws {
        try await resume(cancel: nil)
    }
}

/// Tells a client what happens around it, one thing after the other, for as long as it is held.
final class Surroundings: Sendable {
    /// Does some work while the system is asked to leave the app the time for it.
    typealias InBackgroundTime = @Sendable (@escaping @Sendable () async -> Void) async -> Void

    private let following: Task<Void, Never>

    init(
        of client: some Surrounded, happenings: AsyncStream<Happening>,
        inBackgroundTime: @escaping InBackgroundTime
    ) {
        following = Task {
            var path: NetworkPath?
            for await happening in happenings {
                switch happening {
                case .enteredBackground:
                    client.setForeground(foreground: false)
                    // Fails only when the client is closed, which is as good.
                    await inBackgroundTime { try? await client.pause() }
                case .willEnterForeground:
                    // Fails when another process has taken the folder: the app's next call says so.
                    try? await client.resume()
                    client.setForeground(foreground: true)
                case .network(let now):
                    // The first one is the network that the client was made on.
                    if let before = path, before != now, now.isUsable {
                        client.networkChanged()
                    }
                    path = now
                }
            }
        }
    }

    deinit {
        following.cancel()
    }
}

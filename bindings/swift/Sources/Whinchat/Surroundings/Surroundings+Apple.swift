// The only file that knows the app's system. It is compiled on Apple platforms alone and could not be tried where the rest is
// tested; what it leads to is in Surroundings.swift, and tested everywhere.

#if canImport(Network)
import Foundation
import Network

#if canImport(UIKit) && !os(watchOS)
import UIKit
#endif

extension Surroundings {
    /// The app's life, where the system suspends apps, and the device's network.
    static func ofThisApplication(for client: some Surrounded) -> Surroundings? {
        let (happenings, tell) = AsyncStream.makeStream(of: Happening.self)
        let monitor = NWPathMonitor()
        monitor.pathUpdateHandler = { path in
            let interfaces = path.availableInterfaces.map(\.name)
            tell.yield(.network(NetworkPath(isUsable: path.status == .satisfied, interfaces: interfaces)))
        }
        monitor.start(queue: DispatchQueue(label: "whinchat.network", qos: .utility))
        let observers = Observers()
        #if canImport(UIKit) && !os(watchOS)
        observers.on(UIApplication.didEnterBackgroundNotification) { tell.yield(.enteredBackground) }
        observers.on(UIApplication.willEnterForegroundNotification) { tell.yield(.willEnterForeground) }
        #endif
        // The stream ends with the task that reads it, and with it all that feeds it.
        tell.onTermination = { _ in
            monitor.cancel()
            observers.end()
        }
        return Surroundings(of: client, happenings: happenings, inBackgroundTime: inBackgroundTime)
    }

    @Sendable private static func inBackgroundTime(_ work: @escaping @Sendable () async -> Void) async {
        #if os(iOS) || os(tvOS) || os(visionOS)
        let done = DispatchSemaphore(value: 0)
        // The system leaves the app its time for as long as this block runs, on a thread of its own.
        ProcessInfo.processInfo.performExpiringActivity(withReason: "Whinchat gives its files back") { isExpired in
            if !isExpired {
                done.wait()
            }
        }
        await work()
        done.signal()
        #else
        await work()
        #endif
    }
}

/// Observers of notifications that end together.
private final class Observers: @unchecked Sendable {
    // `lock` guards every access to `tokens`.
    private let lock = NSLock()
    private var tokens: [any NSObjectProtocol] = []

    func on(_ name: Notification.Name, _ work: @escaping @Sendable () -> Void) {
        let token = NotificationCenter.default.addObserver(forName: name, object: nil, queue: nil) { _ in work() }
        lock.withLock { tokens.append(token) }
    }

    func end() {
        lock.withLock {
            tokens.forEach { NotificationCenter.default.removeObserver($0) }
            tokens = []
        }
    }
}

extension ChatClient.DeviceKind {
    /// What this device is.
    static var current: Self {
        #if os(iOS)
        var system = utsname()
        uname(&system)
        let machine = withUnsafeBytes(of: system.machine) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        let model = ProcessInfo.processInfo.environment["SIMULATOR_MODEL_IDENTIFIER"] ?? machine
        return model.hasPrefix("iPad") ? .tablet : .iPhone
        #else
        return .desktop
        #endif
    }
}
#else
extension Surroundings {
    /// Nothing is known of them here.
    static func ofThisApplication(for client: some Surrounded) -> Surroundings? {
        nil
    }
}

extension ChatClient.DeviceKind {
    /// What this device is.
    static var current: Self { .desktop }
}
#endif

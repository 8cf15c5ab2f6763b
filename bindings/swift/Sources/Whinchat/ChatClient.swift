import Foundation
internal import WhinchatCore

/// One device, with one user logged in at a time: where everything starts.
///
/// ```swift
/// let client = try ChatClient(
///     ChatClient.Configuration(server: URL(string: "wss://chat.example.com")!, appID: 1_400_000_001))
/// try await client.login(as: "alice", signature: signature)
/// try await client.messages.send("hello", to: .user("bob"))
/// ```
///
/// What the user has is stored on the device, so reading, sending and marking read work without a network. A message that
/// ``Messages/send(_:to:)-(String,_)`` accepted arrives, once and in order, through cut connections and killed apps.
///
/// Use one client for the whole app, from any task or thread. It has threads of its own and calls nobody back: events and
/// lists are sequences that your tasks iterate. Letting the last reference go ends everything at once; ``close()`` first
/// writes what waits. What was accepted is safe either way.
///
/// Cancelling a task ends the call that it awaits, with a `CancellationError`. It takes nothing back: a message that was
/// accepted goes out, a logout that has begun ends.
public final class ChatClient: Sendable {
    /// Sending and reading messages.
    public let messages: Messages
    /// The conversation list.
    public let conversations: Conversations
    /// Groups.
    public let groups: Groups

    let core: WhinchatCore.Client
    /// Feeds the app's life and the network's changes to the client.
    private let surroundings: Surroundings?

    /// Makes the client and takes its folder. No network is needed, and nobody is logged in yet.
    ///
    /// It touches the disk for about a millisecond.
    ///
    /// - Parameters:
    ///   - configuration: The settings.
    ///   - log: Takes the client's log, down to ``Configuration/logLevel``: on some thread in the background, one line at a time,
    ///     in order. The client does not wait for it; when more than a thousand lines wait, the oldest are left out, and a line
    ///     says how many.
    /// - Throws: ``ChatError``: ``ChatError/Code/badParameter`` when a setting is wrong, ``ChatError/Code/fileSystem`` when
    ///   the folder cannot be written, ``ChatError/Code/storeUnreadable`` when another client or process uses it,
    ///   ``ChatError/Code/libraryMismatch`` when the app was built from parts of different versions.
    public init(_ configuration: Configuration, log: (@Sendable (LogLine) -> Void)? = nil) throws {
        try Library.check()
        core = try translating { try WhinchatCore.Client(config: configuration.core(logs: log != nil)) }
        if let log, let lines = core.log() {
            LogLine.follow(lines, log)
        }
        messages = Messages(core: core.messages())
        conversations = Conversations(core: core.conversations())
        groups = Groups(core: core.groups())
        surroundings = configuration.followsApplication ? Surroundings.ofThisApplication(for: core) : nil
    }

    /// Everything that happens from now on, in order.
    ///
    /// Take it before logging in to miss nothing. See ``ChatEvents``.
    public func events() -> ChatEvents {
        ChatEvents(core.events())
    }

    // MARK: Logging in and out

    /// Logs in.
    ///
    /// A user who was logged in on this device before can read and send at once, before this returns; it returns when the
    /// server has accepted, however long that takes. ``beginLogin(as:signature:)`` tells the two apart. On a first login
    /// without a network it fails.
    ///
    /// - Parameters:
    ///   - user: Who logs in.
    ///   - signature: The UserSig that your backend made for this user.
    /// - Throws: ``ChatError``: what is wrong with the signature (``ChatError/Code/userSigExpired`` and its neighbours), with
    ///   the user id (``ChatError/Code/userIDInvalid``), with the connection (9510 to 9517), or with the present state:
    ///   ``ChatError/Code/loginRunning``, ``ChatError/Code/wrongState`` while another user is logged in.
    public func login(as user: UserID, signature: String) async throws {
        try await cancellable { [core] in
            try await core.login(user: user.rawValue, userSig: signature, cancel: $0)
        }
    }

    /// Logs in, in two steps: when this returns, what is stored on this device can be read and sent to.
    ///
    /// ```swift
    /// let login = try await client.beginLogin(as: "alice", signature: signature)
    /// showConversations()
    /// try await login.accepted()
    /// ```
    ///
    /// - Parameters:
    ///   - user: Who logs in.
    ///   - signature: The UserSig that your backend made for this user.
    /// - Returns: The login, to wait for the server's word with.
    /// - Throws: As ``login(as:signature:)``.
    public func beginLogin(as user: UserID, signature: String) async throws -> LoginAttempt {
        try await LoginAttempt(
            core: cancellable { [core] in
                try await core.beginLogin(user: user.rawValue, userSig: signature, cancel: $0)
            })
    }

    /// Puts a fresh signature in the place of the one that the user is logged in with, without a new connection.
    ///
    /// Call it when ``ChatEvent/loginExpiring(in:)`` is told. If the server refuses the new one, the old one stays.
    ///
    /// - Throws: ``ChatError``: ``ChatError/Code/notLoggedIn``, or what is wrong with the signature.
    public func renew(signature: String) async throws {
        try await cancellable { [core] in try await core.renew(userSig: signature, cancel: $0) }
    }

    /// Logs out: nothing arrives any more; what is stored stays for the user's next login. Without a user it does nothing.
    ///
    /// - Throws: `CancellationError` when nobody waits any more; the logout goes on.
    public func logout() async throws {
        try await cancellable { [core] in try await core.logout(cancel: $0) }
    }

    /// Closes the client: writes what waits and gives the folder back.
    ///
    /// Sequences end, and every later call throws ``ChatError/Code/notInitialised``. Closing twice does nothing.
    public func close() async {
        // Nothing can go wrong in it, and it goes on when nobody waits.
        try? await cancellable { [core] in try await core.shutdown(cancel: $0) }
    }

    // MARK: Sleeping

    /// Puts the client to sleep, for an app that is about to be suspended: when this returns, no connection, open file or lock
    /// is left.
    ///
    /// On iOS this happens by itself, see ``Configuration/followsApplication``. Until ``resume()``, calls throw
    /// ``ChatError/Code/wrongState``; sequences stay, and go on afterwards with what changed. It takes as long as
    /// ``Configuration/drainTime`` and two seconds at most. Pausing twice does nothing.
    ///
    /// - Throws: ``ChatError``: ``ChatError/Code/notInitialised`` when the client is closed.
    public func pause() async throws {
        try await cancellable { [core] in try await core.pause(cancel: $0) }
    }

    /// Wakes the client. Returns once what is stored can be used; no network is needed.
    ///
    /// - Throws: ``ChatError``: ``ChatError/Code/storeUnreadable`` when another process uses the folder, and the client goes
    ///   on sleeping; ``ChatError/Code/notInitialised`` when it is closed.
    public func resume() async throws {
        try await cancellable { [core] in try await core.resume(cancel: $0) }
    }

    /// Tells whether somebody looks at the app. A new client takes it that somebody does.
    ///
    /// In the background the client connects and asks for life less and less often. On iOS this happens by itself, see
    /// ``Configuration/followsApplication``.
    public func setForeground(_ isForeground: Bool) {
        core.setForeground(foreground: isForeground)
    }

    /// Tells that the device may be on another network: a client that waits tries at once, once.
    ///
    /// On Apple platforms this happens by itself, see ``Configuration/followsApplication``.
    public func networkChanged() {
        core.networkChanged()
    }

    // MARK: The present state

    /// Who is logged in, or logging in with what is stored on this device.
    public var user: UserID? { core.user().map { UserID($0) } }

    /// Whether the server can be reached.
    public var connection: ConnectionState { ConnectionState(core.connection()) }

    /// Whether the server has accepted this login, now or earlier: false while a login without a network waits.
    public var isAccepted: Bool { core.isAccepted() }

    /// Whether everything that was sent or changed here has reached the server, or failed for good. True when nobody is
    /// logged in.
    public var isOutboxEmpty: Bool { core.isDrained() }

    /// The server's time, estimated from its last answer; `nil` before the first connection of this login.
    public var serverDate: Date? { core.serverTimeMs().map { Date(millisecondsSince1970: $0) } }

    /// The id of this installation.
    public var deviceID: String { core.deviceId() }
}

/// A login under way, whose stored data can be used already. From ``ChatClient/beginLogin(as:signature:)``.
public struct LoginAttempt: Sendable {
    let core: WhinchatCore.LoginAttempt

    /// Waits until the server has accepted. Giving up the wait does not end the login.
    ///
    /// - Throws: As ``ChatClient/login(as:signature:)``.
    public func accepted() async throws {
        try await cancellable { [core] in try await core.accepted(cancel: $0) }
    }
}

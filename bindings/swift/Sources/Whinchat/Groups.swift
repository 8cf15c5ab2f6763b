internal import WhinchatCore

/// The groups of the user who is logged in. From ``ChatClient/groups``.
///
/// These calls need a connection: without one they throw ``ChatError/Code/disconnected``, and without an answer in 30
/// seconds ``ChatError/Code/answerTimeout``.
public struct Groups: Sendable {
    let core: WhinchatCore.Groups

    /// Creates a group; the user becomes its owner. A call that a cut connection left open is repeated and creates one group.
    ///
    /// - Parameters:
    ///   - name: Its name, 1 to 100 bytes.
    ///   - kind: What it is.
    ///   - id: Its id; the server chooses one when there is none.
    ///   - members: Its first members beside the user himself, at most 20.
    /// - Throws: ``ChatError``: ``ChatError/Code/groupIDInvalid``, ``ChatError/Code/groupNameInvalid``,
    ///   ``ChatError/Code/groupIDTaken``, ``ChatError/Code/tooManyMembersNamed``.
    @discardableResult
    public func create(
        name: String, kind: GroupKind = .work, id: GroupID? = nil, members: some Sequence<UserID> = []
    ) async throws -> CreatedGroup {
        let group = NewGroup(
            id: id?.rawValue, kind: kind.core, name: name, members: members.map(\.rawValue))
        let created = try await cancellable { [core] in try await core.create(group: group, cancel: $0) }
        return CreatedGroup(
            id: GroupID(created.id), members: created.members.map { MemberOutcome($0) })
    }

    /// Invites users into a group, at most 20.
    ///
    /// - Returns: The outcome for each.
    /// - Throws: ``ChatError``: ``ChatError/Code/notMember`` when the user may not invite, ``ChatError/Code/groupGone``,
    ///   ``ChatError/Code/tooManyMembersNamed``.
    @discardableResult
    public func invite(_ users: some Sequence<UserID>, to group: GroupID) async throws -> [MemberOutcome] {
        let users = users.map(\.rawValue)
        let outcomes = try await cancellable { [core] in
            try await core.invite(group: group.rawValue, users: users, cancel: $0)
        }
        return outcomes.map { MemberOutcome($0) }
    }

    /// Leaves a group. What was seen stays readable.
    ///
    /// - Throws: ``ChatError``: ``ChatError/Code/notMember``, ``ChatError/Code/ownerCannotQuit``.
    public func leave(_ group: GroupID) async throws {
        try await cancellable { [core] in try await core.quit(group: group.rawValue, cancel: $0) }
    }
}

/// A group that was created.
public struct CreatedGroup: Hashable, Sendable {
    /// Its id.
    public let id: GroupID
    /// What became of each first member.
    public let members: [MemberOutcome]

    /// Makes an outcome; for tests and previews of your own.
    public init(id: GroupID, members: [MemberOutcome] = []) {
        self.id = id
        self.members = members
    }
}

/// What became of one member of a call that named several.
public struct MemberOutcome: Hashable, Sendable {
    /// Who.
    public let user: UserID
    /// Why it did not succeed; `nil` if it did.
    public let error: ChatError?

    /// Makes an outcome; for tests and previews of your own.
    public init(user: UserID, error: ChatError? = nil) {
        self.user = user
        self.error = error
    }
}

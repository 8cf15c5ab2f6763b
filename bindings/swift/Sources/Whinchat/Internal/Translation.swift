import Foundation
internal import WhinchatCore

// What crosses the border, as this module spells it.

extension ChatError {
    init(_ failure: Failure) {
        self.init(
            code: Code(rawValue: failure.code), name: failure.name, class: Class(failure.class), message: failure.message)
    }
}

extension ChatError.Class {
    init(_ core: ErrorClass) {
        switch core {
        case .retryNow: self = .retry
        case .afterReconnect: self = .afterReconnecting
        case .after(let milliseconds): self = .after(TimeInterval(milliseconds) / 1_000)
        case .reauthenticate: self = .reauthenticate
        case .final: self = .final
        }
    }
}

extension Message {
    init(_ core: WhinchatCore.Message) {
        self.init(
            id: MessageID(rawValue: core.id),
            conversation: ConversationID(rawValue: core.conversation),
            sender: UserID(core.sender),
            sequence: core.seq == 0 ? nil : Int64(clamping: core.seq),
            date: Date(millisecondsSince1970: core.timeMs),
            state: State(core.state),
            isOwn: core.isOwn,
            content: Content(core.content),
            isExcludedFromUnread: core.excludedFromUnread,
            isExcludedFromLastMessage: core.excludedFromLastMessage,
            mentions: core.mentions.map { UserID($0) },
            mentionsEverybody: core.mentionAll,
            audience: core.audience.map { UserID($0) },
            priority: Priority(core.priority),
            isOnlineOnly: core.isOnlineOnly,
            isReadByPeer: core.isReadByPeer
        )
    }
}

extension Message.Priority {
    init?(_ core: WhinchatCore.Priority) {
        switch core {
        case .unset: return nil
        case .high: self = .high
        case .normal: self = .normal
        case .low: self = .low
        }
    }

    var core: WhinchatCore.Priority {
        switch self {
        case .high: .high
        case .normal: .normal
        case .low: .low
        }
    }
}

extension Message.State {
    init(_ core: MessageState) {
        switch core {
        case .pending: self = .pending
        case .sent: self = .sent
        case .failed(let failure): self = .failed(ChatError(failure))
        }
    }
}

extension Content {
    init(_ core: WhinchatCore.Content) {
        self.init(elements: core.elements.map { Element($0) }, customData: core.customData)
    }
}

extension Content.Element {
    init(_ core: WhinchatCore.Element) {
        switch core {
        case .text(let text):
            self = .text(text)
        case .custom(let data, let description, let `extension`):
            self = .custom(Content.Custom(data: data, description: description, extension: `extension`))
        case .groupTip(let kind, let actor, let members, let count):
            self = .groupTip(
                Content.GroupTip(
                    kind: Content.GroupTip.Kind(kind), actor: UserID(actor), members: members.map { UserID($0) },
                    memberCount: Int(count)))
        case .unknown:
            self = .unknown
        }
    }

    var core: WhinchatCore.Element {
        switch self {
        case .text(let text):
            .text(text: text)
        case .custom(let custom):
            .custom(data: custom.data, description: custom.description, extension: custom.extension)
        case .groupTip(let tip):
            .groupTip(
                kind: tip.kind.core, operator: tip.actor.rawValue, members: tip.members.map(\.rawValue),
                memberCount: UInt32(clamping: tip.memberCount))
        case .unknown:
            .unknown
        }
    }
}

extension Content.GroupTip.Kind {
    init(_ core: GroupTipKind) {
        switch core {
        case .joined: self = .joined
        case .invited: self = .invited
        case .quit: self = .quit
        case .kicked: self = .removed
        case .unknown: self = .unknown
        }
    }

    var core: GroupTipKind {
        switch self {
        case .joined: .joined
        case .invited: .invited
        case .quit: .quit
        case .removed: .kicked
        case .unknown: .unknown
        }
    }
}

extension Conversation {
    init(_ core: WhinchatCore.Conversation) {
        self.init(
            id: ConversationID(rawValue: core.id),
            lastMessage: core.lastMessage.map { Message($0) },
            unreadCount: Int(clamping: core.unread),
            readSequence: Int64(clamping: core.readSeq),
            peerReadSequence: Int64(clamping: core.peerReadSeq),
            lastSequence: Int64(clamping: core.headSeq),
            lastActivity: Date(millisecondsSince1970: core.activeMs),
            group: core.group.map { GroupSummary($0) },
            hasLeft: core.left
        )
    }
}

extension GroupSummary {
    init(_ core: WhinchatCore.GroupSummary) {
        self.init(
            kind: GroupKind(rawValue: core.kind), name: core.name, owner: UserID(core.owner),
            memberCount: Int(core.memberCount))
    }
}

extension GroupKind {
    var core: WhinchatCore.GroupKind {
        switch self {
        case .work: .work
        case .public: .public
        case .meeting: .meeting
        }
    }
}

extension MemberOutcome {
    init(_ core: WhinchatCore.MemberOutcome) {
        self.init(user: UserID(core.user), error: core.error.map { ChatError($0) })
    }
}

extension ConversationPage {
    init(_ core: WhinchatCore.ConversationPage) {
        self.init(
            conversations: core.items.map { Conversation($0) }, next: core.next.map { ConversationCursor(core: $0) })
    }
}

extension HistoryPage {
    init(_ core: WhinchatCore.HistoryPage) {
        self.init(
            messages: core.messages.map { Message($0) }, isComplete: core.complete, isMissingNewer: core.missingNewer)
    }
}

extension HistoryStart {
    var core: HistoryFrom {
        switch self {
        case .newest: .newest
        case .before(let id): .older(before: id.rawValue)
        case .after(let id): .newer(after: id.rawValue)
        }
    }
}

extension ListChange where Item == Conversation {
    init(_ core: ConversationDiff) {
        switch core {
        case .insert(let index, let item): self = .insert(Conversation(item), at: Int(index))
        case .remove(let index): self = .remove(at: Int(index))
        case .update(let index, let item): self = .update(Conversation(item), at: Int(index))
        case .move(let from, let to, let item): self = .move(Conversation(item), from: Int(from), to: Int(to))
        }
    }
}

extension ListChange where Item == Message {
    init(_ core: MessageDiff) {
        switch core {
        case .insert(let index, let item): self = .insert(Message(item), at: Int(index))
        case .remove(let index): self = .remove(at: Int(index))
        case .update(let index, let item): self = .update(Message(item), at: Int(index))
        case .move(let from, let to, let item): self = .move(Message(item), from: Int(from), to: Int(to))
        }
    }
}

extension ConnectionState {
    init(_ core: WhinchatCore.ConnectionState) {
        switch core {
        case .loggedOut: self = .loggedOut
        case .connecting: self = .connecting
        case .connected: self = .connected
        case .waiting(let milliseconds, let failure):
            self = .waiting(TimeInterval(milliseconds) / 1_000, ChatError(failure))
        case .paused: self = .paused
        }
    }
}

extension ChatEvent {
    init(_ core: Event) {
        switch core {
        case .connectionChanged(let state): self = .connectionChanged(ConnectionState(state))
        case .syncStarted: self = .syncStarted
        case .syncFinished: self = .syncFinished
        case .syncFailed(let failure): self = .syncFailed(ChatError(failure))
        case .messageReceived(let message): self = .messageReceived(Message(message))
        case .ephemeralReceived(let message): self = .ephemeralMessageReceived(Message(message))
        case .messageChanged(let message): self = .messageChanged(Message(message))
        case .conversationAdded(let conversation): self = .conversationAdded(Conversation(conversation))
        case .conversationChanged(let conversation): self = .conversationChanged(Conversation(conversation))
        case .conversationRemoved(let id): self = .conversationRemoved(ConversationID(rawValue: id))
        case .receiptReceived(let conversation, let seq, let time):
            self = .receiptReceived(
                ReadReceipt(
                    conversation: ConversationID(rawValue: conversation), sequence: Int64(clamping: seq),
                    date: time == 0 ? nil : Date(millisecondsSince1970: time)))
        case .messagesDeleted(let conversation, let ids):
            self = .messagesDeleted(
                ids.map { MessageID(rawValue: $0) }, in: ConversationID(rawValue: conversation))
        case .typing(let conversation, let user, let active):
            self = .typingChanged(
                TypingStatus(
                    conversation: ConversationID(rawValue: conversation), user: UserID(user), isTyping: active))
        case .totalUnreadChanged(let count): self = .totalUnreadCountChanged(Int(clamping: count))
        case .loginExpiring(let seconds): self = .loginExpiring(in: TimeInterval(seconds))
        case .loginExpired(let failure): self = .loginExpired(ChatError(failure))
        case .kickedOffline(let failure): self = .kickedOffline(ChatError(failure))
        case .storeReset(let setAside): self = .storeReset(setAside: URL(fileURLWithPath: setAside))
        }
    }
}

import Foundation
import Whinchat

/// A conversation in the terminal: everything here that knows Whinchat.
struct Chat {
    static let help = """
        What you type is sent. Besides:
          /list              your conversations
          /older             what was said before
          /open NAME         talk to somebody else, or in a #group
          /team NAME A B     make a group with A and B, and talk in it
          /quit              leave; what is not sent yet goes out next time
        """

    let client: ChatClient
    let screen: Screen
    let me: UserID

    /// Talks until there is nothing more to read.
    func run(with peer: String, signature: String) async throws {
        let events = client.events()
        // What is on this device can be shown before the server answers, and without it.
        let login = try await client.beginLogin(as: me, signature: signature)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await tell(events) }
            group.addTask {
                do {
                    try await login.accepted()
                } catch {
                    await screen.note("not logged in: \(error.localizedDescription)")
                }
            }
            await talk(with: peer)
            group.cancelAll()
        }
        await client.close()
    }

    private func talk(with peer: String) async {
        let first = Self.conversation(peer)
        var conversation = first
        var shown = Task { await follow(first) }
        var sent: [OutgoingMessage] = []
        func open(_ other: ConversationID) {
            shown.cancel()
            conversation = other
            shown = Task { await follow(other) }
        }
        for await line in screen.lines() {
            let words = line.split(separator: " ").map(String.init)
            do {
                switch words.first {
                case nil:
                    break
                case "/quit":
                    shown.cancel()
                    return
                case "/help":
                    await screen.note(Self.help)
                case "/list":
                    for entry in try await client.conversations.page(limit: 20).conversations {
                        await screen.note(Self.line(for: entry))
                    }
                case "/older":
                    let page = try await client.messages.history(of: conversation, limit: 100)
                    for message in page.messages.reversed() {
                        await screen.note(Self.line(for: message))
                    }
                case "/open" where words.count == 2:
                    open(Self.conversation(words[1]))
                case "/team" where words.count > 2:
                    let team = try await client.groups.create(
                        name: words[1], id: GroupID(words[1]), members: words.dropFirst(2).map { UserID($0) })
                    for member in team.members {
                        if let error = member.error {
                            await screen.note("\(member.user) is not in it: \(error.message)")
                        }
                    }
                    open(.group(team.id))
                case .some(let word) where word.hasPrefix("/"):
                    await screen.note("There is no \(line). /help says what there is.")
                default:
                    sent.append(try await client.messages.send(line, to: conversation))
                }
            } catch {
                await screen.note("\(error.localizedDescription)")
            }
        }
        // Nobody types any more, but what was typed is to arrive.
        for message in sent {
            _ = try? await message.settled()
        }
        shown.cancel()
    }

    /// Shows a conversation: the end of it, then what is added to it and what becomes of it.
    private func follow(_ conversation: ConversationID) async {
        do {
            await screen.note("-- \(Self.name(conversation)) --")
            for await window in try await client.messages.timeline(of: conversation, from: .newest(10)) {
                for change in window.changes ?? window.messages.map({ .insert($0, at: 0) }) {
                    switch change {
                    case .insert(let message, _), .update(let message, _), .move(let message, _, _):
                        await screen.show(Self.line(for: message))
                    case .remove:
                        break
                    }
                }
                try await client.conversations.markRead(conversation)
            }
        } catch is CancellationError {
            // Another one was opened.
        } catch {
            await screen.note("\(error.localizedDescription)")
        }
    }

    /// Tells what happens besides messages.
    private func tell(_ events: ChatEvents) async {
        for await event in events {
            switch event {
            case .connectionChanged(.connected):
                await screen.note("connected")
            case .connectionChanged(.waiting(let seconds, let error)):
                await screen.note("no connection (\(error.message)); again in \(Int(seconds.rounded(.up))) s")
            case .typingChanged(let typing) where typing.isTyping:
                await screen.note("\(typing.user) is typing ...")
            case .kickedOffline(let error), .loginExpired(let error):
                await screen.note("logged out: \(error.message)")
            default:
                break
            }
        }
    }

    private static func conversation(_ name: String) -> ConversationID {
        name.hasPrefix("#") ? .group(GroupID(String(name.dropFirst()))) : .user(UserID(name))
    }

    private static func name(_ conversation: ConversationID) -> String {
        conversation.group.map { "#\($0)" } ?? conversation.user?.rawValue ?? conversation.rawValue
    }

    private static func line(for entry: Conversation) -> String {
        let unread = entry.unreadCount > 0 ? " (\(entry.unreadCount) new)" : ""
        return "\(name(entry.id))\(unread): \(entry.lastMessage.map(text) ?? "")"
    }

    private static func line(for message: Message) -> String {
        let mark =
            switch message.state {
            case .pending: " ..."
            case .sent where message.isReadByPeer: " (read)"
            case .sent where message.isOwn: " (sent)"
            case .sent: ""
            case .failed(let error): " (not sent: \(error.message))"
            }
        return "\(message.sender): \(text(message))\(mark)"
    }

    private static func text(_ message: Message) -> String {
        switch message.content.elements.first {
        case .text(let text): text
        case .custom(let custom): "[\(custom.description)]"
        case .groupTip(let tip): "[\(tip.members.map(\.rawValue).joined(separator: ", ")): \(tip.kind)]"
        default: "[?]"
        }
    }
}

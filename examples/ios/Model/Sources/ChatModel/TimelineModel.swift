import Foundation
import Observation
import Whinchat

/// A conversation on the screen.
@MainActor
@Observable
public final class TimelineModel {
    /// Which one.
    public let conversation: ConversationID
    /// Its newest messages, oldest first.
    public private(set) var messages: [Message] = []
    /// There are older ones, which ``loadOlder()`` adds.
    public private(set) var hasOlder = false
    /// What is being written.
    public var draft = ""
    /// What went wrong last, in a sentence.
    public var problem: String?

    private let client: ChatClient
    private var timeline: Timeline?

    init(client: ChatClient, conversation: ConversationID) {
        self.client = client
        self.conversation = conversation
    }

    /// Shows the messages, and marks them read, until the task that runs it ends.
    public func follow() async {
        do {
            let timeline = try await client.messages.timeline(of: conversation, from: .newest(30))
            self.timeline = timeline
            for await window in timeline {
                messages = window.messages
                hasOlder = window.hasOlder
                try await client.conversations.markRead(conversation)
            }
        } catch is CancellationError {
            // The screen was left.
        } catch {
            problem = error.localizedDescription
        }
    }

    /// Shows older messages too.
    public func loadOlder() {
        timeline?.loadOlder()
    }

    /// Sends what was written. It is safe on the device when this returns, and goes out when there is a connection.
    public func send() async {
        let text = draft.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !text.isEmpty else { return }
        draft = ""
        do {
            _ = try await client.messages.send(text, to: conversation)
        } catch {
            draft = text
            problem = error.localizedDescription
        }
    }

    /// Sends a message that failed again.
    public func retry(_ message: Message) async {
        do {
            _ = try await client.messages.retry(message.id)
        } catch {
            problem = error.localizedDescription
        }
    }
}

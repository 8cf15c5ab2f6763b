import Foundation
import Observation
import Whinchat

/// The app: who is signed in, the connection, the conversations.
@MainActor
@Observable
public final class ChatModel {
    /// Who is signed in; `nil` shows the sign-in.
    public private(set) var user: UserID?
    /// Whether the server can be reached.
    public private(set) var connection: ConnectionState
    /// Newest activity first.
    public private(set) var conversations: [Conversation] = []
    /// A sign-in or sign-out runs.
    public private(set) var isBusy = false
    /// What went wrong last, in a sentence.
    public var problem: String?

    private let client: ChatClient

    /// Makes the model of a client that lives as long as the app.
    public init(client: ChatClient) {
        self.client = client
        user = client.user
        connection = client.connection
    }

    /// Follows the client until the task that runs it ends. Give it to the outermost view.
    public func follow() async {
        let events = client.events()
        connection = client.connection
        for await event in events {
            switch event {
            case .connectionChanged(let state):
                connection = state
            case .kickedOffline(let error), .loginExpired(let error):
                user = nil
                problem = error.localizedDescription
            default:
                break
            }
        }
    }

    /// Signs in. What an earlier sign-in left on this device can be used at once, also without a network.
    public func signIn(as name: String, signature: String) async {
        isBusy = true
        defer { isBusy = false }
        do {
            let login = try await client.beginLogin(as: UserID(name), signature: signature)
            // Somebody who was here before does not wait for the server.
            let kept = try await client.conversations.page(limit: 1)
            if !kept.conversations.isEmpty {
                user = client.user
            }
            try await login.accepted()
        } catch {
            problem = error.localizedDescription
        }
        user = client.user
    }

    /// Signs out. Everything stays on the device for the next time.
    public func signOut() async {
        isBusy = true
        defer { isBusy = false }
        do {
            try await client.logout()
        } catch {
            problem = error.localizedDescription
        }
        user = client.user
        conversations = []
    }

    /// Shows the conversations until the task that runs it ends, or the user signs out.
    public func followConversations() async {
        do {
            for await list in try client.conversations.list(limit: 100) {
                conversations = list.conversations
            }
        } catch {
            problem = error.localizedDescription
        }
    }

    /// A conversation to show.
    public func timeline(of conversation: ConversationID) -> TimelineModel {
        TimelineModel(client: client, conversation: conversation)
    }
}

import ChatModel
import SwiftUI
import Whinchat

struct ConversationsView: View {
    let model: ChatModel
    @State private var path: [ConversationID] = []
    @State private var isAsking = false
    @State private var name = ""

    var body: some View {
        NavigationStack(path: $path) {
            List(model.conversations) { conversation in
                NavigationLink(value: conversation.id) {
                    Row(conversation: conversation)
                }
            }
            .overlay {
                if model.conversations.isEmpty {
                    ContentUnavailableView("Nobody yet", systemImage: "bubble", description: Text("Write to somebody."))
                }
            }
            .navigationTitle(model.user?.rawValue ?? "")
            .navigationDestination(for: ConversationID.self) { id in
                ConversationView(model: model.timeline(of: id))
            }
            .toolbar {
                ToolbarItem(placement: .topBarLeading) {
                    Button("Sign out") { Task { await model.signOut() } }
                        .disabled(model.isBusy)
                }
                ToolbarItem(placement: .principal) { ConnectionLabel(state: model.connection) }
                ToolbarItem(placement: .topBarTrailing) {
                    Button("Write", systemImage: "square.and.pencil") { isAsking = true }
                }
            }
            .alert("To whom?", isPresented: $isAsking) {
                TextField("Name", text: $name)
                    .textInputAutocapitalization(.never)
                Button("Write") {
                    if !name.isEmpty {
                        path.append(.user(UserID(name)))
                        name = ""
                    }
                }
                Button("Cancel", role: .cancel) {}
            }
        }
        .task { await model.followConversations() }
    }
}

private struct Row: View {
    let conversation: Conversation

    var body: some View {
        HStack {
            VStack(alignment: .leading) {
                Text(conversation.title).font(.headline)
                Text(conversation.lastMessage?.summary ?? "").lineLimit(1).foregroundStyle(.secondary)
            }
            Spacer()
            VStack(alignment: .trailing) {
                Text(conversation.lastActivity, format: .relative(presentation: .named)).font(.caption).foregroundStyle(.secondary)
                if conversation.unreadCount > 0 {
                    Text(conversation.unreadCount, format: .number)
                        .font(.caption.bold()).foregroundStyle(.white)
                        .padding(.horizontal, 7).padding(.vertical, 2)
                        .background(.tint, in: Capsule())
                }
            }
        }
    }
}

/// Says nothing as long as all is well.
private struct ConnectionLabel: View {
    let state: ConnectionState

    var body: some View {
        switch state {
        case .connecting:
            ProgressView()
        case .waiting:
            Label("No connection", systemImage: "wifi.slash").font(.caption).foregroundStyle(.secondary)
        default:
            EmptyView()
        }
    }
}

extension Conversation {
    var title: String {
        group?.name ?? id.user?.rawValue ?? id.rawValue
    }
}

extension Message {
    /// What there is to show of it in a line.
    var summary: String {
        switch content.elements.first {
        case .text(let text): text
        case .custom(let custom): custom.description
        case .groupTip(let tip): "\(tip.actor.rawValue): \(tip.members.map(\.rawValue).joined(separator: ", "))"
        default: "…"
        }
    }
}

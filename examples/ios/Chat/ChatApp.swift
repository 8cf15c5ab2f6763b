import ChatModel
import SwiftUI
import Whinchat

@main
struct ChatApp: App {
    /// Your server. In the simulator, 127.0.0.1 is the Mac.
    private static let server = "ws://127.0.0.1:7200"

    @State private var model = Result {
        let configuration = ChatClient.Configuration(server: URL(string: Self.server)!, appID: 1_400_000_001)
        return ChatModel(client: try ChatClient(configuration))
    }

    var body: some Scene {
        WindowGroup {
            switch model {
            case .success(let model):
                RootView(model: model)
            case .failure(let error):
                ContentUnavailableView("Whinchat", systemImage: "exclamationmark.triangle", description: Text(error.localizedDescription))
            }
        }
    }
}

struct RootView: View {
    @Bindable var model: ChatModel

    var body: some View {
        Group {
            if model.user == nil {
                SignInView(model: model)
            } else {
                ConversationsView(model: model)
            }
        }
        .task { await model.follow() }
        .problem($model.problem)
    }
}

extension View {
    /// Says what went wrong, once.
    func problem(_ problem: Binding<String?>) -> some View {
        alert(
            problem.wrappedValue ?? "",
            isPresented: Binding(get: { problem.wrappedValue != nil }, set: { if !$0 { problem.wrappedValue = nil } })
        ) {
            Button("OK", role: .cancel) {}
        }
    }
}

import ChatModel
import SwiftUI
import Whinchat

struct ConversationView: View {
    @State var model: TimelineModel

    var body: some View {
        ScrollView {
            LazyVStack(spacing: 6) {
                if model.hasOlder {
                    ProgressView().onAppear { model.loadOlder() }
                }
                ForEach(model.messages) { message in
                    Bubble(message: message) { Task { await model.retry(message) } }
                }
            }
            .padding(.horizontal)
        }
        .defaultScrollAnchor(.bottom)
        .safeAreaInset(edge: .bottom) {
            HStack {
                TextField("Message", text: $model.draft, axis: .vertical)
                    .textFieldStyle(.roundedBorder)
                    .lineLimit(1...5)
                Button("Send", systemImage: "arrow.up.circle.fill") { Task { await model.send() } }
                    .labelStyle(.iconOnly)
                    .font(.title)
                    .disabled(model.draft.isEmpty)
            }
            .padding()
            .background(.bar)
        }
        .navigationTitle(model.conversation.user?.rawValue ?? model.conversation.rawValue)
        .navigationBarTitleDisplayMode(.inline)
        .task { await model.follow() }
        .problem($model.problem)
    }
}

private struct Bubble: View {
    let message: Message
    let retry: () -> Void

    var body: some View {
        VStack(alignment: message.isOwn ? .trailing : .leading, spacing: 2) {
            Text(message.summary)
                .padding(.horizontal, 12).padding(.vertical, 8)
                .foregroundStyle(message.isOwn ? .white : .primary)
                .background(message.isOwn ? AnyShapeStyle(.tint) : AnyShapeStyle(.quaternary), in: RoundedRectangle(cornerRadius: 16))
            switch message.state {
            case .pending where message.isOwn:
                Image(systemName: "clock").font(.caption2).foregroundStyle(.secondary)
            case .failed(let error):
                Button("\(error.localizedDescription) Again?", action: retry).font(.caption).tint(.red)
            case .sent where message.isReadByPeer:
                Image(systemName: "eye").font(.caption2).foregroundStyle(.secondary)
            default:
                EmptyView()
            }
        }
        .frame(maxWidth: .infinity, alignment: message.isOwn ? .trailing : .leading)
    }
}

import ChatModel
import SwiftUI

struct SignInView: View {
    let model: ChatModel
    @State private var name = ""
    @State private var signature = ""

    var body: some View {
        Form {
            Section {
                TextField("Name", text: $name)
                    .textInputAutocapitalization(.never)
                    .autocorrectionDisabled()
                TextField("Signature", text: $signature)
                    .textInputAutocapitalization(.never)
                    .autocorrectionDisabled()
            } footer: {
                Text("Your backend makes the signature. A server with --automatic-signatures needs none.")
            }
            Button("Sign in") {
                Task { await model.signIn(as: name, signature: signature) }
            }
            .disabled(name.isEmpty || model.isBusy)
        }
    }
}

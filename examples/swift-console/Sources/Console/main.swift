import Foundation
import Whinchat

guard let options = Options(Array(CommandLine.arguments.dropFirst())) else {
    print(Options.usage)
    exit(2)
}

var configuration = ChatClient.Configuration(server: options.server, appID: options.appID)
configuration.folder = options.folder ?? configuration.folder.appendingPathComponent(options.user, isDirectory: true)
do {
    let chat = Chat(client: try ChatClient(configuration), screen: Screen(), me: UserID(options.user))
    try await chat.run(with: options.peer, signature: options.signature)
} catch {
    print("Console: \(error.localizedDescription)")
    exit(1)
}

import Foundation
import Whinchat

let arguments = CommandLine.arguments.dropFirst().map { UserID($0) }
let server = ProcessInfo.processInfo.environment["SERVER"] ?? "ws://127.0.0.1:7200"
let folder = FileManager.default.temporaryDirectory.appendingPathComponent("hello-\(arguments[0])")

let client = try ChatClient(
    ChatClient.Configuration(server: URL(string: server)!, appID: 1_400_000_001, folder: folder))
let events = client.events()
try await client.login(as: arguments[0], signature: "")
print("\(arguments[0]) is in")

for peer in arguments.dropFirst() {
    let message = try await client.messages.send("hello, this is \(arguments[0])", to: .user(peer))
    print("the server has it at place \(try await message.settled().sequence ?? 0)")
}
for await case .messageReceived(let message) in events {
    print("\(message.sender): \(message.text ?? "")")
}

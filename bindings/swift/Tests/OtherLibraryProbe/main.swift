// An app whose library is of another version than the package. It prints what it is told, and lives.

import Foundation
import OtherLibrary
import Whinchat

func attempt(_ what: String, _ call: () throws -> Void) {
    do {
        try call()
        print("\(what): ok")
    } catch let error as ChatError {
        print("\(what): \(error.code.rawValue) \(error.name) \(error.class)")
    } catch {
        print("\(what): \(error)")
    }
}

let folder = FileManager.default.temporaryDirectory
attempt("client") {
    _ = try ChatClient(
        ChatClient.Configuration(server: URL(string: "ws://127.0.0.1:1")!, appID: 1, folder: folder))
}
attempt("inbox") {
    try NotificationInbox.leave(Data(), for: "alice", appID: 1, folder: folder)
}

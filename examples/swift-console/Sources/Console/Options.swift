import Foundation

/// What the command line says.
struct Options {
    static let usage = """
        Usage: Console USER PEER [--server URL] [--app-id NUMBER] [--folder FOLDER] [--signature FILE]

          USER               who you are
          PEER               whom you talk to; a group when it begins with #
          --server URL       where the server is [ws://127.0.0.1:7200]
          --app-id NUMBER    the app that it serves [1400000001]
          --folder FOLDER    where your messages are kept [a folder of your own among the program's data]
          --signature FILE   the UserSig of your backend; a server for development may do without
        """

    var user: String
    var peer: String
    var server = URL(string: "ws://127.0.0.1:7200")!
    var appID: UInt64 = 1_400_000_001
    var folder: URL?
    var signature = ""

    /// `nil` when they cannot be understood.
    init?(_ arguments: [String]) {
        var names: [String] = []
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            guard argument.hasPrefix("--") else {
                names.append(argument)
                continue
            }
            guard let value = rest.popFirst() else {
                return nil
            }
            switch argument {
            case "--server":
                guard let url = URL(string: value) else { return nil }
                server = url
            case "--app-id":
                guard let number = UInt64(value) else { return nil }
                appID = number
            case "--folder":
                folder = URL(fileURLWithPath: value, isDirectory: true)
            case "--signature":
                guard let text = try? String(contentsOfFile: value, encoding: .utf8) else { return nil }
                signature = text.trimmingCharacters(in: .whitespacesAndNewlines)
            default:
                return nil
            }
        }
        guard names.count == 2 else {
            return nil
        }
        (user, peer) = (names[0], names[1])
    }
}

import Foundation
internal import WhinchatCore

/// Messages that a notification extension leaves for the app.
///
/// An extension is a process of its own and must not open the app's databases. It leaves what the push brought here, and the
/// app has it at its next login, before it asks the server, without a network as well.
public enum NotificationInbox {
    /// Leaves a message for the app. Leaving the same message twice does no harm.
    ///
    /// - Parameters:
    ///   - push: The message, as the push service brought it.
    ///   - user: The user it is for.
    ///   - appID: ``ChatClient/Configuration/appID`` of the app's client.
    ///   - folder: ``ChatClient/Configuration/folder`` of the app's client: one that app and extension share.
    /// - Throws: ``ChatError``: ``ChatError/Code/userIDInvalid``, ``ChatError/Code/badParameter`` when the bytes are not such
    ///   a message, ``ChatError/Code/fileSystem`` when the folder cannot be written.
    public static func leave(_ push: Data, for user: UserID, appID: UInt64, folder: URL) throws {
        try Library.check()
        try translating {
            try inboxPut(dataDir: folder.path, appId: appID, user: user.rawValue, entryPush: push)
        }
    }
}

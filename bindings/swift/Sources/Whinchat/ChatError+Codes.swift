// Generated from the table in crates/whinchat-proto/src/error.rs by `cargo xtask errors`; a test fails when it is stale.

extension ChatError.Code {
    /// 6001 `client.response_undecodable`: The server's answer could not be read; client and server are of versions that do not fit.
    public static let responseUndecodable = Self(rawValue: 6001)
    /// 6004 `conversation.id_malformed`: Name a conversation as `c2c_<userId>` or `group_<groupId>`.
    public static let conversationIDMalformed = Self(rawValue: 6004)
    /// 6005 `store.unreadable`: The local database cannot be read: another process may hold the folder, or the file is damaged. The message says which; move a damaged file away and log in again.
    public static let storeUnreadable = Self(rawValue: 6005)
    /// 6019 `store.failed`: A local database operation failed; try again, and report it if it stays.
    public static let storeFailed = Self(rawValue: 6019)
    /// 6011 `message.receiver_invalid`: You cannot send to yourself or to a conversation of this kind.
    public static let receiverInvalid = Self(rawValue: 6011)
    /// 6012 `request.timeout`: The time that you allowed has run out; the message was not sent and can be sent again.
    public static let requestTimeout = Self(rawValue: 6012)
    /// 6013 `client.not_initialised`: Call init (build the client) first.
    public static let notInitialised = Self(rawValue: 6013)
    /// 6014 `client.not_logged_in`: Call login first; after a kick or an expired signature, log in again.
    public static let notLoggedIn = Self(rawValue: 6014)
    /// 6015 `client.call_running`: The same call is running; wait for its answer.
    public static let callRunning = Self(rawValue: 6015)
    /// 6016 `message.element_not_allowed`: This kind of element cannot be sent here.
    public static let elementNotAllowed = Self(rawValue: 6016)
    /// 6017 `request.bad_parameter`: A parameter is missing or wrong; the message names it.
    public static let badParameter = Self(rawValue: 6017)
    /// 6021 `message.id_reused`: This message id was used for another content; create a new message.
    public static let messageIDReused = Self(rawValue: 6021)
    /// 6022 `store.file_system`: The disk is full or the folder cannot be written; free some space and send again.
    public static let fileSystem = Self(rawValue: 6022)
    /// 6023 `client.logged_out_during_login`: logout was called before the login had finished.
    public static let loggedOutDuringLogin = Self(rawValue: 6023)
    /// 6027 `request.not_json`: The parameters are not valid JSON; pass one plain object.
    public static let notJson = Self(rawValue: 6027)
    /// 6032 `message.receiver_missing`: Name the user or the group that the message is for.
    public static let receiverMissing = Self(rawValue: 6032)
    /// 6206 `login.user_sig_expired_locally`: The signature has expired; ask your backend for a new one and log in again.
    public static let userSigExpiredLocally = Self(rawValue: 6206)
    /// 6208 `session.displaced`: Another device of the same kind has logged in as this user; log in again if the user agrees.
    public static let sessionDisplaced = Self(rawValue: 6208)
    /// 7003 `user.id_invalid`: A user id is printable ASCII, not empty, and not over the limit.
    public static let userIDInvalid = Self(rawValue: 7003)
    /// 7008 `request.too_often`: Called too often; wait as long as the message says.
    public static let tooOften = Self(rawValue: 7008)
    /// 7009 `client.interrupted`: The client was closed before the call had finished.
    public static let interrupted = Self(rawValue: 7009)
    /// 7011 `store.record_not_found`: There is no such message or conversation on this device.
    public static let recordNotFound = Self(rawValue: 7011)
    /// 7012 `client.internal`: A fault of ours; please report it with the log.
    public static let `internal` = Self(rawValue: 7012)
    /// 7013 `request.unsupported`: This is not supported here; a newer server or build may know it.
    public static let unsupported = Self(rawValue: 7013)
    /// 7014 `request.wrong_state`: This is not allowed in the present state; the message says why.
    public static let wrongState = Self(rawValue: 7014)
    /// 7016 `client.library_mismatch`: The app was built with a library of another version than the code that calls it; take both from one release and build anew.
    public static let libraryMismatch = Self(rawValue: 7016)
    /// 7501 `client.login_running`: A login is running; wait for its answer or log out first.
    public static let loginRunning = Self(rawValue: 7501)
    /// 8001 `message.too_large`: The message is over the size limit; send less or as a file.
    public static let messageTooLarge = Self(rawValue: 8001)
    /// 8020 `message.not_cancellable`: The message is sent already; revoke it instead.
    public static let sendNotCancellable = Self(rawValue: 8020)
    /// 8021 `message.cancelled`: The send was cancelled; send it again if wanted.
    public static let sendCancelled = Self(rawValue: 8021)
    /// 8501 `group.id_invalid`: A group id is printable ASCII, not over the limit, and does not start with @TGS#.
    public static let groupIDInvalid = Self(rawValue: 8501)
    /// 8502 `group.name_invalid`: A group name has 1 to 100 bytes.
    public static let groupNameInvalid = Self(rawValue: 8502)
    /// 8510 `group.nobody_to_invite`: The list of users to invite is empty.
    public static let nobodyToInvite = Self(rawValue: 8510)
    /// 9501 `connection.frame_unencodable`: The request could not be encoded.
    public static let frameUnencodable = Self(rawValue: 9501)
    /// 9502 `connection.frame_undecodable`: The frame is not of the protocol; check that client and server are of fitting versions.
    public static let frameUndecodable = Self(rawValue: 9502)
    /// 9503 `connection.not_authorised`: The session is not authorised; a Hello has to come first, or a fresh login.
    public static let notAuthorised = Self(rawValue: 9503)
    /// 9506 `connection.too_many_requests`: Requests come faster than the server allows; they are sent again by themselves.
    public static let tooManyRequests = Self(rawValue: 9506)
    /// 9507 `connection.too_many_in_flight`: Too many requests wait for an answer; they are sent again by themselves.
    public static let tooManyInFlight = Self(rawValue: 9507)
    /// 9508 `connection.disconnected`: There is no connection; what can wait is sent by itself when it is back.
    public static let disconnected = Self(rawValue: 9508)
    /// 9510 `connection.connect_timeout`: The server did not answer in time; check address and network.
    public static let connectTimeout = Self(rawValue: 9510)
    /// 9511 `connection.refused`: Nothing listens at the server's address, or it speaks another protocol.
    public static let connectRefused = Self(rawValue: 9511)
    /// 9512 `connection.unreachable`: The server's network cannot be reached.
    public static let unreachable = Self(rawValue: 9512)
    /// 9514 `connection.reset`: The connection was cut.
    public static let connectionReset = Self(rawValue: 9514)
    /// 9516 `connection.name_lookup`: The server's name cannot be found; check the address.
    public static let nameLookup = Self(rawValue: 9516)
    /// 9517 `connection.tls_failed`: The server's certificate is not trusted; give the client its CA, or repair the certificate.
    public static let tlsFailed = Self(rawValue: 9517)
    /// 9520 `connection.answer_timeout`: The server did not answer in time; the request is sent again after reconnecting.
    public static let answerTimeout = Self(rawValue: 9520)
    /// 9522 `connection.frame_too_large`: The frame is over the size limit.
    public static let frameTooLarge = Self(rawValue: 9522)
    /// 9523 `connection.slow_reader`: The client read too slowly and was cut off; it resumes by itself.
    public static let slowReader = Self(rawValue: 9523)
    /// 9524 `connection.draining`: The server is shutting down; the client reconnects by itself.
    public static let draining = Self(rawValue: 9524)
    /// 70001 `login.user_sig_expired`: The signature has expired; ask your backend for a new one and log in again.
    public static let userSigExpired = Self(rawValue: 70001)
    /// 70002 `login.user_sig_empty`: Give login a signature made by your backend.
    public static let userSigEmpty = Self(rawValue: 70002)
    /// 70003 `login.user_sig_malformed`: The signature is malformed or cut short; pass it on as your backend made it.
    public static let userSigMalformed = Self(rawValue: 70003)
    /// 70009 `login.user_sig_other_key`: The signature was made with another key than the server's.
    public static let userSigOtherKey = Self(rawValue: 70009)
    /// 70013 `login.user_sig_other_user`: The signature was made for another user id.
    public static let userSigOtherUser = Self(rawValue: 70013)
    /// 70014 `login.user_sig_other_app`: The signature was made for another app id.
    public static let userSigOtherApp = Self(rawValue: 70014)
    /// 70020 `login.app_unknown`: The server does not serve this app id.
    public static let appUnknown = Self(rawValue: 70020)
    /// 70050 `login.too_many_failures`: Too many failed logins; wait a minute.
    public static let tooManyFailures = Self(rawValue: 70050)
    /// 70052 `login.user_sig_revoked`: The signature was revoked; ask your backend for a new one and log in again.
    public static let userSigRevoked = Self(rawValue: 70052)
    /// 70500 `login.fault`: The server had a fault during login; the client tries again.
    public static let loginFault = Self(rawValue: 70500)
    /// 20001 `message.bad_packet`: The message is malformed.
    public static let badPacket = Self(rawValue: 20001)
    /// 20003 `message.receiver_unknown`: The receiver does not exist: a user exists from his first login or import.
    public static let receiverUnknown = Self(rawValue: 20003)
    /// 20005 `message.fault`: The server had a fault; the message is sent again by itself.
    public static let messageFault = Self(rawValue: 20005)
    /// 10002 `group.fault`: The server had a fault; the request is sent again by itself.
    public static let groupFault = Self(rawValue: 10002)
    /// 10004 `group.parameters`: A parameter of the group request is wrong; the message names it.
    public static let groupParameters = Self(rawValue: 10004)
    /// 10005 `group.too_many_named`: Name at most 20 members in one call.
    public static let tooManyMembersNamed = Self(rawValue: 10005)
    /// 10007 `group.not_member`: You are not a member of this group, or your role does not have this right.
    public static let notMember = Self(rawValue: 10007)
    /// 10009 `group.owner_cannot_quit`: The owner hands the group over or dismisses it first.
    public static let ownerCannotQuit = Self(rawValue: 10009)
    /// 10010 `group.gone`: The group does not exist or was dismissed.
    public static let groupGone = Self(rawValue: 10010)
    /// 10013 `group.already_member`: The user is a member already.
    public static let alreadyMember = Self(rawValue: 10013)
    /// 10014 `group.full`: The group has as many members as it may have.
    public static let groupFull = Self(rawValue: 10014)
    /// 10015 `group.id_malformed`: The group id is malformed.
    public static let groupIDMalformed = Self(rawValue: 10015)
    /// 10019 `group.user_unknown`: The user does not exist: a user exists from his first login or import.
    public static let userUnknown = Self(rawValue: 10019)
    /// 10021 `group.id_taken`: The group id is taken; choose another.
    public static let groupIDTaken = Self(rawValue: 10021)
    /// 10025 `group.own_id_taken`: You have a group with this id already.
    public static let ownGroupIDTaken = Self(rawValue: 10025)
    /// 50001 `conversation.unknown`: There is no such conversation for this user.
    public static let conversationUnknown = Self(rawValue: 50001)
    /// 50004 `conversation.fault`: The server had a fault; the request is sent again by itself.
    public static let conversationFault = Self(rawValue: 50004)
}

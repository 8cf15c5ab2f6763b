//! One table of error codes: number, stable name, class, and a sentence for the app's developer.
//!
//! Numbers are those of the public V2TIM list, so that apps which match on them keep working; `docs/errors.md` is
//! generated from [`ErrorCode::ALL`] and a test fails when it is stale.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::wire;

/// What to do about an error. The class, never the number, drives retries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorClass {
    /// A passing fault: try again with back-off.
    RetryNow,
    /// Try again once a connection stands.
    AfterReconnect,
    /// Try again when this many milliseconds have passed.
    After(u32),
    /// Log in with a fresh credential.
    Reauthenticate,
    /// Trying again as it stands cannot help.
    Final,
}

impl ErrorClass {
    /// Whether the same request may succeed later without anybody changing it.
    #[must_use]
    pub fn is_retryable(self) -> bool {
        !matches!(self, Self::Final | Self::Reauthenticate)
    }

    /// The name of the class as the documentation spells it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::RetryNow => "retry_now",
            Self::AfterReconnect => "after_reconnect",
            Self::After(_) => "after",
            Self::Reauthenticate => "reauthenticate",
            Self::Final => "final",
        }
    }
}

/// The wait of an `after` error whose sender did not say how long, in milliseconds.
const DEFAULT_AFTER_MS: u32 = 1_000;

macro_rules! error_codes {
    ($($variant:ident = $number:literal, $name:literal, $class:expr, $advice:literal;)*) => {
        /// A stable error code.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum ErrorCode {
            $(#[doc = concat!($number, " `", $name, "`: ", $advice)] $variant,)*
        }

        impl ErrorCode {
            /// Every code, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The stable number.
            #[must_use]
            pub fn number(self) -> i32 {
                match self { $(Self::$variant => $number,)* }
            }

            /// The stable name, such as `group.not_member`.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// What a client does about it.
            #[must_use]
            pub fn class(self) -> ErrorClass {
                use ErrorClass::{After, AfterReconnect, Final, Reauthenticate, RetryNow};
                match self { $(Self::$variant => $class,)* }
            }

            /// A sentence that tells the app's developer what to do.
            #[must_use]
            pub fn advice(self) -> &'static str {
                match self { $(Self::$variant => $advice,)* }
            }

            /// The code with this number and name, if this version knows it.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

error_codes! {
    // Client.
    ResponseUndecodable = 6001, "client.response_undecodable", Final, "The server's answer could not be read; client and server are of versions that do not fit.";
    ConversationIdMalformed = 6004, "conversation.id_malformed", Final, "Name a conversation as `c2c_<userId>` or `group_<groupId>`.";
    StoreUnreadable = 6005, "store.unreadable", Final, "The local database cannot be read: another process may hold the folder, or the file is damaged. The message says which; move a damaged file away and log in again.";
    StoreFailed = 6019, "store.failed", RetryNow, "A local database operation failed; try again, and report it if it stays.";
    ReceiverInvalid = 6011, "message.receiver_invalid", Final, "You cannot send to yourself or to a conversation of this kind.";
    RequestTimeout = 6012, "request.timeout", Final, "The time that you allowed has run out; the message was not sent and can be sent again.";
    NotInitialised = 6013, "client.not_initialised", Final, "Call init (build the client) first.";
    NotLoggedIn = 6014, "client.not_logged_in", Final, "Call login first; after a kick or an expired signature, log in again.";
    CallRunning = 6015, "client.call_running", Final, "The same call is running; wait for its answer.";
    ElementNotAllowed = 6016, "message.element_not_allowed", Final, "This kind of element cannot be sent here.";
    BadParameter = 6017, "request.bad_parameter", Final, "A parameter is missing or wrong; the message names it.";
    MessageIdReused = 6021, "message.id_reused", Final, "This message id was used for another content; create a new message.";
    FileSystem = 6022, "store.file_system", Final, "The disk is full or the folder cannot be written; free some space and send again.";
    LoggedOutDuringLogin = 6023, "client.logged_out_during_login", Final, "logout was called before the login had finished.";
    NotJson = 6027, "request.not_json", Final, "The parameters are not valid JSON; pass one plain object.";
    ReceiverMissing = 6032, "message.receiver_missing", Final, "Name the user or the group that the message is for.";
    UserSigExpiredLocally = 6206, "login.user_sig_expired_locally", Reauthenticate, "The signature has expired; ask your backend for a new one and log in again.";
    SessionDisplaced = 6208, "session.displaced", Final, "Another device of the same kind has logged in as this user; log in again if the user agrees.";
    UserIdInvalid = 7003, "user.id_invalid", Final, "A user id is printable ASCII, not empty, and not over the limit.";
    TooOften = 7008, "request.too_often", After(DEFAULT_AFTER_MS), "Called too often; wait as long as the message says.";
    Interrupted = 7009, "client.interrupted", Final, "The client was closed before the call had finished.";
    RecordNotFound = 7011, "store.record_not_found", Final, "There is no such message or conversation on this device.";
    Internal = 7012, "client.internal", Final, "A fault of ours; please report it with the log.";
    Unsupported = 7013, "request.unsupported", Final, "This is not supported here; a newer server or build may know it.";
    WrongState = 7014, "request.wrong_state", Final, "This is not allowed in the present state; the message says why.";
    LibraryMismatch = 7016, "client.library_mismatch", Final, "The app was built with a library of another version than the code that calls it; take both from one release and build anew.";
    LoginRunning = 7501, "client.login_running", Final, "A login is running; wait for its answer or log out first.";
    MessageTooLarge = 8001, "message.too_large", Final, "The message is over the size limit; send less or as a file.";
    SendNotCancellable = 8020, "message.not_cancellable", Final, "The message is sent already; revoke it instead.";
    SendCancelled = 8021, "message.cancelled", Final, "The send was cancelled; send it again if wanted.";
    GroupIdInvalid = 8501, "group.id_invalid", Final, "A group id is printable ASCII, not over the limit, and does not start with @TGS#.";
    GroupNameInvalid = 8502, "group.name_invalid", Final, "A group name has 1 to 100 bytes.";
    NobodyToInvite = 8510, "group.nobody_to_invite", Final, "The list of users to invite is empty.";

    // Connection.
    FrameUnencodable = 9501, "connection.frame_unencodable", Final, "The request could not be encoded.";
    FrameUndecodable = 9502, "connection.frame_undecodable", Final, "The frame is not of the protocol; check that client and server are of fitting versions.";
    NotAuthorised = 9503, "connection.not_authorised", Reauthenticate, "The session is not authorised; a Hello has to come first, or a fresh login.";
    TooManyRequests = 9506, "connection.too_many_requests", After(DEFAULT_AFTER_MS), "Requests come faster than the server allows; they are sent again by themselves.";
    TooManyInFlight = 9507, "connection.too_many_in_flight", After(DEFAULT_AFTER_MS), "Too many requests wait for an answer; they are sent again by themselves.";
    Disconnected = 9508, "connection.disconnected", AfterReconnect, "There is no connection; what can wait is sent by itself when it is back.";
    ConnectTimeout = 9510, "connection.connect_timeout", AfterReconnect, "The server did not answer in time; check address and network.";
    ConnectRefused = 9511, "connection.refused", AfterReconnect, "Nothing listens at the server's address, or it speaks another protocol.";
    Unreachable = 9512, "connection.unreachable", AfterReconnect, "The server's network cannot be reached.";
    ConnectionReset = 9514, "connection.reset", AfterReconnect, "The connection was cut.";
    NameLookup = 9516, "connection.name_lookup", AfterReconnect, "The server's name cannot be found; check the address.";
    TlsFailed = 9517, "connection.tls_failed", AfterReconnect, "The server's certificate is not trusted; give the client its CA, or repair the certificate.";
    AnswerTimeout = 9520, "connection.answer_timeout", AfterReconnect, "The server did not answer in time; the request is sent again after reconnecting.";
    FrameTooLarge = 9522, "connection.frame_too_large", Final, "The frame is over the size limit.";
    SlowReader = 9523, "connection.slow_reader", AfterReconnect, "The client read too slowly and was cut off; it resumes by itself.";
    Draining = 9524, "connection.draining", AfterReconnect, "The server is shutting down; the client reconnects by itself.";

    // Account.
    UserSigExpired = 70001, "login.user_sig_expired", Reauthenticate, "The signature has expired; ask your backend for a new one and log in again.";
    UserSigEmpty = 70002, "login.user_sig_empty", Final, "Give login a signature made by your backend.";
    UserSigMalformed = 70003, "login.user_sig_malformed", Final, "The signature is malformed or cut short; pass it on as your backend made it.";
    UserSigOtherKey = 70009, "login.user_sig_other_key", Final, "The signature was made with another key than the server's.";
    UserSigOtherUser = 70013, "login.user_sig_other_user", Final, "The signature was made for another user id.";
    UserSigOtherApp = 70014, "login.user_sig_other_app", Final, "The signature was made for another app id.";
    AppUnknown = 70020, "login.app_unknown", Final, "The server does not serve this app id.";
    TooManyFailures = 70050, "login.too_many_failures", After(60_000), "Too many failed logins; wait a minute.";
    UserSigRevoked = 70052, "login.user_sig_revoked", Reauthenticate, "The signature was revoked; ask your backend for a new one and log in again.";
    LoginFault = 70500, "login.fault", RetryNow, "The server had a fault during login; the client tries again.";

    // Messages one to one.
    BadPacket = 20001, "message.bad_packet", Final, "The message is malformed.";
    ReceiverUnknown = 20003, "message.receiver_unknown", Final, "The receiver does not exist: a user exists from his first login or import.";
    MessageFault = 20005, "message.fault", RetryNow, "The server had a fault; the message is sent again by itself.";

    // Groups.
    GroupFault = 10002, "group.fault", RetryNow, "The server had a fault; the request is sent again by itself.";
    GroupParameters = 10004, "group.parameters", Final, "A parameter of the group request is wrong; the message names it.";
    TooManyMembersNamed = 10005, "group.too_many_named", Final, "Name at most 20 members in one call.";
    NotMember = 10007, "group.not_member", Final, "You are not a member of this group, or your role does not have this right.";
    OwnerCannotQuit = 10009, "group.owner_cannot_quit", Final, "The owner hands the group over or dismisses it first.";
    GroupGone = 10010, "group.gone", Final, "The group does not exist or was dismissed.";
    AlreadyMember = 10013, "group.already_member", Final, "The user is a member already.";
    GroupFull = 10014, "group.full", Final, "The group has as many members as it may have.";
    GroupIdMalformed = 10015, "group.id_malformed", Final, "The group id is malformed.";
    UserUnknown = 10019, "group.user_unknown", Final, "The user does not exist: a user exists from his first login or import.";
    GroupIdTaken = 10021, "group.id_taken", Final, "The group id is taken; choose another.";
    OwnGroupIdTaken = 10025, "group.own_id_taken", Final, "You have a group with this id already.";

    // Conversations.
    ConversationUnknown = 50001, "conversation.unknown", Final, "There is no such conversation for this user.";
    ConversationFault = 50004, "conversation.fault", RetryNow, "The server had a fault; the request is sent again by itself.";
}

/// An error with its code: what the contract's own checks give, and what the wire carries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{name} ({code}): {message}")]
pub struct ProtoError {
    /// The stable number; possibly one that this version does not know.
    pub code: i32,
    /// The stable name.
    pub name: String,
    /// What to do about it.
    pub class: ErrorClass,
    /// A sentence for the developer.
    pub message: String,
}

impl ProtoError {
    /// An error of the table with a sentence of its own.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code: code.number(),
            name: code.name().to_owned(),
            class: code.class(),
            message: message.into(),
        }
    }

    /// Whether this is `code`.
    #[must_use]
    pub fn is(&self, code: ErrorCode) -> bool {
        self.name == code.name()
    }

    /// The wire form.
    #[must_use]
    pub fn to_wire(&self) -> wire::Error {
        let (class, after_ms) = match self.class {
            ErrorClass::RetryNow => (wire::ErrorClass::RetryNow, 0),
            ErrorClass::AfterReconnect => (wire::ErrorClass::AfterReconnect, 0),
            ErrorClass::After(ms) => (wire::ErrorClass::After, ms),
            ErrorClass::Reauthenticate => (wire::ErrorClass::Reauthenticate, 0),
            ErrorClass::Final => (wire::ErrorClass::Final, 0),
        };
        wire::Error {
            code: self.code,
            name: self.name.clone(),
            class: class.into(),
            after_ms,
            message: self.message.clone(),
        }
    }
}

impl From<ErrorCode> for ProtoError {
    fn from(code: ErrorCode) -> Self {
        Self::new(code, code.advice())
    }
}

impl From<wire::Error> for ProtoError {
    fn from(error: wire::Error) -> Self {
        let class = match error.class() {
            wire::ErrorClass::RetryNow => ErrorClass::RetryNow,
            wire::ErrorClass::AfterReconnect => ErrorClass::AfterReconnect,
            wire::ErrorClass::After => ErrorClass::After(error.after_ms.max(1)),
            wire::ErrorClass::Reauthenticate => ErrorClass::Reauthenticate,
            wire::ErrorClass::Final | wire::ErrorClass::Unspecified => ErrorClass::Final,
        };
        Self { code: error.code, name: error.name, class, message: error.message }
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.name(), self.number())
    }
}

//! Who may open a session.

use std::net::IpAddr;
use std::time::Instant;

use whinchat_proto::PROTOCOL_VERSION;
use whinchat_proto::error::{ErrorCode, ProtoError};
use whinchat_proto::id::{DeviceId, SessionId, UserId};
use whinchat_proto::user_sig::UserSig;
use whinchat_proto::wire;
use whinchat_proto::wire::hello::{Credential as Proof, Start};
use whinchat_proto::wire::response::Body;

use super::Service;
use crate::bus::Subject;
use crate::clock::now_ms;
use crate::storage::{Ending, OpenSession, SessionOpened, SessionState, Standing};

/// A Hello that was found good.
#[derive(Clone, Debug)]
pub(crate) struct Admitted {
    pub(crate) user: UserId,
    pub(crate) device: DeviceId,
    pub(crate) platform: i32,
    pub(crate) session: SessionId,
    pub(crate) resume: bool,
    pub(crate) cursor: wire::Cursor,
    /// From where on deletions are listed, if not from the cursor.
    pub(crate) deleted_since: Option<u64>,
    pub(crate) credential: Credential,
    /// Where he comes from.
    pub(crate) peer: IpAddr,
}

/// What a good signature says of its own life, milliseconds since the epoch.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Credential {
    pub(crate) issued_ms: i64,
    pub(crate) expires_ms: i64,
}

/// Whom a session that is opened puts out.
pub(crate) struct Displaced {
    /// Sessions of other devices of the class.
    pub(crate) others: Vec<SessionId>,
    /// The former session of the same installation.
    pub(crate) ghost: Option<SessionId>,
}

/// A session stands.
pub(crate) struct Opened {
    /// Whom it puts out.
    pub(crate) displaced: Displaced,
    /// Movements of large groups that the user's log answers for.
    pub(crate) groups: u64,
}

/// What the owner of a session that was ended is told.
pub(crate) fn ended(by: Ending) -> ProtoError {
    match by {
        Ending::Displaced => ErrorCode::SessionDisplaced.into(),
        Ending::Administrator => {
            ProtoError::new(ErrorCode::SessionDisplaced, "An administrator has ended this session.")
        }
    }
}

/// How long an automatic signature is good: the usual life of a UserSig, 180 days.
const AUTOMATIC_LIFETIME_MS: i64 = 180 * 24 * 60 * 60 * 1_000;

/// What a signature of this second would say. Like one of a backend it carries whole seconds, so that a revocation voids it.
fn signed_now(now_ms: i64) -> Credential {
    let issued_ms = now_ms.div_euclid(1_000).saturating_mul(1_000);
    Credential { issued_ms, expires_ms: issued_ms.saturating_add(AUTOMATIC_LIFETIME_MS) }
}

impl Service {
    /// Judges a Hello. Nothing is stored yet.
    pub(crate) fn admit(
        &self,
        hello: &wire::Hello,
        peer: IpAddr,
        now_ms: i64,
    ) -> Result<Admitted, ProtoError> {
        if hello.protocol_version != PROTOCOL_VERSION {
            return Err(ProtoError::new(
                ErrorCode::Unsupported,
                format!("this server speaks version {PROTOCOL_VERSION} of the protocol"),
            ));
        }
        if hello.app_id != self.config.app_id {
            return Err(ErrorCode::AppUnknown.into());
        }
        let user = UserId::new(&hello.user_id)?;
        let device = DeviceId::new(&hello.device_id)?;
        if matches!(hello.platform(), wire::Platform::Unspecified) {
            return Err(ProtoError::new(ErrorCode::BadParameter, "platform names no kind of device"));
        }
        let (session, resume) = match &hello.start {
            Some(Start::Login(_)) => (new_session()?, false),
            // A session id of another form is simply not known.
            Some(Start::Resume(resume)) => {
                (SessionId::from_slice(&resume.session_id).map_err(|_| ErrorCode::NotAuthorised)?, true)
            }
            None => {
                return Err(ProtoError::new(ErrorCode::BadParameter, "start is neither login nor resume"));
            }
        };
        let credential = match &hello.credential {
            Some(Proof::UserSig(text)) => self.verify_slowly(text, &user, peer, now_ms)?,
            Some(Proof::Token(_)) => {
                return Err(ProtoError::new(ErrorCode::Unsupported, "this server takes no tokens"));
            }
            None => return Err(ErrorCode::UserSigEmpty.into()),
        };
        let cursor = hello.cursor.unwrap_or_default();
        Ok(Admitted {
            user,
            device,
            platform: hello.platform,
            session,
            resume,
            cursor,
            deleted_since: hello.deleted_since,
            credential,
            peer,
        })
    }

    /// Verifies, and makes those who guess wait.
    fn verify_slowly(
        &self,
        text: &str,
        user: &UserId,
        peer: IpAddr,
        now_ms: i64,
    ) -> Result<Credential, ProtoError> {
        if self.failures.barred(user.as_str(), peer, Instant::now()) {
            return Err(ErrorCode::TooManyFailures.into());
        }
        self.verify(text, user, now_ms).inspect_err(|_| {
            self.failures.count(user.as_str(), peer, Instant::now());
        })
    }

    /// Any of the keys is good.
    fn verify(&self, text: &str, user: &UserId, now_ms: i64) -> Result<Credential, ProtoError> {
        if text.is_empty() && self.config.automatic_signatures {
            return Ok(signed_now(now_ms));
        }
        let sig = UserSig::parse(text)?;
        let mut refusal = ProtoError::from(ErrorCode::UserSigOtherKey);
        for key in &self.config.keys {
            match sig.verify(key.expose().as_bytes(), self.config.app_id, user.as_str(), now_ms) {
                Ok(claims) => {
                    let issued_ms = claims.issued_s.saturating_mul(1_000);
                    return Ok(Credential { issued_ms, expires_ms: claims.expires_ms() });
                }
                Err(error) => refusal = error,
            }
            if !refusal.is(ErrorCode::UserSigOtherKey) {
                break;
            }
        }
        Err(refusal)
    }

    /// Opens the session.
    pub(crate) async fn open(&self, admitted: &Admitted) -> Result<Opened, ProtoError> {
        let request = OpenSession {
            user: admitted.user.clone(),
            session: admitted.session,
            device: admitted.device.clone(),
            platform: admitted.platform,
            resume: admitted.resume,
            issued_ms: admitted.credential.issued_ms,
            cursor: admitted.cursor,
        };
        match self.storage.open_session(request).await {
            Ok(SessionOpened::Opened { displaced, ghost, groups, version }) => {
                if let Some(version) = version {
                    // His other devices follow; this one reads it with what else has changed.
                    self.bus.wake(&Subject::User(admitted.user.clone()), version, None);
                }
                Ok(Opened { displaced: Displaced { others: displaced, ghost }, groups })
            }
            Ok(SessionOpened::Ended(by)) => Err(ended(by)),
            Ok(SessionOpened::Revoked) => Err(ErrorCode::UserSigRevoked.into()),
            Ok(SessionOpened::Unknown) => Err(ErrorCode::NotAuthorised.into()),
            Err(fault) => {
                tracing::error!(user = %admitted.user, %fault, "a session could not be opened");
                Err(ErrorCode::LoginFault.into())
            }
        }
    }

    /// Judges a fresh credential for a session that stands.
    pub(crate) async fn renew(
        &self,
        who: &Admitted,
        renew: &wire::RenewCredential,
    ) -> Result<Credential, ProtoError> {
        let credential = self.verify_slowly(&renew.user_sig, &who.user, who.peer, now_ms())?;
        match self.storage.standings(vec![(who.user.clone(), who.session)]).await.as_deref() {
            Ok([standing]) => match refused(standing, credential) {
                Some(error) => Err(error),
                None if standing.state == SessionState::Gone => Err(ErrorCode::NotAuthorised.into()),
                None => Ok(credential),
            },
            _ => Err(ErrorCode::LoginFault.into()),
        }
    }
}

/// Why a session may not go on with this credential, if it may not and there is something to say.
pub(crate) fn refused(standing: &Standing, credential: Credential) -> Option<ProtoError> {
    if credential.issued_ms <= standing.revoked_ms {
        return Some(ErrorCode::UserSigRevoked.into());
    }
    match standing.state {
        SessionState::Ended(by) => Some(ended(by)),
        SessionState::Stands | SessionState::Gone => None,
    }
}

/// What the asker is told once the credential is in place.
pub(crate) fn renewed(credential: Credential) -> Body {
    Body::RenewCredential(wire::RenewCredentialResult { credential_expires_ms: credential.expires_ms })
}

fn new_session() -> Result<SessionId, ProtoError> {
    let mut id = [0_u8; 16];
    getrandom::fill(&mut id).map_err(|_| ErrorCode::LoginFault)?;
    Ok(SessionId(id))
}

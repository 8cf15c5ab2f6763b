//! Who may open a session.

use std::net::IpAddr;
use std::time::Instant;

use whinchat_proto::PROTOCOL_VERSION;
use whinchat_proto::error::{ErrorCode, ProtoError};
use whinchat_proto::id::{DeviceId, SessionId, UserId};
use whinchat_proto::user_sig::UserSig;
use whinchat_proto::wire;
use whinchat_proto::wire::hello::{Credential, Start};

use super::Service;
use crate::storage::{OpenSession, SessionOpened};

/// A Hello that was found good.
#[derive(Clone, Debug)]
pub(crate) struct Admitted {
    pub(crate) user: UserId,
    pub(crate) device: DeviceId,
    pub(crate) platform: i32,
    pub(crate) session: SessionId,
    pub(crate) resume: bool,
    pub(crate) cursor: wire::Cursor,
    pub(crate) expires_ms: i64,
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
        if self.failures.barred(user.as_str(), peer, Instant::now()) {
            return Err(ErrorCode::TooManyFailures.into());
        }
        let expires_ms = match &hello.credential {
            Some(Credential::UserSig(text)) => self.verify(text, &user, now_ms).inspect_err(|_| {
                self.failures.count(user.as_str(), peer, Instant::now());
            })?,
            Some(Credential::Token(_)) => {
                return Err(ProtoError::new(ErrorCode::Unsupported, "this server takes no tokens"));
            }
            None => return Err(ErrorCode::UserSigEmpty.into()),
        };
        let cursor = hello.cursor.unwrap_or_default();
        Ok(Admitted { user, device, platform: hello.platform, session, resume, cursor, expires_ms })
    }

    /// Any of the keys is good; gives when the signature expires.
    fn verify(&self, text: &str, user: &UserId, now_ms: i64) -> Result<i64, ProtoError> {
        let sig = UserSig::parse(text)?;
        let mut refusal = ProtoError::from(ErrorCode::UserSigOtherKey);
        for key in &self.config.keys {
            match sig.verify(key.expose().as_bytes(), self.config.app_id, user.as_str(), now_ms) {
                Ok(claims) => return Ok(claims.expires_ms()),
                Err(error) => refusal = error,
            }
            if !refusal.is(ErrorCode::UserSigOtherKey) {
                break;
            }
        }
        Err(refusal)
    }

    /// Opens the session; gives the sessions that have to go.
    pub(crate) async fn open(&self, admitted: &Admitted) -> Result<Vec<SessionId>, ProtoError> {
        let request = OpenSession {
            user: admitted.user.clone(),
            session: admitted.session,
            device: admitted.device.clone(),
            platform: admitted.platform,
            resume: admitted.resume,
        };
        match self.storage.open_session(request).await {
            Ok(SessionOpened::Opened { displaced }) => Ok(displaced),
            Ok(SessionOpened::Displaced) => Err(ErrorCode::SessionDisplaced.into()),
            Ok(SessionOpened::Unknown) => Err(ErrorCode::NotAuthorised.into()),
            Err(fault) => {
                tracing::error!(user = %admitted.user, %fault, "a session could not be opened");
                Err(ErrorCode::LoginFault.into())
            }
        }
    }
}

fn new_session() -> Result<SessionId, ProtoError> {
    let mut id = [0_u8; 16];
    getrandom::fill(&mut id).map_err(|_| ErrorCode::LoginFault)?;
    Ok(SessionId(id))
}

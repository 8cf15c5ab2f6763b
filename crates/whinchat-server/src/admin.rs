//! What an administrator does to users who are connected.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use whinchat_proto::error::{ErrorCode, ProtoError};
use whinchat_proto::id::{SessionId, UserId};
use whinchat_proto::wire::Platform;

#[cfg(unix)]
use crate::bus::FolderBus;
use crate::bus::{Bus, Subject};
use crate::error::ServerError;
use crate::gateway::bye;
use crate::server::DATABASE;
use crate::service;
use crate::storage::sqlite::SqliteStorage;
use crate::storage::{Ending, Fault, Storage};

/// How long the notice of an end is worth anything; afterwards nodes find it in storage.
const TTL: Duration = Duration::from_secs(30);

/// The administrator's hand on a store: see [`crate::RunningServer::admin`] and [`Admin::at`].
pub struct Admin {
    storage: Arc<dyn Storage>,
    bus: Arc<dyn Bus>,
    /// When it is nobody else's.
    #[cfg(unix)]
    visiting: Option<Arc<FolderBus>>,
}

/// Why something could not be done.
#[derive(Debug, thiserror::Error)]
pub enum AdminError {
    /// There is no such user: a user exists from his first login.
    #[error("there is no user {0}")]
    NoSuchUser(UserId),
    /// Storage could not do its work.
    #[error(transparent)]
    Storage(#[from] Fault),
}

impl Admin {
    pub(crate) fn new(storage: Arc<dyn Storage>, bus: Arc<dyn Bus>) -> Self {
        Self {
            storage,
            bus,
            #[cfg(unix)]
            visiting: None,
        }
    }

    /// The administrator of the nodes of a data folder, whether any runs or not. Ends with [`Admin::close`].
    ///
    /// # Errors
    ///
    /// When the folder holds no database, or one of another version.
    pub async fn at(data: &Path) -> Result<Self, ServerError> {
        let path = data.join(DATABASE);
        let opening = tokio::task::spawn_blocking(move || SqliteStorage::visit(&path));
        let broke_off =
            |error: tokio::task::JoinError| ServerError::Database(data.to_owned(), error.to_string());
        let storage = Arc::new(opening.await.map_err(broke_off)??);
        #[cfg(unix)]
        {
            let bus = Arc::new(FolderBus::visit(data).await);
            Ok(Self { storage, bus: Arc::clone(&bus) as Arc<dyn Bus>, visiting: Some(bus) })
        }
        #[cfg(not(unix))]
        Ok(Self::new(storage, Arc::new(crate::bus::LocalBus::default())))
    }

    /// Ends what [`Admin::at`] began: the nodes have been told. Does nothing to a server's own.
    pub async fn close(self) {
        #[cfg(unix)]
        if let Some(bus) = &self.visiting {
            bus.finish().await;
            self.storage.close().await;
        }
    }

    /// Ends the sessions of a user, those of one platform class or all: their connections are closed with 6208, and they
    /// cannot be resumed. Whoever has a good signature may log in again. Gives how many sessions stood.
    ///
    /// # Errors
    ///
    /// When there is no such user, or storage has a fault.
    pub async fn kick(&self, user: &UserId, platform: Option<Platform>) -> Result<usize, AdminError> {
        let ended = self.storage.end_sessions(user.clone(), platform.map(i32::from)).await?;
        self.tell(user, ended, &service::ended(Ending::Administrator))
    }

    /// Makes every signature of a user void that was made up to this second, and ends his sessions with 70052. Gives how
    /// many sessions stood.
    ///
    /// # Errors
    ///
    /// When there is no such user, or storage has a fault.
    pub async fn revoke(&self, user: &UserId) -> Result<usize, AdminError> {
        let ended = self.storage.revoke(user.clone()).await?;
        self.tell(user, ended, &ErrorCode::UserSigRevoked.into())
    }

    fn tell(
        &self,
        user: &UserId,
        ended: Option<Vec<SessionId>>,
        error: &ProtoError,
    ) -> Result<usize, AdminError> {
        let ended = ended.ok_or_else(|| AdminError::NoSuchUser(user.clone()))?;
        if let Some(last) = bye(error) {
            for session in &ended {
                self.bus.deliver(&Subject::Session(user.clone(), *session), last.clone(), TTL);
            }
        }
        tracing::info!(%user, sessions = ended.len(), code = error.code, "an administrator has ended sessions");
        Ok(ended.len())
    }
}

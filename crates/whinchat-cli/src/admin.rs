//! `whinchat kick` and `whinchat revoke`: they write into the data folder and tell the nodes that run on it.

use std::path::Path;

use clap::ValueEnum;
use whinchat_proto::id::UserId;
use whinchat_proto::wire;
use whinchat_server::{Admin, AdminError};

use crate::args::AdminArgs;
use crate::failure::Failure;

/// A platform class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Platform {
    /// Android phones.
    Android,
    /// iPhones.
    Ios,
    /// Tablets of any system.
    Tablet,
    /// Desktop programs and terminals.
    Desktop,
    /// Browsers.
    Web,
}

impl Platform {
    /// Its name on the command line and in a query.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Android => "android",
            Self::Ios => "ios",
            Self::Tablet => "tablet",
            Self::Desktop => "desktop",
            Self::Web => "web",
        }
    }
}

impl From<Platform> for whinchat_core::Platform {
    fn from(platform: Platform) -> Self {
        match platform {
            Platform::Android => Self::Android,
            Platform::Ios => Self::Ios,
            Platform::Tablet => Self::Tablet,
            Platform::Desktop => Self::Desktop,
            Platform::Web => Self::Web,
        }
    }
}

impl From<Platform> for wire::Platform {
    fn from(platform: Platform) -> Self {
        match platform {
            Platform::Android => Self::Android,
            Platform::Ios => Self::Ios,
            Platform::Tablet => Self::Tablet,
            Platform::Desktop => Self::Desktop,
            Platform::Web => Self::Web,
        }
    }
}

fn user(args: &AdminArgs) -> Result<UserId, Failure> {
    UserId::new(&args.user).map_err(|error| Failure::usage(error.message))
}

async fn admin(data: &Path) -> Result<Admin, Failure> {
    Admin::at(data).await.map_err(|error| Failure::new(format!("{error}.")))
}

fn done(result: Result<usize, AdminError>) -> Result<usize, Failure> {
    result.map_err(|error| {
        let text = error.to_string();
        let mut chars = text.chars();
        let first = chars.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
        Failure::new(format!("{first}{}.", chars.as_str()))
    })
}

fn sessions(count: usize) -> String {
    match count {
        0 => "no session stood".to_owned(),
        1 => "1 session was ended".to_owned(),
        count => format!("{count} sessions were ended"),
    }
}

/// Ends sessions; gives the line that says so.
///
/// # Errors
///
/// A sentence that says what is in the way.
pub async fn kick(args: &AdminArgs, platform: Option<Platform>) -> Result<String, Failure> {
    let user = user(args)?;
    let admin = admin(&args.data).await?;
    let ended = done(admin.kick(&user, platform.map(Into::into)).await);
    admin.close().await;
    Ok(format!("{user}: {}.\n", sessions(ended?)))
}

/// Makes signatures void and ends sessions; gives the line that says so.
///
/// # Errors
///
/// A sentence that says what is in the way.
pub async fn revoke(args: &AdminArgs) -> Result<String, Failure> {
    let user = user(args)?;
    let admin = admin(&args.data).await?;
    let ended = done(admin.revoke(&user).await);
    admin.close().await;
    Ok(format!("{user}: signatures made up to now are void; {}.\n", sessions(ended?)))
}

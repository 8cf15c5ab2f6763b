//! `whinchat chat`: from flags to a running session.

use std::io::IsTerminal as _;
use std::path::PathBuf;

use whinchat_core::{Client, ConversationId, ErrorCode, GroupId, UserId};

use super::lines::{self, Ending};
use super::screen;
use super::session::{Session, now_ms};
use crate::args::ChatArgs;
use crate::failure::Failure;
use crate::key::read_secret;
use crate::{logging, sig};

/// How long a signature that is made here is good.
const SIG_LIFETIME: &str = "30d";

struct Login {
    server: String,
    app_id: u64,
    user_sig: String,
}

fn login(args: &ChatArgs) -> Result<Login, Failure> {
    let explicit =
        |what: &str| Failure::usage(format!("{what} is needed where --data has no development server."));
    if let Some(path) = &args.sig_file {
        let user_sig = read_secret(path, "UserSig")?;
        let file = crate::development::Development::read(&args.key.data)?;
        let server = args.server.clone().or(file.as_ref().map(|file| file.server.clone()));
        let app_id = args.key.app_id.or(file.as_ref().map(|file| file.app_id));
        return Ok(Login {
            server: server.ok_or_else(|| explicit("--server"))?,
            app_id: app_id.ok_or_else(|| explicit("--app-id"))?,
            user_sig,
        });
    }
    let app = args.key.resolve()?;
    let server = match &args.server {
        Some(server) => server.clone(),
        None if args.key.key_file.is_some() => {
            return Err(Failure::usage("--key-file needs --server beside it."));
        }
        None => args.key.development()?.server,
    };
    let lifetime = SIG_LIFETIME.parse().map_err(Failure::usage)?;
    let user_sig = sig::make(&args.user, &app, lifetime, now_ms())?;
    Ok(Login { server, app_id: app.app_id, user_sig })
}

fn conversation(args: &ChatArgs) -> Result<Option<ConversationId>, Failure> {
    let wrong = |error: whinchat_core::Error| Failure::usage(format!("{}.", error.message));
    match (&args.peer, &args.group) {
        (Some(peer), _) if *peer == args.user => {
            Err(Failure::usage("--peer names somebody else than --user."))
        }
        (Some(peer), _) => Ok(Some(ConversationId::User(UserId::new(peer).map_err(wrong)?))),
        (None, Some(group)) => Ok(Some(ConversationId::Group(GroupId::new(group).map_err(wrong)?))),
        (None, None) => Ok(None),
    }
}

/// The folder of a user: ids may hold what a file name must not.
fn folder_name(user: &UserId) -> String {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    let hex = |c: char| format!("%{:02x}", u32::from(c));
    // Capitals too: two users that differ in case alone would share a folder on some systems.
    user.as_str().chars().map(|c| if plain(c) { c.to_string() } else { hex(c) }).collect()
}

/// Runs the chat: a screen on a terminal, lines elsewhere.
///
/// # Errors
///
/// A sentence that says what is in the way, or that something was not sent.
pub async fn run(args: &ChatArgs, log: &str) -> Result<(), Failure> {
    let user =
        UserId::new(&args.user).map_err(|error| Failure::usage(format!("--user: {}.", error.message)))?;
    let first = conversation(args)?;
    let login = login(args)?;
    let data = match &args.client_data {
        Some(folder) => folder.clone(),
        None => args.key.data.join("clients").join(folder_name(&user)),
    };
    let on_screen = !args.lines && std::io::stdin().is_terminal() && std::io::stdout().is_terminal();
    let log_file: PathBuf = args.log_file.clone().unwrap_or_else(|| data.join("chat.log"));
    logging::start(log, (on_screen || args.log_file.is_some()).then_some(log_file.as_path()))?;
    let mut builder = Client::builder().server(login.server).app_id(login.app_id).data_dir(&data);
    if let Some(path) = &args.ca {
        let pem = std::fs::read(path).map_err(|error| {
            Failure::new(format!("The certificate {} cannot be read: {error}.", path.display()))
        })?;
        builder = builder.ca_pem(pem);
    }
    let client = builder.build().map_err(|error| {
        if error.is(ErrorCode::StoreUnreadable) {
            Failure::new(format!("{} (Is another chat of {user} running?)", error))
        } else {
            error.into()
        }
    })?;
    if on_screen {
        let session = Session::start(client, user.to_string(), login.user_sig);
        return screen::run(user.as_str(), first, session).await;
    }
    let first = first.ok_or_else(|| {
        Failure::usage("Without a terminal a conversation has to be named: --peer USER or --group ID.")
    })?;
    let session = Session::start(client, user.to_string(), login.user_sig);
    let ending = Ending { follow: args.follow, wait: args.wait.duration() };
    lines::run(first, session, ending).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_users_never_share_a_folder() {
        let name = |id: &str| folder_name(&UserId::new(id).unwrap());
        assert_eq!(name("alice-1_b"), "alice-1_b");
        assert_eq!(name("../A/b%"), "%2e%2e%2f%41%2fb%25");
        assert_ne!(name("Alice"), name("alice"));
    }
}

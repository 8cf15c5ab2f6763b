//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::admin::Platform;
use crate::span::Span;

const AFTER_HELP: &str = "\
Try it, each in a terminal of its own:
  whinchat serve
  whinchat chat --user alice --peer bob
  whinchat chat --user bob --peer alice

Exit codes:
  0  done
  1  it could not be done; stderr says why in a sentence
  2  the command line or the configuration cannot be understood";

/// Instant messaging that you host yourself: the server, a terminal client and tools.
#[derive(Debug, Parser)]
#[command(name = "whinchat", version, after_help = AFTER_HELP, max_term_width = 100)]
pub struct Cli {
    /// What to log, such as `info` or `whinchat_server=debug`; goes to stderr.
    #[arg(
        long,
        global = true,
        value_name = "FILTER",
        default_value = "warn",
        env = "WHINCHAT_LOG",
        hide_env = true,
        display_order = 900
    )]
    pub log: String,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the server.
    Serve(Box<ServeArgs>),
    /// Chat in the terminal.
    Chat(ChatArgs),
    /// Watch real clients survive a bad network, and count every message.
    Demo(DemoArgs),
    /// End sessions of a user.
    Kick(KickArgs),
    /// Make the UserSigs of a user void and end his sessions.
    Revoke(RevokeArgs),
    /// Serve the bridge to pages in a browser.
    Sim(crate::sim::args::SimArgs),
    /// Make and inspect UserSigs, the signatures that users log in with.
    #[command(subcommand)]
    Sig(SigCommand),
}

const SERVE_HELP: &str = "\
Without --config and --key-file the server runs for development: SQLite in ./whinchat-data, 127.0.0.1:7200, and a \
random key made once and kept in ./whinchat-data/development.toml, where `chat` and `sig` find it.

With a key the server runs for real users: give the app id and a file that holds the key, never the key itself.

Several servers may run over one data folder on one machine, each with a name and an address of its own; users of all of
them reach each other.

Examples:
  whinchat serve
  whinchat serve --node b --listen 127.0.0.1:7201
  whinchat serve --data /tmp/try --listen 127.0.0.1:7300
  whinchat serve --config /etc/whinchat.toml
  whinchat serve --app-id 1400000123 --key-file /etc/whinchat.key --listen 0.0.0.0:443 \\
                 --tls-certificate chain.pem --tls-key key.pem

The file of --config holds the same settings with _ for -, and flags win over it:
  listen = \"0.0.0.0:443\"
  app_id = 1400000123
  key_file = \"whinchat.key\"       # beside the configuration; several while a key is replaced: [\"new\", \"old\"]
  data = \"/var/lib/whinchat\"
  tls = { certificate = \"chain.pem\", key = \"key.pem\" }

SIGTERM and Ctrl-C let what is in flight finish, then stop.";

/// Run the server.
#[derive(Debug, Default, Args)]
#[command(after_help = SERVE_HELP)]
pub struct ServeArgs {
    /// Read settings from this TOML file.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Folder of the database; created when missing [default: ./whinchat-data].
    #[arg(long, value_name = "FOLDER")]
    pub data: Option<PathBuf>,
    /// Name of this node, when several serve one folder; the first may go without [default: main].
    #[arg(long, value_name = "NAME")]
    pub node: Option<String>,
    /// Address to listen at; port 0 takes a free one [default: 127.0.0.1:7200].
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub listen: Option<SocketAddr>,
    /// The app that is served [default: 1400000001 for development].
    #[arg(long, value_name = "NUMBER")]
    pub app_id: Option<u64>,
    /// File that holds the key of the app's UserSigs; repeat it while one key replaces another.
    #[arg(long, value_name = "FILE")]
    pub key_file: Vec<PathBuf>,
    /// Certificate chain (PEM): serve wss:// instead of ws://.
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub tls_certificate: Option<PathBuf>,
    /// Private key of the certificate (PEM).
    #[arg(long, value_name = "FILE", requires = "tls_certificate")]
    pub tls_key: Option<PathBuf>,
    /// The data folder is a backup that was put back; clients then refetch what may differ.
    #[arg(long)]
    pub restored: bool,
    /// Let anybody in who gives no UserSig, as if it had been signed; for development only.
    #[arg(long)]
    pub automatic_signatures: bool,
    /// How often a client has to send something, in milliseconds [default: 30000].
    #[arg(long, value_name = "MS", help_heading = "Limits")]
    pub heartbeat_ms: Option<u32>,
    /// Cut a connection that is silent for this many heartbeats [default: 2.5].
    #[arg(long, value_name = "FACTOR", help_heading = "Limits")]
    pub idle_heartbeats: Option<f64>,
    /// Cut a connection that has not logged in by then, in milliseconds [default: 10000].
    #[arg(long, value_name = "MS", help_heading = "Limits")]
    pub hello_timeout_ms: Option<u64>,
    /// Largest frame, in bytes [default and most: 131072].
    #[arg(long, value_name = "BYTES", help_heading = "Limits")]
    pub frame_bytes: Option<usize>,
    /// Largest content of a message, in bytes [default and most: 32768].
    #[arg(long, value_name = "BYTES", help_heading = "Limits")]
    pub content_bytes: Option<usize>,
    /// Requests a second that one connection may sustain [default: 1000].
    #[arg(long, value_name = "COUNT", help_heading = "Limits")]
    pub requests_per_second: Option<u32>,
    /// Requests it may send at once after a pause [default: 2000].
    #[arg(long, value_name = "COUNT", help_heading = "Limits")]
    pub request_burst: Option<u32>,
    /// Requests of one connection that may wait for an answer [default and most: 256].
    #[arg(long, value_name = "COUNT", help_heading = "Limits")]
    pub requests_in_flight: Option<usize>,
    /// Frames that may wait for a slow reader before he is cut off [default: 4096].
    #[arg(long, value_name = "COUNT", help_heading = "Limits")]
    pub outgoing_frames: Option<usize>,
    /// Bytes that may wait for a slow reader before he is cut off [default: 1048576].
    #[arg(long, value_name = "BYTES", help_heading = "Limits")]
    pub outgoing_bytes: Option<usize>,
    /// Connections at once [default: 100000].
    #[arg(long, value_name = "COUNT", help_heading = "Limits")]
    pub connections: Option<usize>,
    /// How long stopping waits for what is in flight, in milliseconds [default: 5000].
    #[arg(long, value_name = "MS", help_heading = "Tuning")]
    pub drain_timeout_ms: Option<u64>,
    /// Operations that share one transaction at most [default: 256].
    #[arg(long, value_name = "COUNT", help_heading = "Tuning")]
    pub commit_batch: Option<usize>,
    /// Database connections that read [default: 2].
    #[arg(long, value_name = "COUNT", help_heading = "Tuning")]
    pub readers: Option<usize>,
    /// How often to look for what was lost on the way from another node, in milliseconds [default: 2000].
    #[arg(long, value_name = "MS", help_heading = "Tuning")]
    pub sweep_ms: Option<u64>,
    /// Members from which on a group is large: its messages are written into nobody's change log [default: 200].
    #[arg(long, value_name = "COUNT", help_heading = "Tuning")]
    pub large_group: Option<u32>,
    /// How long a client in the background may be silent if it says so beforehand, in milliseconds [default: 600000].
    #[arg(long, value_name = "MS", help_heading = "Tuning")]
    pub longest_heartbeat_ms: Option<u32>,
}

/// Which app, and the key of its UserSigs.
#[derive(Debug, Default, Args)]
pub struct KeyArgs {
    /// Data folder of a development server on this machine, for its address, app id and key.
    #[arg(long, value_name = "FOLDER", default_value = "./whinchat-data")]
    pub data: PathBuf,
    /// The app [default: the development server's].
    #[arg(long, value_name = "NUMBER")]
    pub app_id: Option<u64>,
    /// File that holds the key [default: the development server's key].
    #[arg(long, value_name = "FILE")]
    pub key_file: Option<PathBuf>,
}

const CHAT_HELP: &str = "\
Works without a network: messages wait on the disk and go out when the server is back, also after a restart.

On the screen: Tab goes to the next conversation, PageUp shows older messages, /help shows all keys and commands.

When stdin or stdout is not a terminal, each line of stdin is sent and each message that comes in is printed as \
\"HH:MM:SS sender: text\"; what else there is to say goes to stderr. At the end of stdin the command waits until \
everything is sent and what was missed is printed, and ends, unless --follow is given.

Examples:
  whinchat chat --user alice --peer bob
  whinchat chat --user alice --group team
  whinchat chat --user alice --peer bob --server wss://im.example.com --app-id 7 --sig-file alice.sig
  echo 'the build is green' | whinchat chat --user ci --peer alice";

/// Chat in the terminal.
#[derive(Debug, Args)]
#[command(after_help = CHAT_HELP)]
pub struct ChatArgs {
    /// Who you are.
    #[arg(long, value_name = "ID")]
    pub user: String,
    /// Open the chat with this user.
    #[arg(long, value_name = "ID", conflicts_with = "group")]
    pub peer: Option<String>,
    /// Open this group.
    #[arg(long, value_name = "ID")]
    pub group: Option<String>,
    /// The server's address, ws:// or wss:// [default: the development server's].
    #[arg(long, value_name = "URL")]
    pub server: Option<String>,
    /// Which app, and the key of its UserSigs.
    #[command(flatten)]
    pub key: KeyArgs,
    /// File that holds a UserSig from your backend, in place of a key.
    #[arg(long, value_name = "FILE", conflicts_with = "key_file")]
    pub sig_file: Option<PathBuf>,
    /// Certificate authority (PEM) to trust in addition, for wss:// with a certificate of your own.
    #[arg(long, value_name = "FILE")]
    pub ca: Option<PathBuf>,
    /// Where this user's messages are kept [default: `clients/USER` in the data folder].
    #[arg(long, value_name = "FOLDER")]
    pub client_data: Option<PathBuf>,
    /// Where the log goes while the screen is in use [default: chat.log beside the messages].
    #[arg(long, value_name = "FILE")]
    pub log_file: Option<PathBuf>,
    /// Send and print lines even in a terminal.
    #[arg(long)]
    pub lines: bool,
    /// In line mode: go on printing when stdin has ended.
    #[arg(long)]
    pub follow: bool,
    /// In line mode: how long to wait at the end of stdin for what is not sent or printed yet.
    #[arg(long, value_name = "TIME", default_value = "30s")]
    pub wait: Span,
}

const DEMO_HELP: &str = "\
Starts a real server and three real clients (alice, bob, carol), each behind a proxy that can cut its network. They \
chat one to one and in a group; bob's network goes away in the middle and comes back, then the server is stopped and \
started. In the end an independent ledger counts what every database holds.

With --headless the last line of stdout is
  sent N, acknowledged N, delivered N, doubled 0, lost 0, out of order 0, wrong unread 0
and the exit code is 1 when one of the last four is not 0 or the counts do not add up.";

/// Watch real clients survive a bad network.
#[derive(Debug, Args)]
#[command(after_help = DEMO_HELP)]
pub struct DemoArgs {
    /// Do not narrate: run as fast as possible and print one line.
    #[arg(long)]
    pub headless: bool,
    /// Serve two phones side by side in a browser: the H5 build of an app in this folder, on two devices that can lose their
    /// networks, and a server that can be stopped.
    #[arg(long, value_name = "FOLDER", conflicts_with_all = ["headless", "seed"])]
    pub pages: Option<PathBuf>,
    /// Seed of what is random in it [default: a new one, printed when something goes wrong].
    #[arg(long, value_name = "NUMBER")]
    pub seed: Option<u64>,
}

const KICK_HELP: &str = "\
The sessions are closed with error 6208 and cannot be resumed; with a good signature the user may log in again. Works on \
the data folder, whether its servers run or not.

Examples:
  whinchat kick alice
  whinchat kick alice --platform android --data /var/lib/whinchat";

const REVOKE_HELP: &str = "\
Signatures made up to this second are refused from now on with error 70052, and sessions are closed with it. Works on \
the data folder, whether its servers run or not.

Examples:
  whinchat revoke alice
  whinchat revoke alice --data /var/lib/whinchat";

/// Whom, and where.
#[derive(Debug, Args)]
pub struct AdminArgs {
    /// The user.
    #[arg(value_name = "USER")]
    pub user: String,
    /// Data folder of the servers.
    #[arg(long, value_name = "FOLDER", default_value = "./whinchat-data")]
    pub data: PathBuf,
}

/// End sessions of a user.
#[derive(Debug, Args)]
#[command(after_help = KICK_HELP)]
pub struct KickArgs {
    /// Whom, and where.
    #[command(flatten)]
    pub target: AdminArgs,
    /// Only on devices of this kind.
    #[arg(long, value_enum, value_name = "PLATFORM")]
    pub platform: Option<Platform>,
}

/// Make the UserSigs of a user void and end his sessions.
#[derive(Debug, Args)]
#[command(after_help = REVOKE_HELP)]
pub struct RevokeArgs {
    /// Whom, and where.
    #[command(flatten)]
    pub target: AdminArgs,
}

const MAKE_HELP: &str = "\
Examples:
  whinchat sig make --user alice
  whinchat sig make --user alice --expire 12h --app-id 1400000123 --key-file /etc/whinchat.key";

const INSPECT_HELP: &str = "\
Prints what the signature says, whether it fits the key, and when it expires. The exit code is 1 when it is not good.

Examples:
  whinchat sig inspect eJyrVgrx...
  whinchat sig inspect - < alice.sig
  whinchat sig inspect eJyrVgrx... --user alice --app-id 1400000123 --key-file /etc/whinchat.key";

/// Make and inspect UserSigs.
#[derive(Debug, Subcommand)]
pub enum SigCommand {
    /// Make a UserSig and print it.
    #[command(after_help = MAKE_HELP)]
    Make {
        /// Whom it is for.
        #[arg(long, value_name = "ID")]
        user: String,
        /// How long it is good: a number with s, m, h, d or w behind it.
        #[arg(long, value_name = "TIME", default_value = "180d")]
        expire: Span,
        /// Which app, and its key.
        #[command(flatten)]
        key: KeyArgs,
    },
    /// Show what a UserSig says and whether it is good.
    #[command(after_help = INSPECT_HELP)]
    Inspect {
        /// The signature; `-` reads it from stdin, which keeps it out of the shell's history.
        #[arg(value_name = "SIG")]
        sig: String,
        /// The user who wants to log in with it [default: whom it names].
        #[arg(long, value_name = "ID")]
        user: Option<String>,
        /// Which app, and its key.
        #[command(flatten)]
        key: KeyArgs,
    },
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_consistent_and_every_command_explains_itself() {
        Cli::command().debug_assert();
        for name in ["serve", "chat", "demo", "kick", "revoke", "sim", "sig"] {
            let mut command = Cli::command();
            let help = command.find_subcommand_mut(name).unwrap().render_long_help().to_string();
            assert!(help.lines().count() > 5, "{name}: {help}");
        }
    }

    #[test]
    fn there_is_no_flag_for_a_key_itself() {
        let parse = |line: &str| Cli::try_parse_from(line.split(' ')).map(drop);
        assert!(parse("whinchat serve --key secret").is_err());
        assert!(parse("whinchat chat --user a --peer b --group c").is_err());
        assert!(parse("whinchat serve --tls-key k.pem").is_err());
        assert!(parse("whinchat chat --user a").is_ok());
    }
}

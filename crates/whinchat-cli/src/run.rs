//! From the command line to an exit code.

use std::future::Future;
use std::io::{Read as _, Write as _};

use jiff::tz::TimeZone;

use crate::args::{Cli, Command, SigCommand};
use crate::failure::{EXIT_OK, Failure};
use crate::key::AppAndKey;
use crate::{admin, chat, demo, logging, serve, sig, sim};

/// Largest text that is read from stdin as a UserSig: twice what one may have.
const SIG_INPUT: u64 = 8 * 1_024;

/// Runs a command and gives the process's exit code. A failure is told on stderr in a sentence.
#[must_use]
pub fn run(cli: &Cli) -> u8 {
    match dispatch(cli) {
        Ok(()) => EXIT_OK,
        Err(failure) => {
            let _ = writeln!(std::io::stderr(), "whinchat: {failure}");
            failure.exit_code()
        }
    }
}

fn dispatch(cli: &Cli) -> Result<(), Failure> {
    if !matches!(cli.command, Command::Chat(_)) {
        logging::start(&cli.log, None)?;
    }
    match &cli.command {
        Command::Serve(args) => block_on(serve::run(args)),
        Command::Chat(args) => block_on(chat::start::run(args, &cli.log)),
        Command::Kick(args) => print(&block_on(admin::kick(&args.target, args.platform))?),
        Command::Revoke(args) => print(&block_on(admin::revoke(&args.target))?),
        Command::Sim(args) => block_on(sim::run(args)),
        Command::Demo(args) => block_on(demo::run(args)),
        Command::Sig(SigCommand::Make { user, expire, key }) => {
            let app = key.resolve()?;
            print(&format!("{}\n", sig::make(user, &app, *expire, chat::session::now_ms())?))
        }
        Command::Sig(SigCommand::Inspect { sig: text, user, key }) => {
            let text = if text == "-" { read_stdin()? } else { text.clone() };
            let app: Option<AppAndKey> = sig::key_for_inspection(key)?;
            let now = chat::session::now_ms();
            let zone = TimeZone::system();
            let report = sig::inspect(&text, user.as_deref(), app.as_ref(), key.app_id, now, &zone)?;
            print(&report.text)?;
            if report.good { Ok(()) } else { Err(Failure::new("This signature is not known to be good.")) }
        }
    }
}

fn block_on<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(format!("No threads could be started: {error}.")))?;
    let result = runtime.block_on(work);
    // A thread may hang in a read of stdin or a slow disk; nothing that matters is left to do.
    runtime.shutdown_background();
    result
}

fn read_stdin() -> Result<String, Failure> {
    let mut text = String::new();
    let read = std::io::stdin().lock().take(SIG_INPUT).read_to_string(&mut text);
    read.map_err(|error| Failure::new(format!("stdin cannot be read: {error}.")))?;
    Ok(text)
}

fn print(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    written.map_err(|error| Failure::new(format!("stdout cannot be written: {error}.")))
}

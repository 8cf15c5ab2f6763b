//! `whinchat serve`.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use whinchat_server::{AppKey, Factor, Server, ServerConfig, ServerError, TlsConfig};

use crate::args::ServeArgs;
use crate::development::{Development, new_key, path_in};
use crate::failure::Failure;
use crate::key::read_key;
use crate::signals::Signals;

/// What the server is to do.
#[derive(Debug)]
pub struct Plan {
    /// Its configuration.
    pub config: ServerConfig,
    /// It runs for development: address and key are left in the data folder.
    pub development: bool,
}

/// Reads a configuration file: the server's settings, and `key_file` with one name or several.
fn read_config(path: &Path) -> Result<ServerConfig, Failure> {
    let named = |problem: &str| Failure::usage(format!("{}: {problem}", path.display()));
    let text = std::fs::read_to_string(path).map_err(|error| named(&format!("cannot be read: {error}.")))?;
    // The parser's full report quotes the line, and the line may be a key: only its sentence is passed on.
    let parse_fault = |error: toml::de::Error| named(&format!("{}.", error.message().replace('\n', " ")));
    let mut table: toml::Table = toml::from_str(&text).map_err(parse_fault)?;
    // Taken out by hand, because the parser's sentence about a wrong type quotes the value.
    let key_files = texts(&mut table, "key_file")
        .ok_or_else(|| named("key_file names a file, or is a list of names."))?;
    let keys = texts(&mut table, "keys").ok_or_else(|| named("keys is a list of texts."))?;
    let names_data = table.contains_key("data");
    let mut config: ServerConfig = table.try_into().map_err(parse_fault)?;
    // A file's names are relative to the file: the server may be started from anywhere.
    let folder = path.parent().unwrap_or(Path::new("."));
    if names_data {
        config.data = folder.join(&config.data);
    }
    if let Some(tls) = &mut config.tls {
        tls.certificate = folder.join(&tls.certificate);
        tls.key = folder.join(&tls.key);
    }
    config.keys = keys.into_iter().map(AppKey::new).collect();
    for file in key_files {
        config.keys.push(read_key(&folder.join(file))?);
    }
    Ok(config)
}

/// Takes a text or a list of texts out of a table; none when it is something else.
fn texts(table: &mut toml::Table, name: &str) -> Option<Vec<String>> {
    match table.remove(name) {
        None => Some(Vec::new()),
        Some(toml::Value::String(text)) => Some(vec![text]),
        Some(toml::Value::Array(texts)) => texts.into_iter().map(|text| text.try_into().ok()).collect(),
        Some(_) => None,
    }
}

/// Joins flags, file, development key and defaults.
///
/// # Errors
///
/// A sentence that names what is missing or wrong.
pub fn plan(args: &ServeArgs) -> Result<Plan, Failure> {
    let development = args.config.is_none() && args.key_file.is_empty();
    let mut config = match &args.config {
        Some(path) => read_config(path)?,
        None => ServerConfig::default(),
    };
    apply_flags(&mut config, args);
    if !args.key_file.is_empty() {
        config.keys = args.key_file.iter().map(|path| read_key(path)).collect::<Result<_, _>>()?;
        if args.config.is_none() && args.app_id.is_none() {
            return Err(Failure::usage("--key-file needs --app-id beside it: a key belongs to an app."));
        }
    }
    if config.automatic_signatures && !development {
        return Err(Failure::usage(
            "Automatic signatures let anybody log in as anybody: a server with --config or --key-file does not give them.",
        ));
    }
    if development {
        let file = Development::read(&config.data)?;
        config.app_id = args.app_id.or(file.as_ref().map(|file| file.app_id)).unwrap_or(config.app_id);
        config.keys = vec![file.map_or_else(new_key, |file| Ok(file.key))?];
    } else if config.keys.is_empty() {
        return Err(Failure::usage(
            "A key is required: name the file that holds it with --key-file, or with key_file in the configuration.",
        ));
    }
    config.validate().map_err(|error| Failure::usage(full_sentence(&error)))?;
    Ok(Plan { config, development })
}

fn apply_flags(config: &mut ServerConfig, args: &ServeArgs) {
    macro_rules! take {
        ($($field:ident),*) => { $(if let Some(value) = &args.$field { config.$field = value.clone(); })* };
    }
    take!(
        data,
        node,
        sweep_ms,
        listen,
        app_id,
        heartbeat_ms,
        hello_timeout_ms,
        frame_bytes,
        content_bytes,
        requests_per_second,
        request_burst,
        requests_in_flight,
        outgoing_frames,
        outgoing_bytes,
        connections,
        drain_timeout_ms,
        commit_batch,
        readers,
        large_group,
        longest_heartbeat_ms
    );
    if let Some(factor) = args.idle_heartbeats {
        config.idle_heartbeats = Factor::new(factor);
    }
    if let (Some(certificate), Some(key)) = (&args.tls_certificate, &args.tls_key) {
        config.tls = Some(TlsConfig { certificate: certificate.clone(), key: key.clone() });
    }
    config.restored |= args.restored;
    config.automatic_signatures |= args.automatic_signatures;
}

fn full_sentence(error: &ServerError) -> String {
    let text = error.to_string();
    let mut chars = text.chars();
    let first = chars.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", chars.as_str().trim_end_matches('.'))
}

fn url(config: &ServerConfig, at: std::net::SocketAddr) -> String {
    let scheme = if config.tls.is_some() { "wss" } else { "ws" };
    // Nobody can connect to "every address"; from this machine, loopback is one of them.
    let at = if at.ip().is_unspecified() {
        let ip = if at.is_ipv4() { [127, 0, 0, 1].into() } else { std::net::Ipv6Addr::LOCALHOST.into() };
        std::net::SocketAddr::new(ip, at.port())
    } else {
        at
    };
    format!("{scheme}://{at}")
}

/// Runs the server until a signal asks it to stop.
///
/// # Errors
///
/// A sentence that says what is in the way.
pub async fn run(args: &ServeArgs) -> Result<(), Failure> {
    let Plan { config, development } = plan(args)?;
    let mut signals = Signals::new()?;
    let server = Server::start(config.clone()).await.map_err(|error| Failure::new(full_sentence(&error)))?;
    let address = server.local_addr();
    let mut lines = vec![
        format!("Whinchat is ready at {}", url(&config, address)),
        format!("  app id   {}", config.app_id),
    ];
    if development && let Some(key) = config.keys.first() {
        let file = Development { server: url(&config, address), app_id: config.app_id, key: key.clone() };
        let old = Development::read(&config.data)?;
        // Clients find one node there; a second one of the same app does not take its place.
        let is_other = |old: &Development| {
            old.app_id == file.app_id && old.key == file.key && config.node != ServerConfig::default().node
        };
        if old.as_ref() != Some(&file) && !old.as_ref().is_some_and(is_other) {
            file.write(&config.data)?;
        }
        if config.automatic_signatures {
            lines.push("  sign-in  without a UserSig, as anybody".to_owned());
        }
        let data = data_flag(&config.data);
        lines.push(format!("  key      in {}, for development only", path_in(&config.data).display()));
        lines.push(String::new());
        lines.push("Chat in two more terminals:".to_owned());
        lines.push(format!("  whinchat chat --user alice --peer bob{data}"));
        lines.push(format!("  whinchat chat --user bob --peer alice{data}"));
    }
    lines.push(String::new());
    lines.push("Ctrl-C stops the server.".to_owned());
    say(&lines);
    tokio::select! {
        () = signals.next() => {}
        () = server.wait() => {}
    }
    say(&["Stopping: what is in flight finishes first.".to_owned()]);
    // A second signal does not wait for those who are slow.
    tokio::select! {
        () = server.stop() => {}
        () = signals.next() => {}
    }
    Ok(())
}

/// What a client has to be told when the data folder is not the usual one.
fn data_flag(data: &PathBuf) -> String {
    if *data == ServerConfig::default().data { String::new() } else { format!(" --data {}", data.display()) }
}

/// A server whose stdout is closed goes on.
fn say(lines: &[String]) {
    let mut out = std::io::stdout().lock();
    for line in lines {
        let _ = writeln!(out, "{line}");
    }
    let _ = out.flush();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(folder: &Path) -> ServeArgs {
        ServeArgs { data: Some(folder.join("data")), ..ServeArgs::default() }
    }

    #[test]
    fn without_anything_it_is_a_development_server_that_keeps_its_key() {
        let folder = tempfile::tempdir().unwrap();
        let first = plan(&args(folder.path())).unwrap();
        assert!(first.development);
        assert_eq!(
            (first.config.app_id, first.config.listen.to_string()),
            (1_400_000_001, "127.0.0.1:7200".into())
        );
        let key = first.config.keys[0].clone();
        let file = Development { server: "ws://x:1".into(), app_id: 5, key: key.clone() };
        file.write(&folder.path().join("data")).unwrap();
        let second = plan(&args(folder.path())).unwrap();
        assert_eq!((second.config.app_id, &second.config.keys[0]), (5, &key));
    }

    #[test]
    fn flags_win_over_the_file_and_its_names_are_relative_to_it() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.key"), " one\n").unwrap();
        std::fs::write(folder.path().join("b.key"), "two").unwrap();
        let config = folder.path().join("whinchat.toml");
        std::fs::write(
            &config,
            "listen = \"127.0.0.1:1\"\ndata = \"d\"\napp_id = 7\nkey_file = [\"a.key\", \"b.key\"]\nreaders = 3\n",
        )
        .unwrap();
        let listen = Some("127.0.0.1:2".parse().unwrap());
        let read = plan(&ServeArgs { config: Some(config.clone()), listen, ..ServeArgs::default() }).unwrap();
        assert!(!read.development);
        assert_eq!(read.config.listen.port(), 2);
        assert_eq!(read.config.data, folder.path().join("d"));
        assert_eq!((read.config.app_id, read.config.readers), (7, 3));
        std::fs::write(&config, "app_id = 7\nkey_file = \"a.key\"").unwrap();
        let plain = plan(&ServeArgs { config: Some(config), ..ServeArgs::default() }).unwrap();
        assert_eq!(
            plain.config.data,
            ServerConfig::default().data,
            "the default is where the server is started"
        );
        let keys: Vec<&str> = read.config.keys.iter().map(|key| key.expose()).collect();
        assert_eq!(keys, ["one", "two"]);
    }

    #[test]
    fn automatic_signatures_are_for_development_only() {
        let folder = tempfile::tempdir().unwrap();
        let automatic = ServeArgs { automatic_signatures: true, ..args(folder.path()) };
        assert!(plan(&automatic).unwrap().config.automatic_signatures);
        assert!(!plan(&args(folder.path())).unwrap().config.automatic_signatures);
        let key = folder.path().join("app.key");
        std::fs::write(&key, "a key").unwrap();
        let with_key = ServeArgs { key_file: vec![key], app_id: Some(7), ..automatic };
        assert!(plan(&with_key).unwrap_err().to_string().contains("Automatic signatures"));
        let config = folder.path().join("whinchat.toml");
        std::fs::write(&config, "app_id = 7\nkey_file = \"app.key\"\nautomatic_signatures = true").unwrap();
        let from_file = ServeArgs { config: Some(config), ..ServeArgs::default() };
        assert!(plan(&from_file).unwrap_err().to_string().contains("Automatic signatures"));
    }

    #[test]
    fn every_field_has_a_flag() {
        let default = ServerConfig::default();
        let line = "serve --data d --listen 127.0.0.1:9 --app-id 9 --tls-certificate c --tls-key k --restored \
            --heartbeat-ms 999 --idle-heartbeats 3.5 --hello-timeout-ms 999 --frame-bytes 2000 --content-bytes 999 \
            --requests-per-second 9 --request-burst 9 --requests-in-flight 9 --outgoing-frames 99 \
            --outgoing-bytes 999999 --connections 9 --drain-timeout-ms 9 --commit-batch 9 --readers 9 --node b \
            --sweep-ms 99 --automatic-signatures --large-group 9 --longest-heartbeat-ms 999999";
        let cli: crate::args::Cli =
            clap::Parser::try_parse_from(std::iter::once("whinchat").chain(line.split_whitespace())).unwrap();
        let crate::args::Command::Serve(args) = cli.command else { panic!("serve") };
        let mut config = default.clone();
        apply_flags(&mut config, &args);
        let fields = |config: &ServerConfig| toml::Table::try_from(config).unwrap();
        let (before, after) = (fields(&default), fields(&config));
        for (name, value) in &after {
            assert!(name == "keys" || before.get(name) != Some(value), "{name} has no flag");
        }
    }

    #[test]
    fn what_is_wrong_is_said_in_a_sentence_without_keys() {
        let folder = tempfile::tempdir().unwrap();
        let config = folder.path().join("whinchat.toml");
        let told = |text: &str| {
            std::fs::write(&config, text).unwrap();
            let failure =
                plan(&ServeArgs { config: Some(config.clone()), ..ServeArgs::default() }).unwrap_err();
            assert_eq!(failure.exit_code(), crate::failure::EXIT_USAGE, "{failure}");
            failure.to_string()
        };
        assert!(told("app_id = 7").contains("A key is required"));
        assert!(told("lisen = \"x\"").contains("lisen"));
        assert!(told("keys = [\"k\"]\nreaders = 0").contains("readers"));
        assert!(!told("keys = [\"very-secret\"").contains("very-secret"));
        assert!(!told("keys = { a = \"very-secret\" }").contains("very-secret"));
        let failure =
            plan(&ServeArgs { config: Some("/no/such/file".into()), ..ServeArgs::default() }).unwrap_err();
        assert!(failure.to_string().contains("/no/such/file"));
    }
}

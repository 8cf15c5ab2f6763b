//! The binary, run as a user runs it.

// A test that cannot start a process has nothing better to do than to panic.
#![allow(clippy::unwrap_used, clippy::panic)]

mod process;

use std::net::TcpListener;
use std::path::Path;

use process::{Running, finished};

/// Starts a development server and gives its address.
fn serve(data: &Path, listen: &str) -> (Running, String) {
    let mut server = Running::start(&["serve", "--data", data.to_str().unwrap(), "--listen", listen]);
    let ready = server.line("Whinchat is ready at ws://");
    let address = ready.rsplit("ws://").next().unwrap().to_owned();
    // The last line: the development file is written.
    server.line("Ctrl-C stops the server.");
    (server, address)
}

fn chat(data: &Path, user: &str, peer: &str, more: &[&str]) -> Running {
    let args = ["chat", "--data", data.to_str().unwrap(), "--user", user, "--peer", peer];
    Running::start(&[&args[..], more].concat())
}

#[test]
fn serve_says_what_to_do_and_stops_when_asked() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let (server, _) = serve(&data, "127.0.0.1:0");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(data.join("development.toml")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let end = server.terminate();
    assert_eq!(end.code, Some(0), "{end:?}");
    let key = std::fs::read_to_string(data.join("development.toml")).unwrap();
    let key = key.lines().find_map(|line| line.strip_prefix("key = ")).unwrap().trim_matches('"').to_owned();
    assert!(!end.out.contains(&key) && !end.err.contains(&key), "the key is shown to nobody");
}

#[test]
fn what_is_in_the_way_is_said_in_one_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let (_server, address) = serve(&data, "127.0.0.1:0");
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();

    let end = finished(&["serve", "--data", &path("other"), "--listen", &address], "");
    assert_eq!(end.code, Some(1), "{end:?}");
    assert!(end.err.contains(&address) && end.err.lines().count() == 1, "{end:?}");

    let end = finished(&["serve", "--data", data.to_str().unwrap(), "--listen", "127.0.0.1:0"], "");
    assert_eq!(end.code, Some(1), "{end:?}");
    assert!(end.err.contains("used by another running server") && end.err.lines().count() == 1, "{end:?}");

    std::fs::write(path("no-key.toml"), "app_id = 7\n").unwrap();
    let end = finished(&["serve", "--config", &path("no-key.toml")], "");
    assert_eq!(end.code, Some(2), "{end:?}");
    assert!(end.err.contains("A key is required"), "{end:?}");

    let end = finished(&["chat", "--user", "alice", "--peer", "bob", "--data", &path("nothing")], "");
    assert_eq!(end.code, Some(1), "{end:?}");
    assert!(end.err.contains("whinchat serve"), "{end:?}");

    assert_eq!(finished(&["nonsense"], "").code, Some(2));
}

#[test]
fn the_port_of_a_stranger_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let stranger = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = stranger.local_addr().unwrap().to_string();
    let data = folder.path().join("data");
    let end = finished(&["serve", "--data", data.to_str().unwrap(), "--listen", &address], "");
    assert_eq!(end.code, Some(1), "{end:?}");
    assert!(end.err.contains(&format!("{address} is taken")), "{end:?}");
    assert!(!data.join("development.toml").exists(), "nothing is left behind by a server that never ran");
}

#[test]
fn a_signature_is_made_and_inspected() {
    let folder = tempfile::tempdir().unwrap();
    let key = folder.path().join("key");
    std::fs::write(&key, "a key of ours\n").unwrap();
    let key = key.to_str().unwrap();
    let made = finished(
        &["sig", "make", "--user", "alice", "--app-id", "7", "--key-file", key, "--expire", "2h"],
        "",
    );
    assert_eq!(made.code, Some(0), "{made:?}");
    let sig = made.out.trim();

    let good = finished(&["sig", "inspect", "-", "--app-id", "7", "--key-file", key], sig);
    assert_eq!(good.code, Some(0), "{good:?}");
    for part in ["alice", "7", "119 minutes", "fits"] {
        assert!(good.out.contains(part), "{part}: {good:?}");
    }
    std::fs::write(folder.path().join("other"), "another key").unwrap();
    let other = folder.path().join("other");
    let bad = finished(&["sig", "inspect", sig, "--app-id", "7", "--key-file", other.to_str().unwrap()], "");
    assert_eq!(bad.code, Some(1), "{bad:?}");
    assert!(bad.out.contains("70009"), "{bad:?}");
    let broken = finished(&["sig", "inspect", &sig[..20]], "");
    assert_eq!(broken.code, Some(1), "{broken:?}");
    assert!(broken.err.contains("70003"), "{broken:?}");
}

#[test]
fn two_people_chat_while_the_server_is_killed_and_started_again() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let (server, address) = serve(&data, "127.0.0.1:0");
    let mut bob = chat(&data, "bob", "alice", &[]);
    bob.note("connected");
    let mut alice = chat(&data, "alice", "bob", &[]);
    alice.note("connected");
    alice.say("one");
    assert!(bob.line("alice: ").ends_with("alice: one"));
    server.kill();
    alice.note("offline, messages wait");
    alice.say("two");
    alice.say("三");
    let (_server, _) = serve(&data, &address);
    assert!(bob.line("alice: ").ends_with("alice: two"));
    assert!(bob.line("alice: ").ends_with("alice: 三"));
    bob.say("//help is what I say");
    assert!(alice.line("bob: ").ends_with("bob: /help is what I say"));
    for person in [alice, bob] {
        let end = person.end_of_input();
        assert_eq!(end.code, Some(0), "{end:?}");
    }
}

#[test]
fn what_is_written_without_a_server_goes_out_the_next_time() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let (server, address) = serve(&data, "127.0.0.1:0");
    for (user, peer) in [("bob", "alice"), ("alice", "bob")] {
        let mut person = chat(&data, user, peer, &[]);
        person.note("connected");
        assert_eq!(person.end_of_input().code, Some(0));
    }
    server.kill();
    let args = ["chat", "--data", data.to_str().unwrap(), "--user", "alice", "--peer", "bob", "--wait", "1s"];
    let end = finished(&args, "written in the dark\n");
    assert_eq!(end.code, Some(1), "{end:?}");
    assert!(end.err.contains("A message waits in the outbox"), "{end:?}");
    let (_server, _) = serve(&data, &address);
    let end = finished(&args[..7], "");
    assert_eq!(end.code, Some(0), "{end:?}");
    let end = chat(&data, "bob", "alice", &[]).end_of_input();
    assert_eq!(end.code, Some(0), "{end:?}");
    assert!(end.out.ends_with("alice: written in the dark\n"), "what was missed is printed at once: {end:?}");
    let mut bob = chat(&data, "bob", "alice", &["--follow"]);
    bob.note("connected");
    let end = bob.terminate();
    assert_eq!((end.code, end.out.as_str()), (Some(0), ""), "and once");
}

#[test]
fn the_demo_ends_with_one_line_that_adds_up() {
    let end = finished(&["demo", "--headless", "--seed", "7"], "");
    assert_eq!(end.code, Some(0), "{end:?}");
    let last = end.out.lines().last().unwrap();
    assert!(last.starts_with("sent 54, acknowledged 54, delivered "), "{last}");
    assert!(last.ends_with(", doubled 0, lost 0, out of order 0, wrong unread 0"), "{last}");
    assert_eq!(end.out.lines().count(), 1, "{end:?}");
}

#[test]
fn help_and_version_are_there_for_everything() {
    for args in [
        &["--help"][..],
        &["serve", "--help"],
        &["chat", "--help"],
        &["demo", "--help"],
        &["sig", "make", "--help"],
    ] {
        let end = finished(args, "");
        assert_eq!(end.code, Some(0), "{args:?}");
        assert!(end.out.lines().count() > 8, "{args:?}: {}", end.out);
    }
    let version = finished(&["--version"], "").out;
    assert_eq!(version.trim(), format!("whinchat {}", env!("CARGO_PKG_VERSION")));
}

#[test]
fn two_servers_share_a_folder_and_an_administrator_reaches_both() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let path = data.to_str().unwrap();
    let (first, address) = serve(&data, "127.0.0.1:0");
    let file = std::fs::read_to_string(data.join("development.toml")).unwrap();
    let mut second = Running::start(&["serve", "--data", path, "--listen", "127.0.0.1:0", "--node", "b"]);
    let ready = second.line("Whinchat is ready at ws://");
    let other = ready.rsplit("ws://").next().unwrap().to_owned();
    second.line("Ctrl-C stops the server.");
    assert_ne!(address, other);
    let kept = std::fs::read_to_string(data.join("development.toml")).unwrap();
    assert_eq!(kept, file, "clients go on finding the first one");

    let server = format!("ws://{other}");
    let mut bob = chat(&data, "bob", "alice", &["--follow", "--server", &server]);
    let mut alice = chat(&data, "alice", "bob", &["--follow"]);
    for person in [&mut alice, &mut bob] {
        person.note("connected");
    }
    bob.say("over here");
    alice.line("bob: over here");
    alice.say("and here");
    bob.line("alice: and here");

    let end = finished(&["kick", "bob", "--platform", "ios", "--data", path], "");
    assert!(end.code == Some(0) && end.out == "bob: no session stood.\n", "{end:?}");
    let end = finished(&["kick", "bob", "--data", path], "");
    assert!(end.code == Some(0) && end.out == "bob: 1 session was ended.\n", "{end:?}");
    bob.note("administrator");
    let end = finished(&["revoke", "alice", "--data", path], "");
    assert!(end.code == Some(0) && end.out.contains("1 session was ended"), "{end:?}");
    let end = finished(&["kick", "nobody", "--data", path], "");
    assert!(end.code == Some(1) && end.err.contains("There is no user nobody."), "{end:?}");
    let end = finished(&["kick", "b\u{e4}d", "--data", path], "");
    assert_eq!(end.code, Some(2), "{end:?}");
    let end = finished(&["kick", "bob", "--data", folder.path().to_str().unwrap()], "");
    assert!(end.code == Some(1) && end.err.contains("--data") && end.err.lines().count() == 1, "{end:?}");
    assert_eq!(second.terminate().code, Some(0));
    assert_eq!(first.terminate().code, Some(0));
    let end = finished(&["kick", "bob", "--data", path], "");
    assert!(end.code == Some(0), "also when nothing runs: {end:?}");
}

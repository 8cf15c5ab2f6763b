//! The simulator over real sockets.

mod stage;

use futures_util::SinkExt as _;
use serde_json::json;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;

use super::start::{Limits, Server, Settings, Sim};
use stage::{Answer, Page, Stage};

#[tokio::test]
async fn a_page_gets_a_device_and_its_calls_are_answered() {
    let stage = Stage::new().await;
    let mut alice = stage.try_page(&stage.query("device=alice&platform=ios")).await.unwrap();
    let hello = alice.hear().await.unwrap()["hello"].clone();
    assert_eq!((&hello["device"], &hello["platform"]), (&json!("alice"), &json!("ios")));
    assert_eq!(hello["appId"], stage.sim.app_id());
    assert!(hello["methods"].as_array().unwrap().contains(&json!("login")));
    assert_ne!(hello["server"], stage.sim.server_url(), "the device has a network of its own");
    let folder = stage.folder.path().canonicalize().unwrap().join("sim/devices/alice/_doc");
    assert_eq!(hello["docPath"], folder.to_str().unwrap());
    alice.call(7, "getLoginStatus", json!({})).await;
    assert!(alice.result(7).await["status"].is_boolean());
    stage.sim.stop().await;
    assert_eq!(alice.hear().await, Err(1001));
}

#[tokio::test]
async fn without_the_key_or_from_elsewhere_nothing_is_served() {
    let stage = Stage::new().await;
    let targets = ["/", "/sim/info", "/sim/socket?device=a", "/sim/info?key=0", "/control/sig?user=a"];
    for target in targets {
        assert_eq!(stage.ask("GET", target, b"").await.status, 403, "{target}");
    }
    assert_eq!(stage.try_page("key=wrong&device=alice").await.err(), Some(403));
    let target = format!("/sim/info?{}", stage.query(""));
    for (status, headers) in [
        (200, "Host: localhost:1"),
        (200, "Host: [::1]"),
        (403, "Host: example.com"),
        (403, "Host: 127.0.0.1.example.com"),
        (403, "Host: 127.0.0.1\r\nHost: example.com"),
        (403, "Host: 127.0.0.1\r\nOrigin: https://example.com"),
        (403, "Host: 127.0.0.1\r\nOrigin: null"),
    ] {
        let head = format!("GET {target} HTTP/1.1\r\n{headers}\r\n");
        assert_eq!(stage.ask_raw(&head, b"").await.status, status, "{headers}");
    }
    let head = format!("GET {target} HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost:5173\r\n");
    let answer = stage.ask_raw(&head, b"").await;
    assert!(answer.head.contains("access-control-allow-origin: http://localhost:5173"), "{}", answer.head);
    assert_eq!(answer.json()["canSign"], true);
    // The key opens the pages for what they name without it, and nothing else.
    let page = stage.get("/", "").await;
    assert!(page.head.contains("text/html") && page.head.contains("referrer-policy: no-referrer"));
    let cookie = page.head.lines().find_map(|line| line.strip_prefix("set-cookie: ")).unwrap();
    let cookie = cookie.split(';').next().unwrap();
    let with_cookie =
        |path: &str| format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: a=b; {cookie}\r\n");
    assert_eq!(stage.ask_raw(&with_cookie("/"), b"").await.status, 200);
    assert_eq!(stage.ask_raw(&with_cookie("/sim/info"), b"").await.status, 403);
}

#[tokio::test]
async fn it_listens_on_this_machine_only() {
    let folder = tempfile::tempdir().unwrap();
    let mut settings = Settings::new(folder.path());
    settings.listen = ([0, 0, 0, 0], 0).into();
    let failure = Sim::start(settings).await.err().unwrap();
    assert!(failure.to_string().contains("this machine only"), "{failure}");
}

#[tokio::test]
async fn what_a_socket_asks_wrongly_is_refused() {
    let stage = Stage::new().await;
    let long = format!("device={}", "a".repeat(65));
    for query in ["", "device=", "device=a/b", "device=..", "device=%C3%A4", &long] {
        assert_eq!(stage.try_page(&stage.query(query)).await.err(), Some(400), "{query}");
    }
    assert_eq!(stage.try_page(&stage.query("device=a&platform=toaster")).await.err(), Some(400));
    assert_eq!(stage.get("/sim/socket", "device=a").await.status, 426);
    assert_eq!(stage.post("/sim/info", "", b"").await.status, 405);
    assert_eq!(stage.get("/sim/none", "").await.status, 404);
}

#[tokio::test]
async fn nothing_outside_the_folders_is_read() {
    let stage = Stage::with(|settings, folder| {
        let pages = folder.join("pages");
        std::fs::create_dir_all(pages.join("sub")).unwrap();
        std::fs::write(folder.join("secret"), "secret").unwrap();
        std::fs::write(pages.join("index.html"), "first").unwrap();
        std::fs::write(pages.join("sub/index.html"), "second").unwrap();
        std::fs::write(pages.join("sub/a b.js"), "0123456789").unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink(folder.join("secret"), pages.join("link")).unwrap();
        settings.pages = Some(pages);
    })
    .await;
    assert_eq!(stage.get("/", "").await.body, b"first");
    assert_eq!(stage.get("/sub/", "").await.body, b"second");
    let moved = stage.get("/sub", "x=1").await;
    assert!(moved.status == 307 && moved.head.contains("location: /sub/?key="), "{}", moved.head);
    let head =
        format!("GET /sub/a%20b.js?{} HTTP/1.1\r\nHost: localhost\r\nRange: bytes=2-4\r\n", stage.query(""));
    let part = stage.ask_raw(&head, b"").await;
    assert_eq!((part.status, part.body.as_slice()), (206, b"234".as_slice()));
    assert!(part.head.contains("javascript"), "{}", part.head);
    for path in ["/../secret", "/sub/../../secret", "/%2e%2e/secret", "/..%2fsecret", "/link", "//etc/passwd"]
    {
        assert_eq!(stage.get(path, "").await.status, 404, "{path}");
    }

    let uploaded = stage.post("/sim/file", "device=alice&name=a.txt", b"hello").await.json();
    let path = uploaded["path"].as_str().unwrap().to_owned();
    assert!(path.ends_with("/a.txt"), "{path}");
    let given = stage.get("/sim/file", &format!("device=alice&path={path}")).await;
    assert_eq!((given.status, given.body.as_slice()), (200, b"hello".as_slice()));
    assert!(given.head.contains("content-security-policy: sandbox"));
    let above = path.replace("/_doc/", "/_doc/../../alice/_doc/");
    assert_eq!(stage.get("/sim/file", &format!("device=alice&path={above}")).await.status, 200);
    let secret = stage.folder.path().join("secret");
    for (status, device, path) in [
        (404, "bob", path.as_str()),
        (404, "alice", secret.to_str().unwrap()),
        (404, "alice", "/etc/passwd"),
        (404, "alice", "/no/such/file"),
        (400, "alice", "a.txt"),
    ] {
        let answer = stage.get("/sim/file", &format!("device={device}&path={path}")).await;
        assert_eq!(answer.status, status, "{device} {path}");
    }
    for name in ["", "..", "a%2Fb", "a%5Cb", "a%00b", "c%3Ab", &"a".repeat(201)] {
        let answer = stage.post("/sim/file", &format!("device=alice&name={name}"), b"x").await;
        assert_eq!(answer.status, 400, "{name}");
    }
}

#[tokio::test]
async fn an_upload_over_the_limit_is_refused_and_leaves_nothing() {
    let stage =
        Stage::with(|settings, _| settings.limits = Limits { upload_bytes: 1_000, ..settings.limits }).await;
    let upload = "device=alice&name=f.bin";
    assert_eq!(stage.post("/sim/file", upload, &[7; 1_000]).await.status, 200);
    assert_eq!(stage.post("/sim/file", upload, &[7; 1_001]).await.status, 413);
    // The same without saying how long it will be.
    let target = format!("/sim/file?{}", stage.query(upload));
    let mut stream = TcpStream::connect(stage.sim.address()).await.unwrap();
    let head = format!("POST {target} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
    let chunks = format!("258\r\n{}\r\n", "a".repeat(600)).repeat(2);
    stream.write_all(format!("{head}{chunks}").as_bytes()).await.unwrap();
    assert_eq!(Answer::read(stream).await.status, 413);
    // A page that goes in the middle.
    let mut stream = TcpStream::connect(stage.sim.address()).await.unwrap();
    let head = format!("POST {target} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900\r\n\r\nhalf");
    stream.write_all(head.as_bytes()).await.unwrap();
    drop(stream);
    let folder = stage.folder.path().join("sim/devices/alice/_doc/uniapp_temp");
    stage.sim.stop().await;
    assert_eq!(std::fs::read_dir(folder).unwrap().count(), 1, "what did not arrive is taken away");
}

#[tokio::test]
async fn a_second_page_takes_the_device_over_and_starts_fresh_on_the_same_data() {
    let stage = Stage::new().await;
    let mut first = stage.page("alice").await;
    first.log_in("alice").await;
    let mut second = stage.page("alice").await;
    assert_eq!(first.hear().await, Err(4001));
    // The folder is free: the first page's core was closed before.
    second.log_in("alice").await;
    // A crowd: the last one has it.
    let mut crowd = Vec::new();
    for _ in 0..5 {
        crowd.push(stage.page("alice").await);
    }
    assert_eq!(second.hear().await, Err(4001));
    let mut last = crowd.pop().unwrap();
    last.log_in("alice").await;
    for mut other in crowd {
        let end = loop {
            if let Err(code) = other.hear().await {
                break code;
            }
        };
        assert_eq!(end, 4001);
    }
    // Another device is not concerned.
    stage.page("bob").await.log_in("bob").await;
    last.call(9, "getLoginUser", json!({})).await;
    assert_eq!(last.result(9).await["userId"], "alice");
}

#[tokio::test]
async fn a_reload_in_the_middle_of_a_call_gives_the_device_back() {
    let stage = Stage::new().await;
    for round in 0..5 {
        let mut page = stage.page("alice").await;
        let hello = page.hear().await.unwrap()["hello"].clone();
        page.call(1, "init", json!({ "sdkAppId": hello["appId"] })).await;
        page.call(2, "login", json!({ "userId": "alice", "userSig": "" })).await;
        if round % 2 == 0 {
            // Gone without a word.
            drop(page);
        } else {
            page.socket.close(None).await.unwrap();
        }
    }
    stage.page("alice").await.log_in("alice").await;
}

#[tokio::test]
async fn a_slow_page_gets_512_deliveries_and_the_rest_in_order_once_it_has_handled_them() {
    let stage = Stage::new().await;
    let mut page = stage.page("alice").await;
    page.hear().await.unwrap();
    for id in 1..=1_300 {
        page.call(id, "getVersion", json!({})).await;
    }
    let mut heard = 0;
    for handled in [512, 1_024] {
        while heard < handled {
            heard += 1;
            assert_eq!(page.hear().await.unwrap()["id"], heard);
        }
        assert!(page.has_silence().await, "it waits for the page");
        page.say(json!({ "ack": heard + 1 }).to_string()).await;
        assert!(page.hear().await.unwrap()["error"].is_string(), "not so many were sent");
        page.say(json!({ "ack": heard }).to_string()).await;
    }
    while heard < 1_300 {
        heard += 1;
        assert_eq!(page.hear().await.unwrap()["id"], heard);
    }
}

#[tokio::test]
async fn a_frame_that_is_not_understood_is_answered_and_one_that_is_too_large_ends_the_socket() {
    let stage = Stage::new().await;
    let mut page = stage.page("alice").await;
    page.hear().await.unwrap();
    for bad in ["", "nonsense", "[]", r#"{"id":0,"method":"x"}"#, r#"{"ack":5}"#] {
        page.say(bad).await;
        assert!(page.hear().await.unwrap()["error"].is_string(), "{bad}");
    }
    page.socket.send(Message::binary(vec![1, 2, 3])).await.unwrap();
    assert!(page.hear().await.unwrap()["error"].is_string());
    page.call(1, "noSuchMethod", json!({})).await;
    assert_eq!(page.result(1).await["status"], false);
    let large = json!({ "id": 2, "method": "getVersion", "params": "a".repeat(1_024 * 1_024) });
    let _ = page.socket.send(Message::text(large.to_string())).await;
    assert_eq!(page.hear().await, Err(1009));
    stage.page("alice").await.log_in("alice").await;
}

#[tokio::test]
async fn a_cut_network_and_a_stopped_server_are_felt_by_the_core_and_mended() {
    let stage = Stage::new().await;
    let (mut alice, mut bob) = (stage.page("alice").await, stage.page("bob").await);
    alice.log_in("alice").await;
    bob.log_in("bob").await;
    alice.call(3, "setSDKListener", json!({})).await;
    let reason = async |page: &mut Page, what: &str| loop {
        let frame = page.hear().await.unwrap();
        if frame["id"] == 3 && frame["data"]["eventType"] == what {
            return;
        }
    };
    for (path, down, up) in [
        ("/control/network", "device=alice&state=cut", "device=alice&state=open"),
        ("/control/server", "state=stop", "state=start"),
    ] {
        assert_eq!(stage.post(path, down, b"").await.status, 200);
        reason(&mut alice, "onConnecting").await;
        assert_eq!(stage.post(path, up, b"").await.status, 200);
        reason(&mut alice, "onConnectSuccess").await;
    }
    assert_eq!(stage.get("/control/network", "device=alice").await.json()["state"], "open");
    assert_eq!(stage.get("/control/server", "").await.json()["state"], "start");
    for (path, query) in [
        ("/control/network", "device=alice&state=off"),
        ("/control/network", "state=cut"),
        ("/control/server", "state=kill"),
    ] {
        assert_eq!(stage.post(path, query, b"").await.status, 400, "{path} {query}");
    }
    let sig = stage.get("/control/sig", "user=carol&seconds=60").await.json();
    assert!(sig["userSig"].as_str().unwrap().len() > 50);
    assert_eq!(stage.get("/control/sig", "user=").await.status, 400);
}

#[tokio::test]
async fn a_device_that_runs_elsewhere_gets_the_network_and_the_folder_of_its_name() {
    let stage = Stage::new().await;
    let device = stage.get("/control/device", "device=bob").await.json();
    let folder = stage.folder.path().canonicalize().unwrap().join("sim/devices/bob/_doc");
    assert_eq!(device["documents"], folder.to_str().unwrap());
    let server = device["server"].as_str().unwrap();
    assert_ne!(server, stage.sim.server_url());
    let address = server.strip_prefix("ws://").unwrap();
    let reaches = async || match TcpStream::connect(address).await {
        Ok(stream) => tokio_tungstenite::client_async(server, stream).await.is_ok(),
        Err(_) => false,
    };
    assert!(reaches().await);
    assert_eq!(stage.post("/control/network", "device=bob&state=cut", b"").await.status, 200);
    assert!(!reaches().await);
    assert_eq!(stage.get("/control/device", "device=bob").await.json()["server"], server, "it stays");
    assert_eq!(stage.get("/control/device", "device=../bob").await.status, 400);
    assert_eq!(stage.post("/control/device", "device=bob", b"").await.status, 405);
}

#[tokio::test]
async fn a_server_elsewhere_is_reached_but_not_commanded() {
    let first = Stage::new().await;
    let (url, app_id) = (first.sim.server_url().to_owned(), first.sim.app_id());
    let second = Stage::with(|settings, _| settings.server = Server::Other { url, app_id }).await;
    second.page("alice").await.log_in("alice").await;
    assert_eq!(second.get("/sim/info", "").await.json()["canControl"], false);
    assert_eq!(second.post("/control/server", "state=stop", b"").await.status, 400);
    assert_eq!(second.get("/control/sig", "user=alice").await.status, 400);
    assert_eq!(second.post("/control/network", "device=alice&state=cut", b"").await.status, 200);
    for url in ["http://127.0.0.1:1", "127.0.0.1", "ws://", "nonsense"] {
        let mut settings = Settings::new(first.folder.path());
        settings.server = Server::Other { url: url.into(), app_id };
        assert!(Sim::start(settings).await.is_err(), "{url}");
    }
}

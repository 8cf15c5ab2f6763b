//! The public UserSig generators of npm and PyPI and ours understand each other.
//!
//! They are installed into `target/foreign`. Neither of them verifies, so ours is held against their own HMAC function.
//! Without node or python a line says what to install; where `CI` is set, that is a failure.
// Functions beside the tests are tests too.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::print_stdout)]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{SystemTime, UNIX_EPOCH};

use whinchat_proto::user_sig::{UserSig, UserSigClaims, sign};

const APP: u64 = 1_400_000_001;
const KEY: &str = "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e";

fn target() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("../foreign");
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// Standard output of a program, without the line break at its end.
fn output(command: &mut Command) -> String {
    let out = command.stderr(Stdio::inherit()).output().unwrap();
    assert!(out.status.success(), "{command:?} ended with {}", out.status);
    String::from_utf8(out.stdout).unwrap().trim_end().to_owned()
}

fn is_there(program: &str, args: &[&str], install: &str) -> bool {
    let there = Command::new(program)
        .args(args)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if !there {
        let line = format!("{program} is missing, so its UserSig generator was not tried: install {install}");
        assert!(std::env::var_os("CI").is_none(), "{line}");
        println!("{line}");
    }
    there
}

fn now_s() -> i64 {
    i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()).unwrap()
}

/// A foreign generator: how a script of its language is run, and the scripts. Each prints its result; `a` holds the
/// arguments.
struct Foreign<'a> {
    run: &'a dyn Fn(&str, &[&str]) -> String,
    /// A UserSig of a user for a lifetime.
    sign: &'a str,
    /// The same with user data.
    sign_with_data: &'a str,
    /// The package's own HMAC of user, time, lifetime and, unless empty, base64 of the user data.
    mac: &'a str,
    /// The JSON in a UserSig.
    unpack: &'a str,
}

fn both_ways(foreign: &Foreign<'_>) {
    let run = foreign.run;
    for user in ["alice", "user-1_x", "a b", "0"] {
        let text = run(foreign.sign, &[user, "3600"]);
        let sig = UserSig::parse(&text).unwrap();
        let claims = sig.verify(KEY.as_bytes(), APP, user, now_s() * 1_000).unwrap();
        assert!((claims.issued_s - now_s()).abs() < 60);
        assert_eq!(claims.lifetime_s, 3_600);
        assert_eq!(claims.user_buf, None);
        let code =
            |key: &str, app, user, now_ms| sig.verify(key.as_bytes(), app, user, now_ms).unwrap_err().code;
        assert_eq!(code(KEY, APP, user, (now_s() + 3_700) * 1_000), 70001);
        assert_eq!(code("another key", APP, user, now_s() * 1_000), 70009);
        assert_eq!(code(KEY, APP, "somebody", now_s() * 1_000), 70013);
        assert_eq!(code(KEY, APP + 1, user, now_s() * 1_000), 70014);

        let text = run(foreign.sign_with_data, &[user, "60", "room 7"]);
        let sig = UserSig::parse(&text).unwrap();
        let claims = sig.verify(KEY.as_bytes(), APP, user, now_s() * 1_000).unwrap();
        assert_eq!(claims.user_buf.as_deref(), Some(b"room 7".as_slice()));

        for user_buf in [None, Some(b"room 7".to_vec())] {
            let claims = UserSigClaims {
                user_id: user.into(),
                app_id: APP,
                issued_s: now_s(),
                lifetime_s: 600,
                user_buf: user_buf.clone(),
            };
            let ours = sign(&claims, KEY.as_bytes()).unwrap();
            let document: serde_json::Value = serde_json::from_str(&run(foreign.unpack, &[&ours])).unwrap();
            assert_eq!(document["TLS.ver"], "2.0");
            assert_eq!(document["TLS.identifier"], user);
            assert_eq!(document["TLS.sdkappid"], APP);
            assert_eq!(document["TLS.expire"], 600);
            assert_eq!(document["TLS.time"], claims.issued_s);
            let data = document["TLS.userbuf"].as_str().unwrap_or_default();
            assert_eq!(data.is_empty(), user_buf.is_none());
            let mac = run(foreign.mac, &[user, &claims.issued_s.to_string(), "600", data]);
            assert_eq!(document["TLS.sig"], mac);
        }
    }
}

#[test]
fn slow_the_generator_of_npm_and_ours_understand_each_other() {
    if !is_there("node", &["--version"], "Node.js") || !is_there("npm", &["--version"], "Node.js with npm") {
        return;
    }
    let folder = target().join("npm");
    let module = folder.join("node_modules/tls-sig-api-v2/TLSSigAPIv2.js");
    if !module.exists() {
        output(
            Command::new("npm")
                .args(["install", "--silent", "--no-audit", "--no-fund", "--prefix"])
                .arg(&folder)
                .arg("tls-sig-api-v2@1.0.2"),
        );
    }
    let node = |script: &str, args: &[&str]| {
        let script = format!(
            "const api = new (require({module:?}).Api)({APP}, {KEY:?}); const a = process.argv.slice(1); \
             console.log({script})"
        );
        output(Command::new("node").arg("-e").arg(script).arg("--").args(args))
    };
    both_ways(&Foreign {
        run: &node,
        sign: "api.genSig(a[0], Number(a[1]))",
        sign_with_data: "api.genSig(a[0], Number(a[1]), a[2])",
        mac: "api._hmacsha256(a[0], a[1], a[2], a[3] === '' ? null : a[3])",
        unpack: "require('zlib').inflateSync(Buffer.from(a[0].replace(/\\*/g, '+').replace(/-/g, '/')\
                 .replace(/_/g, '='), 'base64')).toString()",
    });
}

#[test]
fn slow_the_generator_of_pypi_and_ours_understand_each_other() {
    if !is_there("python3", &["-m", "pip", "--version"], "Python 3 with pip") {
        return;
    }
    let folder = target().join("pypi");
    if !folder.join("TLSSigAPIv2.py").exists() {
        output(
            Command::new("python3")
                .args([
                    "-m",
                    "pip",
                    "install",
                    "-q",
                    "--disable-pip-version-check",
                    "--root-user-action=ignore",
                    "-t",
                ])
                .arg(&folder)
                .arg("tls-sig-api-v2==1.1"),
        );
    }
    let python = |script: &str, args: &[&str]| {
        let script = format!(
            "import sys, zlib, TLSSigAPIv2 as t\napi = t.TLSSigAPIv2({APP}, {KEY:?})\na = sys.argv[1:]\nprint({script})"
        );
        output(Command::new("python3").env("PYTHONPATH", &folder).arg("-c").arg(script).args(args))
    };
    both_ways(&Foreign {
        run: &python,
        sign: "api.gen_sig(a[0], int(a[1]))",
        sign_with_data: "api.gen_sig_with_userbuf(a[0], int(a[1]), a[2].encode())",
        mac: "api._TLSSigAPIv2__hmacsha256(a[0], a[1], a[2], a[3] or None).decode()",
        unpack: "zlib.decompress(t.base64_decode_url(a[0].encode())).decode()",
    });
}

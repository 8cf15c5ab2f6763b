//! A program in C over the shipped library and a real server.
// Functions beside the tests are tests too.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing
)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{SystemTime, UNIX_EPOCH};

use whinchat_proto::user_sig::{UserSigClaims, sign};
use whinchat_server::{AppKey, Server, ServerConfig};

const APP_ID: u64 = 1_400_000_001;
const KEY: &str = "a key for this test only";

fn user_sig(user: &str) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let claims = UserSigClaims {
        user_id: user.to_owned(),
        app_id: APP_ID,
        issued_s: i64::try_from(now).unwrap(),
        lifetime_s: 86_400,
        user_buf: None,
    };
    sign(&claims, KEY.as_bytes()).unwrap()
}

/// Where cargo put the library that it built with this test.
fn library() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    test.parent().unwrap().to_owned()
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Compiles the program against the shared library.
fn compile(to: &Path) {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let library = library();
    assert!(
        library.join("libwhinchat.so").exists() || library.join("libwhinchat.dylib").exists(),
        "{library:?}"
    );
    let output = Command::new(std::env::var_os("CC").unwrap_or_else(|| "cc".into()))
        .args(["-std=c11", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror", "-g", "-pthread", "-I"])
        .arg(here.join("include"))
        .arg(here.join("tests/c/two_devices.c"))
        .arg("-o")
        .arg(to)
        .arg("-L")
        .arg(&library)
        .arg(format!("-Wl,-rpath,{}", library.display()))
        .arg("-lwhinchat")
        .output()
        .expect("a C compiler");
    assert!(output.status.success(), "{}", said(&output));
}

async fn run(mut program: Command, folder: &Path) {
    let config = ServerConfig {
        listen: ([127, 0, 0, 1], 0).into(),
        data: folder.join("server"),
        app_id: APP_ID,
        keys: vec![AppKey::new(KEY)],
        ..ServerConfig::default()
    };
    let server = Server::start(config).await.unwrap();
    program.arg(format!("ws://{}", server.local_addr())).arg(APP_ID.to_string()).arg(folder);
    program.arg(user_sig("alice")).arg(user_sig("bob"));
    let output = tokio::task::spawn_blocking(move || program.output().unwrap()).await.unwrap();
    server.stop().await;
    assert!(output.status.success(), "{}\n{}", output.status, said(&output));
    assert!(said(&output).contains("good"), "{}", said(&output));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_c_program_logs_two_devices_in_sends_receives_and_ends_them() {
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("two_devices");
    compile(&program);
    run(Command::new(&program), folder.path()).await;
    if Command::new("valgrind").arg("--version").output().is_err() {
        println!("valgrind is not here: memory was not looked at");
        return;
    }
    let again = tempfile::tempdir().unwrap();
    let mut valgrind = Command::new("valgrind");
    valgrind
        .args(["--quiet", "--error-exitcode=77", "--errors-for-leak-kinds=none", "--fair-sched=yes"])
        .arg(&program);
    run(valgrind, again.path()).await;
}

//! Where `swift` is: on the machine, or in a small Debian of its own that is made once.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

/// The release that has a Swift, and what is installed of it.
const SUITE: &str = "trixie";
const PACKAGES: &str = "swiftlang,libc6-dev";
/// Rises with every change of the recipe: an older system is then left where it is and a new one made.
const NAME: &str = "swift-6.0-debian-13-1";

/// What is not unpacked, because no test needs it: two thirds of the compiler's package.
const LEFT_OUT: &[&str] = &[
    "/usr/share/doc/*",
    "/usr/share/man/*",
    "/usr/share/locale/*",
    "/usr/lib/python3*",
    "/usr/libexec/gcc/*/cc1*",
    "/usr/libexec/gcc/*/lto1",
    "/usr/libexec/swift/bin/clangd",
    "/usr/libexec/swift/bin/lldb*",
    "/usr/libexec/swift/bin/sourcekit-lsp",
    "/usr/libexec/swift/bin/swift-format",
    "/usr/libexec/swift/lib/clang/*/lib/linux/libclang_rt.*",
    "/usr/libexec/swift/lib/libLTO*",
    "/usr/libexec/swift/lib/liblldb*",
    "/usr/libexec/swift/lib/libsourcekitdInProc*",
    "/usr/libexec/swift/lib/swift/FrameworkABIBaseline/*",
    "/usr/libexec/swift/lib/swift/embedded/*",
    "/usr/libexec/swift/lib/swift_static/*",
];

/// Opens a namespace of its own for what is mounted: it is gone with the last process in it, however that ends, and nobody
/// else sees it. The machine's network stays.
const APART: &[&str] = &["--mount", "--propagation", "private", "--pid", "--fork", "--kill-child", "--"];

/// Puts the machine's devices, its temporary folder and the workspace into the system, then runs a command in the workspace.
const ENTER: &str = r#"
set -e
root=$1 workspace=$2
shift 2
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount --bind /tmp "$root/tmp"
mkdir -p "$root$workspace"
mount --bind "$workspace" "$root$workspace"
exec chroot "$root" env --chdir "$workspace" "$@"
"#;

/// A Swift that runs.
pub(super) enum Toolchain {
    /// `swift` is on the PATH.
    Installed,
    /// It is in the system in this folder.
    Apart(PathBuf),
}

impl Toolchain {
    /// Finds it, or makes one; otherwise says in a line why there can be none.
    pub(super) fn find() -> Result<Self, String> {
        if quiet(Command::new("swift").arg("--version")) {
            return Ok(Self::Installed);
        }
        let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
        let cache = cache.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache")));
        let folder = cache.ok_or("no Swift: neither HOME nor XDG_CACHE_HOME says where one can be kept")?;
        let root = folder.join("whinchat").join(NAME);
        can_mount().and_then(|()| make(&root)).map_err(|why| format!("no Swift on the PATH, and {why}"))?;
        Ok(Self::Apart(root))
    }

    /// A program of the toolchain, with these settings in its environment. In a system of its own it sees the workspace and
    /// the temporary folder at the paths that they have here, and of the caller's environment nothing.
    pub(super) fn command(&self, workspace: &Path, settings: &[(&str, &OsStr)], program: &OsStr) -> Command {
        let mut command = match self {
            Self::Installed => Command::new("env"),
            Self::Apart(root) => {
                let mut home = OsString::from("HOME=");
                home.push(workspace.join("target/swift/home"));
                let mut command = Command::new("unshare");
                command.args(APART).args(["sh", "-c", ENTER, "enter"]).arg(root).arg(workspace);
                command
                    .args(["env", "-i", "PATH=/usr/libexec/swift/bin:/usr/bin:/bin", "LANG=C.UTF-8"])
                    .arg(home);
                command
            }
        };
        for (name, value) in settings {
            let mut setting = OsString::from(*name);
            setting.push("=");
            setting.push(value);
            command.arg(setting);
        }
        command.arg(program);
        command
    }
}

/// Whether a folder of this machine can be put into another system.
fn can_mount() -> Result<(), String> {
    if !cfg!(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64"))) {
        return Err("one can be made only on Linux (amd64, arm64): install it from https://swift.org".into());
    }
    if !quiet(Command::new("sh").args(["-c", "test \"$(id -u)\" = 0"])) {
        return Err("only root can make one: install it from https://swift.org, or run this as root".into());
    }
    let try_it = "mount -t tmpfs none /mnt";
    if quiet(Command::new("unshare").args(APART).args(["sh", "-c", try_it])) {
        return Ok(());
    }
    Err("this machine lets nobody mount anything (unshare --mount): install it from https://swift.org".into())
}

/// Makes the system at `root` unless it is there. It gets its name when it is complete, so one whose making was broken off is
/// begun anew; one maker at a time.
fn make(root: &Path) -> Result<(), String> {
    let said = |what: &Path| {
        let what = what.display().to_string();
        move |error: std::io::Error| format!("{what} cannot be written: {error}")
    };
    if root.exists() {
        return Ok(());
    }
    let folder = root.parent().ok_or("its folder has no name")?;
    fs::create_dir_all(folder).map_err(said(folder))?;
    let lock = root.with_file_name(format!("{NAME}.lock"));
    let lock = File::create(&lock).map_err(said(&lock))?;
    lock.lock().map_err(|error| format!("its making cannot be locked: {error}"))?;
    if root.exists() {
        return Ok(());
    }
    let (begun, start) = (root.with_file_name(format!("{NAME}.making")), Instant::now());
    println!("== swift: {} is made, because there is no Swift (a minute and a half, 1.2 GB)", root.display());
    if begun.exists() {
        fs::remove_dir_all(&begun).map_err(said(&begun))?;
    }
    if let Err(why) = fill(&begun, &lock) {
        // As good as it can be: the next maker begins anew in any case.
        let _ = fs::remove_dir_all(&begun);
        return Err(why);
    }
    fs::rename(&begun, root).map_err(said(root))?;
    println!("== swift: there after {:.0} s", start.elapsed().as_secs_f64());
    Ok(())
}

/// Installs the system.
fn fill(begun: &Path, lock: &File) -> Result<(), String> {
    let said = |error: std::io::Error| format!("{} cannot be written: {error}", begun.display());
    debootstrap()?;
    let include = format!("--include={PACKAGES}");
    run(
        Command::new("debootstrap").args(["--foreign", "--variant=minbase", &include, SUITE]).arg(begun),
        lock,
    )?;
    // Nothing of it has to outlive a power cut: what is not complete has no name.
    let mut lines = String::from("force-unsafe-io\n");
    for path in LEFT_OUT {
        lines.push_str(&format!("path-exclude={path}\n"));
    }
    let configuration = begun.join("etc/dpkg/dpkg.cfg.d");
    fs::create_dir_all(&configuration)
        .and_then(|()| fs::write(configuration.join("slim"), lines))
        .map_err(said)?;
    let second =
        r#"mount -t proc proc "$1/proc" && exec chroot "$1" /debootstrap/debootstrap --second-stage"#;
    run(Command::new("unshare").args(APART).args(["sh", "-c", second, "second"]).arg(begun), lock)?;
    for downloaded in ["var/cache/apt/archives", "var/lib/apt/lists"] {
        fs::remove_dir_all(begun.join(downloaded)).map_err(said)?;
    }
    Ok(())
}

/// The program that makes a Debian; installed when that can be done without asking anybody.
fn debootstrap() -> Result<(), String> {
    let there = || quiet(Command::new("debootstrap").arg("--version"));
    if there() {
        return Ok(());
    }
    let install = "apt-get install -y debootstrap debian-archive-keyring";
    let install = format!("{install} || (apt-get update && {install})");
    if quiet(Command::new("sh").args(["-c", &install])) && there() {
        return Ok(());
    }
    Err("there is no debootstrap to make one with: apt-get install debootstrap".into())
}

/// Runs a command and shows what it said only as far as it failed. It holds the lock too: when this process is killed, the next
/// maker waits until what it has started is gone.
fn run(command: &mut Command, lock: &File) -> Result<(), String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let lock = lock.try_clone().map_err(|error| format!("its making cannot be locked: {error}"))?;
    let output = command.stdin(Stdio::from(lock)).output();
    let output = output.map_err(|error| format!("{name} did not start: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    let last = said.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("without a word");
    Err(format!("making one failed: {last} ({name}, {})", output.status))
}

fn quiet(command: &mut Command) -> bool {
    let silent = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    silent.status().is_ok_and(|status| status.success())
}

//! `cargo xtask uniapp pack`: the package that a team drops into `nativeplugins/`, put together from what can be built here and
//! looked at before it is handed out.

mod android;
mod apple;
mod archive;
mod check;
mod class_file;
mod description;
mod json;
mod library;
mod uts;

use std::fs;
use std::path::{Path, PathBuf};

use check::{Findings, Package, Target};
use json::Json;

use super::host::Host;
use crate::prerequisites;

const PLUGIN: &str = "uniapp-plugin/nativeplugins/Whinchat-IM";
const OUT: &str = "target/uniapp";
const CONTRACT: &str = "uniapp-plugin/contract/methods.txt";
const EXPORTS: &str = "uniapp-plugin/shell/ios/generated/WhinchatIMModule.m";
const HEADERS: &str = "crates/whinchat-mobile/include";
const LICENSES: &[&str] = &["LICENSE-APACHE", "LICENSE-MIT"];
const VERSION: &str = env!("CARGO_PKG_VERSION");
/// The plugin whose place ours takes, and a script of an app that has it.
const OTHER: &str = "RY-TencentIM";
const SCRIPT: &str = "uniapp-plugin/tests/packages/RY-TencentIM.js";

/// What was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Order {
    what: What,
    /// Whether a package that lacks something will do.
    incomplete: bool,
}

/// A package.
#[derive(Clone, Debug, PartialEq, Eq)]
enum What {
    /// The native plugin, with a module of this name.
    Native(String),
    /// The same, for the hosts of this machine, which have its own library.
    Hosted(String),
    /// The UTS plugin.
    Uts,
}

/// `uniapp pack [--module-name NAME] [--host | --uts] [--allow-incomplete]`.
pub(crate) fn pack(args: &[String]) -> Result<(), String> {
    let order = order(args)?;
    prerequisites::jdk_and_maven()?;
    match make(&order.what)? {
        Some(made) if !made.is_complete && !order.incomplete => Err(
            "the package is incomplete: it can be looked at, and no app can be made of it (--allow-incomplete takes it for good)"
                .into(),
        ),
        _ => Ok(()),
    }
}

fn order(args: &[String]) -> Result<Order, String> {
    let (mut module, mut host, mut uts, mut incomplete) = (None, false, false, false);
    let mut args = args.iter();
    while let Some(flag) = args.next() {
        match flag.as_str() {
            "--module-name" => {
                module =
                    Some(args.next().ok_or("--module-name needs the name that the app asks for")?.clone());
            }
            "--host" => host = true,
            "--uts" => uts = true,
            "--allow-incomplete" => incomplete = true,
            _ => return Err(format!("`cargo xtask uniapp pack` knows no {flag}")),
        }
    }
    // It becomes a folder's name.
    if let Some(name) = module.as_deref().filter(|name| !description::is_name(name)) {
        return Err(format!(
            "no plugin can be called {name:?}: letters, digits, `-` and `_`, with a letter in front"
        ));
    }
    let what = match (module, host, uts) {
        (None, false, true) => What::Uts,
        (_, _, true) => return Err("--uts goes with neither --module-name nor --host".into()),
        (module, true, false) => What::Hosted(module.unwrap_or_else(|| description::OWN.to_owned())),
        (module, false, false) => What::Native(module.unwrap_or_else(|| description::OWN.to_owned())),
    };
    Ok(Order { what, incomplete })
}

/// A zip.
struct Zip {
    file: PathBuf,
    is_complete: bool,
}

/// Makes a package and looks at it; hosts load it from its folder and get no zip.
fn make(what: &What) -> Result<Option<Zip>, String> {
    let (folder, findings) = match what {
        What::Native(module) => {
            let folder = assemble(module, Target::Phones)?;
            let findings = look(&folder, Target::Phones)?;
            (folder, findings)
        }
        What::Hosted(module) => {
            let folder = assemble(module, Target::Host)?;
            let findings = look(&folder, Target::Host)?;
            (folder, findings)
        }
        What::Uts => {
            let folder = uts::assemble()?;
            let findings = uts::look(&folder)?;
            (folder, findings)
        }
    };
    if !findings.faults.is_empty() {
        return Err(format!("{} is not good:\n  {}", folder.display(), findings.faults.join("\n  ")));
    }
    if let What::Hosted(_) = what {
        println!("{}: as the hosts of this machine load it", folder.display());
        return Ok(None);
    }
    hand_out(&folder, &findings).map(Some)
}

/// What `cargo xtask test` runs: every package that can be made here, the same bytes from the same files, and a script in an app
/// that has one under another plugin's name.
pub(crate) fn test() -> Result<(), String> {
    if let Err(missing) = prerequisites::jdk_and_maven() {
        println!("packages: left out; {missing}");
        return Ok(());
    }
    for what in [What::Native(description::OWN.to_owned()), What::Native(OTHER.to_owned()), What::Uts] {
        let bytes = || match make(&what)? {
            Some(zip) => fs::read(&zip.file).map_err(|error| format!("{}: {error}", zip.file.display())),
            None => Err(format!("{what:?} gave no zip")),
        };
        if bytes()? != bytes()? {
            return Err(format!("{what:?}: the same files gave two different packages"));
        }
    }
    make(&What::Hosted(OTHER.to_owned()))?;
    let package = format!("{OUT}/hosted/{OTHER}");
    for host in Host::natives() {
        super::ended(&mut host.runs(Some(&package), &["--brief"], &[SCRIPT.into()])?, "the script")?;
    }
    Ok(())
}

/// Puts a package together in a new folder and gives that.
fn assemble(module: &str, target: Target) -> Result<PathBuf, String> {
    let (place, classes) = match target {
        Target::Phones => ("pack", android::Classes::Plugin),
        Target::Host => ("hosted", android::Classes::Host),
    };
    let folder = Path::new(OUT).join(place).join(description::id(module));
    let _ = fs::remove_dir_all(&folder);
    copy(Path::new(PLUGIN), &folder)?;
    for license in LICENSES {
        copy(Path::new(license), &folder.join(license))?;
    }
    let file = folder.join("package.json");
    let fault = |fault: String| format!("{PLUGIN}/package.json: {fault}");
    let text = description::with_module(&read(&file)?, module).map_err(fault)?;
    fs::write(&file, &text).map_err(|error| format!("{} cannot be written: {error}", file.display()))?;
    let description = Json::read(&text).map_err(fault)?;
    let abis =
        description.at(&["_dp_nativeplugin", "android", "abis"]).and_then(Json::texts).unwrap_or_default();
    android::build(&folder.join("android"), classes, &abis)?;
    apple::privacy(&folder.join("ios"))?;
    if target == Target::Phones {
        apple::build(&folder.join("ios"), apple::Classes::Plugin, VERSION)?;
    }
    Ok(folder)
}

/// Opens the archives of a package and looks at everything.
fn look(folder: &Path, target: Target) -> Result<Findings, String> {
    let opened = Path::new(OUT).join("opened");
    let _ = fs::remove_dir_all(&opened);
    for file in files(&folder.join("android"))? {
        if file.extension().is_some_and(|kind| kind == "aar" || kind == "jar") {
            open(&file)?;
        }
    }
    Ok(check::check(&Package {
        folder,
        opened: &opened,
        names: &check::names(&read(Path::new(CONTRACT))?),
        exports: &read(Path::new(EXPORTS))?,
        header: &headers()?,
        version: VERSION,
        target,
    }))
}

/// Opens an archive beside the package, with the classes in it, and gives the folder.
fn open(file: &Path) -> Result<PathBuf, String> {
    let opened = Path::new(OUT).join("opened").join(file.file_name().unwrap_or_default());
    let _ = fs::remove_dir_all(&opened);
    if file.extension().is_some_and(|kind| kind == "jar") {
        archive::open(file, &opened.join("classes"))?;
        return Ok(opened);
    }
    archive::open(file, &opened)?;
    let classes = opened.join("classes.jar");
    if classes.is_file() {
        archive::open(&classes, &opened.join("classes"))?;
    }
    Ok(opened)
}

/// Makes the zip; its name says whether something is missing.
fn hand_out(folder: &Path, findings: &Findings) -> Result<Zip, String> {
    let id = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let complete = findings.missing.is_empty();
    let [whole, part] =
        ["", "-incomplete"].map(|mark| Path::new(OUT).join(format!("{id}-{VERSION}{mark}.zip")));
    let (zip, other) = if complete { (whole, part) } else { (part, whole) };
    // What an earlier run made of other files would be taken for this one's.
    let _ = fs::remove_file(other);
    archive::make(&zip, folder.parent().unwrap_or(Path::new(".")), &id)?;
    let names = archive::list(&zip)?;
    if let Some(stray) = names.iter().find(|name| !name.starts_with(&format!("{id}/"))) {
        return Err(format!("{}: {stray} does not lie in {id}/", zip.display()));
    }
    println!("{}: {} files, {}", zip.display(), names.len(), kilobytes(&zip));
    for file in files(folder)? {
        println!("  {}: {}", file.strip_prefix(folder).unwrap_or(&file).display(), kilobytes(&file));
    }
    for missing in &findings.missing {
        println!("  missing: {missing}");
    }
    Ok(Zip { file: zip, is_complete: complete })
}

fn kilobytes(file: &Path) -> String {
    let size = fs::metadata(file).map_or(0, |metadata| metadata.len());
    format!("{} KB", size.div_ceil(1_024))
}

/// Every file in a folder and in its folders, in order; none if there is no such folder.
fn files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let mut files = Vec::new();
    if folder.is_dir() {
        let entries =
            fs::read_dir(folder).map_err(|error| format!("{} cannot be read: {error}", folder.display()))?;
        for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
            if path.is_dir() { files.extend(self::files(&path)?) } else { files.push(path) }
        }
    }
    files.sort();
    Ok(files)
}

/// Copies a file, or a folder with all that is in it.
fn copy(from: &Path, to: &Path) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("{} cannot be copied: {error}", from.display());
    if !from.is_dir() {
        fs::create_dir_all(to.parent().unwrap_or(to)).map_err(failed)?;
        return fs::copy(from, to).map(drop).map_err(failed);
    }
    for entry in fs::read_dir(from).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        copy(&entry.path(), &to.join(entry.file_name()))?;
    }
    Ok(())
}

/// The C interface of the library.
fn headers() -> Result<String, String> {
    files(Path::new(HEADERS))?.iter().map(|file| read(file)).collect()
}

fn read(file: &Path) -> Result<String, String> {
    fs::read_to_string(file).map_err(|error| format!("{} cannot be read: {error}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ordered(args: &[&str]) -> Result<Order, String> {
        order(&args.iter().map(|&arg| arg.to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn an_order_says_what_is_made_and_whether_it_may_lack_something() {
        let native = |name: &str, incomplete| Ok(Order { what: What::Native(name.to_owned()), incomplete });
        assert_eq!(ordered(&[]), native("Whinchat-IM", false));
        assert_eq!(
            ordered(&["--module-name", "RY-TencentIM", "--allow-incomplete"]),
            native("RY-TencentIM", true)
        );
        assert_eq!(ordered(&["--uts"]), Ok(Order { what: What::Uts, incomplete: false }));
        let hosted = What::Hosted("RY-TencentIM".to_owned());
        assert_eq!(
            ordered(&["--host", "--module-name", "RY-TencentIM"]),
            Ok(Order { what: hosted, incomplete: false })
        );
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        for args in [
            &["--uts", "--host"][..],
            &["--uts", "--module-name", "X"],
            &["--module-name"],
            &["--fast"],
            &["zip"],
        ] {
            assert!(ordered(args).is_err(), "{args:?}");
        }
    }
}

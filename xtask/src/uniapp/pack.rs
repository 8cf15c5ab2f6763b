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

const PLUGIN: &str = "uniapp-plugin/nativeplugins/Whinchat-IM";
const OUT: &str = "target/uniapp";
const CONTRACT: &str = "uniapp-plugin/contract/methods.txt";
const EXPORTS: &str = "uniapp-plugin/shell/ios/generated/WhinchatIMModule.m";
const HEADERS: &str = "crates/whinchat-mobile/include";
const LICENSES: &[&str] = &["LICENSE-APACHE", "LICENSE-MIT"];
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What was asked for.
struct Order {
    /// The name that apps ask for.
    module: String,
    /// For the hosts of this machine, which have its own library.
    host: bool,
    /// The UTS plugin in place of the native one.
    uts: bool,
    /// Whether a package that lacks something will do.
    incomplete: bool,
}

/// `uniapp pack [--module-name NAME | --uts] [--host] [--allow-incomplete]`.
pub(crate) fn pack(args: &[String]) -> Result<(), String> {
    let order = order(args)?;
    if let Some(missing) = archive::missing() {
        return Err(missing);
    }
    let (folder, findings) = if order.uts {
        let folder = uts::assemble()?;
        let findings = uts::look(&folder)?;
        (folder, findings)
    } else {
        let folder = assemble(&order)?;
        let findings = look(&folder, if order.host { Target::Host } else { Target::Phones })?;
        (folder, findings)
    };
    if !findings.faults.is_empty() {
        return Err(format!("{} is not good:\n  {}", folder.display(), findings.faults.join("\n  ")));
    }
    if order.host && !order.uts {
        println!("{}: as it is loaded by the hosts of this machine", folder.display());
        return Ok(());
    }
    hand_out(&folder, &findings)?;
    if findings.missing.is_empty() || order.incomplete {
        return Ok(());
    }
    Err("the package is incomplete: it can be looked at, and no app can be made of it (--allow-incomplete takes it for good)".into())
}

fn order(args: &[String]) -> Result<Order, String> {
    let mut order = Order { module: description::OWN.to_owned(), host: false, uts: false, incomplete: false };
    let mut args = args.iter();
    while let Some(flag) = args.next() {
        match flag.as_str() {
            "--module-name" => {
                order.module =
                    args.next().ok_or("--module-name needs the name that the app asks for")?.clone();
            }
            "--host" => order.host = true,
            "--uts" => order.uts = true,
            "--allow-incomplete" => order.incomplete = true,
            _ => return Err(format!("`cargo xtask uniapp pack` knows no {flag}")),
        }
    }
    Ok(order)
}

/// Puts a package together in a new folder and gives that.
fn assemble(order: &Order) -> Result<PathBuf, String> {
    let id = description::id(&order.module);
    let folder = Path::new(OUT).join(if order.host { "hosted" } else { "pack" }).join(id);
    let _ = fs::remove_dir_all(&folder);
    copy(Path::new(PLUGIN), &folder)?;
    for license in LICENSES {
        copy(Path::new(license), &folder.join(license))?;
    }
    let file = folder.join("package.json");
    let text = read(&file)?;
    let text = description::with_module(&text, &order.module)
        .map_err(|fault| format!("{PLUGIN}/package.json: {fault}"))?;
    fs::write(&file, &text).map_err(|error| format!("{} cannot be written: {error}", file.display()))?;
    let classes = if order.host { android::Classes::Host } else { android::Classes::Plugin };
    let description = json::Json::read(&text)?;
    let abis = description
        .at(&["_dp_nativeplugin", "android", "abis"])
        .and_then(json::Json::texts)
        .unwrap_or_default();
    android::build(&folder.join("android"), classes, &abis)?;
    apple::privacy(&folder.join("ios"))?;
    if !order.host {
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
fn hand_out(folder: &Path, findings: &Findings) -> Result<(), String> {
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
    Ok(())
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

//! The UTS plugin with its libraries: the same core, and of the shells only what knows nothing of the vendor's native plugins.

use std::fs;
use std::path::{Path, PathBuf};

use super::check::{self, Findings};
use super::json::Json;
use super::{OUT, VERSION, apple, copy, files, read};

const MODULE: &str = "uniapp-plugin/uni_modules/whinchat-im";
const ID: &str = "whinchat-im";

/// Puts it together in a new folder and gives that.
pub(super) fn assemble() -> Result<PathBuf, String> {
    let folder = Path::new(OUT).join("uni_modules").join(ID);
    let _ = fs::remove_dir_all(&folder);
    copy(Path::new(MODULE), &folder)?;
    let [android, ios] = ["app-android", "app-ios"].map(|platform| folder.join("utssdk").join(platform));
    let config = Json::read(&read(&android.join("config.json"))?)?;
    let abis = config.get("abis").and_then(Json::texts).unwrap_or_default();
    super::android::build(&android.join("libs"), super::android::Classes::Core, &abis)?;
    apple::privacy(&ios)?;
    apple::build(&ios.join("Frameworks"), apple::Classes::Core, VERSION)?;
    Ok(folder)
}

/// Looks at it.
pub(super) fn look(folder: &Path) -> Result<Findings, String> {
    let mut findings = Findings::default();
    for file in files(folder)? {
        if file.extension().is_some_and(|kind| kind == "json")
            && !file.to_string_lossy().contains(".framework/")
        {
            let said = Json::read(&read(&file)?).err();
            findings.faults.extend(said.map(|fault| format!("{}: {fault}", file.display())));
        }
    }
    description(&folder.join("package.json"), &mut findings)?;
    let names = check::names(&read(Path::new(super::CONTRACT))?);
    for platform in ["app-android", "app-ios", "web"] {
        let text = read(&folder.join("utssdk").join(platform).join("index.uts"))?;
        let exported = text.lines().filter_map(|line| line.strip_prefix("export function ")?.split_once('('));
        // Swift lets no function be called `init`.
        let exported =
            exported.map(|(name, _)| if name == "initSDK" { "init".into() } else { name.to_owned() });
        findings.faults.extend(check::difference(&exported.collect(), &names, platform));
    }
    android(&folder.join("utssdk/app-android/libs"), &mut findings)?;
    for name in ["WhinchatFFI.framework", "WhinchatIM.framework"] {
        if !folder.join("utssdk/app-ios/Frameworks").join(name).is_dir() {
            findings.missing.push(format!("app-ios: {name} (it needs a Mac with Xcode)"));
        }
    }
    Ok(findings)
}

fn description(file: &Path, findings: &mut Findings) -> Result<(), String> {
    let description = Json::read(&read(file)?)?;
    let text = |path: &[&str]| description.at(path).and_then(Json::text).unwrap_or_default().to_owned();
    for (path, expected) in [(&["id"][..], ID), (&["version"], VERSION), (&["dcloudext", "type"], "uts")] {
        let said = text(path);
        if said != expected {
            findings
                .faults
                .push(format!("package.json: {} is {said:?} and has to be {expected:?}", path.join(".")));
        }
    }
    Ok(())
}

fn android(libs: &Path, findings: &mut Findings) -> Result<(), String> {
    let archives = files(libs)?;
    let Some(file) = archives.iter().find(|file| file.extension().is_some_and(|kind| kind == "aar")) else {
        findings
            .missing
            .push("app-android: the archive with the core's classes (it needs a JDK and Maven)".into());
        return Ok(());
    };
    let opened = super::open(file)?;
    let config = Json::read(&read(&libs.with_file_name("config.json"))?)?;
    let abis = config.get("abis").and_then(Json::texts).unwrap_or_default();
    check::core_archive(&opened, &abis, &super::headers()?, findings);
    Ok(())
}

//! The Objective-C host: the shell and its test host, built for this machine with GNUstep and JavaScriptCore.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use super::{HEADER, SHELL, object, said, sources};
use crate::node;
use crate::step::Step;

/// The host's sources.
const SOURCES: &str = "uniapp-plugin/hosts/objc";
/// What comes out of them.
const OUT: &str = "target/uniapp/objc";
/// The shell's questions about a phone are answered by the host itself.
const OF_A_PHONE: &str = "WhinchatIMPlatform.m";
/// How GCC's Objective-C runtime and GNUstep want their code.
const DIALECT: &[&str] = &[
    "-fblocks",
    "-fobjc-runtime=gcc",
    "-fconstant-string-class=NSConstantString",
    "-fexceptions",
    "-fobjc-exceptions",
    "-pthread",
    "-D_GNU_SOURCE",
    "-DGNUSTEP",
    "-DGNU_RUNTIME=1",
    "-D_NATIVE_OBJC_EXCEPTIONS",
];
/// Valgrind of Debian 12 reads no newer DWARF.
const STRICT: &[&str] = &["-gdwarf-4", "-O1", "-Wall", "-Wextra", "-Werror", "-Wundeclared-selector"];
/// Headers that are not ours, and not held to our warnings.
const FOREIGN: &[&str] = &["/usr/include/GNUstep", "/usr/include/webkitgtk-4.1"];

/// Builds the host and the library that it loads; gives the program.
pub(crate) fn build() -> Result<PathBuf, String> {
    Step::cargo("build", &["build", "--quiet", "--package", "whinchat-mobile"]).run()?;
    let program = Path::new(OUT).join("host");
    node::once("objc-host", &[SOURCES, SHELL, HEADER], &program.to_string_lossy(), || compile(&program))?;
    Ok(program)
}

/// Compiles everything afresh, which takes two seconds: the host, and a program that tests the shell without JavaScript.
fn compile(host: &Path) -> Result<(), String> {
    let folder = Path::new(OUT);
    fs::create_dir_all(folder).map_err(|error| format!("{OUT} cannot be made: {error}"))?;
    let mut shell = sources(SHELL)?;
    shell.retain(|file| !file.ends_with(OF_A_PHONE));
    shell.extend(sources(&format!("{SHELL}/generated"))?);
    let around = sources(&format!("{SOURCES}/src"))?;
    let tests = sources(&format!("{SOURCES}/test"))?;
    let files: Vec<_> = [&shell[..], &around, &tests].concat();
    let runtime = gcc("-print-file-name=include")?;
    // The machine has more than one core, and each file is on its own.
    thread::scope(|scope| {
        let half = files.len().div_ceil(2);
        let each = |file: &PathBuf| compile_one(file, &object(file, folder), &runtime);
        let halves: Vec<_> =
            files.chunks(half).map(|files| scope.spawn(move || files.iter().try_for_each(each))).collect();
        halves
            .into_iter()
            .try_for_each(|half| half.join().unwrap_or_else(|_| Err("a compiler's thread died".into())))
    })?;
    let named = |file: &&PathBuf, names: &[&str]| {
        names.iter().any(|name| file.file_stem().is_some_and(|stem| stem == *name))
    };
    // The host has modules that break the rules, for its own tests; the tests of the shell have no JavaScript.
    let of_host = files.iter().filter(|file| !named(file, &["ShellTests"]));
    link(of_host, folder, host)?;
    let of_tests = files.iter().filter(|file| {
        shell.contains(file) || named(file, &["ShellTests", "Blocks", "DCUniBasePlugin", "HostPlatform"])
    });
    link(of_tests, folder, &folder.join("shell-tests"))
}

fn compile_one(file: &Path, to: &Path, runtime: &OsString) -> Result<(), String> {
    let mut clang = Command::new("clang");
    clang.args(DIALECT).args(STRICT);
    for folder in
        [&format!("{SOURCES}/include"), &format!("{SOURCES}/src"), &format!("{SHELL}/vendor"), SHELL, HEADER]
    {
        clang.arg(format!("-I{folder}"));
    }
    for folder in FOREIGN {
        clang.args(["-isystem", folder]);
    }
    // Behind clang's own headers: GCC's are wanted for its Objective-C alone.
    clang.arg("-idirafter").arg(runtime);
    said(clang.arg("-c").arg(file).arg("-o").arg(to)).map(drop)
}

fn link<'a>(files: impl Iterator<Item = &'a PathBuf>, folder: &Path, program: &Path) -> Result<(), String> {
    let library =
        fs::canonicalize("target/debug").map_err(|error| format!("target/debug is not there: {error}"))?;
    let support = gcc("-print-libgcc-file-name")?;
    let support = Path::new(&support).parent().unwrap_or(Path::new("/"));
    let mut clang = Command::new("clang");
    clang.args(files.map(|file| object(file, folder))).arg("-o").arg(program);
    for folder in [support, &library] {
        clang.arg("-L").arg(folder);
    }
    clang.arg(format!("-Wl,-rpath,{}", library.display()));
    clang.args(["-lwhinchat", "-lgnustep-base", "-lobjc", "-ljavascriptcoregtk-4.1", "-lpthread"]);
    said(&mut clang).map(drop)
}

/// Where GCC has its Objective-C.
fn gcc(question: &str) -> Result<OsString, String> {
    Ok(said(Command::new("gcc").arg(question))?.trim().into())
}

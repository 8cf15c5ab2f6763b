//! `whinchat-bindgen generate LIBRARY kotlin|swift FOLDER`, `whinchat-bindgen contract LIBRARY`.
// It is a command: it answers on its output.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::process::ExitCode;

use anyhow::Result;
use camino::Utf8Path;
use whinchat_bindgen::{contract, generate};

const HELP: &str = "\
whinchat-bindgen generate LIBRARY kotlin|swift FOLDER   write the code that calls the library
whinchat-bindgen contract LIBRARY                       the number of its border";

fn run(arguments: &[&str]) -> Result<bool> {
    match arguments {
        ["generate", library, language, folder] => {
            generate(Utf8Path::new(library), language.parse()?, Utf8Path::new(folder))?;
        }
        ["contract", library] => println!("{:#018x}", contract(Utf8Path::new(library))?),
        _ => return Ok(false),
    }
    Ok(true)
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match run(&arguments) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => {
            eprintln!("{HELP}");
            ExitCode::from(2)
        }
        Err(error) => {
            eprintln!("whinchat-bindgen: {error:#}");
            ExitCode::FAILURE
        }
    }
}

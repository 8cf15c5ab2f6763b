//! What a phone asks of the library, by the rules that every library of ours keeps to.

use crate::elf::{Elf, Machine, Rules, System};

/// Processors as Android calls them and as ELF numbers them.
const MACHINES: &[(&str, Machine)] = &[
    ("armeabi-v7a", Machine { number: 40, is_64_bit: false }),
    ("arm64-v8a", Machine { number: 183, is_64_bit: true }),
    ("x86", Machine { number: 3, is_64_bit: false }),
    ("x86_64", Machine { number: 62, is_64_bit: true }),
];

/// Everything that is wrong with a library for this processor. `natives` are the functions that Java looks for in it.
pub(super) fn faults(bytes: &[u8], abi: &str, header: &str, natives: &[String]) -> Vec<String> {
    let elf = match Elf::read(bytes) {
        Ok(elf) => elf,
        Err(fault) => return vec![fault],
    };
    let mut rules = Rules::new(System::Android, header, true);
    rules.machine = MACHINES.iter().find(|(name, _)| *name == abi).map(|(_, machine)| *machine);
    let mut faults = rules.faults(&elf);
    for native in natives.iter().filter(|name| !elf.exports.contains(name)) {
        faults.push(format!("it does not export {native}, which the shell calls"));
    }
    faults
}

/// The functions that a C header declares.
pub(super) fn functions(header: &str) -> Vec<String> {
    Rules::new(System::Android, header, true).functions
}

//! The rules for the library that ships.

use super::file::{EXECUTE, Elf, LOAD, RELRO, STACK, Segment, WRITE};

/// Phones with pages of 16 KB refuse a library whose segments are aligned for less.
const PAGE: u64 = 16 * 1_024;

/// Whose library it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum System {
    /// Android, from API 21.
    Android,
    /// Desktop Linux, for tests and JVM programs.
    Linux,
}

/// The processor that it is for, as ELF numbers it, and how wide its addresses are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Machine {
    pub(crate) number: u16,
    pub(crate) is_64_bit: bool,
}

/// What a library has to keep to.
#[derive(Debug)]
pub(crate) struct Rules {
    pub(crate) system: System,
    /// The functions of the C headers, by name.
    pub(crate) functions: Vec<String>,
    /// No names beside the exported ones, and no debug information.
    pub(crate) stripped: bool,
    /// The processor, where it is known.
    pub(crate) machine: Option<Machine>,
}

impl System {
    /// Libraries that are on every device. Anything else would have to be shipped too.
    fn libraries(self) -> &'static [&'static str] {
        match self {
            Self::Android => &["libc.so", "libm.so", "libdl.so", "liblog.so"],
            Self::Linux => &["libc.so.6", "libm.so.6", "libgcc_s.so.1", "ld-linux-x86-64.so.2"],
        }
    }
}

/// The functions that C headers declare.
fn declared(headers: &str) -> Vec<String> {
    let mut functions = Vec::new();
    for (at, _) in headers.match_indices("whinchat_") {
        let rest = headers.get(at..).unwrap_or_default();
        let end = rest.find(|c: char| c != '_' && !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
        if rest.get(end..).is_some_and(|after| after.starts_with('(')) {
            functions.extend(rest.get(..end).map(str::to_owned));
        }
    }
    functions
}

impl Rules {
    /// For a library whose C interface these headers are.
    pub(crate) fn new(system: System, headers: &str, stripped: bool) -> Self {
        Self { system, functions: declared(headers), stripped, machine: None }
    }

    pub(crate) fn may_export(&self, name: &str) -> bool {
        const FACES: &[&str] = &[
            // What the uni-app shell and the Kotlin layer call by name.
            "Java_im_whinchat_",
            // The generated bindings.
            "ffi_whinchat_",
            "uniffi_whinchat_",
            "UNIFFI_META_",
        ];
        matches!(name, "JNI_OnLoad" | "JNI_OnUnload")
            || self.functions.iter().any(|function| function == name)
            || FACES.iter().any(|face| name.starts_with(face))
    }

    /// Everything that is wrong with it, a sentence each.
    pub(crate) fn faults(&self, elf: &Elf) -> Vec<String> {
        let mut faults = Vec::new();
        if !elf.is_shared {
            faults.push("it is no shared library".to_owned());
        }
        let machine = Machine { number: elf.machine, is_64_bit: elf.is_64_bit };
        if self.machine.is_some_and(|wanted| wanted != machine) {
            faults.push(format!("it is for another processor (ELF machine {})", machine.number));
        }
        self.segments(elf, &mut faults);
        for library in &elf.needed {
            if !self.system.libraries().contains(&library.as_str()) {
                faults.push(format!("it needs {library}, which is not on every device"));
            }
        }
        if elf.soname.as_deref() != Some("libwhinchat.so") {
            let name = elf.soname.as_deref().unwrap_or("nothing");
            faults.push(format!("it calls itself {name}, not libwhinchat.so (-Wl,-soname)"));
        }
        if let Some(path) = &elf.run_path {
            faults.push(format!("it looks for libraries in {path}, a folder of the machine that built it"));
        }
        if elf.has_text_relocations {
            faults.push("its code has to be changed when it is loaded (text relocations)".to_owned());
        }
        for symbol in elf.exports.iter().filter(|name| !self.may_export(name)) {
            faults.push(format!("it exports {symbol}, which belongs to none of its faces"));
        }
        for function in self.functions.iter().filter(|name| !elf.exports.contains(name)) {
            faults.push(format!("it does not export {function}, which its header declares"));
        }
        if self.stripped {
            let is_left = |name: &&String| *name == ".symtab" || name.starts_with(".debug_");
            if let Some(section) = elf.sections.iter().find(is_left) {
                faults.push(format!("it is not stripped: {section} is there"));
            }
        }
        faults
    }

    fn segments(&self, elf: &Elf, faults: &mut Vec<String>) {
        let loaded = || elf.segments.iter().filter(|segment| segment.kind == LOAD);
        if loaded().next().is_none() {
            faults.push("nothing of it is loaded".to_owned());
        }
        for segment in loaded() {
            let at = segment.address;
            if segment.align < PAGE || !segment.align.is_power_of_two() {
                faults.push(format!(
                    "its segment at {at:#x} is aligned to {} bytes, not to {PAGE} (-Wl,-z,max-page-size={PAGE})",
                    segment.align
                ));
            } else if at % segment.align != segment.offset % segment.align {
                faults.push(format!("its segment at {at:#x} cannot be mapped in pages of {PAGE} bytes"));
            }
            if segment.flags & (WRITE | EXECUTE) == WRITE | EXECUTE {
                faults.push(format!("its segment at {at:#x} can be written and executed"));
            }
        }
        if elf.segments.iter().any(|segment| segment.kind == STACK && segment.flags & EXECUTE != 0) {
            faults.push("it wants a stack that can be executed".to_owned());
        }
        for relro in elf.segments.iter().filter(|segment| segment.kind == RELRO) {
            // The loader protects whole pages: data that shares the last one could not be written any more.
            let end = relro.address.saturating_add(relro.size);
            let page_end = end.saturating_add(PAGE - 1) / PAGE * PAGE;
            let shares = |segment: &Segment| {
                segment.flags & WRITE != 0
                    && segment.address < page_end
                    && segment.address.saturating_add(segment.size) > end
            };
            if end < page_end && loaded().any(shares) {
                faults.push(format!(
                    "its protected part ends inside a page of {PAGE} bytes (-Wl,-z,common-page-size={PAGE})"
                ));
            }
        }
    }
}

//! What LLVM's tools say of a Mach-O object with Objective-C in it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use super::said;

/// A method: its selector and the encoding of its types.
pub(super) type Methods = Vec<(String, String)>;

/// A class as the runtime will find it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Class {
    pub(super) superclass: String,
    /// What its objects understand.
    pub(super) of_objects: Methods,
    /// What it understands itself.
    pub(super) of_class: Methods,
}

/// The classes of an object, by name.
pub(super) fn classes(object: &Path) -> Result<BTreeMap<String, Class>, String> {
    let text = said(Command::new("llvm-objdump").args(["--macho", "--objc-meta-data"]).arg(object))?;
    Ok(read_classes(&text))
}

fn read_classes(text: &str) -> BTreeMap<String, Class> {
    let mut classes = BTreeMap::new();
    let (mut name, mut class, mut meta) = (String::new(), Class::default(), false);
    let mut method = None;
    for line in text.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            // An object lists the classes that it defines, each with its metaclass behind it.
            [.., symbol] if !line.starts_with(' ') && symbol.starts_with("_OBJC_CLASS_$_") => {
                classes.insert(std::mem::take(&mut name), std::mem::take(&mut class));
                name = symbol.trim_start_matches("_OBJC_CLASS_$_").to_owned();
                meta = false;
            }
            ["Meta", "Class"] => meta = true,
            ["superclass", .., symbol] if !meta => {
                class.superclass = symbol.trim_start_matches("_OBJC_CLASS_$_").to_owned();
            }
            ["name", symbol, selector] if symbol.contains("METH_VAR_NAME") => {
                method = Some((*selector).to_owned());
            }
            ["types", _, types] => {
                if let Some(selector) = method.take() {
                    let methods = if meta { &mut class.of_class } else { &mut class.of_objects };
                    methods.push((selector, (*types).to_owned()));
                }
            }
            _ => {}
        }
    }
    classes.insert(name, class);
    classes.remove("");
    classes
}

/// Every selector that the code of an object names, by `@selector` or by sending it.
pub(super) fn named_selectors(object: &Path) -> Result<BTreeSet<String>, String> {
    let references = said(Command::new("llvm-objdump").args(["-r", "--section=__objc_selrefs"]).arg(object))?;
    let symbols = said(Command::new("llvm-nm").arg("-a").arg(object))?;
    let section = "--section=__TEXT,__objc_methname";
    let texts = said(Command::new("llvm-objdump").args(["--macho", section]).arg(object))?;
    Ok(read_selectors(&references, &symbols, &texts))
}

/// References are to symbols, symbols stand at addresses, and so do texts.
fn read_selectors(references: &str, symbols: &str, texts: &str) -> BTreeSet<String> {
    let address = |text: &str| u64::from_str_radix(text, 16).ok();
    let symbols: BTreeMap<&str, u64> = symbols
        .lines()
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            let at = address(words.next()?)?;
            Some((words.nth(1)?, at))
        })
        .collect();
    let texts: BTreeMap<u64, &str> = texts
        .lines()
        .filter_map(|line| line.split_once("  "))
        .filter_map(|(at, text)| Some((address(at)?, text.trim())))
        .collect();
    references
        .lines()
        .filter_map(|line| line.split_whitespace().nth(2))
        .filter_map(|symbol| texts.get(symbols.get(symbol)?))
        .map(|text| (*text).to_owned())
        .collect()
}

/// What the objects together want of others.
pub(super) fn undefined(objects: &[impl AsRef<Path>]) -> Result<BTreeSet<String>, String> {
    let list = |flag: &str| {
        let mut command = Command::new("llvm-nm");
        command.args(["--just-symbol-name", flag]).args(objects.iter().map(AsRef::as_ref));
        let text = said(&mut command)?;
        let symbols = text.lines().map(str::trim).filter(|line| line.starts_with('_'));
        Ok::<BTreeSet<String>, String>(symbols.map(str::to_owned).collect())
    };
    let defined = list("--defined-only")?;
    Ok(list("--undefined-only")?.into_iter().filter(|symbol| !defined.contains(symbol)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_read_with_their_methods() {
        let text = "\
Contents of (__DATA,__objc_classlist) section
0000000000018650 0x18628 _OBJC_CLASS_$_Module
           isa 0x0 _OBJC_METACLASS_$_Module
    superclass 0x0 _OBJC_CLASS_$_Calls
          data __OBJC_CLASS_RO_$_Module (struct class_ro_t *)
                     name l_OBJC_CLASS_NAME_ Module
              baseMethods __OBJC_$_INSTANCE_METHODS_Module (struct method_list_t *)
\t\t      name l_OBJC_METH_VAR_NAME_ init:callback:
\t\t     types l_OBJC_METH_VAR_TYPE_.1134 v32@0:8@16@?24
Meta Class
    superclass 0x0 _OBJC_METACLASS_$_Calls
\t\t      name l_OBJC_METH_VAR_NAME_.905 wx_export_method_6
\t\t     types l_OBJC_METH_VAR_TYPE_ @16@0:8
\t\t       imp +[Module wx_export_method_6]
";
        let class = read_classes(text).remove("Module").unwrap();
        assert_eq!(class.superclass, "Calls");
        assert_eq!(class.of_objects, [("init:callback:".into(), "v32@0:8@16@?24".into())]);
        assert_eq!(class.of_class, [("wx_export_method_6".into(), "@16@0:8".into())]);
    }

    #[test]
    fn selectors_are_found_through_symbols_and_addresses() {
        let references = "RELOCATION RECORDS FOR [__objc_selrefs]:
OFFSET           TYPE                     VALUE
0000000000000738 ARM64_RELOC_UNSIGNED     l_OBJC_METH_VAR_NAME_.901
";
        let symbols = "000000000000e8cc s l_OBJC_METH_VAR_NAME_.901\n000000000000e8eb s l_other\n";
        let texts = "a.o:\nContents of (__TEXT,__objc_methname) section\n000000000000e8cc  init:callback:\n000000000000e8eb  other\n";
        assert!(read_selectors(references, symbols, texts).into_iter().eq(["init:callback:".to_owned()]));
    }
}

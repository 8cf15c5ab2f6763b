//! Reading an ELF file: 32 and 64 bits, little endian.

use std::collections::HashMap;

/// What the checks look at.
#[derive(Debug, Default)]
pub(crate) struct Elf {
    pub(crate) is_64_bit: bool,
    pub(crate) machine: u16,
    pub(crate) is_shared: bool,
    pub(crate) segments: Vec<Segment>,
    pub(crate) sections: Vec<String>,
    pub(crate) needed: Vec<String>,
    pub(crate) soname: Option<String>,
    pub(crate) run_path: Option<String>,
    pub(crate) has_text_relocations: bool,
    pub(crate) exports: Vec<String>,
    /// Every symbol that takes room in the file, with its bytes; none in a stripped one.
    pub(crate) symbols: Vec<(String, u64)>,
}

/// A part of the file as it is mapped.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Segment {
    pub(crate) kind: u32,
    pub(crate) flags: u32,
    pub(crate) offset: u64,
    pub(crate) address: u64,
    pub(crate) size_in_file: u64,
    pub(crate) size: u64,
    pub(crate) align: u64,
}

pub(crate) const LOAD: u32 = 1;
const DYNAMIC: u32 = 2;
pub(crate) const STACK: u32 = 0x6474_e551;
pub(crate) const RELRO: u32 = 0x6474_e552;
pub(crate) const EXECUTE: u32 = 1;
pub(crate) const WRITE: u32 = 2;

const SHARED: u16 = 3;
const SYMBOLS: u32 = 2;
const DYNAMIC_SYMBOLS: u32 = 11;
const NOTHING_IN_FILE: u32 = 8;
const FUNCTION: u64 = 2;
const OBJECT: u64 = 1;

const DT_NEEDED: u64 = 1;
const DT_STRINGS: u64 = 5;
const DT_SONAME: u64 = 14;
const DT_RPATH: u64 = 15;
const DT_TEXTREL: u64 = 22;
const DT_RUNPATH: u64 = 29;
const DT_FLAGS: u64 = 30;
const FLAG_TEXTREL: u64 = 4;

/// A header of the table of sections.
struct Section {
    name: u64,
    kind: u32,
    offset: u64,
    size: u64,
    link: u64,
}

/// The bytes, and how wide their numbers are.
struct Bytes<'a> {
    all: &'a [u8],
    wide: bool,
}

impl Bytes<'_> {
    fn number(&self, at: u64, bytes: usize) -> Result<u64, String> {
        let from = usize::try_from(at).map_err(|_| "an offset beyond any file".to_owned())?;
        let part = from.checked_add(bytes).and_then(|to| self.all.get(from..to));
        let part = part.ok_or_else(|| format!("it ends before byte {at} that it speaks of"))?;
        Ok(part.iter().rev().fold(0, |sum, byte| (sum << 8) | u64::from(*byte)))
    }

    fn half(&self, at: u64) -> Result<u16, String> {
        Ok(u16::try_from(self.number(at, 2)?).unwrap_or(u16::MAX))
    }

    fn word(&self, at: u64) -> Result<u32, String> {
        Ok(u32::try_from(self.number(at, 4)?).unwrap_or(u32::MAX))
    }

    /// An address, an offset or a size.
    fn long(&self, at: u64) -> Result<u64, String> {
        self.number(at, if self.wide { 8 } else { 4 })
    }

    /// Text that ends with a zero.
    fn text(&self, at: u64) -> Result<String, String> {
        let from = usize::try_from(at).unwrap_or(usize::MAX);
        let rest = self.all.get(from..).ok_or_else(|| format!("it has no name at byte {at}"))?;
        let end = rest.iter().position(|byte| *byte == 0).ok_or("a name in it has no end")?;
        Ok(String::from_utf8_lossy(rest.get(..end).unwrap_or_default()).into_owned())
    }

    /// Where the entries of a table are; refused when they are more than the file can hold.
    fn table(&self, start: u64, size: u64, count: u64) -> Result<impl Iterator<Item = u64> + use<>, String> {
        if count > u64::try_from(self.all.len()).unwrap_or(u64::MAX) || size == 0 {
            return Err("a table in it is larger than the file".to_owned());
        }
        Ok((0..count).map(move |n| start.saturating_add(n.saturating_mul(size))))
    }
}

impl Elf {
    /// Reads a file's bytes.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, String> {
        if bytes.get(..4) != Some(b"\x7fELF") {
            return Err("it is no ELF file".to_owned());
        }
        let wide = match bytes.get(4..6) {
            Some([1, 1]) => false,
            Some([2, 1]) => true,
            _ => return Err("it is of a kind of ELF that phones do not have".to_owned()),
        };
        let file = Bytes { all: bytes, wide };
        let mut elf = Self {
            is_64_bit: wide,
            machine: file.half(18)?,
            is_shared: file.half(16)? == SHARED,
            ..Self::default()
        };
        elf.read_segments(&file)?;
        elf.read_dynamic(&file)?;
        let sections = sections(&file)?;
        for section in &sections {
            if matches!(section.kind, SYMBOLS | DYNAMIC_SYMBOLS) {
                elf.read_symbols(&file, section, &sections)?;
            }
        }
        elf.sections = names(&file, &sections)?;
        elf.exports.sort();
        Ok(elf)
    }

    fn read_segments(&mut self, file: &Bytes<'_>) -> Result<(), String> {
        let (start, size, count) = if file.wide { (32, 54, 56) } else { (28, 42, 44) };
        let (start, size, count) = (file.long(start)?, file.half(size)?, file.half(count)?);
        for at in file.table(start, size.into(), count.into())? {
            let long = |n: u64| file.long(at.saturating_add(n));
            self.segments.push(if file.wide {
                Segment {
                    kind: file.word(at)?,
                    flags: file.word(at.saturating_add(4))?,
                    offset: long(8)?,
                    address: long(16)?,
                    size_in_file: long(32)?,
                    size: long(40)?,
                    align: long(48)?,
                }
            } else {
                Segment {
                    kind: file.word(at)?,
                    flags: file.word(at.saturating_add(24))?,
                    offset: long(4)?,
                    address: long(8)?,
                    size_in_file: long(16)?,
                    size: long(20)?,
                    align: long(28)?,
                }
            });
        }
        Ok(())
    }

    fn read_dynamic(&mut self, file: &Bytes<'_>) -> Result<(), String> {
        let Some(dynamic) = self.segments.iter().find(|segment| segment.kind == DYNAMIC) else {
            return Err("it has no dynamic section".to_owned());
        };
        let entry: u64 = if file.wide { 16 } else { 8 };
        let mut entries = Vec::new();
        for at in file.table(dynamic.offset, entry, dynamic.size_in_file / entry)? {
            entries.push((file.long(at)?, file.long(at.saturating_add(entry / 2))?));
        }
        let tables: HashMap<u64, u64> = entries.iter().copied().collect();
        let strings = tables.get(&DT_STRINGS).copied().unwrap_or_default();
        let strings = self.offset_of(strings).ok_or("its table of names is nowhere")?;
        for (tag, value) in entries {
            let text = || file.text(strings.saturating_add(value));
            match tag {
                DT_NEEDED => self.needed.push(text()?),
                DT_SONAME => self.soname = Some(text()?),
                DT_RPATH | DT_RUNPATH => self.run_path = Some(text()?),
                DT_TEXTREL => self.has_text_relocations = true,
                DT_FLAGS => self.has_text_relocations |= value & FLAG_TEXTREL != 0,
                _ => {}
            }
        }
        Ok(())
    }

    /// Reads a table of symbols: those that others may use, or all.
    fn read_symbols(
        &mut self,
        file: &Bytes<'_>,
        table: &Section,
        sections: &[Section],
    ) -> Result<(), String> {
        let entry = if file.wide { 24 } else { 16 };
        let (info, home, size) = if file.wide { (4, 6, 16) } else { (12, 14, 8) };
        let strings = section(sections, table.link)?.offset;
        for at in file.table(table.offset, entry, table.size / entry)? {
            let field = |n: u64| at.saturating_add(n);
            let info_byte = file.number(field(info), 1)?;
            let (binding, kind) = (info_byte >> 4, info_byte & 15);
            // Hidden and internal ones are nobody else's business.
            let visibility = file.number(field(info + 1), 1)? & 3;
            let home = u64::from(file.half(field(home))?);
            if home == 0 {
                continue;
            }
            let name = || file.text(strings.saturating_add(file.number(at, 4)?));
            if table.kind == DYNAMIC_SYMBOLS {
                if binding != 0 && matches!(visibility, 0 | 3) {
                    self.exports.push(name()?);
                }
            } else if matches!(kind, FUNCTION | OBJECT)
                && section(sections, home).is_ok_and(|section| section.kind != NOTHING_IN_FILE)
            {
                self.symbols.push((name()?, file.long(field(size))?));
            }
        }
        Ok(())
    }

    /// Where in the file an address is.
    fn offset_of(&self, address: u64) -> Option<u64> {
        let holds = |segment: &&Segment| {
            segment.kind == LOAD
                && address.checked_sub(segment.address).is_some_and(|within| within < segment.size_in_file)
        };
        let segment = self.segments.iter().find(holds)?;
        (address - segment.address).checked_add(segment.offset)
    }
}

fn sections(file: &Bytes<'_>) -> Result<Vec<Section>, String> {
    let (start, size, count) = if file.wide { (40, 58, 60) } else { (32, 46, 48) };
    let (start, size, count) = (file.long(start)?, file.half(size)?, file.half(count)?);
    if count == 0 {
        return Err("it has no table of sections".to_owned());
    }
    let mut sections = Vec::new();
    for at in file.table(start, size.into(), count.into())? {
        let (offset, bytes, link) = if file.wide { (24, 32, 40) } else { (16, 20, 24) };
        sections.push(Section {
            name: file.number(at, 4)?,
            kind: file.word(at.saturating_add(4))?,
            offset: file.long(at.saturating_add(offset))?,
            size: file.long(at.saturating_add(bytes))?,
            link: file.number(at.saturating_add(link), 4)?,
        });
    }
    Ok(sections)
}

fn section(sections: &[Section], number: u64) -> Result<&Section, String> {
    let found = usize::try_from(number).ok().and_then(|number| sections.get(number));
    found.ok_or_else(|| format!("it has no section {number}"))
}

fn names(file: &Bytes<'_>, sections: &[Section]) -> Result<Vec<String>, String> {
    let table = file.half(if file.wide { 62 } else { 50 })?;
    let table = section(sections, table.into())?.offset;
    sections.iter().map(|section| file.text(table.saturating_add(section.name))).collect()
}

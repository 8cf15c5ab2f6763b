//! A compiled Java or Kotlin class, as far as a runtime that looks for exports reads it.

use std::collections::BTreeSet;

const MAGIC: u32 = 0xCAFE_BABE;
const PUBLIC: u16 = 0x0001;
const STATIC: u16 = 0x0008;
const NATIVE: u16 = 0x0100;
const ABSTRACT: u16 = 0x0400;
const SYNTHETIC: u16 = 0x1000;

/// A class.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Class {
    /// `im/whinchat/uniapp/WhinchatModule`.
    pub(super) name: String,
    /// What it extends; empty for `Object` alone.
    pub(super) extends: String,
    pub(super) implements: Vec<String>,
    pub(super) is_public: bool,
    pub(super) is_abstract: bool,
    pub(super) methods: Vec<Method>,
    /// Every class that it names, itself included.
    pub(super) names: BTreeSet<String>,
}

/// A method that it declares.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Method {
    pub(super) name: String,
    /// `(Ljava/lang/Object;)V`.
    pub(super) descriptor: String,
    pub(super) is_public: bool,
    pub(super) is_static: bool,
    pub(super) is_native: bool,
    /// Made by the compiler.
    pub(super) is_synthetic: bool,
    /// Types of its annotations that are there at run time.
    pub(super) annotations: Vec<String>,
}

/// What the constant pool holds, as far as it is needed.
enum Constant {
    Utf8(String),
    Class(u16),
    Descriptor(u16),
    Other,
}

impl Class {
    /// Reads a class file.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, String> {
        read(bytes).ok_or_else(|| "it is no class file".to_owned())
    }
}

fn read(bytes: &[u8]) -> Option<Class> {
    let mut reader = Reader(bytes);
    if reader.u32()? != MAGIC {
        return None;
    }
    reader.skip(4)?;
    let pool = Pool::read(&mut reader)?;
    let flags = reader.u16()?;
    let mut class = Class {
        name: pool.class(reader.u16()?)?,
        is_public: flags & PUBLIC != 0,
        is_abstract: flags & ABSTRACT != 0,
        names: pool.names(),
        ..Class::default()
    };
    class.extends = pool.class(reader.u16()?).unwrap_or_default();
    for _ in 0..reader.u16()? {
        class.implements.push(pool.class(reader.u16()?)?);
    }
    for _ in 0..reader.u16()? {
        reader.skip(6)?;
        attributes(&mut reader, |_, _| Some(()))?;
    }
    for _ in 0..reader.u16()? {
        class.methods.push(method(&mut reader, &pool)?);
    }
    Some(class)
}

fn method(reader: &mut Reader<'_>, pool: &Pool) -> Option<Method> {
    let flags = reader.u16()?;
    let mut method = Method {
        name: pool.utf8(reader.u16()?)?.to_owned(),
        descriptor: pool.utf8(reader.u16()?)?.to_owned(),
        is_public: flags & PUBLIC != 0,
        is_static: flags & STATIC != 0,
        is_native: flags & NATIVE != 0,
        is_synthetic: flags & SYNTHETIC != 0,
        annotations: Vec::new(),
    };
    attributes(reader, |name, mut body| {
        if pool.utf8(name)? == "RuntimeVisibleAnnotations" {
            for _ in 0..body.u16()? {
                method.annotations.push(annotation(&mut body, pool)?);
            }
        }
        Some(())
    })?;
    Some(method)
}

/// Its type; its values are passed over.
fn annotation(reader: &mut Reader<'_>, pool: &Pool) -> Option<String> {
    let kind = pool.utf8(reader.u16()?)?.to_owned();
    for _ in 0..reader.u16()? {
        reader.skip(2)?;
        element(reader, pool, 0)?;
    }
    Some(kind)
}

fn element(reader: &mut Reader<'_>, pool: &Pool, depth: u8) -> Option<()> {
    match (reader.u8()?, depth) {
        (_, 16) => None,
        (b'e', _) => reader.skip(4),
        (b'@', _) => annotation(reader, pool).map(drop),
        (b'[', _) => (0..reader.u16()?).try_for_each(|_| element(reader, pool, depth + 1)),
        _ => reader.skip(2),
    }
}

fn attributes(reader: &mut Reader<'_>, mut take: impl FnMut(u16, Reader<'_>) -> Option<()>) -> Option<()> {
    for _ in 0..reader.u16()? {
        let name = reader.u16()?;
        let length = usize::try_from(reader.u32()?).ok()?;
        take(name, Reader(reader.bytes(length)?))?;
    }
    Some(())
}

struct Pool(Vec<Constant>);

impl Pool {
    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let count = usize::from(reader.u16()?);
        let mut pool = vec![Constant::Other];
        while pool.len() < count {
            let constant = match reader.u8()? {
                1 => {
                    let length = usize::from(reader.u16()?);
                    Constant::Utf8(String::from_utf8_lossy(reader.bytes(length)?).into_owned())
                }
                7 => Constant::Class(reader.u16()?),
                12 => {
                    reader.skip(2)?;
                    Constant::Descriptor(reader.u16()?)
                }
                16 => Constant::Descriptor(reader.u16()?),
                8 | 19 | 20 => {
                    reader.skip(2)?;
                    Constant::Other
                }
                15 => {
                    reader.skip(3)?;
                    Constant::Other
                }
                3 | 4 | 9 | 10 | 11 | 17 | 18 => {
                    reader.skip(4)?;
                    Constant::Other
                }
                // These take two places.
                5 | 6 => {
                    reader.skip(8)?;
                    pool.push(Constant::Other);
                    Constant::Other
                }
                _ => return None,
            };
            pool.push(constant);
        }
        Some(Self(pool))
    }

    fn utf8(&self, at: u16) -> Option<&str> {
        if let Constant::Utf8(text) = self.0.get(usize::from(at))? { Some(text) } else { None }
    }

    fn class(&self, at: u16) -> Option<String> {
        let Constant::Class(name) = self.0.get(usize::from(at))? else { return None };
        self.utf8(*name).map(str::to_owned)
    }

    /// Classes by name, and those in the types of what is called and read.
    fn names(&self) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        for constant in &self.0 {
            let (Constant::Class(at) | Constant::Descriptor(at)) = constant else { continue };
            let Some(text) = self.utf8(*at) else { continue };
            if text.contains(';') {
                let named = text.split(';').filter_map(|part| Some(part.split_once('L')?.1));
                names.extend(named.map(str::to_owned));
            } else if matches!(constant, Constant::Class(_)) && !text.starts_with('[') {
                names.insert(text.to_owned());
            }
        }
        names
    }
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn bytes(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn skip(&mut self, count: usize) -> Option<()> {
        self.bytes(count).map(drop)
    }

    fn u8(&mut self) -> Option<u8> {
        self.bytes(1)?.first().copied()
    }

    fn u16(&mut self) -> Option<u16> {
        self.bytes(2)?.try_into().ok().map(u16::from_be_bytes)
    }

    fn u32(&mut self) -> Option<u32> {
        self.bytes(4)?.try_into().ok().map(u32::from_be_bytes)
    }
}

//! What the table knows of a type, for declarations and documentation.

use std::collections::BTreeMap;

use crate::params::Read;
use crate::view::View;

/// One field of an object.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    /// Its name in JavaScript.
    pub(crate) name: &'static str,
    /// Further names that are read.
    pub(crate) aliases: &'static [&'static str],
    /// Its type in TypeScript.
    pub(crate) ts: String,
    /// Whether it may be left out.
    pub(crate) optional: bool,
    /// What it is.
    pub(crate) en: &'static str,
    /// The same in Chinese.
    pub(crate) zh: &'static str,
}

impl Field {
    /// A field of a view.
    pub(crate) fn shown(name: &'static str, ts: String, en: &'static str, zh: &'static str) -> Self {
        Self { name, aliases: &[], ts, optional: false, en, zh }
    }

    /// A parameter.
    pub(crate) fn given<T: Read>(
        name: &'static str,
        aliases: &'static [&'static str],
        en: &'static str,
        zh: &'static str,
    ) -> Self {
        Self { name, aliases, ts: T::ts().to_owned(), optional: !T::REQUIRED, en, zh }
    }
}

/// The objects that results and events are made of, by name.
#[derive(Debug, Default)]
pub(crate) struct Shapes {
    /// Objects, with their fields.
    pub(crate) objects: BTreeMap<&'static str, Vec<Field>>,
    /// Types that are one of several objects.
    pub(crate) unions: BTreeMap<&'static str, &'static [&'static str]>,
}

impl Shapes {
    /// Adds a view and what it is made of.
    pub(crate) fn add<V: View>(&mut self) {
        if self.objects.insert(V::NAME, V::fields()).is_none() {
            V::collect(self);
        }
    }

    /// Adds a type that is one of several objects.
    pub(crate) fn union(&mut self, name: &'static str, of: &'static [&'static str]) {
        self.unions.insert(name, of);
    }
}

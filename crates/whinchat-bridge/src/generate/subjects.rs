//! What the generated files are about: listeners with their names, and every object by name.

use std::collections::BTreeMap;

use crate::event::{self, Listener, Row};
use crate::table::{Entry, Field, Kind, METHODS, Shapes};

/// A set of events and the methods that it is asked for and given up with.
pub(super) struct Subject {
    /// The method that keeps the callback.
    pub(super) setter: &'static Entry,
    /// What it is called in the declarations: `SDK` of `setSDKListener`.
    pub(super) stem: &'static str,
    /// Its events.
    pub(super) events: Vec<&'static Row>,
}

/// The listeners in the order of the table.
pub(super) fn subjects() -> Vec<Subject> {
    let mut subjects = Vec::new();
    for setter in METHODS {
        let Kind::Listen(listener) = setter.kind else { continue };
        let stem = stem(setter.name);
        subjects.push(Subject { setter, stem, events: of(listener) });
    }
    subjects
}

/// The method that sets a listener.
pub(super) fn setter(listener: Listener) -> &'static str {
    let sets = |kind: &Kind| matches!(kind, Kind::Listen(set) if *set == listener);
    METHODS.iter().find(|entry| sets(&entry.kind)).map_or("", |entry| entry.name)
}

fn of(listener: Listener) -> Vec<&'static Row> {
    event::all().filter(|row| row.listener == listener).collect()
}

/// `SDK` of `setSDKListener`.
pub(super) fn stem(setter: &'static str) -> &'static str {
    let name = setter.strip_prefix("set").unwrap_or(setter);
    name.strip_suffix("Listener").unwrap_or(name)
}

/// An object of the declarations.
pub(super) struct Object {
    /// Its fields.
    pub(super) fields: Vec<Field>,
    /// It goes in, as parameters.
    pub(super) given: bool,
}

/// Everything that results and events are made of.
pub(super) fn shapes() -> Shapes {
    let mut shapes = Shapes::default();
    for entry in METHODS {
        (entry.shapes)(&mut shapes);
    }
    for row in event::all() {
        (row.shapes)(&mut shapes);
    }
    shapes
}

/// Every object that a method takes or gives, or that an event is made of, under the name that it has in the declarations.
/// Objects without fields are left out.
pub(super) fn objects() -> BTreeMap<String, Object> {
    let mut objects: BTreeMap<String, Object> = BTreeMap::new();
    for (name, fields) in shapes().objects {
        objects.insert(name.to_owned(), Object { fields, given: false });
    }
    for entry in METHODS {
        let (name, fields) = (entry.params)();
        objects.insert(params_name(name), Object { fields, given: true });
        // Only a failure has null in the place of an object; who has seen that `status` is true need not look again.
        let result = objects.get_mut((entry.result)().0);
        for field in result.into_iter().flat_map(|result| &mut result.fields) {
            if let Some(sure) = field.ts.strip_suffix(" | null") {
                field.ts = sure.to_owned();
            }
        }
    }
    objects.retain(|_, object| !object.fields.is_empty());
    objects
}

/// `LoginParams` of the parameters `Login`.
pub(super) fn params_name(name: &str) -> String {
    if name.ends_with("Params") { name.to_owned() } else { format!("{name}Params") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_name_means_one_object() {
        let mut seen: BTreeMap<String, String> = BTreeMap::new();
        let mut see = |name: String, fields: Vec<Field>| {
            let shape = format!("{fields:?}");
            let before = seen.insert(name.clone(), shape.clone());
            assert!(before.is_none_or(|before| before == shape), "two objects are called {name}");
        };
        for entry in METHODS {
            let (name, fields) = (entry.params)();
            see(params_name(name), fields);
            let (name, fields) = (entry.result)();
            see(name.to_owned(), fields);
        }
    }

    fn heard(listener: Listener) -> bool {
        METHODS.iter().any(|entry| matches!(entry.kind, Kind::Listen(kept) if kept == listener))
    }

    #[test]
    fn every_event_has_a_setter_and_every_setter_a_way_out() {
        for row in event::all() {
            assert!(heard(row.listener), "nobody can listen to {}", row.event_type);
        }
        for subject in subjects() {
            let Kind::Listen(listener) = subject.setter.kind else { continue };
            let left = METHODS
                .iter()
                .any(|entry| matches!(entry.kind, Kind::Unlisten(forgotten) if forgotten == listener));
            assert!(left && !subject.events.is_empty(), "{}", subject.setter.name);
        }
    }

    #[test]
    fn event_names_stand_once() {
        let mut seen = std::collections::BTreeSet::new();
        for row in event::all() {
            assert!(seen.insert(row.event_type), "{} stands twice", row.event_type);
            assert!(!row.en.is_empty() && !row.zh.is_empty(), "{}", row.event_type);
        }
    }
}

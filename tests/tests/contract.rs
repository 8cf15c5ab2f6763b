//! The contract of the JavaScript API: every method of the specification is served or listed as not yet, and what is served is
//! shown at work.
// Functions beside the tests are tests too.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::print_stdout)]

use std::collections::BTreeSet;

use whinchat_tests::contract::vector::{Step, all};
use whinchat_tests::contract::{Program, list, play};

#[test]
fn every_method_of_the_specification_is_served_or_not_yet() {
    let (specified, served, not_yet) = (list::specified(), list::served(), list::not_yet());
    for method in &served {
        let known = specified.get(&method.name);
        let known = known.unwrap_or_else(|| panic!("the specification does not know {}", method.name));
        assert_eq!(method.aliases, known.aliases, "the spellings of {}", method.name);
        assert!(!not_yet.contains_key(&method.name), "{} is served, and listed as not yet", method.name);
    }
    for name in specified.keys() {
        let serves = served.iter().any(|method| &method.name == name);
        assert!(serves || not_yet.contains_key(name), "{name} is neither served nor listed as not yet");
    }
    for (name, step) in &not_yet {
        assert!(specified.contains_key(name), "the specification does not know {name} of not-yet.txt");
        assert!(!step.is_empty(), "{name}: which step brings it?");
    }
}

#[test]
fn every_served_method_occurs_in_a_vector() {
    let vectors = all();
    let called: BTreeSet<_> = vectors.values().flat_map(|vector| vector.methods()).collect();
    let served = list::served();
    let missing: Vec<_> = served.iter().filter(|method| !called.contains(method.name.as_str())).collect();
    assert!(missing.is_empty(), "no vector calls {missing:?}");
    // A listener is shown by an event that comes to it.
    let heard: BTreeSet<_> = vectors
        .values()
        .flat_map(|vector| &vector.steps)
        .filter_map(|step| match step {
            Step::Event(event) => Some(event.on.as_str()),
            _ => None,
        })
        .collect();
    for method in served.iter().filter(|method| method.kind == "listen") {
        assert!(heard.contains(method.name.as_str()), "no vector sees an event of {}", method.name);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_served_does_what_the_specification_says() {
    let only = std::env::var("WHINCHAT_VECTOR").ok();
    let program = Program::from_environment();
    let mut wrong = Vec::new();
    for (name, vector) in all() {
        if only.as_ref().is_some_and(|only| !name.contains(only.as_str())) {
            continue;
        }
        assert!(!vector.shows.is_empty(), "{name} says what it shows");
        let began = std::time::Instant::now();
        match play(&name, &vector, program.as_ref()).await {
            Ok(()) => println!("{name}: {:.1} s", began.elapsed().as_secs_f64()),
            Err(failure) => wrong.push(failure),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

//! Code that a generator wrote, changed in places that are known.

/// What stands there, and what takes its place, wherever it is.
pub(crate) type Change = (&'static str, &'static str);

/// The text with all of these changes. One that finds nothing to change is an error: the generator is another one than they were
/// written for. `changes_in` is the file that lists them.
pub(crate) fn changed(text: &str, changes: &[Change], changes_in: &str) -> Result<String, String> {
    let mut changed = text.to_owned();
    for (there, instead) in changes {
        if !changed.contains(there) {
            return Err(format!("the generator writes other code than {changes_in} knows: no `{there}`"));
        }
        changed = changed.replace(there, instead);
    }
    Ok(changed)
}

//! Whether an answer or event is what a vector expects.

use serde_json::{Map, Value};

use super::values::Values;

/// Compares; what `$as` names is kept in `values` if everything is right.
///
/// # Errors
///
/// What is wrong, and where.
pub fn matches(expected: &Value, actual: &Value, values: &mut Values) -> Result<(), String> {
    let mut captured = Vec::new();
    look(expected, Some(actual), "", values, &mut captured)?;
    for (name, value) in captured {
        values.set(&name, value);
    }
    Ok(())
}

fn look(
    expected: &Value,
    actual: Option<&Value>,
    at: &str,
    values: &Values,
    captured: &mut Vec<(String, Value)>,
) -> Result<(), String> {
    if let Value::Object(keys) = expected
        && keys.keys().any(|key| key.starts_with('$'))
    {
        return special(keys, actual, at, values, captured);
    }
    let Some(actual) = actual else { return Err(format!("{at} is missing, expected {expected}")) };
    match (expected, actual) {
        (Value::Object(keys), Value::Object(has)) => {
            for (key, value) in keys {
                look(value, has.get(key), &format!("{at}.{key}"), values, captured)?;
            }
            Ok(())
        }
        (Value::Array(items), Value::Array(has)) => {
            if items.len() != has.len() {
                return Err(format!("{at} has {} items, expected {}: {actual}", has.len(), items.len()));
            }
            for (n, (item, has)) in items.iter().zip(has).enumerate() {
                look(item, Some(has), &format!("{at}[{n}]"), values, captured)?;
            }
            Ok(())
        }
        _ => {
            let expected = values.fill(expected);
            // 1 and 1.0 are one number in JavaScript.
            let same = expected == *actual || (expected.is_number() && expected.as_f64() == actual.as_f64());
            if same { Ok(()) } else { Err(format!("{at} is {actual}, expected {expected}")) }
        }
    }
}

fn special(
    keys: &Map<String, Value>,
    actual: Option<&Value>,
    at: &str,
    values: &Values,
    captured: &mut Vec<(String, Value)>,
) -> Result<(), String> {
    if keys.contains_key("$absent") {
        return actual.map_or(Ok(()), |actual| Err(format!("{at} is there: {actual}")));
    }
    let Some(actual) = actual else { return Err(format!("{at} is missing")) };
    for (key, wanted) in keys {
        let filled = values.fill(wanted);
        let right = match key.as_str() {
            "$any" => wanted.as_str().is_some_and(|kind| kind == "value" || kind == kind_of(actual)),
            "$as" => {
                captured.push((wanted.as_str().unwrap_or_default().to_owned(), actual.clone()));
                true
            }
            "$is" => {
                look(wanted, Some(actual), at, values, captured)?;
                true
            }
            "$exactly" => {
                look(wanted, Some(actual), at, values, captured)?;
                match (wanted.as_object(), actual.as_object()) {
                    (Some(wanted), Some(actual)) => actual.keys().all(|key| wanted.contains_key(key)),
                    _ => false,
                }
            }
            "$not" => look(wanted, Some(actual), at, values, &mut Vec::new()).is_err(),
            "$min" => actual.as_f64() >= filled.as_f64() && actual.is_number(),
            "$max" => actual.as_f64() <= filled.as_f64() && actual.is_number(),
            "$length" => size(actual) == filled.as_u64(),
            "$text" => match (actual.as_str(), filled.as_str()) {
                (Some(actual), Some(part)) => actual.contains(part),
                _ => false,
            },
            "$has" => {
                let items = wanted.as_array().cloned().unwrap_or_default();
                let has = actual.as_array().cloned().unwrap_or_default();
                items
                    .iter()
                    .all(|item| has.iter().any(|has| look(item, Some(has), at, values, captured).is_ok()))
            }
            _ => return Err(format!("{key} is no expectation")),
        };
        if !right {
            return Err(format!("{at} is {actual}, expected {key} {filled}"));
        }
    }
    Ok(())
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// Items of a list, characters of a text.
fn size(value: &Value) -> Option<u64> {
    let count = match value {
        Value::Array(items) => items.len(),
        Value::String(text) => text.chars().count(),
        _ => return None,
    };
    u64::try_from(count).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn objects_match_in_part_and_lists_as_a_whole() {
        let mut values = Values::default();
        let actual = json!({"a": 1, "b": ["x", {"id": "7", "more": null}], "c": "text"});
        let right = [
            json!({"a": 1.0}),
            json!({"b": ["x", {"id": {"$as": "id"}}]}),
            json!({"b": {"$has": [{"id": "${id}"}], "$length": 2}}),
            json!({"c": {"$any": "string", "$text": "ex"}, "d": {"$absent": true}}),
            json!({"$exactly": {"a": {"$min": 1, "$max": 1}, "b": {"$any": "array"}, "c": {"$not": ""}}}),
        ];
        for expected in right {
            matches(&expected, &actual, &mut values).unwrap();
        }
        let wrong = [
            json!({"a": 2}),
            json!({"d": null}),
            json!({"b": ["x"]}),
            json!({"b": {"$has": ["y"]}}),
            json!({"a": {"$absent": true}}),
            json!({"$exactly": {"a": 1}}),
            json!({"c": {"$any": "number"}}),
            json!({"c": {"$unknown": 1}}),
        ];
        for expected in wrong {
            assert!(matches(&expected, &actual, &mut values).is_err(), "{expected}");
        }
    }
}

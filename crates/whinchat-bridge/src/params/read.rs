//! How one value is read (spec 0.4).

use serde_json::{Map, Value};

/// A type of a parameter.
pub(crate) trait Read: Sized {
    /// Whether it has to be given.
    const REQUIRED: bool = true;
    /// As TypeScript writes it.
    fn ts() -> &'static str;
    /// Reads it; the error says what is expected.
    fn read(value: Option<&Value>) -> Result<Self, &'static str>;
}

const TEXT: &str = "a text is expected";
const INT: &str = "a whole number in its range is expected";
const NUMBER: &str = "a number is expected";
const BOOL: &str = "true or false is expected";
const LIST: &str = "a list of texts is expected";
const OBJECT: &str = "an object is expected";

impl Read for String {
    fn ts() -> &'static str {
        "string"
    }

    fn read(value: Option<&Value>) -> Result<Self, &'static str> {
        match value {
            Some(Value::String(text)) => Ok(text.clone()),
            Some(Value::Number(number)) => Ok(number.to_string()),
            _ => Err(TEXT),
        }
    }
}

/// A text that has to be given, and whose absence has a code of its own: it is read as the empty text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct OrEmpty(pub(crate) String);

impl Read for OrEmpty {
    fn ts() -> &'static str {
        "string"
    }

    fn read(value: Option<&Value>) -> Result<Self, &'static str> {
        value.map_or_else(|| Ok(Self::default()), |value| String::read(Some(value)).map(Self))
    }
}

fn whole(value: Option<&Value>) -> Option<i64> {
    match value? {
        Value::Number(number) => number.as_i64().or_else(|| {
            let float = number.as_f64()?;
            // Numbers of JavaScript are exact up to here.
            let exact = float.fract() == 0.0 && float.abs() <= 9_007_199_254_740_992.0;
            #[allow(clippy::cast_possible_truncation)]
            exact.then_some(float as i64)
        }),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

macro_rules! whole_numbers {
    ($($type:ty),*) => {
        $(impl Read for $type {
            fn ts() -> &'static str {
                "number"
            }

            fn read(value: Option<&Value>) -> Result<Self, &'static str> {
                whole(value).and_then(|number| Self::try_from(number).ok()).ok_or(INT)
            }
        })*
    };
}
whole_numbers!(i64, u64, i32, u32);

impl Read for f64 {
    fn ts() -> &'static str {
        "number"
    }

    fn read(value: Option<&Value>) -> Result<Self, &'static str> {
        let number = match value {
            Some(Value::Number(number)) => number.as_f64(),
            Some(Value::String(text)) => text.trim().parse().ok(),
            _ => None,
        };
        number.filter(|number| number.is_finite()).ok_or(NUMBER)
    }
}

impl Read for bool {
    fn ts() -> &'static str {
        "boolean"
    }

    fn read(value: Option<&Value>) -> Result<Self, &'static str> {
        match value {
            Some(Value::Bool(yes)) => Ok(*yes),
            Some(Value::Number(number)) => match number.as_f64() {
                Some(1.0) => Ok(true),
                Some(0.0) => Ok(false),
                _ => Err(BOOL),
            },
            Some(Value::String(text)) => match text.as_str() {
                "true" | "1" | "YES" => Ok(true),
                "false" | "0" | "NO" => Ok(false),
                _ => Err(BOOL),
            },
            _ => Err(BOOL),
        }
    }
}

impl Read for Vec<String> {
    fn ts() -> &'static str {
        "string[]"
    }

    fn read(value: Option<&Value>) -> Result<Self, &'static str> {
        match value {
            Some(Value::Array(items)) => {
                items.iter().map(|item| String::read(Some(item)).map_err(|_| LIST)).collect()
            }
            // One scalar is a list of one.
            Some(item) => String::read(Some(item)).map(|item| vec![item]).map_err(|_| LIST),
            None => Err(LIST),
        }
    }
}

impl Read for Map<String, Value> {
    fn ts() -> &'static str {
        "Record<string, unknown>"
    }

    fn read(value: Option<&Value>) -> Result<Self, &'static str> {
        match value {
            Some(Value::Object(keys)) => Ok(keys.clone()),
            _ => Err(OBJECT),
        }
    }
}

impl<T: Read> Read for Option<T> {
    const REQUIRED: bool = false;

    fn ts() -> &'static str {
        T::ts()
    }

    fn read(value: Option<&Value>) -> Result<Self, &'static str> {
        value.map(|value| T::read(Some(value))).transpose()
    }
}

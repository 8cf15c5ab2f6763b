//! What JavaScript gives: read as its programmers write it (spec 0.4), refused with 6017 and the parameter's name.

pub(crate) mod ids;
mod read;

use serde_json::{Map, Value};
use whinchat_core::{Error, ErrorCode, Result};

use crate::table::Field;

pub(crate) use read::{OrEmpty, Read};

/// The object that a method was called with.
pub(crate) trait Params: Sized + Send + 'static {
    /// Its name in the declarations.
    const NAME: &'static str;
    /// Reads it; unknown keys are passed over.
    fn read(given: &Given) -> Result<Self>;
    /// Its fields.
    fn fields() -> Vec<Field>;
}

/// The keys that were given.
pub(crate) struct Given(Map<String, Value>);

impl Given {
    /// Reads the text of the parameters; nothing, `null` and `""` are no keys.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        if text.is_empty() {
            return Ok(Self(Map::new()));
        }
        match serde_json::from_str(text) {
            Ok(Value::Object(keys)) => Ok(Self(keys)),
            Ok(Value::Null) => Ok(Self(Map::new())),
            Ok(Value::String(text)) if text.is_empty() => Ok(Self(Map::new())),
            Ok(_) => Err(Error::new(
                ErrorCode::BadParameter,
                "the parameters are no object; pass one plain object",
            )),
            Err(error) => Err(Error::new(ErrorCode::NotJson, format!("the parameters are no JSON: {error}"))),
        }
    }

    /// Reads one parameter under its name or one of its other spellings.
    pub(crate) fn get<T: Read>(&self, name: &'static str, aliases: &[&'static str]) -> Result<T> {
        let value = self.find(name, aliases);
        T::read(value).map_err(|expected| {
            let problem = if value.is_none() { "is missing" } else { "is wrong" };
            Error::new(ErrorCode::BadParameter, format!("`{name}` {problem}: {expected}"))
        })
    }

    fn find(&self, name: &'static str, aliases: &[&'static str]) -> Option<&Value> {
        let given = |key: &str| self.0.get(key).filter(|value| !is_nothing(value));
        if let Some(value) = given(name) {
            return Some(value);
        }
        if let Some(spelling) = other_spelling(name)
            && let Some(value) = given(&spelling)
        {
            return Some(value);
        }
        aliases.iter().find_map(|alias| {
            let value = given(alias)?;
            crate::table::warn_once(alias, name);
            Some(value)
        })
    }
}

/// A value that means the default.
fn is_nothing(value: &Value) -> bool {
    matches!(value, Value::Null) || matches!(value, Value::String(text) if text.is_empty())
}

/// `…ID`, `…IDList` and `faceURL` for the canonical `…Id`, `…IdList`, `faceUrl`.
fn other_spelling(name: &str) -> Option<String> {
    if let Some(stem) = name.strip_suffix("IdList") {
        Some(format!("{stem}IDList"))
    } else if let Some(stem) = name.strip_suffix("Id") {
        Some(format!("{stem}ID"))
    } else {
        (name == "faceUrl").then(|| "faceURL".to_owned())
    }
}

/// Declares [`Params`]: `rust_name "jsName" | "alias": Type, "what it is", "中文";` for each parameter, and
/// `+ rust_name: Type;` for parameters that several methods share.
macro_rules! params {
    ($(#[$meta:meta])* $name:ident {
        $($field:ident $js:literal $(| $alias:literal)* : $type:ty, $en:literal, $zh:literal;)*
        $(+ $shared:ident: $shared_type:ty;)*
    }) => {
        $(#[$meta])*
        #[derive(Debug)]
        pub(crate) struct $name { $(pub(crate) $field: $type,)* $(pub(crate) $shared: $shared_type,)* }

        impl $crate::params::Params for $name {
            const NAME: &'static str = stringify!($name);
            fn read(_given: &$crate::params::Given) -> whinchat_core::Result<Self> {
                Ok(Self {
                    $($field: _given.get($js, &[$($alias),*])?,)*
                    $($shared: <$shared_type as $crate::params::Params>::read(_given)?,)*
                })
            }
            #[allow(unused_mut)]
            fn fields() -> Vec<$crate::table::Field> {
                let mut fields = vec![$($crate::table::Field::given::<$type>($js, &[$($alias),*], $en, $zh)),*];
                $(fields.extend(<$shared_type as $crate::params::Params>::fields());)*
                fields
            }
        }
    };
}
pub(crate) use params;

params! {
    /// Takes nothing.
    NoParams {}
}

#[cfg(test)]
mod tests {
    use super::*;

    params! {
        Mixed {
            user_id "userId" | "receiver": String, "", "";
            count "count": Option<u32>, "", "";
            yes "isPinned": Option<bool>, "", "";
            list "userIdList" | "userList": Option<Vec<String>>, "", "";
        }
    }

    fn read(text: &str) -> Result<Mixed> {
        Mixed::read(&Given::parse(text)?)
    }

    #[test]
    fn values_are_read_as_javascript_programmers_write_them() {
        let mixed =
            read(r#"{"userID": 42, "count": "20", "isPinned": "YES", "userList": "bob", "more": {}}"#)
                .unwrap();
        assert_eq!((mixed.user_id.as_str(), mixed.count, mixed.yes), ("42", Some(20), Some(true)));
        assert_eq!(mixed.list.unwrap(), ["bob"]);
        let mixed = read(r#"{"receiver": "bob", "count": "", "isPinned": null}"#).unwrap();
        assert_eq!((mixed.user_id.as_str(), mixed.count, mixed.yes), ("bob", None, None));
        assert_eq!(read(r#"{"userId": "a", "isPinned": 0, "count": 3.0}"#).unwrap().yes, Some(false));
    }

    #[test]
    fn what_is_wrong_is_refused_with_its_name() {
        for text in
            ["", "null", "{}", r#"{"userId": ""}"#, r#"{"userId": {}}"#, r#"{"userId": "a", "count": -1}"#]
        {
            let error = read(text).unwrap_err();
            assert!(error.is(ErrorCode::BadParameter), "{text}");
            assert!(error.message.contains("userId") || error.message.contains("count"), "{error}");
        }
        assert!(read("[1]").unwrap_err().is(ErrorCode::BadParameter));
        assert!(read("{").unwrap_err().is(ErrorCode::NotJson));
    }
}

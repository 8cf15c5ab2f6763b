//! What JavaScript is given: typed here, so that result, declaration and documentation cannot differ.

pub(crate) mod conversation;
pub(crate) mod message;

use serde::Serialize;

use crate::table::{Field, Shapes};

/// An object that crosses to JavaScript. Its default is what a failed call carries in its place: lists, texts and counts
/// that are empty.
pub(crate) trait View: Serialize + Default + Send + 'static {
    /// Its name in the declarations.
    const NAME: &'static str;
    /// Its fields.
    fn fields() -> Vec<Field>;
    /// Adds what its fields are made of.
    fn collect(shapes: &mut Shapes);
}

/// A type of a field.
pub(crate) trait Ts {
    /// As TypeScript writes it.
    fn ts() -> String;
    /// Adds the objects that it is made of.
    fn collect(_shapes: &mut Shapes) {}
}

macro_rules! plain {
    ($($type:ty = $ts:literal),* $(,)?) => {
        $(impl Ts for $type { fn ts() -> String { $ts.to_owned() } })*
    };
}

plain! {
    String = "string", bool = "boolean", i32 = "number", i64 = "number", u32 = "number", u64 = "number", f64 = "number",
    serde_json::Value = "unknown",
}

impl<T: Ts> Ts for Vec<T> {
    fn ts() -> String {
        let of = T::ts();
        if of.contains(' ') { format!("({of})[]") } else { format!("{of}[]") }
    }

    fn collect(shapes: &mut Shapes) {
        T::collect(shapes);
    }
}

impl<T: Ts> Ts for Option<T> {
    fn ts() -> String {
        format!("{} | null", T::ts())
    }

    fn collect(shapes: &mut Shapes) {
        T::collect(shapes);
    }
}

/// A number that is always the same: what tells the kinds of an object apart.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Is<const N: i32>;

impl<const N: i32> Is<N> {
    /// The number.
    pub(crate) fn number(self) -> i32 {
        N
    }
}

impl<const N: i32> Serialize for Is<N> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i32(N)
    }
}

impl<const N: i32> Ts for Is<N> {
    fn ts() -> String {
        N.to_string()
    }
}

/// Declares a [`View`]: `rust_name "jsName": Type, "what it is", "中文";` for each field.
macro_rules! view {
    ($(#[$meta:meta])* $name:ident { $($field:ident $js:literal : $type:ty, $en:literal, $zh:literal;)* }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, serde::Serialize)]
        pub(crate) struct $name { $(#[serde(rename = $js)] pub(crate) $field: $type,)* }

        impl $crate::view::View for $name {
            const NAME: &'static str = stringify!($name);
            fn fields() -> Vec<$crate::table::Field> {
                vec![$($crate::table::Field::shown($js, <$type as $crate::view::Ts>::ts(), $en, $zh)),*]
            }
            fn collect(_shapes: &mut $crate::table::Shapes) {
                $(<$type as $crate::view::Ts>::collect(_shapes);)*
            }
        }

        impl $crate::view::Ts for $name {
            fn ts() -> String { stringify!($name).to_owned() }
            fn collect(shapes: &mut $crate::table::Shapes) { shapes.add::<Self>(); }
        }
    };
}
pub(crate) use view;

view! {
    /// No data beside the status.
    Nothing {}
}

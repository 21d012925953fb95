//! Enums told to programs as short texts.

/// Lets an enum with `code(self) -> &'static str` be written into JSON as its code, and described by all of them:
/// `worded!(Scope, Scope::ALL);`
#[macro_export]
macro_rules! worded {
    ($name:ident, $all:expr) => {
        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.code())
            }
        }

        impl $crate::schemars::JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }
            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                ::std::stringify!($name).into()
            }
            fn json_schema(_: &mut $crate::schemars::SchemaGenerator) -> $crate::schemars::Schema {
                let codes: Vec<&str> = $all.into_iter().map(|one: $name| one.code()).collect();
                $crate::schemars::json_schema!({ "type": "string", "enum": codes })
            }
        }
    };
}

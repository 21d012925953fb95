//! Enums stored as short texts.

/// Lets an enum with `code(self) -> &'static str` and `from_code(&str) -> Option<Self>` be bound and read
/// as a TEXT column on both databases: `coded!(Visibility);`
#[macro_export]
macro_rules! coded {
    ($name:ty) => {
        impl<D: ::sqlx::Database> ::sqlx::Type<D> for $name
        where
            String: ::sqlx::Type<D>,
        {
            fn type_info() -> D::TypeInfo {
                <String as ::sqlx::Type<D>>::type_info()
            }
            fn compatible(ty: &D::TypeInfo) -> bool {
                <String as ::sqlx::Type<D>>::compatible(ty)
            }
        }

        impl<'r, D: ::sqlx::Database> ::sqlx::Decode<'r, D> for $name
        where
            String: ::sqlx::Decode<'r, D>,
        {
            fn decode(value: D::ValueRef<'r>) -> Result<Self, ::sqlx::error::BoxDynError> {
                let text = <String as ::sqlx::Decode<'r, D>>::decode(value)?;
                <$name>::from_code(&text)
                    .ok_or_else(|| format!("`{text}` is no {}", stringify!($name)).into())
            }
        }

        impl<'q, D: ::sqlx::Database> ::sqlx::Encode<'q, D> for $name
        where
            String: ::sqlx::Encode<'q, D>,
        {
            fn encode_by_ref(
                &self,
                buf: &mut D::ArgumentBuffer,
            ) -> Result<::sqlx::encode::IsNull, ::sqlx::error::BoxDynError> {
                <String as ::sqlx::Encode<'q, D>>::encode(self.code().to_owned(), buf)
            }
        }
    };
}

//! What can go wrong in the store, said so that an action can tell a refusal from a fault.

/// Why the store could not do it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no such row; the text names the thing ("post").
    #[error("no such {0}")]
    NotFound(&'static str),
    /// A uniqueness rule forbids it; the text names the thing.
    #[error("{0} exists already")]
    Conflict(&'static str),
    /// A stored value cannot be what it should be.
    #[error("{table}.{column} of row {row} holds an impossible value")]
    Inconsistent {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The row's key.
        row: String,
    },
    /// The database cannot be used now or at all.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// The driver's own error.
    #[error(transparent)]
    Driver(sqlx::Error),
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::RowNotFound => Self::NotFound("row"),
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed => Self::Unavailable(error.to_string()),
            other => Self::Driver(other),
        }
    }
}

/// Turns a broken uniqueness rule into a [`StoreError::Conflict`].
pub trait OnUnique<T> {
    /// `what` names the thing that exists already.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] for a uniqueness rule, any other error as it is.
    fn on_unique(self, what: &'static str) -> Result<T, StoreError>;
}

impl<T> OnUnique<T> for Result<T, sqlx::Error> {
    fn on_unique(self, what: &'static str) -> Result<T, StoreError> {
        self.map_err(|error| match error.as_database_error() {
            Some(database) if database.is_unique_violation() => StoreError::Conflict(what),
            _ => error.into(),
        })
    }
}

//! Many rows in one statement, as JSON: both databases unpack it themselves, ten times quicker than row by row.

use platform::store::Link;
use platform::{StoreError, Tx};
use serde::Serialize;
use sqlx::AssertSqlSafe;

/// How many rows go in one statement.
const ROWS: usize = 5_000;

/// A column: its name, and whether it holds numbers.
pub(super) struct Column(pub(super) &'static str, pub(super) Kind);

pub(super) enum Kind {
    Text,
    Number,
}

/// A table that is filled in bulk; the first column is its key.
pub(super) struct Table {
    pub(super) name: &'static str,
    pub(super) columns: &'static [Column],
}

impl Table {
    /// Inserts the rows; a row whose key is there already takes the new values.
    pub(super) async fn upsert(&self, tx: &mut Tx, rows: &[impl Serialize]) -> Result<(), StoreError> {
        let sql = self.statement(tx.is_postgres());
        for chunk in rows.chunks(ROWS) {
            let json = serde_json::to_string(chunk).map_err(|_| StoreError::Inconsistent {
                table: self.name,
                column: "*",
                row: "a row that is no JSON".to_owned(),
            })?;
            let query = AssertSqlSafe(sql.clone());
            match tx.link() {
                Link::Lite(link) => sqlx::query(query)
                    .bind(json)
                    .execute(&mut **link)
                    .await
                    .map(|_| ())?,
                Link::Pg(link) => sqlx::query(query)
                    .bind(json)
                    .execute(&mut **link)
                    .await
                    .map(|_| ())?,
            }
        }
        Ok(())
    }

    fn statement(&self, postgres: bool) -> String {
        let names = self.join(|Column(name, _)| (*name).to_owned());
        let (values, source) = if postgres {
            let typed = self.join(|Column(name, kind)| match kind {
                Kind::Text => format!("{name} text"),
                Kind::Number => format!("{name} bigint"),
            });
            (
                names.clone(),
                format!("json_to_recordset($1::json) AS given({typed})"),
            )
        } else {
            (
                self.join(|Column(name, _)| format!("value ->> '{name}'")),
                "json_each($1)".to_owned(),
            )
        };
        let (key, others) = match self.columns {
            [Column(key, _), others @ ..] => (*key, others),
            [] => ("", [].as_slice()),
        };
        let updates: Vec<String> = others
            .iter()
            .map(|Column(name, _)| format!("{name} = excluded.{name}"))
            .collect();
        format!(
            "INSERT INTO {table} ({names}) SELECT {values} FROM {source} WHERE true
             ON CONFLICT ({key}) DO UPDATE SET {updates}",
            table = self.name,
            updates = updates.join(", "),
        )
    }

    fn join(&self, part: impl Fn(&Column) -> String) -> String {
        self.columns.iter().map(part).collect::<Vec<_>>().join(", ")
    }
}

//! A small France with Èze in it, and people.

use commune::{Dataset, Gender, InseeCode, Mandate};
use federation::objects::Objects;
use federation::{Config, Ctx};
use platform::testing::{self, TestFolder};

use crate::actions::people;
use crate::model::{Account, Password};
use crate::viewer::{Citizen, of_account};

/// Everybody's password.
pub(crate) const PASSWORD: &str = "cheval agrafe pile correcte";

/// A code.
pub(crate) fn code(text: &str) -> InseeCode {
    text.parse().unwrap()
}

/// Èze.
pub(crate) fn eze() -> InseeCode {
    code("06059")
}

/// A context on each database, with the Alpes-Maritimes.
pub(crate) async fn everywhere(folder: &TestFolder) -> Vec<Ctx> {
    with_parts(folder, |_| {}).await
}

/// The same with some parts changed.
pub(crate) async fn with_parts(folder: &TestFolder, change: impl Fn(&mut platform::ctx::Parts)) -> Vec<Ctx> {
    let mut all = Vec::new();
    for db in testing::databases(folder).await.unwrap() {
        let ctx = Ctx::new(
            testing::ctx_with(db, folder, &change).unwrap(),
            Config::default(),
            Objects::default(),
        );
        let communes = Dataset::embedded().unwrap().only_departments(&["06"]);
        commune::actions::load_dataset(&ctx, &communes).await.unwrap();
        all.push(ctx);
    }
    all
}

/// An account of Èze.
pub(crate) async fn account(ctx: &Ctx, handle: &str) -> Account {
    let email = format!("{handle}@example.org");
    let password = Password::typed(PASSWORD);
    people::create_by_operator(ctx, handle, None, &email, eze(), &password)
        .await
        .unwrap()
}

/// Who an account is now.
pub(crate) async fn citizen(ctx: &Ctx, account: &Account) -> Citizen {
    of_account(ctx, account.id, None).await.unwrap().unwrap()
}

/// Lets the town hall of Èze in.
pub(crate) async fn claim_eze(ctx: &Ctx) {
    let keys = commune::actions::claim_keys().await.unwrap();
    let mandate = Mandate {
        holder: "Mireille Astier".to_owned(),
        gender: Gender::Feminine,
        from_year: 2026,
        to_year: Some(2032),
    };
    let mut tx = ctx.db.begin().await.unwrap();
    commune::actions::claim(ctx, &mut tx, eze(), &keys, &mandate, "essai")
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

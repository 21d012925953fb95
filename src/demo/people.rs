//! Who lives in the demonstration: the town hall and its accounts.

use std::collections::HashMap;

use account::actions::{people, roles};
use account::{Account, Password, Right, Rights, Role};
use anyhow::Context as _;
use commune::{Commune, Gender, InseeCode, Mandate};
use federation::actors::{self, ProfileChange};
use federation::{ActorId, Ctx, follows};
use platform::Tx;
use platform::text::Html;

use super::content::Content;
use super::{COMMUNE, PASSWORD};

/// What everybody says of herself.
const INVENTED: &str = "Personnage inventé pour la démonstration.";

/// Lets the town hall of Èze in.
pub(super) async fn claim(ctx: &Ctx, content: &Content) -> anyhow::Result<Commune> {
    let code: InseeCode = COMMUNE.parse()?;
    let mayor = content
        .people
        .iter()
        .find(|person| person.role == "mayor")
        .context("there is no mayor")?;
    let mandate = Mandate {
        holder: mayor.name.clone(),
        gender: Gender::Feminine,
        from_year: 2026,
        to_year: Some(2032),
    };
    let keys = commune::actions::claim_keys().await?;
    let mut tx = ctx.db.begin().await?;
    let claim = commune::actions::claim(
        ctx,
        &mut tx,
        code,
        &keys,
        &mandate,
        "démonstration, rien n’est vrai",
    )
    .await?;
    say_invented(
        ctx,
        &mut tx,
        claim.mayor,
        "La mairie et son maire sont une démonstration : tout y est inventé.",
    )
    .await?;
    tx.commit().await?;
    let commune = commune::actions::by_code(ctx, code).await?;
    commune.context("there is no Èze")
}

async fn say_invented(ctx: &Ctx, tx: &mut Tx, actor: ActorId, words: &str) -> anyhow::Result<()> {
    let change = ProfileChange {
        summary: Some(Html::paragraph(words).into_string()),
        ..ProfileChange::default()
    };
    actors::change_profile(ctx, tx, actor, change).await?;
    Ok(())
}

/// Makes the accounts; everybody follows the town hall.
pub(super) async fn accounts(
    ctx: &Ctx,
    content: &Content,
    commune: &Commune,
) -> anyhow::Result<HashMap<String, Account>> {
    let claim = commune.claim.as_ref().context("the town hall is not in")?;
    let password = Password::typed(PASSWORD);
    let mut accounts = HashMap::new();
    for person in &content.people {
        let name = Some(person.name.as_str());
        let account = people::create_by_operator(
            ctx,
            &person.handle,
            name,
            &person.email(),
            commune.code,
            &password,
        )
        .await?;
        if !person.role.is_empty() {
            let role = Role::from_code(&person.role).with_context(|| format!("no role {}", person.role))?;
            let rights: Rights = Right::ALL
                .into_iter()
                .filter(|right| *right != Right::Delegates)
                .collect();
            let grant = roles::NewGrant {
                account: account.id,
                role,
                commune: role.is_of_a_commune().then_some(commune.code),
                rights: if role == Role::Delegate {
                    rights
                } else {
                    Rights::NONE
                },
            };
            roles::give(ctx, None, grant).await?;
        }
        people::verify_resident(ctx, &account, "démonstration", None).await?;
        let mut tx = ctx.db.begin().await?;
        let words = format!("{} {INVENTED}", person.bio);
        say_invented(ctx, &mut tx, account.actor, words.trim()).await?;
        let herself = actors::by_id_in(&mut tx, account.actor)
            .await?
            .context("an account without actor")?;
        for followed in [claim.mayor, claim.commune] {
            let followed = actors::by_id_in(&mut tx, followed)
                .await?
                .context("an office without actor")?;
            follows::follow(ctx, &mut tx, &herself, &followed).await?;
        }
        tx.commit().await?;
        accounts.insert(person.handle.clone(), account);
    }
    Ok(accounts)
}

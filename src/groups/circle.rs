//! Groups as circles: what the discussion is told of them.

use std::sync::Arc;

use account::actions::{people, roles};
use commune::{Commune, InseeCode};
use discussion::circles::{Circles, Ears};
use discussion::{Answer, Circle, CommentId, Target};
use federation::{ActorId, Ctx, local_uri};
use platform::{StoreError, Tx};

use crate::model::{Group, GroupId, Pace, Scope, TopicId};
use crate::store;
use crate::topics::TOPICS;

/// The owner of circles.
#[derive(Debug)]
pub struct Groups;

impl Circles for Groups {
    fn circle<'a>(&'a self, ctx: &'a Ctx, group: ActorId) -> Answer<'a, Option<Arc<Circle>>> {
        Box::pin(async move {
            match store::groups::by_id(&ctx.db, GroupId(group.0)).await? {
                Some(group) => circle_of(ctx, &group).await.map(Some),
                None => Ok(None),
            }
        })
    }

    fn said<'a>(
        &'a self,
        tx: &'a mut Tx,
        group: ActorId,
        subject: Target,
        comment: CommentId,
    ) -> Answer<'a, Ears> {
        Box::pin(async move {
            if subject.kind == TOPICS {
                store::topics::touch(tx, TopicId(subject.id), comment.0).await?;
            }
            let group = GroupId(group.0);
            Ok(Ears {
                all: store::places::with_pace(tx, group, Pace::All).await?,
                none: store::places::with_pace(tx, group, Pace::None).await?,
            })
        })
    }
}

/// A group as a circle.
pub(crate) async fn circle_of(ctx: &Ctx, group: &Group) -> Result<Arc<Circle>, StoreError> {
    let commune = commune_of(ctx, group).await?;
    let uri = local_uri(ctx, group.actor());
    Ok(Arc::new(Circle {
        group: group.actor(),
        followers: format!("{uri}/followers"),
        uri,
        name: group.name.clone(),
        page: path(commune.as_ref(), group.id),
        commune: group.commune.clone(),
        private: group.scope.is_private(),
        residents: group.scope == Scope::Residents,
        closed: group.is_closed(ctx.clock.now()),
        moderators: keepers(ctx, group, commune.as_ref()).await?,
        put_out: store::places::put_out(&ctx.db, group.id).await?,
    }))
}

/// The commune of a group.
pub(crate) async fn commune_of(ctx: &Ctx, group: &Group) -> Result<Option<Commune>, StoreError> {
    match group.commune.parse::<InseeCode>() {
        Ok(code) => commune::actions::by_code(ctx, code).await,
        Err(_) => Ok(None),
    }
}

/// The path of a group's page.
pub(crate) fn path(commune: Option<&Commune>, group: GroupId) -> String {
    match commune {
        Some(commune) => commune.below(&format!("groupes/{group}")),
        None => format!("/groupes/{group}"),
    }
}

/// Who keeps order: those chosen, those of the town hall who may, and the mayor's office itself.
async fn keepers(ctx: &Ctx, group: &Group, commune: Option<&Commune>) -> Result<Vec<ActorId>, StoreError> {
    let mut keepers = store::places::moderators(&ctx.db, group.id).await?;
    let Some(commune) = commune else {
        return Ok(keepers);
    };
    keepers.extend(of_town_hall(ctx, commune).await?);
    keepers.sort_unstable();
    keepers.dedup();
    Ok(keepers)
}

/// The office and those who may open groups for it.
pub(crate) async fn of_town_hall(ctx: &Ctx, commune: &Commune) -> Result<Vec<ActorId>, StoreError> {
    let mut all: Vec<ActorId> = commune.claim.iter().map(|claim| claim.mayor).collect();
    for grant in roles::in_commune(ctx, commune.code).await? {
        if grant.rights().has(account::Right::Groups)
            && let Some(account) = people::by_id(ctx, grant.account).await?
        {
            all.push(account.actor);
        }
    }
    Ok(all)
}

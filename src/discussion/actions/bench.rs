//! Who may decide about what: nobody in a cause of her own while somebody else can.

use account::actions::{people, roles};
use account::{AccountId, Right};
use commune::InseeCode;
use federation::{ActorId, Ctx};
use platform::StoreError;

use crate::model::{Case, Circle, Decision, Deed, Moderates, Participant, Target, Thing, Under};
use crate::{circles, store};

/// What stands between this moderator and a decision about this thing.
///
/// # Errors
/// [`StoreError`] from the driver.
pub(crate) async fn case(
    ctx: &Ctx,
    by: &Participant,
    target: Target,
    thing: Option<&Thing>,
    under: &Under,
) -> Result<Case, StoreError> {
    let last = store::desk::last_standing(&ctx.db, target.kind, target.id).await?;
    let last = last.filter(|last| last.deed == Deed::Hide);
    let bench = Bench::of(ctx, under).await?;
    let author = thing.map(Thing::author_id);
    let mut actors = vec![by.actor.id];
    actors.extend(author);
    actors.extend(last.as_ref().map(|last| last.moderator_id));
    let accounts = people::by_actors(ctx, &actors).await?;
    let account_of = |actor: ActorId| {
        let found = accounts.iter().find(|account| account.actor == actor);
        found.map(|account| account.id)
    };
    let parties = match thing {
        Some(thing) => bench.parties(ctx, thing, account_of(thing.author_id())).await?,
        None => Vec::new(),
    };
    let judge = account_of(by.actor.id);
    let hidden_by_operator = last.as_ref().is_some_and(|last| {
        account_of(last.moderator_id).is_some_and(|account| bench.operators.contains(&account))
    });
    let others = bench
        .judges(hidden_by_operator)
        .any(|other| Some(other) != judge && !parties.contains(&other));
    Ok(Case {
        is_party: Some(by.actor.id) == author || judge.is_some_and(|judge| parties.contains(&judge)),
        is_own_decision: last.as_ref().is_some_and(|last| is_contested_of(last, by)),
        hidden_by_operator,
        is_operator: by.moderates == Moderates::Everywhere,
        has_others: others,
    })
}

/// Whether somebody else than who took a decision can review it.
///
/// # Errors
/// [`StoreError`] from the driver.
pub(crate) async fn has_other_judges(
    ctx: &Ctx,
    decision: &Decision,
    thing: Option<&Thing>,
) -> Result<bool, StoreError> {
    let under = under_of(ctx, thing, decision).await?;
    let bench = Bench::of(ctx, &under).await?;
    let author = thing.map(Thing::author_id);
    let actors: Vec<ActorId> = author.into_iter().chain([decision.moderator_id]).collect();
    let accounts = people::by_actors(ctx, &actors).await?;
    let account_of = |actor: ActorId| accounts.iter().find(|one| one.actor == actor).map(|one| one.id);
    let decider = account_of(decision.moderator_id);
    let parties = match thing {
        Some(thing) => bench.parties(ctx, thing, account_of(thing.author_id())).await?,
        None => Vec::new(),
    };
    let by_operator = decider.is_some_and(|decider| bench.operators.contains(&decider));
    Ok(bench
        .judges(by_operator)
        .any(|other| Some(other) != decider && !parties.contains(&other)))
}

/// Under whose moderation a decision stands: the thing's, and its own when the thing is not here any more.
///
/// # Errors
/// [`StoreError`] from the driver.
pub(crate) async fn under_of(
    ctx: &Ctx,
    thing: Option<&Thing>,
    decision: &Decision,
) -> Result<Under, StoreError> {
    if let Some(thing) = thing {
        return Ok(thing.subject().under());
    }
    if let Some(circle) = circles::at_desk(ctx, decision.commune.as_deref()).await? {
        return Ok(Under::Circle(circle));
    }
    Ok(match &decision.commune {
        Some(commune) => Under::Commune(commune.clone()),
        None => Under::Operator,
    })
}

fn is_contested_of(last: &Decision, by: &Participant) -> bool {
    last.appeal.is_some() && last.moderator_id == by.actor.id
}

/// Those who may decide in a commune or a circle.
struct Bench {
    commune: Option<InseeCode>,
    moderators: Vec<AccountId>,
    operators: Vec<AccountId>,
}

impl Bench {
    async fn of(ctx: &Ctx, under: &Under) -> Result<Self, StoreError> {
        let commune = match under {
            Under::Operator => None,
            Under::Commune(code) => code.parse().ok(),
            Under::Circle(circle) => return Self::of_circle(ctx, circle).await,
        };
        Ok(Self {
            commune,
            moderators: match commune {
                Some(commune) => roles::holders(ctx, Right::Moderation, commune).await?,
                None => Vec::new(),
            },
            operators: roles::every_operator(ctx).await?,
        })
    }

    /// A circle is kept by its own; a public one by the commune's moderators too.
    async fn of_circle(ctx: &Ctx, circle: &Circle) -> Result<Self, StoreError> {
        let commune: Option<InseeCode> = circle.commune.parse().ok();
        let keepers = people::by_actors(ctx, &circle.moderators).await?;
        let mut moderators: Vec<AccountId> = keepers.into_iter().map(|account| account.id).collect();
        let mut operators = Vec::new();
        if let Some(commune) = commune.filter(|_| !circle.private) {
            moderators.extend(roles::holders(ctx, Right::Moderation, commune).await?);
            operators = roles::every_operator(ctx).await?;
        }
        Ok(Self {
            commune,
            moderators,
            operators,
        })
    }

    /// Those who may review a decision: what an operator hid is the operators' to show again.
    fn judges(&self, operators_only: bool) -> impl Iterator<Item = AccountId> + '_ {
        let moderators = self.moderators.iter().filter(move |_| !operators_only);
        moderators.chain(&self.operators).copied()
    }

    /// Those who speak as the author: herself, or everybody who speaks for the town hall in such things.
    async fn parties(
        &self,
        ctx: &Ctx,
        thing: &Thing,
        account: Option<AccountId>,
    ) -> Result<Vec<AccountId>, StoreError> {
        if let Some(account) = account {
            return Ok(vec![account]);
        }
        let office = commune::actions::by_actor(ctx, thing.author_id()).await?;
        match office.map(|office| office.code) {
            Some(code) if Some(code) == self.commune => roles::holders(ctx, thing.right(), code).await,
            _ => Ok(Vec::new()),
        }
    }
}

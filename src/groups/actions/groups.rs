//! Opening, changing, closing groups.

use commune::Commune;
use federation::actors::{self, NewKeys, ProfileChange};
use federation::{ActorKind, Ctx, NewLocalActor};
use platform::queue::{self, When};
use platform::text::{Links, clean_line, markdown_to_html};
use platform::{StoreError, Timestamp, Tx};

use super::{GroupError, refuse};
use crate::circle::path;
use crate::model::{Group, GroupId, GroupRefusal, HANDLE, LONGEST_NAME, NewGroup, Scope, handle_of};
use crate::store;
use crate::tasks::CloseGroup;

/// Namesakes among the groups of one commune.
const MOST_NAMESAKES: u32 = 50;

/// Who opens and changes groups: somebody of a town hall who may, as the door has made sure.
#[derive(Debug, Clone)]
pub struct Founder {
    /// The account.
    pub account_id: i64,
    /// The commune.
    pub commune: Commune,
}

fn html(text: &str) -> String {
    platform::text::french_html(&markdown_to_html(text, &Links::NONE)).into_string()
}

/// What other servers and programs show of a group: what is talked about, and the rules.
fn summary(ctx: &Ctx, group: &Group) -> String {
    if group.rules_html.is_empty() {
        return group.about_html.clone();
    }
    let heading = ctx.words.t(platform::i18n::Lang::Fr, "groups-rules-title");
    format!(
        "{}<p><strong>{heading}</strong></p>{}",
        group.about_html, group.rules_html
    )
}

/// Opens a group.
///
/// # Errors
/// [`GroupError::Refused`] with every fault of it.
pub async fn open_group(ctx: &Ctx, by: &Founder, new: NewGroup) -> Result<Group, GroupError> {
    let now = ctx.clock.now();
    refuse(new.refusals(now))?;
    let handle = free_handle(ctx, by, &new).await?;
    let keys = match new.scope {
        Scope::Residents => None,
        Scope::Public | Scope::Members => Some(actors::new_keys().await?),
    };
    let mut tx = ctx.db.begin().await?;
    let actor = make_actor(ctx, &mut tx, &new, handle, keys.as_ref()).await?;
    let id = GroupId(actor.id.0);
    let mut group = Group {
        id,
        commune: by.commune.code.to_string(),
        scope: new.scope,
        name: String::new(),
        about: String::new(),
        about_html: String::new(),
        rules: String::new(),
        rules_html: String::new(),
        approval: false,
        opening: new.opening,
        closes_at: None,
        closed_at: None,
        account_id: by.account_id,
        created_at: now,
        edited_at: None,
    };
    dress(&mut group, &new);
    store::groups::insert(&mut tx, &group).await?;
    actors::set_page(ctx, &mut tx, actor.id, &path(Some(&by.commune), id)).await?;
    show(ctx, &mut tx, &group).await?;
    plan_closing(ctx, &mut tx, &group).await?;
    tx.commit().await?;
    Ok(group)
}

/// A public group is named after its commune and itself; the names of others say nothing.
async fn free_handle(ctx: &Ctx, by: &Founder, new: &NewGroup) -> Result<String, GroupError> {
    if new.scope == Scope::Public {
        for number in 1..=MOST_NAMESAKES {
            let handle = handle_of(&by.commune.handle, &new.name, number);
            if actors::by_handle(ctx, &handle, None).await?.is_none() {
                return Ok(handle);
            }
        }
    }
    const LETTERS: &[u8] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let chance = (0..20).filter_map(|_| {
        let at = ctx.rng.below(LETTERS.len() as u64);
        LETTERS
            .get(usize::try_from(at).unwrap_or(0))
            .map(|letter| char::from(*letter))
    });
    Ok(format!("{HANDLE}{}", chance.collect::<String>()))
}

async fn make_actor(
    ctx: &Ctx,
    tx: &mut Tx,
    new: &NewGroup,
    handle: String,
    keys: Option<&NewKeys>,
) -> Result<federation::Actor, StoreError> {
    let actor = NewLocalActor {
        kind: ActorKind::Group,
        handle,
        name: clean_line(&new.name, LONGEST_NAME),
        summary: String::new(),
        page: None,
        federated: new.scope == Scope::Public,
        discoverable: new.scope == Scope::Public,
    };
    match (new.scope, keys) {
        (Scope::Members, Some(keys)) => actors::create_veiled(ctx, tx, actor, keys).await,
        (_, keys) => actors::create_local(ctx, tx, actor, keys).await,
    }
}

fn dress(group: &mut Group, new: &NewGroup) {
    group.name = clean_line(&new.name, LONGEST_NAME);
    group.about = new.about.trim().to_owned();
    group.about_html = html(&group.about);
    group.rules = new.rules.trim().to_owned();
    group.rules_html = if group.rules.is_empty() {
        String::new()
    } else {
        html(&group.rules)
    };
    // Nobody finds the way into a members' group but those who are awaited.
    group.approval = new.approval || new.scope == Scope::Members;
    group.opening = new.opening;
    group.closes_at = new.closes_at;
}

/// Lets other servers know what a group looks like.
async fn show(ctx: &Ctx, tx: &mut Tx, group: &Group) -> Result<(), StoreError> {
    let change = ProfileChange {
        name: Some(group.name.clone()),
        summary: Some(summary(ctx, group)),
        locked: Some(group.approval),
        ..ProfileChange::default()
    };
    actors::change_profile(ctx, tx, group.actor(), change).await?;
    Ok(())
}

async fn plan_closing(ctx: &Ctx, tx: &mut Tx, group: &Group) -> Result<(), StoreError> {
    if let Some(at) = group.closes_at.filter(|_| group.closed_at.is_none()) {
        let when = When::at(at).once(format!("groups.close {} {}", group.id, at.as_millis()));
        queue::enqueue::<Ctx, _>(ctx, tx, &CloseGroup { group: group.id }, when).await?;
    }
    Ok(())
}

async fn of_founder(tx: &mut Tx, by: &Founder, id: GroupId) -> Result<Group, GroupError> {
    let group = store::groups::locked(tx, id)
        .await?
        .ok_or(GroupRefusal::Missing)?;
    if group.commune == by.commune.code.as_str() {
        Ok(group)
    } else {
        Err(GroupRefusal::Missing.into())
    }
}

/// Changes a group's name, rules, closing date. Its scope stays: what was said was said to those who read then.
///
/// # Errors
/// [`GroupError::Refused`] with every fault of it.
pub async fn change_group(ctx: &Ctx, by: &Founder, id: GroupId, new: NewGroup) -> Result<Group, GroupError> {
    let now = ctx.clock.now();
    let mut tx = ctx.db.begin().await?;
    let mut group = of_founder(&mut tx, by, id).await?;
    let new = NewGroup {
        scope: group.scope,
        ..new
    };
    let mut refusals = new.refusals(now);
    if new.closes_at == group.closes_at {
        // A date that has passed meanwhile is no fault of who changes something else.
        refusals.retain(|refusal| *refusal != GroupRefusal::WhenImpossible);
    }
    refuse(refusals)?;
    dress(&mut group, &new);
    group.edited_at = Some(now);
    store::groups::update(&mut tx, &group).await?;
    show(ctx, &mut tx, &group).await?;
    plan_closing(ctx, &mut tx, &group).await?;
    tx.commit().await?;
    Ok(group)
}

/// Changes what a moderator of another server may change: name and description.
pub(crate) async fn rename(
    ctx: &Ctx,
    id: GroupId,
    name: Option<String>,
    about: Option<String>,
) -> Result<bool, StoreError> {
    let mut tx = ctx.db.begin().await?;
    let Some(mut group) = store::groups::locked(&mut tx, id).await? else {
        return Ok(false);
    };
    let name = name
        .map(|name| clean_line(&name, LONGEST_NAME))
        .filter(|name| !name.is_empty());
    group.name = name.unwrap_or(group.name);
    if let Some(about) = about.filter(|about| !about.trim().is_empty()) {
        group.about_html = html(&about);
        group.about = about;
    }
    group.edited_at = Some(ctx.clock.now());
    store::groups::update(&mut tx, &group).await?;
    show(ctx, &mut tx, &group).await?;
    tx.commit().await?;
    Ok(true)
}

/// Closes a group: it can be read, and nothing is said in it any more.
///
/// # Errors
/// [`GroupRefusal::Missing`].
pub async fn close_group(ctx: &Ctx, by: &Founder, id: GroupId) -> Result<Group, GroupError> {
    let mut tx = ctx.db.begin().await?;
    let mut group = of_founder(&mut tx, by, id).await?;
    if group.closed_at.is_none() {
        group.closed_at = Some(ctx.clock.now());
        store::groups::update(&mut tx, &group).await?;
    }
    tx.commit().await?;
    Ok(group)
}

/// Opens a closed group again, without a date.
///
/// # Errors
/// [`GroupRefusal::Missing`].
pub async fn reopen_group(ctx: &Ctx, by: &Founder, id: GroupId) -> Result<Group, GroupError> {
    let mut tx = ctx.db.begin().await?;
    let mut group = of_founder(&mut tx, by, id).await?;
    group.closed_at = None;
    group.closes_at = group.closes_at.filter(|at| *at > ctx.clock.now());
    store::groups::update(&mut tx, &group).await?;
    tx.commit().await?;
    Ok(group)
}

/// Closes a group whose last minute is over, unless that minute was put off; in the transaction of the task.
pub(crate) async fn close_due(tx: &mut Tx, id: GroupId, now: Timestamp) -> Result<(), StoreError> {
    if let Some(mut group) = store::groups::locked(tx, id).await?
        && group.closed_at.is_none()
        && group.closes_at.is_some_and(|at| at <= now)
    {
        group.closed_at = group.closes_at;
        store::groups::update(tx, &group).await?;
    }
    Ok(())
}

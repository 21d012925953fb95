//! Planning an event.

use federation::{Ctx, objects};
use platform::media::{self, MediaId};
use platform::text::{self, Html, Links};
use platform::{StoreError, Timestamp, Tx};

use super::{EventError, announcing, dates, refuse};
use crate::author::Author;
use crate::model::{
    Event, EventId, EventRefusal, EventState, LONGEST_LINE, LONGEST_TITLE, Local, NewEvent, Occurrence,
    Place, local_of,
};
use crate::{notices, store};

/// Puts an event, or a series, in the agenda; tells people and other servers, unless it is private.
///
/// # Errors
/// [`EventError::Refused`] with every fault of it; then nothing is stored.
pub async fn plan_event(
    ctx: &Ctx,
    author: &Author,
    new: &NewEvent,
) -> Result<(Event, Occurrence), EventError> {
    let now = ctx.clock.now();
    refuse(new.refusals(local_of(now, &new.zone)))?;
    let html = html_of(ctx, new).await?;
    let mut tx = ctx.db.begin().await?;
    let (event, mut shown) = plan_in(ctx, &mut tx, author, new, &html, now).await?;
    if !event.private && !shown.is_over(now) {
        announcing::announce(ctx, &mut tx, author, &event, &mut shown, now).await?;
        notices::planned(ctx, &mut tx, author, &event, &shown).await?;
    }
    tx.commit().await?;
    Ok((event, shown))
}

/// [`plan_event`] in a transaction of the caller's, which has looked at the refusals and tells of it. Gives the date
/// to be shown: the next one, else the last.
pub(super) async fn plan_in(
    ctx: &Ctx,
    tx: &mut Tx,
    author: &Author,
    new: &NewEvent,
    html: &Html,
    now: Timestamp,
) -> Result<(Event, Occurrence), EventError> {
    let id = EventId::new(ctx);
    let mut event = Event {
        id,
        actor_id: author.office.id,
        commune: Some(author.commune.code.to_string()),
        local: true,
        account_id: Some(author.account_id),
        byline: author.byline.clone(),
        delegated: author.delegated,
        private: new.private,
        title: String::new(),
        source: None,
        html: String::new(),
        language: new.language.clone(),
        category: new.category,
        all_day: new.all_day,
        zone: new.zone.clone(),
        starts_local: Local::from(new.starts),
        ends_local: Local::from(new.ends),
        rule: String::new(),
        until_local: None,
        excluded: String::new(),
        expanded_to: None,
        place: Place::default(),
        website: String::new(),
        contact: String::new(),
        contact_email: String::new(),
        contact_phone: String::new(),
        capacity: None,
        join_mode: new.join_mode,
        join_url: String::new(),
        comment_mode: new.comment_mode,
        image_id: None,
        image_path: String::new(),
        image_small: String::new(),
        image_mime: String::new(),
        image_alt: String::new(),
        image_width: None,
        image_height: None,
        state: EventState::Published,
        import_uid: new.import_uid.clone(),
        sequence: 0,
        url: None,
        created_at: now,
        edited_at: None,
    };
    fill(&mut event, new, html);
    hang_image(ctx, tx, author, &mut event, new).await?;
    store::events::insert(tx, &event).await?;
    let all = dates::first_dates(ctx, tx, &mut event, now).await?;
    let shown = all
        .iter()
        .find(|one| !one.is_over(now))
        .or(all.last())
        .cloned()
        .ok_or(EventRefusal::RuleImpossible)?;
    Ok((event, shown))
}

/// Writes what the author said into the event.
pub(super) fn fill(event: &mut Event, new: &NewEvent, html: &Html) {
    let line = |text: &str| text::clean_line(text, LONGEST_LINE);
    event.title = text::clean_line(&new.title, LONGEST_TITLE);
    event.source = Some(new.source.clone());
    html.as_str().clone_into(&mut event.html);
    event.language.clone_from(&new.language);
    event.category = new.category;
    event.all_day = new.all_day;
    event.zone.clone_from(&new.zone);
    event.starts_local = Local::from(new.starts);
    event.ends_local = Local::from(new.ends);
    event.rule = new
        .repeat
        .as_ref()
        .map(|one| one.rule.clone())
        .unwrap_or_default();
    event.until_local = new.repeat.as_ref().and_then(|one| one.until).map(Local::from);
    event.excluded = new
        .excluded
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(",");
    event.place = Place {
        place_name: line(&new.place.place_name),
        street: line(&new.place.street),
        postal_code: line(&new.place.postal_code),
        locality: line(&new.place.locality),
        latitude: new.place.latitude,
        longitude: new.place.longitude,
        online_url: new.place.online_url.clone(),
    };
    event.website.clone_from(&new.website);
    event.contact = line(&new.contact);
    event.contact_email = line(&new.contact_email);
    event.contact_phone = line(&new.contact_phone);
    event.capacity = new.capacity;
    event.join_mode = new.join_mode;
    event.join_url.clone_from(&new.join_url);
    event.comment_mode = new.comment_mode;
}

/// Ties the picture to the event and lets the former one go.
pub(super) async fn hang_image(
    ctx: &Ctx,
    tx: &mut Tx,
    author: &Author,
    event: &mut Event,
    new: &NewEvent,
) -> Result<(), EventError> {
    let owner = author.office.id.0;
    let wanted = new.image.as_ref().map(|image| image.media_id);
    if event.image_id != wanted
        && let Some(old) = event.image_id.take()
    {
        media::detach(tx, MediaId(old), ctx.clock.now()).await?;
    }
    let Some(image) = &new.image else {
        event.image_path = String::new();
        event.image_small = String::new();
        event.image_alt = String::new();
        return Ok(());
    };
    let id = MediaId(image.media_id);
    if event.image_id != wanted {
        let medium = match media::attach(tx, id, owner).await {
            Ok(medium) if medium.is_image() => medium,
            Ok(_) | Err(StoreError::NotFound(_) | StoreError::Conflict(_)) => {
                return Err(EventRefusal::ImageMissing.into());
            }
            Err(error) => return Err(error.into()),
        };
        event.image_id = Some(id.0);
        event.image_path = medium.address();
        event.image_small = medium.thumb_address();
        event.image_mime.clone_from(&medium.mime);
        event.image_width = medium.width;
        event.image_height = medium.height;
    }
    event.image_alt = text::clean_text(&image.alt, 1500);
    Ok(())
}

/// Names in one description that are looked up; the others stay text.
const MOST_MENTIONS: usize = 20;

/// The description as it will be shown; mentions lead to actors known here. Made before the transaction.
pub(crate) async fn html_of(ctx: &Ctx, new: &NewEvent) -> Result<Html, StoreError> {
    let named = federation::Named::in_text(ctx, &new.source, MOST_MENTIONS).await?;
    let page_of_tag = |tag: &text::Hashtag| Some(ctx.urls.to(&format!("/mots-cles/{}", tag.folded)));
    let links = Links {
        mention: &|mention| named.page(mention),
        hashtag: &page_of_tag,
    };
    let html = text::markdown_to_html(&new.source, &links);
    Ok(if new.language == "fr" {
        text::french_html(&html)
    } else {
        html
    })
}

/// The address of a date's object.
pub(super) fn uri(ctx: &Ctx, id: i64) -> String {
    objects::uri(ctx, crate::wire::KIND, id)
}

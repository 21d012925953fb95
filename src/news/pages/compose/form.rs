//! What the composer's form says.

use commune::Commune;
use discussion::CommentMode;
use federation::{Ctx, Visibility};
use platform::Timestamp;
use platform::media::{self, MediaId};
use platform::web::{Failure, FormState, Submitted};

use crate::model::{MOST_ATTACHMENTS, NewAttachment, NewPost, Post, PostRefusal, Publication, Topic};

/// The languages a town hall writes in.
pub(super) const LANGUAGES: [&str; 14] = [
    "fr", "en", "br", "co", "oc", "eu", "ca", "gsw", "de", "it", "es", "pt", "ar", "gcf",
];

/// The form of an empty page.
pub(super) fn blank() -> FormState {
    FormState::default()
        .with("language", "fr")
        .with("visibility", Visibility::Public.code())
        .with("comment_mode", CommentMode::Open.code())
        .with("when", "now")
}

/// The form of a post as it stands.
pub(super) fn filled(post: &Post, zone: &str) -> FormState {
    let mut form = FormState::default()
        .with("title", &post.title)
        .with("source", post.source.as_deref().unwrap_or_default())
        .with("summary", &post.summary)
        .with("language", &post.language)
        .with("topic", post.topic.map(Topic::code).unwrap_or_default())
        .with("visibility", post.visibility.code())
        .with("comment_mode", post.comment_mode.code())
        .with(
            "when",
            if post.scheduled_at.is_some() {
                "later"
            } else {
                "now"
            },
        )
        .with("seen", post.edited_at.map_or(0, Timestamp::as_millis));
    if post.sensitive {
        form = form.with("sensitive", "on");
    }
    if let Some(at) = post.scheduled_at {
        let local = at.in_zone(zone);
        form = form
            .with("date", local.date())
            .with("time", local.strftime("%H:%M"));
    }
    form
}

/// The photos and documents that the form keeps: upload and description, in order.
pub(super) fn kept_pieces(sent: &Submitted) -> Vec<(i64, String)> {
    let removed: Vec<&str> = sent.all("remove").collect();
    sent.all("media")
        .enumerate()
        .map(|(at, id)| (id, sent.get(&format!("alt-{}", at + 1)).to_owned()))
        .filter(|(id, _)| !removed.contains(id))
        .filter_map(|(id, alt)| Some((id.parse().ok()?, alt)))
        .take(MOST_ATTACHMENTS)
        .collect()
}

/// The descriptions follow their photos when some were taken out.
pub(super) fn renumbered(form: FormState, pieces: &[(i64, String)]) -> FormState {
    let mut form = form.without_prefix("alt-").without_prefix("remove");
    for (at, (_, alt)) in pieces.iter().enumerate() {
        form = form.with(&format!("alt-{}", at + 1), alt);
    }
    form
}

/// The post that the form describes, and what is already known to be wrong with it.
pub(super) async fn read(
    ctx: &Ctx,
    commune: &Commune,
    sent: &Submitted,
    pieces: &[(i64, String)],
) -> Result<(NewPost, Vec<PostRefusal>), Failure> {
    let mut refusals = Vec::new();
    let later = |code: &str| matches!(code, "now" | "later").then_some(code == "later");
    let is_later = sent.choice("when", Some(false), later)?;
    let publication = publication(sent, commune.time_zone(), is_later).unwrap_or_else(|refusal| {
        refusals.push(refusal);
        // Refused in any case; what is wrong with a post that goes out is said too.
        Publication::Now
    });
    let known = |code: &str| LANGUAGES.into_iter().find(|one| *one == code);
    let language = sent.choice("language", Some("fr"), known)?;
    let topic = |code: &str| match code {
        "" => Some(None),
        code => Topic::from_code(code).map(Some),
    };
    let new = NewPost {
        title: sent.get("title").to_owned(),
        source: sent.get("source").to_owned(),
        summary: sent.get("summary").to_owned(),
        sensitive: sent.has("sensitive"),
        language: language.to_owned(),
        topic: sent.choice("topic", Some(None), topic)?,
        visibility: sent.choice("visibility", None, Visibility::from_code)?,
        comment_mode: sent.choice("comment_mode", Some(CommentMode::Open), CommentMode::from_code)?,
        attachments: attachments(ctx, pieces).await?,
        publication,
    };
    Ok((new, refusals))
}

async fn attachments(ctx: &Ctx, pieces: &[(i64, String)]) -> Result<Vec<NewAttachment>, Failure> {
    let ids: Vec<MediaId> = pieces.iter().map(|(id, _)| MediaId(*id)).collect();
    let known = media::by_ids(&ctx.db, &ids).await?;
    Ok(pieces
        .iter()
        .filter_map(|(id, alt)| {
            let medium = known.iter().find(|medium| medium.id.0 == *id)?;
            Some(NewAttachment {
                media_id: *id,
                alt: alt.clone(),
                is_image: medium.is_image(),
            })
        })
        .collect())
}

fn publication(sent: &Submitted, zone: &str, is_later: bool) -> Result<Publication, PostRefusal> {
    if is_later {
        moment(sent.get("date"), sent.get("time"), zone)
            .map(Publication::At)
            .ok_or(PostRefusal::WhenImpossible)
    } else if sent.get("action") == "draft" {
        Ok(Publication::Draft)
    } else {
        Ok(Publication::Now)
    }
}

/// An instant from a date and a time on the spot; a time that a change of clocks skips is moved forward.
fn moment(date: &str, time: &str, zone: &str) -> Option<Timestamp> {
    let date: jiff::civil::Date = date.parse().ok()?;
    let time: jiff::civil::Time = jiff::civil::Time::strptime("%H:%M", time.get(..5).unwrap_or(time)).ok()?;
    Some(date.to_datetime(time).in_tz(zone).ok()?.timestamp().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_read_on_the_spot() {
        let at = |date, time, zone| moment(date, time, zone).map(Timestamp::rfc3339);
        assert_eq!(
            at("2026-11-25", "07:30", "Europe/Paris").as_deref(),
            Some("2026-11-25T06:30:00.000Z")
        );
        assert_eq!(
            at("2026-11-25", "07:30:00", "Indian/Reunion").as_deref(),
            Some("2026-11-25T03:30:00.000Z")
        );
        // 2 h 30 does not exist on the night the clocks go forward.
        assert_eq!(
            at("2027-03-28", "02:30", "Europe/Paris").as_deref(),
            Some("2027-03-28T01:30:00.000Z")
        );
        assert_eq!(at("25/11/2026", "07:30", "Europe/Paris"), None);
        assert_eq!(at("2026-11-25", "7h30", "Europe/Paris"), None);
    }
}

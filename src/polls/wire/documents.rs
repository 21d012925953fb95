//! What other servers are told: that there is a poll, how it came out, and the question of a public opinion.

use federation::{Actor, Audience, Ctx, Visibility, objects};
use platform::text::Html;
use platform::{StoreError, Tx};
use serde_json::{Value, json};

use super::{ANONYMOUS, OPINIONS, RESULTS, page_of_in};
use crate::model::{Opinion, OpinionOption, OptionCount, Poll, Tally, shown_votes};
use crate::store::{opinions, polls};
use crate::words;

/// Text as HTML, its tags taken for letters.
fn escaped(text: &str) -> String {
    Html::paragraph(text)
        .as_str()
        .trim_start_matches("<p>")
        .trim_end_matches("</p>")
        .to_owned()
}

/// Fields that every object of ours bears.
struct Envelope<'a> {
    uri: String,
    kind: &'a str,
    author: &'a Actor,
    audience: Audience,
    language: &'a str,
    published: String,
    page: String,
    content: String,
}

fn object(ctx: &Ctx, of: &Envelope<'_>) -> Value {
    let quotable = if of.audience.open {
        federation::PUBLIC
    } else {
        of.author.uri.as_str()
    };
    json!({
        "id": of.uri,
        "type": of.kind,
        "attributedTo": of.author.uri,
        "to": of.audience.to,
        "cc": of.audience.cc,
        "published": of.published,
        "url": ctx.urls.to(&of.page),
        "content": of.content,
        "contentMap": { of.language: of.content },
        "sensitive": false,
        "inReplyTo": null,
        "tag": [],
        "attachment": [],
        "interactionPolicy": { "canQuote": { "automaticApproval": [quotable] } },
    })
}

fn with_collections(mut object: Value, uri: &str) -> Value {
    if let Some(map) = object.as_object_mut() {
        for name in ["replies", "likes", "shares"] {
            map.insert(name.to_owned(), json!(format!("{uri}/{name}")));
        }
        for name in ["context", "conversation"] {
            map.insert(name.to_owned(), json!(format!("{uri}/context")));
        }
    }
    object
}

/// The announcement of an anonymous poll: what is asked, and where one votes. No number ever stands in it.
pub(crate) async fn announcement(
    ctx: &Ctx,
    tx: &mut Tx,
    office: &Actor,
    poll: &Poll,
) -> Result<Value, StoreError> {
    let page = page_of_in(tx, &poll.commune, poll.id.0, ANONYMOUS).await?;
    let options = polls::options_in(tx, poll.id).await?;
    Ok(note(ctx, office, poll, &options, &page))
}

/// The text of an announcement.
pub(crate) fn note_html(ctx: &Ctx, poll: &Poll, options: &[OptionCount], page: &str) -> String {
    let link = ctx.urls.to(page);
    let mut content = format!(
        "<p><strong>{}</strong></p>{}<ul>",
        escaped(&poll.question),
        poll.html
    );
    for option in options {
        content.push_str(&format!("<li>{}</li>", escaped(&option.words)));
    }
    content.push_str("</ul>");
    let until = words::until(ctx, poll);
    content.push_str(&format!("<p>{}</p>", escaped(&until)));
    let (vote, no_value) = (words::vote_link(ctx), words::without_legal_value(ctx));
    content.push_str(&format!(
        "<p><a href=\"{link}\">{}</a></p><p>{}</p>",
        escaped(&vote),
        escaped(&no_value)
    ));
    content
}

/// The same for the object door.
pub(crate) fn note(ctx: &Ctx, office: &Actor, poll: &Poll, options: &[OptionCount], page: &str) -> Value {
    let content = note_html(ctx, poll, options, page);
    let of = Envelope {
        uri: poll.uri.clone(),
        kind: "Note",
        author: office,
        audience: Audience::of(office, Visibility::Public, &[]),
        language: &poll.language,
        published: poll.opened_at.rfc3339(),
        page: page.to_owned(),
        content,
    };
    with_collections(object(ctx, &of), &poll.uri)
}

/// How a poll came out. Of fewer than five ballots it says only that nothing was counted.
pub(crate) async fn outcome(
    ctx: &Ctx,
    tx: &mut Tx,
    office: &Actor,
    poll: &Poll,
) -> Result<Value, StoreError> {
    let page = page_of_in(tx, &poll.commune, poll.id.0, ANONYMOUS).await?;
    let options = polls::options_in(tx, poll.id).await?;
    Ok(results(ctx, office, poll, &options, &page))
}

/// The same for the object door.
pub(crate) fn results(ctx: &Ctx, office: &Actor, poll: &Poll, options: &[OptionCount], page: &str) -> Value {
    let tally = Tally {
        ballots: poll.shown_ballots,
        eligible: poll.shown_eligible,
        counts: options.iter().map(|option| option.ballots).collect(),
    };
    let mut content = format!(
        "<p><strong>{}</strong></p>",
        escaped(&words::outcome_of(ctx, poll))
    );
    if tally.is_enough() {
        content.push_str("<ul>");
        for option in options {
            let line = words::line(ctx, &option.words, option.ballots, tally.share(option.ballots));
            content.push_str(&format!("<li>{}</li>", escaped(&line)));
        }
        content.push_str("</ul>");
        let turnout = words::turnout(ctx, &tally);
        content.push_str(&format!("<p>{}</p>", escaped(&turnout)));
    } else {
        content.push_str(&format!("<p>{}</p>", escaped(&words::too_few(ctx))));
    }
    let link = ctx.urls.to(page);
    content.push_str(&format!(
        "<p><a href=\"{link}\">{}</a></p><p>{}</p>",
        escaped(&words::results_link(ctx)),
        escaped(&words::without_legal_value(ctx))
    ));
    let of = Envelope {
        uri: objects::uri(ctx, RESULTS, poll.id),
        kind: "Note",
        author: office,
        audience: Audience::of(office, Visibility::Public, &[]),
        language: &poll.language,
        published: poll.closed_at.unwrap_or(poll.closes_at).rfc3339(),
        page: page.to_owned(),
        content,
    };
    let mut object = object(ctx, &of);
    if let Some(map) = object.as_object_mut() {
        map.insert("inReplyTo".to_owned(), json!(poll.uri));
        map.insert("context".to_owned(), json!(format!("{}/context", poll.uri)));
        map.insert("conversation".to_owned(), json!(format!("{}/context", poll.uri)));
    }
    object
}

/// The question of a public opinion, in a transaction.
pub(crate) async fn question_in(
    ctx: &Ctx,
    tx: &mut Tx,
    office: &Actor,
    opinion: &Opinion,
) -> Result<Value, StoreError> {
    let page = page_of_in(tx, &opinion.commune, opinion.id.0, OPINIONS).await?;
    let options = opinions::options_in(tx, opinion.id).await?;
    Ok(question(ctx, office, opinion, &options, &page))
}

/// The `Question` of a public opinion (INTEROP.md 4.6). All counts are zero until it is closed; `closed` appears
/// then, and `updated` never does.
pub(crate) fn question(
    ctx: &Ctx,
    office: &Actor,
    opinion: &Opinion,
    options: &[OpinionOption],
    page: &str,
) -> Value {
    let content = words::opinion_html(ctx, opinion);
    let of = Envelope {
        uri: opinion.uri.clone(),
        kind: "Question",
        author: office,
        audience: Audience::of(office, opinion.visibility, &[]),
        language: &opinion.language,
        published: opinion.opened_at.rfc3339(),
        page: page.to_owned(),
        content,
    };
    let mut question = with_collections(object(ctx, &of), &opinion.uri);
    let choices: Vec<Value> = options
        .iter()
        .map(|option| {
            json!({
                "type": "Note",
                "name": option.words,
                "replies": { "type": "Collection", "totalItems": shown_votes(opinion, option) },
            })
        })
        .collect();
    if let Some(map) = question.as_object_mut() {
        let kind = if opinion.multiple { "anyOf" } else { "oneOf" };
        map.insert(kind.to_owned(), json!(choices));
        map.insert("endTime".to_owned(), json!(opinion.closes_at.rfc3339()));
        if opinion.closed_at.is_some() {
            map.insert("closed".to_owned(), json!(opinion.closes_at.rfc3339()));
        }
        let voters = if opinion.is_shown() { opinion.voters() } else { 0 };
        map.insert("votersCount".to_owned(), json!(voters));
    }
    question
}

//! Topics of public groups as statuses of the client API; following a group is joining it, naming it first opens a
//! topic. What is for some only is on the site and in [`super::civic`].

use account::Citizen;
use client_api::{
    Answer, Figures, Filter, List, NewStatus, Once, Outcome, Record, Source, StatusEdit, Version,
};
use discussion::Participant;
use federation::{Actor, ActorId, ActorKind, Ctx, actors};
use platform::store::{Page, Paging};
use platform::web::{Failure, Message};
use platform::{StoreError, Timestamp, text};

use super::{may_speak, speaker};
use crate::Topics;
use crate::actions::{self, GroupError, Known, known};
use crate::model::{GroupId, NewTopic, Scope, Topic, TopicId, TopicState};
use crate::store;
use crate::topics::{TOPICS, circles_of, subject};
use crate::wire::note;

/// Characters of the beginning that stand for a title.
const SHORT_TITLE: usize = 90;

/// Public topics as statuses; those of other groups are left out.
async fn records(ctx: &Ctx, topics: Vec<Topic>) -> Result<Vec<Record>, StoreError> {
    let circles = circles_of(ctx, topics.iter().map(|topic| topic.group_id)).await?;
    Ok(topics
        .iter()
        .filter_map(|topic| {
            let (group, circle) = circles
                .get(&topic.group_id)
                .filter(|(group, _)| group.scope == Scope::Public)?;
            let subject = subject(topic, group, circle);
            Some(Record {
                url: topic.url.clone().unwrap_or_else(|| ctx.urls.to(&subject.page)),
                subject,
                created_at: topic.created_at,
                edited_at: topic.edited_at,
                scheduled_at: None,
                html: note::content(topic),
                text: topic.source.clone(),
                summary: topic.summary.clone(),
                sensitive: !topic.summary.is_empty(),
                language: Some(topic.language.clone()).filter(|code| code != "und"),
                attached: Vec::new(),
                tags: Vec::new(),
                card: None,
                pinned: false,
            })
        })
        .collect())
}

async fn topics(ctx: &Ctx, list: List<'_>, paging: &Paging) -> Result<Page<Topic>, StoreError> {
    let part = |filter: Filter| (filter.local, filter.remote);
    match list {
        List::OfActor {
            actor,
            only_media: false,
            ..
        } => store::topics::public_list(&ctx.db, "actor", actor, (false, false), paging).await,
        List::Home { reader } => {
            store::topics::public_list(&ctx.db, "home", reader.actor.id, (false, false), paging).await
        }
        List::Public(filter) if !filter.only_media => {
            store::topics::public_list(&ctx.db, "all", ActorId(0), part(filter), paging).await
        }
        List::Pinned { actor } => {
            let items = store::topics::pinned(&ctx.db, GroupId(actor.0)).await?;
            Ok(Page {
                items,
                has_more: false,
            })
        }
        List::OfActor { .. } | List::Public(_) | List::Tag(..) => Ok(Page {
            items: Vec::new(),
            has_more: false,
        }),
    }
}

/// A group of ours that anybody may follow.
async fn open_group(ctx: &Ctx, actor: &Actor, me: &Participant) -> Result<Option<Known>, StoreError> {
    if !actor.local || actor.kind != ActorKind::Group {
        return Ok(None);
    }
    let known = known(ctx, GroupId(actor.id.0), Some(me)).await?;
    Ok(known.filter(|known| known.group.scope == Scope::Public))
}

/// The group that a text names before anything else, and the text without that name.
async fn addressed<'a>(
    ctx: &Ctx,
    text: &'a str,
    me: &Participant,
) -> Result<Option<(Known, &'a str)>, StoreError> {
    let text = text.trim_start();
    let Some((first, rest)) = text.split_once(char::is_whitespace) else {
        return Ok(None);
    };
    let Some(mention) = text::mentions(first)
        .into_iter()
        .next()
        .filter(|_| first.starts_with('@'))
    else {
        return Ok(None);
    };
    let Some(actor) = actors::by_handle(ctx, &mention.user, mention.host.as_deref()).await? else {
        return Ok(None);
    };
    Ok(open_group(ctx, &actor, me)
        .await?
        .map(|known| (known, rest.trim())))
}

/// A text without a title as a topic: its first line, or how it begins.
fn titled(words: &str, new: &NewStatus) -> NewTopic {
    let (first, rest) = words.split_once('\n').unwrap_or((words, ""));
    let is_title = !rest.trim().is_empty() && first.chars().count() <= crate::model::LONGEST_TITLE;
    let (title, source) = if is_title {
        (first.trim().to_owned(), rest.trim())
    } else {
        let mut short = text::clean_line(words, SHORT_TITLE);
        if words.chars().count() > SHORT_TITLE {
            if let Some(at) = short.rfind(' ') {
                short.truncate(at);
            }
            short.push('…');
        }
        (short, words)
    };
    NewTopic {
        title,
        source: source.to_owned(),
        summary: new.summary.clone(),
        language: new.language.clone(),
    }
}

fn refused(error: &'static str) -> Failure {
    Failure::unprocessable(error, Message::new(format!("client-refused-{error}")))
}

/// One's own topic with its group.
async fn own(ctx: &Ctx, by: &Participant, id: i64) -> Result<(Topic, Known), Failure> {
    let topic = store::topics::by_id(&ctx.db, TopicId(id))
        .await?
        .filter(|topic| topic.actor_id == by.actor.id && topic.state != TopicState::Deleted)
        .ok_or_else(Failure::not_found)?;
    let known = known(ctx, topic.group_id, Some(by))
        .await?
        .ok_or_else(Failure::not_found)?;
    Ok((topic, known))
}

impl Source for Topics {
    fn kind(&self) -> &'static str {
        TOPICS
    }

    fn by_ids<'a>(&'a self, ctx: &'a Ctx, ids: &'a [i64]) -> Answer<'a, Vec<Record>> {
        Box::pin(async move {
            let mut topics = store::topics::by_ids(&ctx.db, ids).await?;
            topics.retain(|topic| topic.state == TopicState::Shown);
            records(ctx, topics).await
        })
    }

    fn waiting<'a>(&'a self, ctx: &'a Ctx, author: ActorId, id: i64) -> Answer<'a, Option<Record>> {
        Box::pin(async move {
            let mut topics = store::topics::by_ids(&ctx.db, &[id]).await?;
            topics.retain(|topic| {
                topic.actor_id == author && matches!(topic.state, TopicState::Held | TopicState::Hidden)
            });
            Ok(records(ctx, topics).await?.pop())
        })
    }

    fn list<'a>(&'a self, ctx: &'a Ctx, list: List<'a>, paging: &'a Paging) -> Answer<'a, Page<Record>> {
        Box::pin(async move {
            let page = topics(ctx, list, paging).await?;
            Ok(Page {
                items: records(ctx, page.items).await?,
                has_more: page.has_more,
            })
        })
    }

    fn figures<'a>(&'a self, ctx: &'a Ctx, actor: ActorId) -> Answer<'a, Figures> {
        Box::pin(async move {
            let (count, last_at) = store::topics::figures(&ctx.db, actor).await?;
            Ok(Figures { count, last_at })
        })
    }

    fn versions<'a>(&'a self, ctx: &'a Ctx, id: i64) -> Answer<'a, Vec<Version>> {
        Box::pin(async move {
            let old = store::topics::revisions(&ctx.db, TopicId(id)).await?;
            Ok(old
                .into_iter()
                .map(|old| Version {
                    html: old.html,
                    summary: old.summary,
                    written_at: old.written_at,
                })
                .collect())
        })
    }

    fn id_of_page(&self, path: &str) -> Option<i64> {
        let (place, id) = path.trim_end_matches('/').rsplit_once('/')?;
        (place.contains("/groupes/") && place.ends_with("/sujets"))
            .then(|| id.parse().ok())
            .flatten()
    }

    fn publish<'a>(
        &'a self,
        _: &'a Ctx,
        _: &'a Citizen,
        _: NewStatus,
        _: Option<&'a Once>,
    ) -> Outcome<'a, i64> {
        Box::pin(async { Err(Failure::not_found()) })
    }

    fn publish_addressed<'a>(
        &'a self,
        ctx: &'a Ctx,
        by: &'a Citizen,
        new: &'a NewStatus,
        once: Option<&'a Once>,
    ) -> Outcome<'a, Option<i64>> {
        Box::pin(async move {
            let me = &Participant::from(&**by);
            let Some((known, words)) = addressed(ctx, &new.text, me).await? else {
                return Ok(None);
            };
            if !may_speak(by) {
                return Err(Failure::forbidden());
            }
            if new.poll.is_some() {
                return Err(refused("poll"));
            }
            if !new.media.is_empty() {
                return Err(refused("comment-media"));
            }
            if new.at.is_some() {
                return Err(refused("comment-later"));
            }
            if !new.visibility.is_open() {
                return Err(refused("comment-readers"));
            }
            // As with a comment: of somebody dark it would stay here, and she is asked for it in so many words.
            let stays = !ctx.federation().enabled || new.local_only;
            if !stays && !me.actor.is_visible() {
                return Err(refused("would-leave"));
            }
            let mut tx = ctx.db.begin().await?;
            if let Some(once) = once
                && let Some(made) = once.claim(ctx, &mut tx).await?
            {
                return Ok(Some(made));
            }
            let topic = actions::open_topic_in(ctx, &mut tx, me, &known, titled(words, new)).await?;
            if let Some(once) = once {
                once.made(&mut tx, topic.id.0).await?;
            }
            tx.commit().await?;
            Ok(Some(topic.id.0))
        })
    }

    fn follow<'a>(
        &'a self,
        ctx: &'a Ctx,
        me: &'a Participant,
        actor: &'a Actor,
        follows: bool,
    ) -> Outcome<'a, bool> {
        Box::pin(async move {
            let Some(known) = open_group(ctx, actor, me).await? else {
                return Ok(false);
            };
            if follows {
                // The rules stand in the profile that the program shows; following is agreeing to them.
                actions::join(ctx, me, &known, true).await?;
            } else {
                actions::leave(ctx, me, &known).await?;
            }
            Ok(true)
        })
    }

    fn edit<'a>(&'a self, ctx: &'a Ctx, by: &'a Citizen, id: i64, edit: StatusEdit) -> Outcome<'a, ()> {
        Box::pin(async move {
            let me = speaker(by)?;
            let (topic, known) = own(ctx, &me, id).await?;
            let new = NewTopic {
                title: topic.title.clone(),
                source: edit.text.or(topic.source).unwrap_or_default(),
                summary: edit.summary.unwrap_or(topic.summary),
                language: edit.language.unwrap_or(topic.language),
            };
            actions::edit_topic(ctx, &me, &known, topic.id, new).await?;
            Ok(())
        })
    }

    fn delete<'a>(&'a self, ctx: &'a Ctx, by: &'a Citizen, id: i64) -> Outcome<'a, ()> {
        Box::pin(async move {
            let me = speaker(by)?;
            let (topic, known) = own(ctx, &me, id).await?;
            Ok(actions::delete_topic(ctx, &me, &known, topic.id).await?)
        })
    }

    /// What stands at the top of a group is its moderators' choice, made on the site.
    fn pin<'a>(&'a self, _: &'a Ctx, _: &'a Citizen, _: i64, _: bool) -> Outcome<'a, ()> {
        Box::pin(async { Err(GroupError::from(crate::model::GroupRefusal::NotModerator).into()) })
    }

    fn scheduled<'a>(&'a self, _: &'a Ctx, _: &'a Citizen) -> Outcome<'a, Vec<Record>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    fn reschedule<'a>(&'a self, _: &'a Ctx, _: &'a Citizen, _: i64, _: Timestamp) -> Outcome<'a, ()> {
        Box::pin(async { Err(Failure::not_found()) })
    }
}

//! The deeds of the demonstration, one after the other, each at its hour.

use std::collections::HashMap;

use account::actions::{people, roles};
use account::{Account, Password, Right, Rights, Role, of_account};
use anyhow::{Context as _, bail};
use commune::{Commune, Gender, InseeCode, Mandate};
use discussion::model::NewFlag;
use discussion::{CommentId, NewComment, Participant, Subjects, Thing, actions as talk};
use federation::actors::{self, ProfileChange};
use federation::{Actor, ActorId, Ctx, Visibility, follows};
use news::{Author, NewAttachment, NewPost, PostId, Posts, Publication};
use platform::media::{self, Fit, NewUpload};
use platform::text::Html;
use platform::{Clock, Timestamp};

use super::content::{Comment, Content, Post, State, minutes_long, with_dates};
use super::{COMMUNE, PASSWORD};

/// What everybody says of herself.
const INVENTED: &str = "Personnage inventé pour la démonstration.";

/// One of the six pictures.
pub(super) fn picture(name: &str) -> Option<&'static [u8]> {
    macro_rules! pictures {
        ($($file:literal),*) => {
            match name {
                $($file => Some(include_bytes!(concat!("../../templates/demo/", $file)).as_slice()),)*
                _ => None,
            }
        };
    }
    pictures!(
        "eze-village.webp",
        "eze-sentier.webp",
        "eze-marche-de-noel.webp",
        "eze-bibliotheque.webp",
        "eze-potager.webp",
        "eze-travaux.webp"
    )
}

/// Something done at some moment.
#[derive(Debug)]
pub(super) struct Step<'a> {
    pub(super) at: Timestamp,
    post: &'a Post,
    deed: Deed<'a>,
}

#[derive(Debug)]
enum Deed<'a> {
    Write,
    Edit,
    Like(&'a str),
    Comment(&'a Comment),
    LikeComment(&'a Comment, &'a str),
    Flag(&'a Comment),
}

/// All deeds in the order of time.
pub(super) fn steps(content: &Content, today: Timestamp) -> anyhow::Result<Vec<Step<'_>>> {
    let mut steps = Vec::new();
    for post in &content.posts {
        // What is scheduled was written last, the evening before today.
        let at = match post.state {
            State::Scheduled => today.minus(minutes_long(180)),
            State::Published | State::Draft => post.at(today)?,
        };
        let mut add = |minutes: u64, deed| {
            let at = at.plus(minutes_long(minutes));
            steps.push(Step { at, post, deed });
        };
        add(0, Deed::Write);
        if let Some(edit) = &post.edit {
            add(edit.minutes, Deed::Edit);
        }
        for (handle, nth) in post.likes.iter().zip(1..) {
            add(20 + 37 * nth, Deed::Like(handle));
        }
        for comment in &post.comments_of {
            add(comment.minutes, Deed::Comment(comment));
            for (handle, nth) in comment.likes.iter().zip(1..) {
                add(comment.minutes + 3 + 14 * nth, Deed::LikeComment(comment, handle));
            }
            if comment.flag.is_some() {
                add(comment.minutes + 50, Deed::Flag(comment));
            }
        }
    }
    steps.sort_by_key(|step| step.at);
    Ok(steps)
}

/// Does everything.
pub(super) async fn seed(
    ctx: &Ctx,
    clock: &Clock,
    content: &Content,
    today: Timestamp,
) -> anyhow::Result<()> {
    let commune = claim(ctx, content).await?;
    let office = commune.claim.as_ref().context("the town hall is not in")?.mayor;
    let mut town = Town {
        ctx,
        today,
        office: actors::by_id(ctx, office)
            .await?
            .context("the office has no actor")?,
        accounts: accounts(ctx, content, &commune).await?,
        commune,
        subjects: Subjects::new(vec![Box::new(Posts)]),
        posts: HashMap::new(),
        comments: HashMap::new(),
    };
    town.present(content).await?;
    for step in steps(content, today)? {
        clock.advance(step.at.since(clock.now()));
        town.obey(&step)
            .await
            .with_context(|| format!("{}, {}", step.post.key, step.at))?;
    }
    Ok(())
}

/// Lets the town hall of Èze in.
async fn claim(ctx: &Ctx, content: &Content) -> anyhow::Result<Commune> {
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

async fn say_invented(ctx: &Ctx, tx: &mut platform::Tx, actor: ActorId, words: &str) -> anyhow::Result<()> {
    let change = ProfileChange {
        summary: Some(Html::paragraph(words).into_string()),
        ..ProfileChange::default()
    };
    actors::change_profile(ctx, tx, actor, change).await?;
    Ok(())
}

/// Makes the accounts; everybody follows the town hall.
async fn accounts(
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

/// Everything that later deeds lean on.
struct Town<'a> {
    ctx: &'a Ctx,
    today: Timestamp,
    commune: Commune,
    office: Actor,
    accounts: HashMap<String, Account>,
    subjects: Subjects,
    posts: HashMap<String, PostId>,
    comments: HashMap<(String, String), CommentId>,
}

impl Town<'_> {
    async fn present(&self, content: &Content) -> anyhow::Result<()> {
        let said = &content.presentation;
        let secretary = self.account("secretaire")?;
        let presentation = commune::Presentation {
            body_source: said.body.trim().to_owned(),
            address: said.address.clone(),
            phone: said.phone.clone(),
            email: said.email.clone(),
            website: said.website.clone(),
            opening: said.opening.clone(),
            ..commune::Presentation::default()
        };
        commune::actions::present(self.ctx, self.commune.code, presentation, secretary.id.0).await?;
        Ok(())
    }

    async fn obey(&mut self, step: &Step<'_>) -> anyhow::Result<()> {
        let post = step.post;
        match step.deed {
            Deed::Write => self.write(post).await,
            Deed::Edit => self.edit(post).await,
            Deed::Like(handle) => self.like(handle, Thing::Subject(self.subject(post).await?)).await,
            Deed::Comment(comment) => self.comment(post, comment).await,
            Deed::LikeComment(comment, handle) => self.like(handle, self.thing(post, comment).await?).await,
            Deed::Flag(comment) => self.flag(post, comment).await,
        }
    }

    fn account(&self, handle: &str) -> anyhow::Result<&Account> {
        self.accounts
            .get(handle)
            .with_context(|| format!("nobody is called {handle}"))
    }

    /// Who speaks: the mayor and her delegates for the office, everybody else for herself.
    async fn participant(&self, handle: &str) -> anyhow::Result<Participant> {
        let citizen = of_account(self.ctx, self.account(handle)?.id, None)
            .await?
            .with_context(|| format!("{handle} cannot act"))?;
        Ok(match citizen.acting_for(Right::News, &self.commune) {
            Some(_) => Participant::for_office(&citizen, &self.commune, self.office.clone()),
            None => Participant::from(&*citizen),
        })
    }

    async fn author(&self, handle: &str) -> anyhow::Result<Author> {
        let account = self.account(handle)?;
        let citizen = of_account(self.ctx, account.id, None)
            .await?
            .with_context(|| format!("{handle} cannot act"))?;
        let acting = citizen
            .acting_for(Right::News, &self.commune)
            .with_context(|| format!("{handle} may not publish"))?;
        let delegated = acting.capacity.is_delegated();
        let mandate = commune::actions::current_mandate(self.ctx, self.commune.code).await?;
        let byline = match mandate {
            Some(mandate) if !delegated => mandate.signature(),
            _ => citizen.name().to_owned(),
        };
        Ok(Author {
            office: self.office.clone(),
            commune: self.commune.code.to_string(),
            account_id: account.id.0,
            byline,
            delegated,
        })
    }

    async fn new_post(&self, post: &Post, text: &str) -> anyhow::Result<NewPost> {
        Ok(NewPost {
            title: post.title.clone(),
            source: with_dates(text.trim(), self.today)?,
            summary: String::new(),
            sensitive: false,
            language: "fr".to_owned(),
            topic: post.topic()?,
            visibility: Visibility::Public,
            comment_mode: post.mode()?,
            attachments: self.attachments(post).await?,
            publication: match post.state {
                State::Published => Publication::Now,
                State::Draft => Publication::Draft,
                State::Scheduled => Publication::At(post.at(self.today)?),
            },
        })
    }

    async fn attachments(&self, post: &Post) -> anyhow::Result<Vec<NewAttachment>> {
        if post.picture.is_empty() {
            return Ok(Vec::new());
        }
        let bytes = picture(&post.picture).with_context(|| format!("no picture {}", post.picture))?;
        let upload = NewUpload {
            owner_id: self.office.id.0,
            bytes: bytes.into(),
            file_name: post.picture.clone(),
            alt: post.alt.clone(),
            fit: Fit::Whole,
            pictures_only: true,
        };
        let medium = media::upload(self.ctx, upload).await?;
        Ok(vec![NewAttachment {
            media_id: medium.id.0,
            alt: post.alt.clone(),
            is_image: true,
        }])
    }

    async fn write(&mut self, post: &Post) -> anyhow::Result<()> {
        let author = self.author(&post.by).await?;
        let new = self.new_post(post, &post.text).await?;
        let written = news::actions::publish_post(self.ctx, &author, new).await?;
        if post.pinned {
            news::actions::pin_post(self.ctx, &author, written.id, true).await?;
        }
        self.posts.insert(post.key.clone(), written.id);
        Ok(())
    }

    async fn edit(&self, post: &Post) -> anyhow::Result<()> {
        let edit = post.edit.as_ref().context("there is no edit")?;
        if !post.picture.is_empty() {
            bail!("a post with a picture is not edited here: its picture would be taken in twice");
        }
        let author = self.author(&post.by).await?;
        let new = self.new_post(post, &edit.text).await?;
        news::actions::edit_post(self.ctx, &author, self.post(post)?, new, None).await?;
        Ok(())
    }

    fn post(&self, post: &Post) -> anyhow::Result<PostId> {
        self.posts
            .get(&post.key)
            .copied()
            .context("the post is not written yet")
    }

    async fn subject(&self, post: &Post) -> anyhow::Result<discussion::Subject> {
        let found = self.subjects.by_id(self.ctx, "posts", self.post(post)?.0).await?;
        found.context("the post is no subject")
    }

    async fn thing(&self, post: &Post, comment: &Comment) -> anyhow::Result<Thing> {
        let key = (post.key.clone(), name_of(comment));
        let id = self
            .comments
            .get(&key)
            .context("the comment is not written yet")?;
        let found = self.subjects.thing(self.ctx, "comments", id.0).await?;
        found.context("the comment is gone")
    }

    async fn like(&self, handle: &str, thing: Thing) -> anyhow::Result<()> {
        let by = self.participant(handle).await?;
        talk::like(self.ctx, &by, &thing).await?;
        Ok(())
    }

    async fn comment(&mut self, post: &Post, comment: &Comment) -> anyhow::Result<()> {
        let by = self.participant(&comment.by).await?;
        let subject = self.subject(post).await?;
        let mut new = NewComment::new(with_dates(&comment.text, self.today)?);
        if !comment.to.is_empty() {
            let key = (post.key.clone(), comment.to.clone());
            let parent = self
                .comments
                .get(&key)
                .context("the comment it answers is not there")?;
            new.parent = Some(*parent);
        }
        let written = talk::comment(self.ctx, &by, &subject, new).await?;
        self.comments
            .insert((post.key.clone(), name_of(comment)), written.id);
        Ok(())
    }

    async fn flag(&self, post: &Post, comment: &Comment) -> anyhow::Result<()> {
        let flag = comment.flag.as_ref().context("there is no flag")?;
        let by = self.participant(&flag.by).await?;
        let new = NewFlag {
            category: flag.category()?,
            text: flag.text.clone(),
            forward: false,
        };
        talk::flag(self.ctx, &by, &self.thing(post, comment).await?, new).await?;
        Ok(())
    }
}

/// The name of a comment in its post; one without is known by its author and moment.
fn name_of(comment: &Comment) -> String {
    if comment.key.is_empty() {
        format!("{} {}", comment.by, comment.minutes)
    } else {
        comment.key.clone()
    }
}

#[cfg(test)]
mod tests {
    use platform::store::Paging;

    use super::*;
    use crate::demo;
    use crate::{App, Settings, Surroundings};

    #[tokio::test]
    async fn a_second_start_keeps_what_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let mut settings = Settings::default();
        settings.server.data_dir = folder.path().to_path_buf();
        demo::fill(&mut settings);
        let now = Timestamp::parse_rfc3339("2026-11-23T00:10:00+01:00").unwrap();
        assert!(demo::prepare(&settings, now).await.unwrap());
        assert!(
            !demo::prepare(&settings, now.plus(minutes_long(5000)))
                .await
                .unwrap()
        );

        let surroundings = Surroundings {
            clock: Clock::fixed(now),
            ..Surroundings::default()
        };
        let app = App::build(&settings, surroundings).await.unwrap();
        assert!(app.ctx.instance.demo && demo::is_one(&app.ctx.db).await.unwrap());
        let rows = platform::store::counts(&app.ctx.db).await.unwrap();
        assert_eq!(rows["account"], 8);
        assert_eq!(rows["news_post"], 14);
        assert_eq!(rows["media"], 6);
        let desk = talk::waiting(&app.ctx, Some(COMMUNE)).await.unwrap();
        assert_eq!(desk, 2, "one held comment and one flag");
        let instance = actors::by_handle(&app.ctx, "maire-eze", None)
            .await
            .unwrap()
            .unwrap();
        assert!(
            instance.is_visible() && instance.name.contains("maire"),
            "{}",
            instance.name
        );
        for dark in ["citoyenne", "citoyen"] {
            let actor = actors::by_handle(&app.ctx, dark, None).await.unwrap().unwrap();
            assert!(!actor.is_visible());
            let told = notifications::actions::of_actor(&app.ctx, actor.id, &Paging::first(20))
                .await
                .unwrap();
            assert!(told.items.len() > 5, "{dark} was told of {}", told.items.len());
        }
        app.stop().await;
    }

    #[tokio::test]
    async fn a_town_hall_of_somebody_else_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let mut settings = Settings::default();
        settings.server.data_dir = folder.path().to_path_buf();
        let app = App::build(&settings, Surroundings::default()).await.unwrap();
        claim(&app.ctx, &Content::embedded().unwrap()).await.unwrap();
        app.stop().await;
        let refused = demo::prepare(&settings, Clock::System.now()).await.unwrap_err();
        assert!(refused.to_string().contains("no demonstration"), "{refused}");
    }
}

//! The deeds of the demonstration, done by the actions of the rooms.

use std::collections::HashMap;

use account::{Account, Right, of_account};
use anyhow::{Context as _, bail};
use commune::Commune;
use discussion::model::NewFlag;
use discussion::{CommentId, NewComment, Participant, Subjects, Thing, actions as talk};
use federation::{Actor, Ctx, Visibility};
use news::{Author, NewAttachment, NewPost, PostId, Publication};
use platform::media::{self, Fit, NewUpload};
use platform::{Clock, Timestamp};

use super::content::{Comment, Content, Post, State, with_dates};
use super::seed::{Deed, Step};

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

/// Everything that later deeds lean on.
pub(super) struct Town<'a> {
    pub(super) ctx: &'a Ctx,
    pub(super) clock: &'a Clock,
    pub(super) today: Timestamp,
    pub(super) commune: Commune,
    pub(super) office: Actor,
    pub(super) accounts: HashMap<String, Account>,
    pub(super) subjects: Subjects,
    pub(super) posts: HashMap<String, PostId>,
    pub(super) comments: HashMap<(String, String), CommentId>,
}

impl Town<'_> {
    pub(super) async fn present(&self, content: &Content) -> anyhow::Result<()> {
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

    pub(super) async fn obey(&mut self, step: &Step<'_>) -> anyhow::Result<()> {
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

//! The key of the link that ends mails without signing in: it says who and which mails, and cannot be forged.

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use federation::{ActorId, Ctx};
use platform::StoreError;
use platform::store::{insert_setting_once, setting};

use crate::model::MailPace;

const SETTING: &str = "notifications_unsubscribe_key";

/// The key of this database, made when it is first needed.
async fn key(ctx: &Ctx) -> Result<hmac::Key, StoreError> {
    let text = match setting(&ctx.db, SETTING).await? {
        Some(text) => text,
        None => {
            let mut tx = ctx.db.begin().await?;
            let text = insert_setting_once(&mut tx, SETTING, &ctx.rng.token()).await?;
            tx.commit().await?;
            text
        }
    };
    Ok(hmac::Key::new(hmac::HMAC_SHA256, text.as_bytes()))
}

fn claim(actor: ActorId, pace: MailPace) -> String {
    format!("{}.{actor}", pace.code())
}

/// The token that ends the mails of this pace for this person.
pub(crate) async fn of(ctx: &Ctx, actor: ActorId, pace: MailPace) -> Result<String, StoreError> {
    let claim = claim(actor, pace);
    let tag = hmac::sign(&key(ctx).await?, claim.as_bytes());
    Ok(format!("{claim}.{}", URL_SAFE_NO_PAD.encode(tag.as_ref())))
}

/// Whose mails a token ends, and which; `None` for what we did not make.
pub(crate) async fn read(ctx: &Ctx, token: &str) -> Result<Option<(ActorId, MailPace)>, StoreError> {
    let Some((text, tag)) = token.rsplit_once('.').filter(|_| token.len() < 200) else {
        return Ok(None);
    };
    let read = text.split_once('.').and_then(|(pace, actor)| {
        Some((
            actor.parse::<ActorId>().ok()?,
            MailPace::from_code(pace).filter(|pace| *pace != MailPace::Never)?,
        ))
    });
    let (Some((actor, pace)), Ok(tag)) = (read, URL_SAFE_NO_PAD.decode(tag)) else {
        return Ok(None);
    };
    // Only the spelling we write.
    let is_ours = claim(actor, pace) == text && hmac::verify(&key(ctx).await?, text.as_bytes(), &tag).is_ok();
    Ok(is_ours.then_some((actor, pace)))
}

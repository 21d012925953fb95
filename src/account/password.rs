//! Hashing passwords: argon2id, off the async threads, few at a time.
//!
//! A hash takes 19 MiB and some tens of milliseconds of one core, so a crowd at the door could take the machine
//! down: two are made at once, the rest wait, and nobody waits longer than ten seconds.

use std::time::Duration;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;

use crate::model::Password;

/// OWASP's first choice for argon2id: 19 MiB, two passes, one lane.
const PARAMS: (u32, u32, u32) = (19 * 1024, 2, 1);
const PATIENCE: Duration = Duration::from_secs(10);

// A brake of this process, not a state: nothing is lost with it.
static ROOM: Semaphore = Semaphore::const_new(2);

/// Hashing was not possible.
#[derive(Debug, thiserror::Error)]
pub enum HashError {
    /// Too many wait.
    #[error("too many passwords wait to be hashed")]
    Busy,
    /// The library failed.
    #[error("the password cannot be hashed: {0}")]
    Failed(String),
}

/// What comparing a password says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Another password.
    Wrong,
    /// The right one.
    Right,
    /// The right one, stored in a way of former times: hash it again.
    RightButOld,
}

fn hasher() -> Argon2<'static> {
    let (memory, passes, lanes) = PARAMS;
    let params = Params::new(memory, passes, lanes, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

async fn in_turn<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, HashError> + Send + 'static,
) -> Result<T, HashError> {
    let turn = tokio::time::timeout(PATIENCE, ROOM.acquire())
        .await
        .map_err(|_| HashError::Busy)?
        .map_err(|_| HashError::Busy)?;
    let done = tokio::task::spawn_blocking(move || {
        let done = work();
        // Kept until the work ends, even if whoever asked has gone.
        drop(turn);
        done
    });
    done.await.map_err(|error| HashError::Failed(error.to_string()))?
}

/// The PHC string of a password; `salt` is random.
pub(crate) async fn hash(salt: [u8; 16], password: &Password) -> Result<String, HashError> {
    let password = password.clone();
    in_turn(move || {
        hasher()
            .hash_password_with_salt(password.bytes(), &salt)
            .map(|hash| hash.to_string())
            .map_err(|error| HashError::Failed(error.to_string()))
    })
    .await
}

/// Compares a password with what is stored; with nothing stored the same work is done for nothing, so that the
/// time does not tell whether there is an account.
pub(crate) async fn verify(password: &Password, stored: Option<&str>) -> Result<Verdict, HashError> {
    let password = password.clone();
    let stored = stored.filter(|stored| !stored.is_empty()).map(str::to_owned);
    in_turn(move || {
        let Some(stored) = stored
            .as_deref()
            .and_then(|stored| PasswordHash::new(stored).ok())
        else {
            let _for_nothing = hasher().hash_password_with_salt(password.bytes(), &[0; 16]);
            return Ok(Verdict::Wrong);
        };
        match hasher().verify_password(password.bytes(), &stored) {
            Ok(()) if is_current(&stored) => Ok(Verdict::Right),
            Ok(()) => Ok(Verdict::RightButOld),
            Err(_) => Ok(Verdict::Wrong),
        }
    })
    .await
}

fn is_current(stored: &PasswordHash) -> bool {
    let (memory, passes, lanes) = PARAMS;
    Algorithm::try_from(stored.algorithm.as_str()) == Ok(Algorithm::Argon2id)
        && Params::try_from(stored).is_ok_and(|params| {
            params.m_cost() >= memory && params.t_cost() >= passes && params.p_cost() >= lanes
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_recognised_and_another_is_not() {
        let password = Password::typed("cheval agrafe pile correcte");
        let stored = hash([7; 16], &password).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert_eq!(verify(&password, Some(&stored)).await.unwrap(), Verdict::Right);
        let other = Password::typed("cheval agrafe pile correct");
        assert_eq!(verify(&other, Some(&stored)).await.unwrap(), Verdict::Wrong);
        for nothing in [None, Some(""), Some("plain"), Some("$argon2id$v=19$m=19456")] {
            assert_eq!(verify(&password, nothing).await.unwrap(), Verdict::Wrong);
        }
    }

    #[tokio::test]
    async fn a_weaker_hash_of_former_times_is_noticed() {
        let password = Password::typed("cheval agrafe pile correcte");
        let weak = Argon2::new(
            Algorithm::Argon2id,
            Version::V0x13,
            Params::new(8 * 1024, 1, 1, None).unwrap(),
        );
        let stored = weak
            .hash_password_with_salt(password.bytes(), &[7; 16])
            .unwrap()
            .to_string();
        assert_eq!(
            verify(&password, Some(&stored)).await.unwrap(),
            Verdict::RightButOld
        );
    }
}

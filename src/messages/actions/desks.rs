//! The services of a town hall, who reads there, what it has chosen. The mayor alone sets them up.

use account::{Person, Role};
use commune::Commune;
use federation::Ctx;
use platform::StoreError;

use crate::error::MessageError;
use crate::model::{Desk, NewService, Refusal, Service, ServiceId, Settings};
use crate::store;

/// Whom one can write to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counter {
    /// 0: the mayor.
    pub id: i64,
    /// The service; empty for the mayor.
    pub name: String,
    /// What it is for.
    pub description: String,
}

/// Whom one can write to in a commune, the mayor first.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn counters(ctx: &Ctx, commune: &Commune) -> Result<Vec<Counter>, StoreError> {
    let services = store::services(&ctx.db, commune.code.as_str()).await?;
    let mayor = Counter {
        id: 0,
        name: String::new(),
        description: String::new(),
    };
    let open = services.into_iter().filter(|one| one.closed_at.is_none());
    Ok(std::iter::once(mayor)
        .chain(open.map(|one| Counter {
            id: one.id.0,
            name: one.name,
            description: one.description,
        }))
        .collect())
}

fn only_the_mayor(by: &Person, commune: &Commune) -> Result<(), Refusal> {
    if by.holds(Role::Mayor, commune.code) && commune.is_claimed() {
        Ok(())
    } else {
        Err(Refusal::Missing)
    }
}

/// The mayor's desk and the open services, with those who read there.
///
/// # Errors
/// [`Refusal::Missing`] for everybody but the mayor.
pub async fn desks(ctx: &Ctx, by: &Person, commune: &Commune) -> Result<Vec<Desk>, MessageError> {
    only_the_mayor(by, commune)?;
    let code = commune.code.as_str();
    let agents = store::agents(&ctx.db, code).await?;
    let at = |service: ServiceId| {
        agents
            .iter()
            .filter(|(one, _)| *one == service)
            .map(|(_, account)| *account)
            .collect()
    };
    let services = store::services(&ctx.db, code).await?;
    let open = services.into_iter().filter(|one| one.closed_at.is_none());
    Ok(std::iter::once(Desk {
        service: None,
        agents: at(ServiceId::MAYOR),
    })
    .chain(open.map(|service| Desk {
        agents: at(service.id),
        service: Some(service),
    }))
    .collect())
}

/// Those to whom letters can be given: account and name.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn colleagues(ctx: &Ctx, commune: &Commune) -> Result<Vec<(i64, String)>, MessageError> {
    let able = super::handling::colleagues_of(ctx, commune.code).await?;
    Ok(able
        .into_iter()
        .map(|(account, _, name)| (account, name))
        .collect())
}

/// Makes a service (`None`), or changes one (0: only who reads the mayor's letters). Agents must have the right.
///
/// # Errors
/// [`MessageError`].
pub async fn save_service(
    ctx: &Ctx,
    by: &Person,
    commune: &Commune,
    id: Option<i64>,
    new: &NewService,
    agents: &[i64],
) -> Result<ServiceId, MessageError> {
    only_the_mayor(by, commune)?;
    let code = commune.code.as_str();
    let able = colleagues(ctx, commune).await?;
    if agents
        .iter()
        .any(|agent| !able.iter().any(|(one, _)| one == agent))
    {
        return Err(Refusal::NoAgent.into());
    }
    let mut tx = ctx.db.begin().await?;
    let id = match id {
        Some(0) => ServiceId::MAYOR,
        Some(id) => {
            let known = store::service_in(&mut tx, ServiceId(id))
                .await?
                .filter(|one| one.commune == code)
                .ok_or(Refusal::NoService)?;
            store::update_service(&mut tx, known.id, &new.cleaned()?, known.closed_at).await?;
            known.id
        }
        None => {
            if store::services_in(&mut tx, code).await?.len() >= 50 {
                return Err(Refusal::Unusable.into());
            }
            let new = new.cleaned()?;
            let service = Service {
                id: ServiceId::new(ctx),
                commune: code.to_owned(),
                name: new.name,
                description: new.description,
                email: new.email,
                phone: new.phone,
                created_at: ctx.clock.now(),
                closed_at: None,
            };
            store::insert_service(&mut tx, &service).await?;
            service.id
        }
    };
    store::set_agents(&mut tx, code, id, agents).await?;
    tx.commit().await?;
    Ok(id)
}

/// A service takes no more letters; what it has goes to the mayor's eyes and those to whom it was given.
///
/// # Errors
/// [`MessageError`].
pub async fn close_service(ctx: &Ctx, by: &Person, commune: &Commune, id: i64) -> Result<(), MessageError> {
    only_the_mayor(by, commune)?;
    let mut tx = ctx.db.begin().await?;
    let known = store::service_in(&mut tx, ServiceId(id))
        .await?
        .filter(|one| one.commune == commune.code.as_str())
        .ok_or(Refusal::NoService)?;
    let same = NewService {
        name: known.name.clone(),
        description: known.description.clone(),
        email: known.email.clone(),
        phone: known.phone.clone(),
    };
    store::update_service(&mut tx, known.id, &same, Some(ctx.clock.now())).await?;
    store::set_agents(&mut tx, commune.code.as_str(), known.id, &[]).await?;
    tx.commit().await?;
    Ok(())
}

/// What a town hall has chosen.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn settings(ctx: &Ctx, commune: &Commune) -> Result<Settings, StoreError> {
    store::settings(&ctx.db, commune.code.as_str()).await
}

/// Chooses. Delays hold for the requests to come.
///
/// # Errors
/// [`MessageError`].
pub async fn save_settings(
    ctx: &Ctx,
    by: &Person,
    commune: &Commune,
    new: &Settings,
) -> Result<(), MessageError> {
    only_the_mayor(by, commune)?;
    new.check()?;
    let mut tx = ctx.db.begin().await?;
    store::set_settings(&mut tx, commune.code.as_str(), new).await?;
    tx.commit().await?;
    Ok(())
}

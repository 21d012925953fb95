//! Roles, rights, and who acts as whom.

use platform::testing::TestFolder;

use super::town::{account, citizen, claim_eze, code, everywhere, eze};
use crate::AccountError;
use crate::actions::roles::{NewGrant, give, take, who_may};
use crate::model::{Account, Capacity, Refusal, Right, Rights, Role};
use crate::viewer::of_account;

fn grant(account: &Account, role: Role, rights: &str) -> NewGrant {
    NewGrant {
        account: account.id,
        role,
        commune: role.is_of_a_commune().then(eze),
        rights: rights.parse().unwrap(),
    }
}

fn refused<T: std::fmt::Debug>(result: Result<T, AccountError>) -> Refusal {
    match result.unwrap_err() {
        AccountError::Refused(refusal) => refusal,
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn a_new_account_is_dark_and_may_nothing() {
    let folder = TestFolder::new();
    for ctx in everywhere(&folder).await {
        let jeanne = citizen(&ctx, &account(&ctx, "jeanne").await).await;
        assert!(!jeanne.actor.federated && !jeanne.actor.discoverable);
        assert_eq!(jeanne.name(), "Jeanne");
        assert!(Right::ALL.into_iter().all(|right| !jeanne.may(right, eze())));
        assert_eq!(jeanne.herself().capacity, Capacity::Oneself);
    }
}

#[tokio::test]
async fn the_mayor_and_her_delegates_act_as_the_office() {
    let folder = TestFolder::new();
    for ctx in everywhere(&folder).await {
        let (mayor, secretary) = (account(&ctx, "mireille").await, account(&ctx, "secretaire").await);
        let not_yet = refused(give(&ctx, None, grant(&mayor, Role::Mayor, "")).await);
        assert_eq!(
            not_yet,
            Refusal::NotClaimed {
                commune: "Èze".to_owned()
            }
        );
        claim_eze(&ctx).await;
        give(&ctx, None, grant(&mayor, Role::Mayor, "")).await.unwrap();
        let mayor = citizen(&ctx, &mayor).await;
        give(&ctx, Some(&mayor), grant(&secretary, Role::Delegate, "news"))
            .await
            .unwrap();
        let secretary = citizen(&ctx, &secretary).await;

        let commune = commune::actions::by_code(&ctx, eze()).await.unwrap().unwrap();
        let office = commune.claim.as_ref().unwrap().mayor;
        let hers = mayor.acting_for(Right::Alerts, &commune).unwrap();
        assert_eq!((hers.actor, hers.capacity), (office, Capacity::Mayor));
        let delegated = secretary.acting_for(Right::News, &commune).unwrap();
        assert_eq!(
            (delegated.actor, delegated.capacity),
            (office, Capacity::Delegate)
        );
        assert_eq!(delegated.account, secretary.id());
        assert_eq!(secretary.acting_for(Right::Alerts, &commune), None);
        assert!(!secretary.may(Right::News, code("06088")));
        let mut tx = ctx.db.begin().await.unwrap();
        let publishers = who_may(&mut tx, Right::News, eze()).await.unwrap();
        assert_eq!(publishers.len(), 2);
    }
}

#[tokio::test]
async fn nobody_gives_more_than_she_has() {
    let folder = TestFolder::new();
    for ctx in everywhere(&folder).await {
        claim_eze(&ctx).await;
        let (mayor, deputy) = (account(&ctx, "mireille").await, account(&ctx, "adjoint").await);
        let (friend, other) = (account(&ctx, "paul").await, account(&ctx, "anne").await);
        give(&ctx, None, grant(&mayor, Role::Mayor, "")).await.unwrap();
        give(&ctx, None, grant(&deputy, Role::Delegate, "news delegates"))
            .await
            .unwrap();
        let (mayor, deputy) = (citizen(&ctx, &mayor).await, citizen(&ctx, &deputy).await);
        let nobody = citizen(&ctx, &friend).await;

        give(&ctx, Some(&deputy), grant(&friend, Role::Delegate, "news"))
            .await
            .unwrap();
        for wrong in [
            grant(&friend, Role::Delegate, "news alerts"),
            grant(&friend, Role::Moderator, ""),
            grant(&friend, Role::Mayor, ""),
            grant(&friend, Role::Operator, ""),
        ] {
            assert_eq!(
                refused(give(&ctx, Some(&deputy), wrong).await),
                Refusal::NotHersToGive
            );
            assert_eq!(
                refused(give(&ctx, Some(&nobody), wrong).await),
                Refusal::NotHersToGive
            );
        }
        let elsewhere = NewGrant {
            commune: Some(code("06088")),
            ..grant(&other, Role::Moderator, "")
        };
        assert_eq!(
            refused(give(&ctx, Some(&mayor), elsewhere).await),
            Refusal::NotHersToGive
        );
        let empty = grant(&other, Role::Delegate, "");
        assert_eq!(refused(give(&ctx, Some(&mayor), empty).await), Refusal::NoRights);
        let second = refused(give(&ctx, None, grant(&other, Role::Mayor, "")).await);
        assert_eq!(
            second,
            Refusal::MayorThere {
                commune: "Èze".to_owned()
            }
        );

        let beyond = take(&ctx, Some(&deputy), mayor.id(), Role::Mayor, Some(eze())).await;
        assert_eq!(refused(beyond), Refusal::NotHersToGive);
        assert!(
            take(&ctx, Some(&mayor), friend.id, Role::Delegate, Some(eze()))
                .await
                .unwrap()
        );
        assert!(
            !take(&ctx, Some(&mayor), friend.id, Role::Delegate, Some(eze()))
                .await
                .unwrap()
        );
        assert!(!citizen(&ctx, &friend).await.may(Right::News, eze()));
    }
}

#[tokio::test]
async fn a_token_speaks_for_the_office_as_long_as_its_owner_does() {
    let folder = TestFolder::new();
    for ctx in everywhere(&folder).await {
        claim_eze(&ctx).await;
        let mayor = account(&ctx, "mireille").await;
        assert!(of_account(&ctx, mayor.id, Some(eze())).await.unwrap().is_none());
        give(&ctx, None, grant(&mayor, Role::Mayor, "")).await.unwrap();
        let office = of_account(&ctx, mayor.id, Some(eze())).await.unwrap().unwrap();
        assert_eq!(office.face().handle, "maire-eze");
        assert_eq!(citizen(&ctx, &mayor).await.face().handle, "mireille");
        take(&ctx, None, mayor.id, Role::Mayor, Some(eze()))
            .await
            .unwrap();
        assert!(of_account(&ctx, mayor.id, Some(eze())).await.unwrap().is_none());
    }
}

#[tokio::test]
async fn the_operator_moderates_everywhere_and_speaks_for_nobody() {
    let folder = TestFolder::new();
    for ctx in everywhere(&folder).await {
        claim_eze(&ctx).await;
        let operator = account(&ctx, "technique").await;
        give(&ctx, None, grant(&operator, Role::Operator, ""))
            .await
            .unwrap();
        let operator = citizen(&ctx, &operator).await;
        assert_eq!(
            operator.rights_in(code("06088")),
            Rights::from_iter([Right::Moderation])
        );
        let commune = commune::actions::by_code(&ctx, eze()).await.unwrap().unwrap();
        assert_eq!(operator.acting_for(Right::Moderation, &commune), None);
    }
}

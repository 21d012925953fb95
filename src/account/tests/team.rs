//! The team of a town hall, and the command line.

use platform::testing::TestFolder;

use super::browser::{Browser, last_mail};
use super::town::{PASSWORD, account, citizen, claim_eze, code, everywhere, eze};
use crate::actions::roles::{NewGrant, give};
use crate::cli::{self, CliError, NewByOperator};
use crate::lookup::{LookupError, bearer};
use crate::model::{Refusal, Right, Rights, Role};

async fn mayor(ctx: &federation::Ctx) -> crate::Account {
    claim_eze(ctx).await;
    let mayor = account(ctx, "mireille").await;
    let new = NewGrant {
        account: mayor.id,
        role: Role::Mayor,
        commune: Some(eze()),
        rights: Rights::NONE,
    };
    give(ctx, None, new).await.unwrap();
    mayor
}

#[tokio::test]
async fn the_mayor_invites_and_the_secretary_accepts() {
    let folder = TestFolder::new();
    for ctx in everywhere(&folder).await {
        mayor(&ctx).await;
        let secretary = account(&ctx, "secretaire").await;
        let mut hers = Browser::sign_in(&ctx, "mireille").await;
        let page = hers.get("/compte/equipe").await;
        assert!(
            page.text().contains("Équipe de la mairie : Èze"),
            "{}",
            page.text()
        );
        let none = hers
            .post(
                "/compte/equipe/invitations",
                &[
                    ("commune", "06059"),
                    ("email", "s@example.org"),
                    ("role", "delegate"),
                ],
            )
            .await;
        assert_eq!(none.status, 422);
        assert!(none.text().contains("Cochez au moins un droit."));
        let fields = [
            ("commune", "06059"),
            ("email", "secretaire@example.org"),
            ("role", "delegate"),
            ("rights", "news"),
            ("rights", "agenda"),
        ];
        let sent = hers.post("/compte/equipe/invitations", &fields).await;
        assert_eq!(sent.status, 303, "{}", sent.text());
        let mail = last_mail(&ctx).await;
        assert_eq!(mail.kind, "account-invitation");
        let link = mail
            .text
            .split_whitespace()
            .find(|word| word.contains("/invitation/"))
            .unwrap();
        let path = link.strip_prefix("https://parvis.test").unwrap().to_owned();

        let mut nobody = Browser::new(&ctx);
        assert!(
            nobody
                .get(&path)
                .await
                .text()
                .contains("Connectez-vous ou inscrivez-vous pour l’accepter.")
        );
        let mut theirs = Browser::sign_in(&ctx, "secretaire").await;
        assert!(theirs.get(&path).await.text().contains("Actualités"));
        let accepted = theirs.post(&path, &[]).await;
        assert_eq!(
            (accepted.status, accepted.location.as_str()),
            (303, "/compte/equipe?commune=06059")
        );
        let rights = citizen(&ctx, &secretary).await.rights_in(eze());
        assert_eq!(rights.to_string(), "news agenda");
        let mut paul = {
            account(&ctx, "paul").await;
            Browser::sign_in(&ctx, "paul").await
        };
        assert_eq!(paul.post(&path, &[]).await.status, 422, "a link is good once");

        let account = secretary.id.to_string();
        let change = [
            ("commune", "06059"),
            ("account", account.as_str()),
            ("role", "delegate"),
            ("rights", "polls"),
            ("change", "1"),
        ];
        hers.get("/compte/equipe").await;
        assert_eq!(hers.post("/compte/equipe", &change).await.status, 303);
        assert_eq!(
            citizen(&ctx, &secretary).await.rights_in(eze()).to_string(),
            "polls"
        );
        let take = [
            ("commune", "06059"),
            ("account", account.as_str()),
            ("role", "delegate"),
        ];
        assert_eq!(hers.post("/compte/equipe", &take).await.status, 303);
        assert!(citizen(&ctx, &secretary).await.rights_in(eze()).is_empty());
        assert_eq!(
            hers.post("/compte/equipe", &change).await.status,
            404,
            "a role is offered, never imposed"
        );
    }
}

#[tokio::test]
async fn nobody_else_sees_the_team_or_changes_it() {
    let folder = TestFolder::new();
    for ctx in everywhere(&folder).await {
        let mayor = mayor(&ctx).await;
        let deputy = account(&ctx, "adjoint").await;
        account(&ctx, "paul").await;
        let new = NewGrant {
            account: deputy.id,
            role: Role::Delegate,
            commune: Some(eze()),
            rights: "news".parse().unwrap(),
        };
        give(&ctx, None, new).await.unwrap();
        let mut paul = Browser::sign_in(&ctx, "paul").await;
        assert_eq!(paul.get("/compte/equipe").await.status, 404);
        assert_eq!(paul.get("/compte/equipe?commune=06059").await.status, 404);
        let mut theirs = Browser::sign_in(&ctx, "adjoint").await;
        assert!(
            !theirs
                .get("/compte/equipe")
                .await
                .text()
                .contains("Inviter quelqu’un")
        );
        let offer = [
            ("commune", "06059"),
            ("email", "x@example.org"),
            ("role", "delegate"),
            ("rights", "news"),
        ];
        assert_eq!(
            theirs.post("/compte/equipe/invitations", &offer).await.status,
            403
        );
        let account = mayor.id.to_string();
        let take = [
            ("commune", "06059"),
            ("account", account.as_str()),
            ("role", "mayor"),
        ];
        assert_eq!(theirs.post("/compte/equipe", &take).await.status, 403);
        let deputy_id = deputy.id.to_string();
        let raise = [
            ("commune", "06059"),
            ("account", deputy_id.as_str()),
            ("role", "delegate"),
            ("rights", "alerts"),
            ("change", "1"),
        ];
        assert_eq!(theirs.post("/compte/equipe", &raise).await.status, 403);
        assert_eq!(citizen(&ctx, &deputy).await.rights_in(eze()).to_string(), "news");
    }
}

fn new<'a>(handle: &'a str, email: &'a str, role: Option<Role>) -> NewByOperator<'a> {
    NewByOperator {
        handle,
        name: None,
        email,
        commune: eze(),
        role,
        rights: Rights::NONE,
        password: None,
    }
}

#[tokio::test]
async fn the_command_line_makes_a_mayor_and_her_town_hall() {
    let folder = TestFolder::new();
    for ctx in everywhere(&folder).await {
        assert!(matches!(
            bearer(&ctx, "maire-eze").await,
            Err(LookupError::NotClaimed(_))
        ));
        let made = cli::create(&ctx, &new("mireille", "mireille@example.org", Some(Role::Mayor)))
            .await
            .unwrap();
        assert_eq!(made.office.as_deref(), Some("maire-eze"));
        let mut browser = Browser::new(&ctx);
        let fields = [("email", "mireille"), ("password", made.password.as_str())];
        assert_eq!(browser.post("/connexion", &fields).await.status, 303);
        let person = citizen(&ctx, &made.account).await;
        assert!(person.may(Right::Alerts, eze()));
        let office = bearer(&ctx, "maire-eze").await.unwrap();
        assert_eq!((office.account, office.office), (made.account.id, Some(eze())));
        assert_eq!(office.actor.handle, "maire-eze");
        let herself = bearer(&ctx, "@mireille").await.unwrap();
        assert_eq!(
            (herself.office, herself.actor.handle.as_str()),
            (None, "mireille")
        );
        assert!(matches!(
            bearer(&ctx, "personne").await,
            Err(LookupError::Unknown(_))
        ));
        let mandate = commune::actions::current_mandate(&ctx, eze())
            .await
            .unwrap()
            .unwrap();
        assert_eq!(mandate.signature(), "Mireille, maire (2026-2032)");

        // A second mayor is refused before anything is made; the first one's successor is not.
        let second = cli::create(&ctx, &new("paul", "paul@example.org", Some(Role::Mayor))).await;
        assert!(matches!(
            second,
            Err(CliError::Account(crate::AccountError::Refused(
                Refusal::MayorThere { .. }
            )))
        ));
        assert_eq!(cli::count(&ctx).await.unwrap(), 1);
        assert!(
            cli::take_role(&ctx, &made.account, Role::Mayor, None)
                .await
                .unwrap()
        );
        assert!(matches!(
            bearer(&ctx, "maire-eze").await,
            Err(LookupError::Vacant(_))
        ));
        let paul = cli::create(&ctx, &new("paul", "paul@example.org", Some(Role::Mayor)))
            .await
            .unwrap();
        assert_eq!(bearer(&ctx, "maire-eze").await.unwrap().account, paul.account.id);
        let mandate = commune::actions::current_mandate(&ctx, eze())
            .await
            .unwrap()
            .unwrap();
        assert_eq!(mandate.holder, "Paul");
    }
}

#[tokio::test]
async fn the_command_line_refuses_what_cannot_be() {
    let folder = TestFolder::new();
    for ctx in everywhere(&folder).await {
        // Official words are the operator's to give, the names of communes are not.
        cli::create(&ctx, &new("secretaire", "s@example.org", None))
            .await
            .unwrap();
        cli::create(&ctx, &new("moderation", "m@example.org", Some(Role::Moderator)))
            .await
            .unwrap();
        for (handle, email) in [
            ("eze", "a@example.org"),
            ("maire-eze", "a@example.org"),
            ("instance", "a@example.org"),
            ("Jeanne", "a@example.org"),
            ("secretaire", "a@example.org"),
            ("jeanne", "S@example.org"),
            ("jeanne", "nulle part"),
        ] {
            assert!(
                cli::create(&ctx, &new(handle, email, None)).await.is_err(),
                "{handle} {email}"
            );
        }
        let nowhere = NewByOperator {
            commune: code("99999"),
            ..new("jeanne", "a@example.org", None)
        };
        assert!(cli::create(&ctx, &nowhere).await.is_err());
        let delegate = cli::create(&ctx, &new("jeanne", "a@example.org", Some(Role::Delegate))).await;
        assert!(delegate.is_err(), "the town hall is not here");
        assert_eq!(cli::count(&ctx).await.unwrap(), 2);
        let listed = cli::list(&ctx, None, crate::AccountId(0), 10).await.unwrap();
        assert_eq!(listed[1].roles, ["moderator of 06059"]);
    }
}

#[tokio::test]
async fn the_command_line_sets_a_password_and_ends_sessions() {
    let folder = TestFolder::new();
    for ctx in everywhere(&folder).await {
        let jeanne = account(&ctx, "jeanne").await;
        let mut browser = Browser::sign_in(&ctx, "jeanne").await;
        let generated = cli::set_password(&ctx, &jeanne, None).await.unwrap();
        assert!(!browser.is_signed_in().await);
        let sign_in = |password: String| {
            let mut browser = Browser::new(&ctx);
            async move {
                let fields = [("email", "jeanne"), ("password", password.as_str())];
                browser.post("/connexion", &fields).await.status
            }
        };
        assert_eq!(sign_in(generated).await, 303);
        assert_eq!(sign_in(PASSWORD.to_owned()).await, 422);
        assert!(cli::set_password(&ctx, &jeanne, Some("court")).await.is_err());
        cli::end(&ctx, &jeanne).await.unwrap();
        assert!(cli::find(&ctx, "jeanne").await.is_err());
    }
}

//! What the menu counts.

use testkit::{Town, Visitor};

use super::{answers, writes};

/// The menu of a page.
fn menu(page: &str) -> &str {
    let from = page.split("class=\"onglets\"").nth(1).unwrap();
    from.split("</nav>").next().unwrap()
}

/// The number beside "Messages" in it; empty without one.
fn counted(page: &str) -> String {
    let mut entries = menu(page).split("<li");
    let entry = entries
        .find(|entry| entry.contains("/eze-06/messages\""))
        .unwrap();
    match entry.split_once("class=\"compteur\"><span aria-hidden=\"true\">") {
        Some((_, number)) => number.split('<').next().unwrap().to_owned(),
        None => String::new(),
    }
}

#[tokio::test]
async fn the_menu_counts_what_waits() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let mut alice = town.citizen("alice").await;
        let mut other = town.citizen("other").await;
        let count = async |who: &mut Visitor, path: &str| counted(&who.opens(path).await.text());
        assert_eq!(count(&mut mayor, "/eze-06").await, "");
        let thread = writes(&mut alice, "0", "Le banc est cassé").await;
        let second = writes(&mut alice, "0", "Et le lampadaire").await;
        assert_eq!(count(&mut mayor, "/eze-06").await, "2");
        assert_eq!(count(&mut mayor, "/eze-06/agenda").await, "2");
        for path in ["/eze-06", "/eze-06/plus"] {
            assert_eq!(count(&mut alice, path).await, "");
            assert_eq!(count(&mut other, path).await, "");
        }
        assert!(
            mayor
                .opens("/eze-06/plus")
                .await
                .text()
                .contains(">2</span><span class=\"vh\">")
        );
        // Of another commune nothing waits for anybody.
        let elsewhere = mayor.opens("/communes/06088").await.location();
        let elsewhere = mayor.opens(&elsewhere).await;
        assert_eq!(elsewhere.status, 200, "{}", elsewhere.text());
        let text = elsewhere.text();
        let entry = text
            .split("class=\"onglets\"")
            .nth(1)
            .and_then(|menu| menu.split("</nav>").next());
        assert!(!entry.unwrap_or_default().contains("compteur"), "{text}");
        // Read, it waits no longer; answered, it waits for her.
        mayor.opens(&thread).await;
        assert_eq!(count(&mut mayor, "/eze-06").await, "1");
        assert_eq!(
            answers(&mut mayor, &thread, &[("text", "On le répare")])
                .await
                .status,
            303
        );
        assert_eq!(count(&mut alice, "/eze-06").await, "1");
        assert_eq!(count(&mut other, "/eze-06").await, "");
        alice.opens(&thread).await;
        assert_eq!(count(&mut alice, "/eze-06").await, "");
        // An agent of no service has nothing to read, one of another right neither.
        let mut agent = town.delegate("agent", account::Right::Messages).await;
        let mut editor = town.delegate("editor", account::Right::News).await;
        assert_eq!(count(&mut agent, "/eze-06").await, "");
        assert_eq!(count(&mut editor, "/eze-06").await, "");
        mayor.opens(&second).await;
        assert_eq!(count(&mut mayor, "/eze-06").await, "");
        // The box of the town hall promises no more than is true.
        let office = mayor.opens("/eze-06/messages").await.text();
        assert!(office.contains("le nom d’un autre serveur"), "{office}");
        let own = alice.opens("/eze-06/messages").await.text();
        assert!(
            own.contains("ne quittent pas ce serveur") && !own.contains("d’un autre serveur"),
            "{own}"
        );
    }
}

//! Everybody tries every door of the groups: the table of docs/develop/access-groups.md.
//!
//! Whoever may not know of a group is answered as if it never was: the same status, headers and body at every
//! address, whatever is asked or sent.

use std::collections::HashMap;

use account::actions::{people, roles};
use account::{Right, Role};
use federation::keys::PrivateKey;
use federation::signatures::{Outgoing, Scheme, Signer, sign_request};
use federation::{Actor, Verdict};
use http::Method;
use platform::on_tx;
use serde_json::{Value, json};
use testkit::{Answer, Town, Visitor};

use crate::api::Program;
use crate::discussion::{guest, takes};
use crate::groups::{LIST, actor_of, group, id_in};

/// What somebody is to the groups of the town.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// Nobody, or from another commune.
    Else,
    /// Lives in the commune.
    Resident,
    /// The same, and awaited in every group.
    Awaited,
    /// A member of every group.
    Member,
    /// Was a member of every group.
    Out,
    /// Keeps order in every group.
    Keeper,
    /// Keeps order in what is public.
    Moderator,
    /// May open groups for the town hall.
    TownHall,
}

struct Who {
    name: &'static str,
    part: Part,
    signed_in: bool,
    visitor: Visitor,
    program: Program,
}

/// A group with a topic and a comment, or the ids of one that never was.
#[derive(Clone)]
struct Ids {
    group: i64,
    topic: i64,
    comment: i64,
    person: i64,
    handle: String,
}

impl Ids {
    fn never(like: &Self) -> Self {
        let other = |id: i64| id + 77_777_777_777;
        Self {
            group: other(like.group),
            topic: other(like.topic),
            comment: other(like.comment),
            person: other(like.person),
            handle: "groupe-zzzzzzzzzzzzzzzzzzzz".to_owned(),
        }
    }

    fn pairs(&self) -> [(&'static str, String); 5] {
        [
            ("{g}", self.group.to_string()),
            ("{t}", self.topic.to_string()),
            ("{c}", self.comment.to_string()),
            ("{p}", self.person.to_string()),
            ("{h}", self.handle.clone()),
        ]
    }

    fn fill(&self, template: &str) -> String {
        let pairs = self.pairs();
        pairs.iter().fold(template.to_owned(), |text, (name, value)| {
            text.replace(name, value)
        })
    }

    fn forget(&self, text: &str) -> String {
        let pairs = self.pairs();
        pairs
            .iter()
            .fold(text.to_owned(), |text, (name, value)| text.replace(value, name))
    }

    fn path(&self) -> String {
        self.fill("/eze-06/groupes/{g}")
    }
}

/// Pages.
const PAGES: [&str; 24] = [
    "/eze-06/groupes/{g}",
    "/eze-06/groupes/{g}/modifier",
    "/eze-06/groupes/{g}/membres",
    "/eze-06/groupes/{g}/membres/{p}/exclure",
    "/eze-06/groupes/{g}/sujets/nouveau",
    "/eze-06/groupes/{g}/sujets/{t}",
    "/eze-06/groupes/{g}/sujets/{t}/modifier",
    "/eze-06/groupes/{g}/sujets/{t}/supprimer",
    "/eze-06/groupes/{g}/sujets/{t}/versions",
    "/nice-06/groupes/{g}",
    "/commentaires/{c}",
    "/commentaires/{c}/versions",
    "/commentaires/{c}/reponses",
    "/commentaires/{c}/modifier",
    "/commenter/topics/{t}",
    "/commenter/topics/{t}?reponse={c}",
    "/partager/topics/{t}",
    "/partager/comments/{c}",
    "/signaler/topics/{t}",
    "/signaler/comments/{c}",
    "/moderation/groupes/{g}",
    "/moderation/groupes/{g}/journal",
    "/moderation/groupes/{g}/topics/{t}",
    "/@{h}",
];

/// Documents for other servers.
const DOCUMENTS: [&str; 19] = [
    "/ap/actors/{g}",
    "/ap/actors/{g}/outbox",
    "/ap/actors/{g}/outbox?page=true",
    "/ap/actors/{g}/followers",
    "/ap/actors/{g}/following",
    "/ap/actors/{g}/featured",
    "/ap/actors/{g}/moderators",
    "/ap/topics/{t}",
    "/ap/topics/{t}/replies",
    "/ap/topics/{t}/replies?page=true",
    "/ap/topics/{t}/likes",
    "/ap/topics/{t}/shares",
    "/ap/topics/{t}/context",
    "/ap/comments/{c}",
    "/ap/comments/{c}/replies",
    "/ap/comments/{c}/likes",
    "/eze-06/groupes/{g}/sujets/{t}",
    "/.well-known/webfinger?resource=acct:{h}@parvis.test",
    "/.well-known/webfinger?resource=https://parvis.test/ap/actors/{g}",
];

/// The API of the site.
const OWN_API: [&str; 4] = [
    "/api/parvis/v1/groups/{g}",
    "/api/parvis/v1/groups/{g}/topics",
    "/api/parvis/v1/groups/{g}/topics?max_id=9000000000000000000&limit=2",
    "/api/parvis/v1/groups/{g}/topics/{t}",
];

/// The API of phone programs: what is for some is in it for nobody.
const PHONE_API: [&str; 9] = [
    "/api/v1/accounts/{g}",
    "/api/v1/accounts/{g}/statuses",
    "/api/v1/accounts/{g}/followers",
    "/api/v1/accounts/lookup?acct={h}",
    "/api/v1/statuses/{t}",
    "/api/v1/statuses/{t}/context",
    "/api/v1/statuses/{t}/history",
    "/api/v1/statuses/{c}",
    "/api/v2/search?q={h}&resolve=true",
];

/// What is sent by forms.
const FORMS: [(&str, &[(&str, &str)]); 17] = [
    (
        "/eze-06/groupes/{g}/modifier",
        &[("name", "x"), ("about", "y"), ("opening", "members")],
    ),
    ("/eze-06/groupes/{g}/fermer", &[]),
    ("/eze-06/groupes/{g}/rouvrir", &[]),
    ("/eze-06/groupes/{g}/rejoindre", &[("agree", "on")]),
    ("/eze-06/groupes/{g}/quitter", &[]),
    ("/eze-06/groupes/{g}/avis", &[("pace", "all")]),
    ("/eze-06/groupes/{g}/membres/inviter", &[("handle", "@camille")]),
    ("/eze-06/groupes/{g}/membres/{p}", &[("deed", "moderator")]),
    (
        "/eze-06/groupes/{g}/membres/{p}/exclure",
        &[("ground", "other"), ("reason", "x")],
    ),
    (
        "/eze-06/groupes/{g}/sujets/nouveau",
        &[("title", "x"), ("source", "y")],
    ),
    (
        "/eze-06/groupes/{g}/sujets/nouveau",
        &[("title", "x"), ("source", "y"), ("comme", "mairie")],
    ),
    (
        "/eze-06/groupes/{g}/sujets/{t}/modifier",
        &[("title", "x"), ("source", "y")],
    ),
    ("/eze-06/groupes/{g}/sujets/{t}/supprimer", &[]),
    ("/eze-06/groupes/{g}/sujets/{t}/ordre", &[("deed", "lock")]),
    ("/commenter/topics/{t}", &[("text", "x")]),
    ("/aimer/topics/{t}", &[("aimer", "1")]),
    ("/signaler/topics/{t}", &[("category", "spam"), ("text", "x")]),
];

/// What is sent by programs.
const DEEDS: [&str; 7] = [
    "/api/parvis/v1/groups/{g}/topics",
    "/api/parvis/v1/groups/{g}/join",
    "/api/parvis/v1/groups/{g}/leave",
    "/api/v1/accounts/{g}/follow",
    "/api/v1/statuses/{t}/favourite",
    "/api/v1/statuses/{t}/reblog",
    "/api/v1/statuses/{c}/favourite",
];

/// Those of the doors above that one who is awaited may pass.
const FOR_THE_AWAITED: [&str; 7] = [
    "/eze-06/groupes/{g}",
    "/eze-06/groupes/{g}/avis",
    "/api/parvis/v1/groups/{g}/leave",
    "/eze-06/groupes/{g}/rejoindre",
    "/eze-06/groupes/{g}/quitter",
    "/api/parvis/v1/groups/{g}",
    "/api/parvis/v1/groups/{g}/join",
];

/// A topic in the town hall's name with a comment in its name, in a group of this scope.
async fn made(town: &Town, mayor: &mut Visitor, scope: &str) -> Ids {
    let path = group(mayor, scope, &[("name", "Ornithorynque")]).await;
    let form = format!("{path}/sujets/nouveau");
    let fields = [
        ("title", "Kangourou"),
        ("source", "Un wombat."),
        ("comme", "mairie"),
    ];
    let here = mayor.sends(&form, &form, &fields).await.location();
    let fields = [("text", "Un koala."), ("comme", "mairie")];
    let said = mayor
        .sends(&here, &format!("/commenter/topics/{}", id_in(&here)), &fields)
        .await;
    assert_eq!(said.status, 303, "{}", said.text());
    let actor = actor_of(town, &path).await;
    Ids {
        group: actor.id.0,
        topic: id_in(&here),
        comment: id_in(&said.location()),
        person: id_of(town, "marie").await,
        handle: actor.handle,
    }
}

async fn id_of(town: &Town, handle: &str) -> i64 {
    let actor = federation::actors::by_handle(town.ctx(), handle, None).await;
    actor.unwrap().unwrap().id.0
}

/// Lets somebody into a group as its scope has it.
async fn comes_in(mayor: &mut Visitor, who: &mut Visitor, handle: &str, ids: &Ids) {
    let path = ids.path();
    invites(mayor, handle, ids).await;
    let joined = who.sends(&path, &format!("{path}/rejoindre"), &[]).await;
    assert_eq!(joined.status, 303, "{}", joined.text());
}

async fn invites(mayor: &mut Visitor, handle: &str, ids: &Ids) {
    let people = format!("{}/membres", ids.path());
    let invited = mayor
        .sends(&people, &format!("{people}/inviter"), &[("handle", handle)])
        .await;
    assert_eq!(invited.status, 303, "{}", invited.text());
}

async fn puts_out(mayor: &mut Visitor, id: i64, ids: &Ids) {
    let out = format!("{}/membres/{id}/exclure", ids.path());
    let done = mayor
        .sends(&out, &out, &[("ground", "other"), ("reason", "Elle le sait.")])
        .await;
    assert_eq!(done.status, 303, "{}", done.text());
}

/// The people of the town, those of the groups let in, named, put out.
async fn everybody(town: &Town, mayor: &mut Visitor, all: &[Ids]) -> Vec<Who> {
    let former = town.delegate("remi", Right::Groups).await;
    let account = people::by_handle(town.ctx(), "remi").await.unwrap().unwrap();
    let code = "06059".parse().unwrap();
    roles::take(town.ctx(), None, account.id, Role::Delegate, Some(code))
        .await
        .unwrap();
    let mut follower = town.neighbour("flora", "06088").await;
    follower
        .sends("/eze-06", "/eze-06/suivre", &[("follow", "1")])
        .await;
    let mut marie = town.signed_in("marie").await;
    let mut paula = town.citizen("paula").await;
    let mut odette = town.citizen("odette").await;
    let noor = town.citizen("noor").await;
    for ids in all {
        comes_in(mayor, &mut marie, "@marie", ids).await;
        comes_in(mayor, &mut paula, "@paula", ids).await;
        comes_in(mayor, &mut odette, "@odette", ids).await;
        invites(mayor, "@noor", ids).await;
        puts_out(mayor, id_of(town, "odette").await, ids).await;
        let people = format!("{}/membres", ids.path());
        let named = format!("{people}/{}", id_of(town, "paula").await);
        assert_eq!(
            mayor
                .sends(&people, &named, &[("deed", "moderator")])
                .await
                .status,
            303
        );
    }
    let mut found = vec![Who {
        name: "stranger",
        part: Part::Else,
        signed_in: false,
        visitor: town.stranger(),
        program: Program::of_nobody(town),
    }];
    let neighbour = town.neighbour("bruno", "06088").await;
    let rows = [
        ("neighbour", "bruno", Part::Else, neighbour),
        ("follower", "flora", Part::Else, follower),
        ("citizen", "alice", Part::Resident, town.citizen("alice").await),
        ("revoked delegate", "remi", Part::Resident, former),
        ("awaited", "noor", Part::Awaited, noor),
        ("member", "marie", Part::Member, marie),
        ("put out", "odette", Part::Out, odette),
        ("group's moderator", "paula", Part::Keeper, paula),
        (
            "delegate of news",
            "nadia",
            Part::Resident,
            town.delegate("nadia", Right::News).await,
        ),
        (
            "moderator",
            "modeste",
            Part::Moderator,
            town.moderator("modeste").await,
        ),
        ("operator", "oscar", Part::Moderator, town.operator("oscar").await),
        (
            "delegate",
            "dora",
            Part::TownHall,
            town.delegate("dora", Right::Groups).await,
        ),
        ("mayor", "camille", Part::TownHall, mayor.clone()),
    ];
    for (name, handle, part, visitor) in rows {
        let program = Program::of(town, handle, false).await;
        found.push(Who {
            name,
            part,
            signed_in: true,
            visitor,
            program,
        });
    }
    found
}

/// An answer without what names the request: everything else must be the same.
#[derive(Debug, PartialEq, Eq, Clone)]
struct Plain {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
    length: usize,
}

fn plain(answer: &Answer, ids: &Ids) -> Plain {
    let text = ids.forget(&answer.text());
    let body = match serde_json::from_str::<Value>(&text) {
        Ok(mut value) => {
            if let Some(map) = value.as_object_mut() {
                map.remove("reference");
            }
            value.to_string()
        }
        Err(_) => {
            let lines = text
                .lines()
                .filter(|line| !line.contains("référence") && !line.contains("name=\"csrf\""));
            lines.collect::<Vec<_>>().join("\n")
        }
    };
    let mut headers: Vec<(String, String)> = answer
        .headers
        .iter()
        .filter(|(name, _)| {
            !matches!(
                name.as_str(),
                "set-cookie" | "x-request-id" | "x-ratelimit-remaining"
            )
        })
        .map(|(name, value)| {
            (
                name.to_string(),
                ids.forget(&String::from_utf8_lossy(value.as_bytes())),
            )
        })
        .collect();
    headers.sort();
    Plain {
        status: answer.status,
        headers,
        length: answer.body.len(),
        body,
    }
}

/// How somebody asks at a door.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum How {
    Opens,
    Reads,
    Program,
    Sends(usize),
    Posts,
}

async fn asks(who: &mut Who, how: How, template: &str, ids: &Ids) -> Plain {
    let path = ids.fill(template);
    let answer = match how {
        How::Opens => who.visitor.opens(&path).await,
        How::Reads => who.visitor.reads(&path).await,
        How::Program => who.program.get(&path).await,
        How::Sends(row) => {
            let form = if who.signed_in { "/eze-06" } else { "/connexion" };
            who.visitor.sends(form, &path, FORMS[row].1).await
        }
        How::Posts => {
            who.program
                .post(&path, &json!({ "title": "x", "text": "y" }))
                .await
        }
    };
    plain(&answer, ids)
}

/// Every door, with how it is tried.
fn doors(phone_only: bool) -> Vec<(How, &'static str)> {
    let mut all: Vec<(How, &str)> = PHONE_API.iter().map(|path| (How::Program, *path)).collect();
    all.extend(DOCUMENTS.iter().take(16).map(|path| (How::Reads, *path)));
    all.extend(DOCUMENTS.iter().skip(17).map(|path| (How::Opens, *path)));
    if phone_only {
        return all;
    }
    all.push((How::Reads, DOCUMENTS[16]));
    all.extend(PAGES.iter().map(|path| (How::Opens, *path)));
    all.extend(OWN_API.iter().map(|path| (How::Program, *path)));
    all.extend(DEEDS.iter().map(|path| (How::Posts, *path)));
    all.extend(
        FORMS
            .iter()
            .enumerate()
            .map(|(row, (path, _))| (How::Sends(row), *path)),
    );
    all
}

/// Whether a group of this scope is hidden from somebody.
fn is_hidden(scope: &str, part: Part) -> bool {
    let knows = matches!(part, Part::Member | Part::Keeper | Part::TownHall);
    let lives_here = matches!(part, Part::Resident | Part::Awaited | Part::Moderator);
    scope != "public" && !knows && !(scope == "residents" && lives_here)
}

#[tokio::test]
async fn what_is_for_some_is_for_others_as_if_it_never_was() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        drop(town.citizen("marie").await);
        let members = made(&town, &mut mayor, "members").await;
        let residents = made(&town, &mut mayor, "residents").await;
        let all = [members.clone(), residents.clone()];
        let never = Ids::never(&members);
        for mut who in everybody(&town, &mut mayor, &all).await {
            // What was said to her before is said once.
            who.visitor.opens("/eze-06").await;
            let mut answers: HashMap<(How, &str), Plain> = HashMap::new();
            for (scope, ids) in [("members", &members), ("residents", &residents)] {
                let hidden = is_hidden(scope, who.part);
                // For phones and other servers without a signature there is neither, whoever asks.
                for door in doors(!hidden) {
                    let (how, template) = door;
                    if who.part == Part::Awaited && scope == "members" && FOR_THE_AWAITED.contains(&template)
                    {
                        continue;
                    }
                    if !answers.contains_key(&door) {
                        let answer = asks(&mut who, how, template, &never).await;
                        answers.insert(door, answer);
                    }
                    let found = asks(&mut who, how, template, ids).await;
                    assert_eq!(found, answers[&door], "{} {scope} {how:?} {template}", who.name);
                }
                if hidden {
                    let awaited = who.part == Part::Awaited && scope == "members";
                    let list = who.visitor.opens(LIST).await.text();
                    assert_eq!(
                        list.contains(&ids.group.to_string()),
                        awaited,
                        "{} {scope}",
                        who.name
                    );
                    let list = who
                        .program
                        .get("/api/parvis/v1/communes/06059/groups")
                        .await
                        .text();
                    assert_eq!(
                        list.contains(&ids.group.to_string()),
                        awaited,
                        "{} {scope}",
                        who.name
                    );
                }
                for path in [
                    "/api/v2/search?q=Kangourou",
                    "/api/v1/timelines/public",
                    "/eze-06",
                    "/sitemap.xml",
                ] {
                    let text = who.program.get(path).await.text();
                    assert!(
                        !text.contains("wombat") && !text.contains("Ornithorynque"),
                        "{} {path}",
                        who.name
                    );
                }
            }
        }
    }
}

/// What somebody gets of a page of a group that she may know of; `None` stands for the answer of what never was.
fn expected(scope: &str, part: Part, signed_in: bool, template: &str) -> u16 {
    let keeps = matches!(part, Part::Keeper | Part::TownHall) || part == Part::Moderator && scope == "public";
    let member = part == Part::Member || keeps;
    let if_signed_in = |status: u16| if signed_in { status } else { 303 };
    match template {
        "/eze-06/groupes/{g}/modifier" if part != Part::TownHall => if_signed_in(403),
        "/eze-06/groupes/{g}/membres" if !member => if_signed_in(404),
        "/eze-06/groupes/{g}/membres/{p}/exclure"
        | "/moderation/groupes/{g}"
        | "/moderation/groupes/{g}/topics/{t}"
            if !keeps =>
        {
            if_signed_in(404)
        }
        "/eze-06/groupes/{g}/sujets/{t}/modifier" | "/eze-06/groupes/{g}/sujets/{t}/supprimer"
            if part != Part::TownHall =>
        {
            if_signed_in(404)
        }
        "/commentaires/{c}/modifier" if part != Part::TownHall => if_signed_in(403),
        "/eze-06/groupes/{g}"
        | "/eze-06/groupes/{g}/sujets/{t}"
        | "/eze-06/groupes/{g}/sujets/{t}/versions"
        | "/commentaires/{c}/versions"
        | "/api/parvis/v1/groups/{g}"
        | "/api/parvis/v1/groups/{g}/topics"
        | "/api/parvis/v1/groups/{g}/topics/{t}" => 200,
        _ => if_signed_in(200),
    }
}

/// The doors that are tried by those who may know of a group.
const WALKED: [(How, &str); 16] = [
    (How::Opens, "/eze-06/groupes/{g}"),
    (How::Opens, "/eze-06/groupes/{g}/modifier"),
    (How::Opens, "/eze-06/groupes/{g}/membres"),
    (How::Opens, "/eze-06/groupes/{g}/membres/{p}/exclure"),
    (How::Opens, "/eze-06/groupes/{g}/sujets/nouveau"),
    (How::Opens, "/eze-06/groupes/{g}/sujets/{t}"),
    (How::Opens, "/eze-06/groupes/{g}/sujets/{t}/modifier"),
    (How::Opens, "/eze-06/groupes/{g}/sujets/{t}/supprimer"),
    (How::Opens, "/eze-06/groupes/{g}/sujets/{t}/versions"),
    (How::Opens, "/commentaires/{c}/versions"),
    (How::Opens, "/commentaires/{c}/modifier"),
    (How::Opens, "/moderation/groupes/{g}"),
    (How::Opens, "/moderation/groupes/{g}/topics/{t}"),
    (How::Program, "/api/parvis/v1/groups/{g}"),
    (How::Program, "/api/parvis/v1/groups/{g}/topics"),
    (How::Program, "/api/parvis/v1/groups/{g}/topics/{t}"),
];

#[tokio::test]
async fn who_may_know_of_a_group_passes_the_doors_of_her_part() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        drop(town.citizen("marie").await);
        let mut all = Vec::new();
        for scope in ["public", "members", "residents"] {
            all.push(made(&town, &mut mayor, scope).await);
        }
        for mut who in everybody(&town, &mut mayor, &all).await {
            for (scope, ids) in ["public", "members", "residents"].into_iter().zip(&all) {
                if is_hidden(scope, who.part) {
                    continue;
                }
                for (how, template) in WALKED {
                    let found = asks(&mut who, how, template, ids).await;
                    let wanted = expected(scope, who.part, who.signed_in, template);
                    assert_eq!(found.status, wanted, "{} {scope} {template}", who.name);
                }
                tries_deeds(&town, &mut who, scope, ids).await;
            }
            keeps_own_order_only(&mut who, &all).await;
        }
        // After all that the topics are as they were.
        for ids in &all {
            let page = mayor
                .opens(&ids.fill("/eze-06/groupes/{g}/sujets/{t}"))
                .await
                .text();
            assert!(
                page.contains("Kangourou") && page.contains("Un wombat."),
                "{page}"
            );
            assert!(!page.contains("Réponses closes"), "{page}");
        }
    }
}

/// Writing and keeping order, by those who read and are not entrusted with it.
async fn tries_deeds(town: &Town, who: &mut Who, scope: &str, ids: &Ids) {
    let (name, path) = (who.name, ids.path());
    let keeps =
        matches!(who.part, Part::Keeper | Part::TownHall) || who.part == Part::Moderator && scope == "public";
    let refused = if who.signed_in { 403 } else { 303 };
    if who.part != Part::TownHall {
        for (deed, fields) in [
            (
                "modifier",
                vec![("name", "x"), ("about", "y"), ("opening", "members")],
            ),
            ("fermer", vec![]),
            (
                "sujets/nouveau",
                vec![("title", "x"), ("source", "y"), ("comme", "mairie")],
            ),
        ] {
            let sent = who
                .visitor
                .sends("/eze-06", &format!("{path}/{deed}"), &fields)
                .await;
            assert_eq!(sent.status, refused, "{name} {scope} {deed}");
        }
        let topic = ids.fill("/eze-06/groupes/{g}/sujets/{t}");
        for deed in ["modifier", "supprimer"] {
            let fields = [("title", "x"), ("source", "y")];
            let sent = who
                .visitor
                .sends("/eze-06", &format!("{topic}/{deed}"), &fields)
                .await;
            assert_eq!(sent.status, refused, "{name} {scope} {deed}");
        }
    }
    if !keeps {
        let order = ids.fill("/eze-06/groupes/{g}/sujets/{t}/ordre");
        for deed in ["lock", "pin", "approve"] {
            let sent = who.visitor.sends("/eze-06", &order, &[("deed", deed)]).await;
            assert_eq!(sent.status, refused, "{name} {scope} {deed}");
        }
        let invites = format!("{path}/membres/inviter");
        let sent = who
            .visitor
            .sends("/eze-06", &invites, &[("handle", "@camille")])
            .await;
        assert!(
            sent.status == refused || sent.status == 404,
            "{name} {scope}: {}",
            sent.status
        );
    }
    let wanted = match (who.signed_in, scope, who.part) {
        (false, ..) => 401,
        // Put out, she reads what everybody reads.
        (_, _, Part::Out) => 403,
        (_, "residents", Part::Resident | Part::Awaited | Part::Moderator) => 403,
        _ => 201,
    };
    let topic = json!({ "title": format!("De {name}"), "text": "Bonjour." });
    let posted = who
        .program
        .post(&ids.fill("/api/parvis/v1/groups/{g}/topics"), &topic)
        .await;
    assert_eq!(posted.status, wanted, "{name} {scope}: {}", posted.text());
    if wanted == 201 {
        let shown = who.part == Part::Member || keeps;
        let state = if shown { "shown" } else { "held" };
        assert_eq!(posted.json()["state"], state, "{name} {scope}");
        // What waits is for its author and those who keep order.
        let id: i64 = posted.json()["id"].as_str().unwrap().parse().unwrap();
        let page = ids.fill("/eze-06/groupes/{g}/sujets/") + &id.to_string();
        let status = if shown && scope == "public" { 200 } else { 404 };
        assert_eq!(
            town.stranger().opens(&page).await.status,
            status,
            "{name} {scope}"
        );
    }
}

/// Who keeps order in one group sees the cases of that group, and of no other, nor the commune's.
async fn keeps_own_order_only(who: &mut Who, all: &[Ids]) {
    for own in all {
        for other in all.iter().filter(|other| other.group != own.group) {
            let path = format!("/moderation/groupes/{}/topics/{}", own.group, other.topic);
            let wanted = if who.signed_in { 404 } else { 303 };
            assert_eq!(
                who.visitor.opens(&path).await.status,
                wanted,
                "{} {path}",
                who.name
            );
        }
        let path = own.fill("/eze-06/moderation/topics/{t}");
        let status = who.visitor.opens(&path).await.status;
        let barred = if who.signed_in { [403, 404] } else { [303, 303] };
        assert!(barred.contains(&status), "{} {path}: {status}", who.name);
    }
}

/// Somebody of another server, with a key.
struct Guest {
    actor: Actor,
    key: PrivateKey,
}

impl Guest {
    async fn of(town: &Town, name: &str) -> Self {
        let actor = guest(town, name).await;
        let key = PrivateKey::generate_ed25519().unwrap();
        let mut tx = town.ctx().db.begin().await.unwrap();
        on_tx!(&mut tx, c => sqlx::query(
            "INSERT INTO federation_key (uri, actor_id, kind, public_der, fetched_at)
             VALUES ($1, $2, 'ed25519', $3, $4)")
            .bind(format!("{}#main-key", actor.uri)).bind(actor.id).bind(key.public_key().to_der())
            .bind(town.ctx().clock.now()).execute(c).await.map(|_| ()))
        .unwrap();
        tx.commit().await.unwrap();
        Self { actor, key }
    }

    /// Reads with her signature.
    async fn reads(&self, town: &Town, path: &str) -> Answer {
        let url: reqwest::Url = format!("https://parvis.test{path}").parse().unwrap();
        let outgoing = Outgoing {
            method: &Method::GET,
            url: &url,
            body: None,
        };
        let key_id = format!("{}#main-key", self.actor.uri);
        let signer = Signer {
            key_id: &key_id,
            key: &self.key,
        };
        let signed = sign_request(Scheme::Cavage, &outgoing, &signer, town.ctx().clock.now()).unwrap();
        let mut headers = vec![("accept", "application/activity+json")];
        headers.extend(
            signed
                .iter()
                .map(|(name, value)| (name.as_str(), value.to_str().unwrap())),
        );
        town.stranger()
            .asks(Method::GET, path, &headers, Vec::new())
            .await
    }

    async fn follows(&self, town: &Town, ids: &Ids, number: u32) -> Verdict {
        let follow = json!({
            "id": format!("https://social.example/f/{number}"), "type": "Follow", "actor": self.actor.uri,
            "object": format!("https://parvis.test/ap/actors/{}", ids.group),
        });
        takes(town, &self.actor, follow).await
    }
}

/// What other servers read of each scope with a signature, in the order stranger, awaited, member, put out.
const FOR_GUESTS: [(&str, &str, [bool; 4]); 9] = [
    ("public", "/ap/actors/{g}", [true; 4]),
    ("public", "/ap/topics/{t}", [true; 4]),
    ("public", "/ap/comments/{c}", [true; 4]),
    ("members", "/ap/actors/{g}", [false, true, true, false]),
    ("members", "/ap/topics/{t}", [false, false, true, false]),
    ("members", "/ap/comments/{c}", [false, false, true, false]),
    ("residents", "/ap/actors/{g}", [false; 4]),
    ("residents", "/ap/topics/{t}", [false; 4]),
    ("residents", "/ap/comments/{c}", [false; 4]),
];

#[tokio::test]
async fn other_servers_read_what_their_people_may_read() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        drop(town.citizen("marie").await);
        let guests = [
            Guest::of(&town, "autre").await,
            Guest::of(&town, "attendue").await,
            Guest::of(&town, "ami").await,
            Guest::of(&town, "parti").await,
        ];
        let mut all = HashMap::new();
        for (n, scope) in (0..).zip(["public", "members", "residents"]) {
            let ids = made(&town, &mut mayor, scope).await;
            if scope != "residents" {
                for (at, guest) in (0..).zip(&guests).skip(1) {
                    invites(
                        &mut mayor,
                        &format!("@{}@social.example", guest.actor.handle),
                        &ids,
                    )
                    .await;
                    if at > 1 {
                        assert_eq!(guest.follows(&town, &ids, 10 * n + at).await, Verdict::Done);
                    }
                }
                puts_out(&mut mayor, guests[3].actor.id.0, &ids).await;
            }
            all.insert(scope, ids);
        }
        let never = Ids::never(&all["members"]);
        for (scope, template, who) in FOR_GUESTS {
            for (guest, may) in guests.iter().zip(who) {
                let found = guest.reads(&town, &all[scope].fill(template)).await;
                let handle = &guest.actor.handle;
                if may {
                    assert_eq!(found.status, 200, "{handle} {scope} {template}: {}", found.text());
                } else {
                    let missing = guest.reads(&town, &never.fill(template)).await;
                    let (found, missing) = (plain(&found, &all[scope]), plain(&missing, &never));
                    assert_eq!(found, missing, "{handle} {scope} {template}");
                }
            }
        }
        // What hangs under them, for whoever is no member.
        for guest in [&guests[0], &guests[3]] {
            for template in DOCUMENTS.iter().take(16) {
                for scope in ["members", "residents"] {
                    let found = guest.reads(&town, &all[scope].fill(template)).await;
                    let missing = guest.reads(&town, &never.fill(template)).await;
                    let (found, missing) = (plain(&found, &all[scope]), plain(&missing, &never));
                    assert_eq!(found, missing, "{} {scope} {template}", guest.actor.handle);
                }
            }
        }
        // The member's copy is in the town hall's name.
        let document = guests[2]
            .reads(&town, &all["members"].fill("/ap/topics/{t}"))
            .await
            .json();
        let office = federation::actors::by_handle(town.ctx(), "maire-eze", None).await;
        assert_eq!(document["attributedTo"], json!(office.unwrap().unwrap().uri));
        assert!(!document.to_string().contains(federation::PUBLIC), "{document}");
    }
}

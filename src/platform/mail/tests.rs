//! Mails from the row to the way out.
//!
//! `a_real_mail_server_takes_them` runs when `PARVIS_TEST_SMTP` names a Python that has `aiosmtpd` (the README's test
//! command sets it); it needs `openssl` for a certificate.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use url::Url;

use super::store::unsent_by_id;
use super::*;
use crate::Secret;
use crate::i18n::Lang;
use crate::queue::{Registry, failed, retry, run_due, waiting};
use crate::store::Db;
use crate::testing::{self, TestFolder, databases};

fn registry() -> Arc<Registry<Ctx>> {
    let mut registry = Registry::default();
    super::tasks(&mut registry);
    registry.ready()
}

fn letter(ctx: &Ctx) -> Message {
    Letter::new(Lang::Fr, "Votre code d'inscription : 123456")
        .plate("Èze", "06360")
        .text("Bonjour ! Voici le code.")
        .code("123456")
        .button("Continuer l'inscription", "https://parvis.test/inscription?a=1&b=2")
        .quote("Alice <b>", "Une ligne\nune autre < 3")
        .item("La piscine", "24 novembre", "Elle rouvre.", "https://parvis.test/p/1")
        .note("Si ce n'est pas vous, ne faites rien.")
        .unsubscribe("https://parvis.test/desinscription/abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz0123456789")
        .list("codes.parvis.test")
        .message(ctx, "alice@example.org".parse().unwrap(), "account-code")
}

async fn post_one(ctx: &Ctx) -> MailId {
    let mut tx = ctx.db.begin().await.unwrap();
    let id = post(ctx, &mut tx, &letter(ctx)).await.unwrap();
    tx.commit().await.unwrap();
    id
}

fn with_mailer(db: Db, folder: &TestFolder, config: &Config) -> Ctx {
    let base = Url::parse("https://parvis.test").unwrap();
    let mailer = Mailer::new(config, &folder.0, &base, "Parvis").unwrap();
    testing::ctx_with(db, folder, |parts| parts.mailer = mailer).unwrap()
}

#[tokio::test]
async fn a_mail_leaves_after_the_commit_and_its_words_are_forgotten() {
    let folder = TestFolder::new();
    for db in databases(&folder).await.unwrap() {
        let ctx = testing::ctx(db, &folder).unwrap();
        let mut tx = ctx.db.begin().await.unwrap();
        post(&ctx, &mut tx, &letter(&ctx)).await.unwrap();
        drop(tx);
        assert_eq!(run_due(&ctx, &registry(), ctx.clone()).await.unwrap(), 0);

        let id = post_one(&ctx).await;
        assert_eq!(count_by_state(&ctx.db).await.unwrap(), [(MailState::Waiting, 1)]);
        assert!(unsent_by_id(&ctx.db, id).await.unwrap().is_some());
        assert_eq!(run_due(&ctx, &registry(), ctx.clone()).await.unwrap(), 1);
        let sent = ctx.mailer.sent();
        assert_eq!(sent.len(), 1);
        assert_eq!(sent[0].to.as_str(), "alice@example.org");
        assert!(sent[0].text.contains("123456"));
        assert_eq!(count_by_state(&ctx.db).await.unwrap(), [(MailState::Sent, 1)]);
        assert_eq!(unsent_by_id(&ctx.db, id).await.unwrap(), None);
        let words: String = crate::on_db!(&ctx.db, c => sqlx::query_scalar(
            "SELECT body_text || body_html || headers_json FROM mail")
            .fetch_one(c).await)
        .unwrap();
        assert_eq!(words, "{}");
        assert_eq!(waiting(&ctx.db, 10).await.unwrap().len(), 0);
    }
}

#[tokio::test]
async fn old_traces_are_removed() {
    let folder = TestFolder::new();
    for db in databases(&folder).await.unwrap() {
        let ctx = testing::ctx(db, &folder).unwrap();
        post_one(&ctx).await;
        run_due(&ctx, &registry(), ctx.clone()).await.unwrap();
        ctx.clock.advance(Duration::from_hours(31 * 24));
        let mut tx = ctx.db.begin().await.unwrap();
        queue::enqueue::<Ctx, _>(&ctx, &mut tx, &PurgeMails, When::now())
            .await
            .unwrap();
        tx.commit().await.unwrap();
        run_due(&ctx, &registry(), ctx.clone()).await.unwrap();
        assert_eq!(count_by_state(&ctx.db).await.unwrap(), []);
    }
}

#[tokio::test]
async fn the_folder_gets_whole_mails_in_both_forms() {
    let folder = TestFolder::new();
    let db = testing::sqlite(&folder).await.unwrap();
    let ctx = with_mailer(db, &folder, &Config::default());
    ctx.mailer.check().await.unwrap();
    let id = post_one(&ctx).await;
    run_due(&ctx, &registry(), ctx.clone()).await.unwrap();
    let file = folder.0.join("mails").join(format!("{id}.eml"));
    let raw = std::fs::read_to_string(file).unwrap();
    let (headers, body) = raw.split_once("\r\n\r\n").unwrap();
    let headers = headers.replace("\r\n ", " ");
    for header in [
        "From: Parvis <ne-pas-repondre@parvis.test>",
        "To: alice@example.org",
        &format!("Message-ID: <{id}@parvis.test>"),
        "Date: Mon, 23 Nov 2026 07:30:00 +0000",
        "Auto-Submitted: auto-generated",
        "List-Id: <codes.parvis.test>",
        "List-Unsubscribe: <https://parvis.test/desinscription/abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz0123456789>",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        "MIME-Version: 1.0",
    ] {
        assert!(headers.lines().any(|line| line == header), "{header}\n{headers}");
    }
    assert!(headers.contains("Content-Type: multipart/alternative"));
    let plain = body.find("text/plain; charset=utf-8").unwrap();
    assert!(plain < body.find("text/html; charset=utf-8").unwrap());
    assert!(body.contains("123456"));
}

#[test]
fn no_text_begins_a_header() {
    let hostile = "x\r\nBcc: victim@example.org\r\n\r\n<p>";
    let mail = Mail {
        id: MailId(1),
        to: "alice@example.org".parse().unwrap(),
        subject: hostile.to_owned(),
        text: "texte".to_owned(),
        html: "<p>texte".to_owned(),
        headers: super::message::Headers {
            unsubscribe: Some(hostile.to_owned()),
            list_id: Some(hostile.to_owned()),
            reply_to: None,
        },
        kind: "test".to_owned(),
    };
    let bytes = mail
        .compose(&Mailer::memory().sender_for_tests(), jiff::Timestamp::UNIX_EPOCH)
        .unwrap();
    let raw = String::from_utf8(bytes.formatted()).unwrap();
    let (headers, _) = raw.split_once("\r\n\r\n").unwrap();
    assert!(
        !headers.lines().any(|line| line.to_lowercase().starts_with("bcc")),
        "{headers}"
    );
    assert!(
        headers
            .lines()
            .all(|line| line.starts_with(' ') || line.contains(": ")),
        "{headers}"
    );
    assert_eq!(bytes.envelope().to().len(), 1);
}

#[tokio::test]
async fn a_letter_is_escaped_set_and_complete_in_both_forms() {
    let folder = TestFolder::new();
    let ctx = testing::ctx(testing::sqlite(&folder).await.unwrap(), &folder).unwrap();
    let message = letter(&ctx);
    assert_eq!(message.subject, "Votre code d’inscription\u{202f}: 123456");
    for part in [
        "<html lang=\"fr\">",
        ">06360<",
        ">Èze<",
        "Bonjour\u{202f}! Voici le code.",
        "href=\"https://parvis.test/inscription?a=1&#38;b=2\"",
        "<strong>Alice &#60;b&#62;</strong>",
        "Une ligne<br/>une autre &#60; 3",
        "Continuer l’inscription",
        "Ne plus recevoir ces messages",
    ] {
        assert!(message.html.contains(part), "{part}\n{}", message.html);
    }
    assert_eq!(
        message.text,
        "Èze (06360)\n\nVotre code d’inscription\u{202f}: 123456\n\nBonjour\u{202f}! Voici le code.\n\n    123456\n\n\
         Continuer l’inscription\nhttps://parvis.test/inscription?a=1&b=2\n\nAlice <b>\n> Une ligne\n> une autre < 3\n\n\
         * La piscine\n  24\u{a0}novembre\n  Elle rouvre.\n  https://parvis.test/p/1\n\n\
         Si ce n’est pas vous, ne faites rien.\n\n-- \nEnvoyé par Parvis, parvis.test.\nhttps://parvis.test/\n\
         Ne plus recevoir ces messages\nhttps://parvis.test/desinscription/abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz0123456789\n"
    );
    let english = Letter::new(Lang::En, "Your code: 1").text("It's here!").message(
        &ctx,
        "bob@example.org".parse().unwrap(),
        "account-code",
    );
    assert!(english.html.contains("<html lang=\"en\">") && english.html.contains("It&#39;s here!"));
    assert!(english.text.contains("Sent by Parvis"));
}

/// The sink of the federation tests, with a certificate of its own.
struct Sink {
    process: Child,
    folder: PathBuf,
    port: u16,
}

impl Drop for Sink {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Sink {
    fn start(python: &str, folder: &Path) -> Self {
        let made = Command::new("openssl")
            .args([
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
            ])
            .args([
                "-days",
                "2",
                "-subj",
                "/CN=localhost",
                "-addext",
                "basicConstraints=critical,CA:FALSE",
            ])
            .args([
                "-addext",
                "subjectAltName=DNS:localhost,IP:127.0.0.1",
                "-keyout",
                "key.pem",
                "-out",
                "cert.pem",
            ])
            .current_dir(folder)
            .stderr(Stdio::null())
            .status()
            .unwrap();
        assert!(made.success());
        let port = std::net::TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let kept = folder.join("kept");
        std::fs::create_dir(&kept).unwrap();
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../federation-tests/peers/mail_sink.py");
        let process = Command::new(python)
            .arg(script)
            .args(["127.0.0.1", &port.to_string(), "cert.pem", "key.pem", "kept"])
            .current_dir(folder)
            .spawn()
            .unwrap();
        let sink = Self {
            process,
            folder: kept,
            port,
        };
        for _ in 0..200 {
            if std::net::TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return sink;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("the sink does not listen");
    }

    fn config(&self, folder: &TestFolder) -> Config {
        Config {
            transport: Transport::Smtp,
            from: "Mairie d’Èze <parvis@example.org>".to_owned(),
            host: "localhost".to_owned(),
            port: self.port,
            user: "parvis".to_owned(),
            password: Secret::new("sink-password".to_owned()),
            ca_file: folder.0.join("cert.pem"),
            ..Config::default()
        }
    }
}

#[tokio::test]
async fn a_real_mail_server_takes_them() {
    #[expect(
        clippy::disallowed_methods,
        reason = "tests are told by the environment where the sink is"
    )]
    let Ok(python) = std::env::var("PARVIS_TEST_SMTP") else {
        return;
    };
    let folder = TestFolder::new();
    let sink = Sink::start(&python, &folder.0);
    let db = testing::sqlite(&folder).await.unwrap();
    let ctx = with_mailer(db, &folder, &sink.config(&folder));
    ctx.mailer.check().await.unwrap();
    for _ in 0..3 {
        post_one(&ctx).await;
    }
    assert_eq!(run_due(&ctx, &registry(), ctx.clone()).await.unwrap(), 3);
    assert_eq!(count_by_state(&ctx.db).await.unwrap(), [(MailState::Sent, 3)]);
    let mut kept: Vec<_> = std::fs::read_dir(&sink.folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    kept.sort();
    assert_eq!(kept.len(), 3);
    let raw = std::fs::read_to_string(&kept[0]).unwrap();
    assert!(
        raw.contains("<parvis@example.org>") && raw.contains("multipart/alternative"),
        "{raw}"
    );

    // Wrong password: our fault, not the mail's. It waits and leaves once the password is right.
    let wrong = Config {
        password: Secret::new("other".to_owned()),
        ..sink.config(&folder)
    };
    let locked_out = with_mailer(ctx.db.clone(), &folder, &wrong);
    assert!(locked_out.mailer.check().await.is_err());
    let id = post_one(&locked_out).await;
    run_due(&locked_out, &registry(), locked_out.clone())
        .await
        .unwrap();
    assert!(unsent_by_id(&ctx.db, id).await.unwrap().is_some());
    assert_eq!(failed(&ctx.db, 10).await.unwrap().len(), 0);
    ctx.clock.advance(Duration::from_hours(1));
    run_due(&ctx, &registry(), ctx.clone()).await.unwrap();
    assert_eq!(unsent_by_id(&ctx.db, id).await.unwrap(), None);

    // Without the authority, no mail leaves.
    let blind = Config {
        ca_file: PathBuf::new(),
        ..sink.config(&folder)
    };
    let blind = with_mailer(ctx.db.clone(), &folder, &blind);
    assert!(blind.mailer.check().await.is_err());
}

/// A mail server that answers each command with the next of its lines.
fn script(answers: &'static [&'static str]) -> u16 {
    use std::io::{BufRead as _, BufReader, Write as _};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            for answer in answers {
                if write!(stream, "{answer}\r\n").is_err() {
                    break;
                }
                let mut line = String::new();
                if reader.read_line(&mut line).unwrap_or(0) == 0 {
                    break;
                }
            }
        }
    });
    port
}

#[tokio::test]
async fn what_a_server_refuses_for_good_is_set_aside_and_can_be_tried_again() {
    let folder = TestFolder::new();
    let db = testing::sqlite(&folder).await.unwrap();
    let server = |port| Config {
        transport: Transport::Smtp,
        host: "127.0.0.1".to_owned(),
        port,
        encryption: Encryption::None,
        ..Config::default()
    };
    let refusing = script(&["220 x", "250 x", "250 ok", "550 5.1.1 no such user here", "221 x"]);
    let ctx = with_mailer(db, &folder, &server(refusing));
    let id = post_one(&ctx).await;
    run_due(&ctx, &registry(), ctx.clone()).await.unwrap();
    assert_eq!(count_by_state(&ctx.db).await.unwrap(), [(MailState::Refused, 1)]);
    let aside = failed(&ctx.db, 10).await.unwrap();
    assert_eq!(aside.len(), 1);
    assert!(aside[0].last_error.contains("550"), "{}", aside[0].last_error);

    // A server that is only busy: the mail waits.
    let busy = script(&["220 x", "250 x", "250 ok", "451 4.3.0 later", "221 x"]);
    let ctx = with_mailer(ctx.db.clone(), &folder, &server(busy));
    let mut tx = ctx.db.begin().await.unwrap();
    retry(&mut tx, aside[0].id, ctx.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
    run_due(&ctx, &registry(), ctx.clone()).await.unwrap();
    assert_eq!(count_by_state(&ctx.db).await.unwrap(), [(MailState::Waiting, 1)]);
    assert!(waiting(&ctx.db, 10).await.unwrap()[0].run_at > ctx.clock.now());
    assert!(unsent_by_id(&ctx.db, id).await.unwrap().is_some());
}

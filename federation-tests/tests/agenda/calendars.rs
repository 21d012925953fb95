//! Calendar files, ours and those of others.

use http::Method;
use testkit::{Answer, Town, Visitor};

use super::{AGENDA, id_of, plan};

const IMPORT: &str = "/eze-06/agenda/importer";

/// Sends a file to the import form.
async fn sends_file(visitor: &mut Visitor, content: &[u8], more: &[(&str, &str)]) -> Answer {
    let page = visitor.opens(IMPORT).await.text();
    let csrf = page
        .split("name=\"csrf\" value=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .unwrap_or_default();
    let mut body = Vec::new();
    let mut fields = vec![("csrf", csrf)];
    fields.extend_from_slice(more);
    for (name, value) in fields {
        body.extend_from_slice(
            format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").as_bytes(),
        );
    }
    body.extend_from_slice(
        b"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.ics\"\r\nContent-Type: text/calendar\r\n\r\n",
    );
    body.extend_from_slice(content);
    body.extend_from_slice(b"\r\n--x--\r\n");
    let headers = [
        ("content-type", "multipart/form-data; boundary=x"),
        ("accept", "text/html"),
    ];
    visitor.asks(Method::POST, IMPORT, &headers, body).await
}

const FILE: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\n\
BEGIN:VTIMEZONE\r\nTZID:Romance Standard Time\r\nBEGIN:STANDARD\r\nDTSTART:16010101T030000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n\
BEGIN:VEVENT\r\nUID:a@x\r\nDTSTART;TZID=Europe/Paris:20261201T180000\r\nDTEND;TZID=Europe/Paris:20261201T193000\r\n\
RRULE:FREQ=WEEKLY;COUNT=4\r\nEXDATE;TZID=Europe/Paris:20261215T180000\r\nSUMMARY:Chorale\\, répétition\r\nDESCRIPTION:Salle\r\n  chauffée\r\nLOCATION:Salle des fêtes\r\nGEO:43.72;7.36\r\nATTENDEE:mailto:secret@example.org\r\nEND:VEVENT\r\n\
BEGIN:VEVENT\r\nUID:a@x\r\nRECURRENCE-ID;TZID=Europe/Paris:20261208T180000\r\nDTSTART;TZID=Europe/Paris:20261209T190000\r\nDTEND;TZID=Europe/Paris:20261209T200000\r\nSUMMARY:Chorale\r\nEND:VEVENT\r\n\
BEGIN:VEVENT\r\nUID:b@x\r\nDTSTART;TZID=Romance Standard Time:20261202T090000\r\nDURATION:PT1H30M\r\nSUMMARY:Bureau\r\nCLASS:PRIVATE\r\nEND:VEVENT\r\n\
BEGIN:VEVENT\r\nUID:c@x\r\nDTSTART;VALUE=DATE:20261224\r\nSUMMARY:Fermeture\r\nEND:VEVENT\r\n\
BEGIN:VEVENT\r\nUID:d@x\r\nDTSTART:20261203T170000Z\r\nDTEND:20261203T180000Z\r\nSUMMARY:En temps universel\r\nSTATUS:CANCELLED\r\nEND:VEVENT\r\n\
BEGIN:VEVENT\r\nUID:e@x\r\nDTSTART:20261203T170000Z\r\nRRULE:FREQ=SECONDLY\r\nSUMMARY:Trop souvent\r\nEND:VEVENT\r\n\
END:VCALENDAR\r\n";

#[tokio::test]
async fn a_file_is_looked_at_before_anything_is_saved() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let list = format!("{AGENDA}?vue=liste");
        let preview = sends_file(&mut mayor, FILE.as_bytes(), &[("action", "preview")]).await;
        assert_eq!(preview.status, 200, "{}", preview.text());
        let text = preview.text();
        for words in [
            "Chorale, répétition",
            "Toutes les semaines",
            "Salle des fêtes",
            "1 date change",
            "personnes invitées ne sont pas reprises",
            "Marqué privé dans le fichier",
            "Annulé dans le fichier",
            "Cette répétition n’est pas possible",
        ] {
            assert!(text.contains(words), "{words}: {text}");
        }
        assert!(!mayor.opens(&list).await.text().contains("Chorale"));
        // The second form carries the file; what is not ticked is left out.
        let taken = [
            ("action", "import"),
            ("content", FILE),
            ("take", "1"),
            ("take", "2"),
            ("take", "3"),
            ("take", "4"),
            ("take", "5"),
        ];
        let answer = mayor.sends(IMPORT, IMPORT, &taken).await;
        assert_eq!(answer.status, 303, "{}", answer.text());
        let api = "/api/parvis/v1/communes/06059/events?from=2026-12-01&to=2027-01-15";
        let items = town.stranger().opens(api).await.json();
        let shown: Vec<String> = items["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| {
                format!(
                    "{} {} {}",
                    one["title"].as_str().unwrap(),
                    one["start"].as_str().unwrap(),
                    one["status"].as_str().unwrap()
                )
            })
            .collect();
        assert_eq!(
            shown,
            [
                "Chorale, répétition 2026-12-01T18:00:00 scheduled",
                "En temps universel 2026-12-03T18:00:00 cancelled",
                "Chorale, répétition 2026-12-09T19:00:00 scheduled",
                "Chorale, répétition 2026-12-22T18:00:00 scheduled",
                "Fermeture 2026-12-24T00:00:00 scheduled",
            ]
        );
        // The private one is for the town hall only, at nine in Paris although the file names the zone as Windows does.
        assert!(!town.stranger().opens(&list).await.text().contains("Bureau"));
        let own = mayor.opens(&list).await.text();
        assert!(
            own.contains("Bureau")
                && own.contains("mercredi 2\u{a0}décembre 2026, de 9\u{a0}h à 10\u{a0}h\u{a0}30"),
            "{own}"
        );
        assert!(!own.contains("secret@example.org"));
        // Again: it is there already.
        let again = sends_file(&mut mayor, FILE.as_bytes(), &[("action", "preview")])
            .await
            .text();
        assert_eq!(again.matches("Déjà dans l’agenda").count(), 4, "{again}");
        assert_eq!(mayor.sends(IMPORT, IMPORT, &taken).await.status, 303);
        assert_eq!(
            town.stranger().opens(api).await.json()["items"]
                .as_array()
                .unwrap()
                .len(),
            5
        );
        assert_eq!(town.citizen("alice").await.opens(IMPORT).await.status, 403);
    }
}

#[tokio::test]
async fn hostile_files_are_refused_in_words() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let many = |n: usize, more: &str| {
            let one = |n: usize| {
                format!(
                    "BEGIN:VEVENT\r\nUID:{n}\r\nDTSTART:20261203T170000Z\r\nSUMMARY:x\r\n{more}END:VEVENT\r\n"
                )
            };
            format!(
                "BEGIN:VCALENDAR\r\n{}END:VCALENDAR\r\n",
                (0..n).map(one).collect::<String>()
            )
        };
        for (content, words) in [
            (b"".to_vec(), "Choisissez un fichier"),
            (b"bonjour".to_vec(), "pas un agenda"),
            (vec![0xff; 4000], "pas un agenda"),
            (
                b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n".to_vec(),
                "aucun rendez-vous",
            ),
            (vec![b'x'; 600 * 1024], "trop grand"),
            (many(501, "").into_bytes(), "trop de rendez-vous"),
            (
                many(101, "RRULE:FREQ=DAILY\r\n").into_bytes(),
                "trop de rendez-vous",
            ),
            (
                "BEGIN:VCALENDAR\r\n".repeat(20_000).into_bytes(),
                "aucun rendez-vous",
            ),
        ] {
            let answer = sends_file(&mut mayor, &content, &[("action", "preview")]).await;
            assert_eq!(answer.status, 422, "{words}: {}", answer.text());
            assert!(answer.text().contains(words), "{words}: {}", answer.text());
        }
        // Odd but harmless: shown, refused one by one, or left out; never a fault.
        for content in [
            "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:<script>alert(1)</script>\r\nDTSTART:99999999T999999\r\nEND:VEVENT\r\n",
            "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:20261203T170000Z\r\nDTEND:20201203T170000Z\r\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30\r\nEND:VEVENT\r\nEND:VCALENDAR",
            "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:a\r\nDTSTART;TZID=\"Mars/Olympus\":20261203T170000\r\nDURATION:-P999999999W\r\nGEO:inf;nan\r\nURL:javascript:alert(1)\r\nEND:VEVENT\r\nEND:VCALENDAR",
            "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:b\r\nDTSTART:19000101T000000\r\nRRULE:FREQ=DAILY;INTERVAL=65535;COUNT=4294967295\r\nEND:VEVENT\r\nEND:VCALENDAR",
        ] {
            let answer = sends_file(&mut mayor, content.as_bytes(), &[("action", "preview")]).await;
            assert_eq!(answer.status, 200, "{}", answer.text());
            assert!(!answer.text().contains("<script>alert(1)"));
            let sent = [("action", "import"), ("content", content), ("take", "1")];
            assert_eq!(mayor.sends(IMPORT, IMPORT, &sent).await.status, 303);
        }
        assert_eq!(
            town.stranger().opens(&format!("{AGENDA}?vue=liste")).await.status,
            200
        );
    }
}

#[tokio::test]
async fn the_calendar_of_the_commune_is_a_calendar() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let once = plan(
            &mut mayor,
            &[("source", "Ordre du jour : budget; voirie, écoles\n\nPublic.")],
        )
        .await;
        plan(
            &mut mayor,
            &[
                ("title", "Marché"),
                ("start_date", "2026-12-05"),
                ("repeat", "weekly"),
                ("until", "2027-01-31"),
            ],
        )
        .await;
        plan(
            &mut mayor,
            &[
                ("title", "Exposition"),
                ("start_date", "2026-12-05"),
                ("end_date", "2026-12-07"),
                ("all_day", "on"),
            ],
        )
        .await;
        let answer = town.stranger().opens("/eze-06/agenda.ics").await;
        assert_eq!(answer.status, 200);
        assert!(answer.header("content-type").starts_with("text/calendar"));
        let text = answer.text();
        assert!(text.split("\r\n").all(|line| line.len() <= 75));
        let flat = text.replace("\r\n ", "");
        for line in [
            "BEGIN:VTIMEZONE",
            "TZID:Europe/Paris",
            "DTSTART;TZID=Europe/Paris:20261126T183000",
            "RRULE:FREQ=WEEKLY;BYDAY=SA;UNTIL=20270131T225959Z",
            "DTSTART;VALUE=DATE:20261205",
            "DTEND;VALUE=DATE:20261208",
            "STATUS:CONFIRMED",
            &format!("UID:https://parvis.test/ap/events/{}", id_of(&once)),
        ] {
            assert!(flat.lines().any(|found| found == line), "{line}: {flat}");
        }
        assert!(flat.contains("\\; voirie\\, écoles\\n\\nPublic."), "{flat}");
        assert_eq!(flat.matches("BEGIN:VEVENT").count(), 3);
        // Cancelled says so, and asks to be believed over what was there.
        let cancel = format!("{once}/annuler");
        mayor.sends(&cancel, &cancel, &[]).await;
        let one = town.stranger().opens(&format!("{once}/agenda.ics")).await.text();
        assert!(
            one.contains("STATUS:CANCELLED\r\n") && one.contains("SEQUENCE:1\r\n"),
            "{one}"
        );
        // Ours is read by us.
        let mut neighbour = town.mayor().await;
        let preview = sends_file(&mut neighbour, text.as_bytes(), &[("action", "preview")])
            .await
            .text();
        assert!(
            preview.contains("Exposition") && preview.contains("Marché"),
            "{preview}"
        );
        // A reader that has it already is told so.
        let tag = town.stranger().opens("/eze-06/agenda.ics").await.header("etag");
        let again = town
            .stranger()
            .asks(
                Method::GET,
                "/eze-06/agenda.ics",
                &[("if-none-match", &tag)],
                Vec::new(),
            )
            .await;
        assert_eq!(again.status, 304);
    }
}

#[tokio::test]
async fn open_agenda_reads_the_agenda() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        plan(&mut mayor, &[]).await;
        plan(
            &mut mayor,
            &[
                ("title", "Exposition"),
                ("start_date", "2026-12-05"),
                ("end_date", "2026-12-07"),
                ("all_day", "on"),
            ],
        )
        .await;
        let whole = town.stranger().opens("/eze-06/agenda.json").await.json();
        assert_eq!(whole["total"], 2);
        let event = &whole["events"][0];
        assert_eq!(event["title"]["fr"], "Conseil municipal");
        assert_eq!(event["description"]["fr"], "Séance publique.");
        assert_eq!(event["longDescription"]["fr"], "Séance **publique**.");
        assert_eq!(event["timings"][0]["begin"], "2026-11-26T18:30:00+01:00");
        assert_eq!(event["location"]["city"], "Èze");
        assert_eq!(event["location"]["insee"], "06059");
        // Each timing is shorter than a day.
        let timings = whole["events"][1]["timings"].as_array().unwrap();
        assert_eq!(timings.len(), 3);
        assert_eq!(timings[2]["begin"], "2026-12-07T00:00:00+01:00");
        assert_eq!(timings[2]["end"], "2026-12-07T23:59:00+01:00");
    }
}

#[tokio::test]
async fn what_a_file_says_in_its_own_way_is_taken_or_said() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let event = |uid: &str, more: &str| format!("BEGIN:VEVENT\r\nUID:{uid}\r\n{more}\r\nEND:VEVENT\r\n");
        let zone = "BEGIN:VTIMEZONE\r\nTZID:Chez nous\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n\
                    TZOFFSETFROM:+0530\r\nTZOFFSETTO:+0530\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n";
        let file = format!(
            "BEGIN:VCALENDAR\r\n{zone}{}{}{}{}{}{}{}END:VCALENDAR\r\n",
            event(
                "a",
                "DTSTART;TZID=Chez nous:20270105T180000\r\nSUMMARY:Venu de loin"
            ),
            event(
                "b",
                "DTSTART;TZID=Mars/Olympus:20270105T180000\r\nSUMMARY:Venu de Mars"
            ),
            event("c", "DTSTART:20270105T180000\r\nSUMMARY:Le premier"),
            event("c", "DTSTART:20270106T180000\r\nSUMMARY:Le second"),
            event(
                "d",
                "DTSTART:20270107T180000\r\nRRULE:FREQ=WEEKLY;BYDAY=TH,SU;COUNT=4\r\nSUMMARY:Chorale"
            ),
            event(
                "d",
                "RECURRENCE-ID:20270114T180000\r\nDTSTART:20270114T190000\r\nSUMMARY:Concert"
            ),
            event("e", "DTSTART:99991231T230000\r\nSUMMARY:Fin des temps"),
        );
        // Folded in the middle of a letter.
        let mut bytes = file.into_bytes();
        bytes.extend_from_slice(b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:f\r\nDTSTART:20270108T180000\r\nSUMMARY:F\xc3\r\n \xaate du ch\xc3\xa2teau\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
        let preview = sends_file(&mut mayor, &bytes, &[("action", "preview")])
            .await
            .text();
        for words in [
            // 18:00 there is 12:30 of universal time.
            "mardi 5\u{a0}janvier 2027 à 13\u{a0}h\u{a0}30",
            "sont converties",
            "Le fuseau horaire de ce rendez-vous n’est pas connu",
            "Le second",
            "porte le même identifiant",
            "Une date a dans le fichier un autre titre",
            "Toutes les semaines, le jeudi et le dimanche",
            "31/12/9999",
            "Fête du château",
        ] {
            assert!(preview.contains(words), "{words}: {preview}");
        }
        assert!(!preview.contains("janvier 1970"), "{preview}");
        // The second form carries the file on.
        let content = preview
            .split("name=\"content\"")
            .nth(1)
            .and_then(|rest| rest.split("</textarea>").next())
            .map(|rest| rest.split_once('>').unwrap().1.to_owned())
            .unwrap_or_else(|| panic!("{preview}"));
        let content = content.replace("&#38;", "&").replace("&#34;", "\"");
        let mut sent = vec![("action", "import"), ("content", content.trim_start())];
        sent.extend(["1", "2", "3", "4", "5", "6", "7"].map(|number| ("take", number)));
        assert_eq!(mayor.sends(IMPORT, IMPORT, &sent).await.status, 303);
        let list = town.stranger().opens(&format!("{AGENDA}?vue=liste")).await.text();
        for title in ["Venu de loin", "Le premier", "Chorale", "Fête du château"] {
            assert!(list.contains(title), "{title}: {list}");
        }
        for title in ["Venu de Mars", "Le second", "Fin des temps"] {
            assert!(!list.contains(title), "{title}: {list}");
        }
    }
}

//! `parvis-recount BULLETINS [REGISTRE [RECU]] [--key z6Mk…]`

use std::io::Write as _;
use std::process::ExitCode;

use recount::{Documents, Report, recount};
use serde_json::Value;

const USAGE: &str = "parvis-recount bulletins.json [registre.json [recu.json]] [--key z6Mk…]

Recounts the published ballots of an anonymous poll: verifies every signature, counts, checks that there are no more
ballots than signatures in the register, and finds the ballot of a receipt.
";

fn main() -> ExitCode {
    let mut files = Vec::new();
    let mut key = None;
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--key" => key = words.next(),
            "--help" | "-h" => return say(USAGE, ExitCode::SUCCESS),
            _ => files.push(word),
        }
    }
    if files.is_empty() || files.len() > 3 {
        return say(USAGE, ExitCode::from(2));
    }
    let mut documents = Vec::new();
    for file in &files {
        let text = match std::fs::read(file) {
            Ok(text) => text,
            Err(error) => return say(&format!("{file}: {error}\n"), ExitCode::from(2)),
        };
        match serde_json::from_slice::<Value>(&text) {
            Ok(document) => documents.push(document),
            Err(error) => return say(&format!("{file}: {error}\n"), ExitCode::from(2)),
        }
    }
    let report = recount(&Documents {
        list: documents.first(),
        register: documents.get(1),
        receipt: documents.get(2),
        office_key: key.as_deref(),
    });
    let code = if report.is_good() && report.receipt != Some(false) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    };
    say(&told(&report), code)
}

fn say(text: &str, code: ExitCode) -> ExitCode {
    let _closed = std::io::stdout().write_all(text.as_bytes());
    code
}

fn told(report: &Report) -> String {
    let mut text = format!("{}\n\n", report.question);
    for (words, count) in &report.counts {
        text.push_str(&format!("{count:>8}  {words}\n"));
    }
    text.push_str(&format!(
        "\n{:>8}  ballots with a right signature\n",
        report.ballots
    ));
    match report.signatures {
        Some(signatures) => {
            text.push_str(&format!("{signatures:>8}  signatures in the register\n"));
        }
        None => text
            .push_str("          the register was not given: nobody knows how many ballots there may be\n"),
    }
    for name in &report.proven {
        text.push_str(&format!("          {name}: signed with the given key\n"));
    }
    match report.receipt {
        Some(true) => text.push_str("          the ballot of the receipt is in the list\n"),
        Some(false) => text.push_str("WRONG     the ballot of the receipt is NOT in the list\n"),
        None => {}
    }
    for fault in &report.faults {
        text.push_str(&format!("WRONG     {fault}\n"));
    }
    text.push_str(if report.is_good() {
        "\nThe count stands.\n"
    } else {
        "\nTHE COUNT DOES NOT STAND.\n"
    });
    text
}

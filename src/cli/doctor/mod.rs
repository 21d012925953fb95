//! `parvis doctor`: tries everything that a server needs and says what to do about what is wrong.

mod machine;
mod settings;
mod store;

use std::path::Path;

use anyhow::bail;
use app::Settings;

use super::say;

/// How something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Grade {
    Good,
    Attention,
    Wrong,
}

/// One line of the report.
#[derive(Debug)]
struct Finding {
    grade: Grade,
    about: &'static str,
    said: String,
}

impl Finding {
    fn good(about: &'static str, said: impl Into<String>) -> Self {
        Self::new(Grade::Good, about, said)
    }
    fn attention(about: &'static str, said: impl Into<String>) -> Self {
        Self::new(Grade::Attention, about, said)
    }
    fn wrong(about: &'static str, said: impl Into<String>) -> Self {
        Self::new(Grade::Wrong, about, said)
    }
    fn new(grade: Grade, about: &'static str, said: impl Into<String>) -> Self {
        let said = said.into();
        Self { grade, about, said }
    }

    fn line(&self) -> String {
        let grade = match self.grade {
            Grade::Good => "good",
            Grade::Attention => "attention",
            Grade::Wrong => "WRONG",
        };
        format!("{grade:<10} {:<14} {}", self.about, self.said)
    }
}

/// Looks at everything; ends with an error when something is wrong.
pub(crate) async fn doctor(file: Option<&Path>, settings: &Settings) -> anyhow::Result<()> {
    let mut findings = settings::look(file, settings);
    findings.extend(machine::look(file, settings));
    findings.extend(store::look(settings).await);
    findings.push(settings::mail(settings).await);
    for finding in &findings {
        say(&finding.line());
    }
    let wrong = findings
        .iter()
        .filter(|finding| finding.grade == Grade::Wrong)
        .count();
    match wrong {
        0 => Ok(()),
        1 => bail!("one thing is wrong"),
        more => bail!("{more} things are wrong"),
    }
}

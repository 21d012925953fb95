//! What several pages of this room show alike.

use platform::web::{Failure, Page};

use crate::actions;
use crate::model::Commune;

/// A commune in a list.
#[derive(Debug)]
pub(super) struct Listed {
    /// What tells it apart: its name, or among namesakes its département.
    pub(super) title: String,
    /// In brackets after it.
    pub(super) more: String,
    pub(super) meta: String,
    pub(super) href: String,
    pub(super) claimed: bool,
    /// The page one is on.
    pub(super) here: bool,
}

impl Listed {
    /// Told by its name.
    pub(super) fn by_name(page: &Page, commune: &Commune) -> Self {
        Self {
            title: commune.name.shown(),
            more: commune.department.shown(),
            meta: meta(page, commune),
            href: commune.path(),
            claimed: commune.is_claimed(),
            here: false,
        }
    }

    /// Told by its département, among communes of one name.
    pub(super) fn by_department(page: &Page, commune: &Commune, here: &Commune) -> Self {
        Self {
            title: commune.department.shown(),
            more: commune.department.code.clone(),
            here: commune.code == here.code,
            ..Self::by_name(page, commune)
        }
    }
}

fn meta(page: &Page, commune: &Commune) -> String {
    let people = commune
        .population
        .map(|people| page.tn("commune-population", &people));
    let parts = [
        Some(commune.postal_range()).filter(|codes| !codes.is_empty()),
        people,
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// The figures of a commune: name, value.
pub(super) fn figures(page: &Page, commune: &Commune) -> Vec<(String, String)> {
    let mut figures = Vec::new();
    let mut add = |key: &str, value: Option<String>| {
        figures.extend(
            value
                .filter(|value| !value.is_empty())
                .map(|value| (page.t(key), value)),
        );
    };
    add(
        "commune-figure-people",
        commune.population.map(|people| page.number(&people)),
    );
    add("commune-figure-postal", Some(commune.postal_range()));
    add(
        "commune-figure-epci",
        commune.epci.as_ref().map(crate::Epci::shown),
    );
    add("commune-figure-district", commune.district.clone());
    let department = Some(format!(
        "{} ({})",
        commune.department.shown(),
        commune.department.code
    ));
    if commune.is_in_collectivity() {
        add("commune-figure-collectivity", department);
    } else {
        add("commune-figure-department", department);
        add("commune-figure-region", Some(commune.region.shown()));
    }
    add("commune-figure-insee", Some(commune.code.to_string()));
    add("commune-figure-siren", commune.siren.as_deref().map(grouped));
    figures
}

/// Where the figures come from.
pub(super) async fn sources(ctx: &platform::Ctx, page: &Page) -> Result<String, Failure> {
    let year = actions::vintage(ctx).await?.to_string();
    Ok(page.ta("commune-sources", &[("year", &year)]))
}

/// A SIREN in groups of three, with narrow spaces.
fn grouped(siren: &str) -> String {
    let digits: Vec<char> = siren.chars().collect();
    digits
        .chunks(3)
        .map(|group| group.iter().collect::<String>())
        .collect::<Vec<_>>()
        .join("\u{202f}")
}

/// A range of a list and the ways on.
#[derive(Debug, Default)]
pub(super) struct Pager {
    pub(super) range: String,
    pub(super) newer: String,
    pub(super) older: String,
}

impl Pager {
    /// Of page `number` (from 1); `href` makes the address of another one.
    pub(super) fn new(
        page: &Page,
        number: usize,
        size: usize,
        total: usize,
        href: impl Fn(usize) -> String,
    ) -> Self {
        if total <= size {
            return Self::default();
        }
        let (first, last) = ((number - 1) * size + 1, (number * size).min(total));
        let say = |n: usize| page.number(&(n as i64));
        Self {
            range: page.ta(
                "shell-range",
                &[
                    ("first", &say(first)),
                    ("last", &say(last)),
                    ("total", &say(total)),
                ],
            ),
            newer: if number > 1 {
                href(number - 1)
            } else {
                String::new()
            },
            older: if last < total {
                href(number + 1)
            } else {
                String::new()
            },
        }
    }
}

/// Structured data that cannot end the element it stands in.
pub(super) fn structured(value: &serde_json::Value) -> String {
    value
        .to_string()
        .replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('&', "\\u0026")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn structured_data_stays_in_its_element() {
        let hostile = serde_json::json!({"name": "</script><script>alert(1)</script>"});
        assert!(!structured(&hostile).contains('<'));
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&structured(&hostile)).unwrap(),
            hostile
        );
    }

    #[test]
    fn a_siren_is_read_in_groups() {
        assert_eq!(grouped("210600599"), "210\u{202f}600\u{202f}599");
    }
}

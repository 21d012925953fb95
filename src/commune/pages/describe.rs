//! What programs are told about the page of a commune.

use federation::Ctx;
use platform::web::Page;
use serde_json::{Value, json};

use crate::model::{Commune, Presentation};

/// What search engines and cards are told.
pub(super) fn describe(ctx: &Ctx, page: &mut Page, commune: &Commune, path: &str) {
    let department = commune.department.shown();
    let words = [
        ("of", commune.name.of()),
        ("name", commune.name.shown()),
        ("department", department),
    ];
    let words: Vec<(&str, &str)> = words.iter().map(|(key, value)| (*key, value.as_str())).collect();
    page.description = page.ta("commune-description", &words);
    page.canonical = Some(ctx.urls.to(path));
    page.og = vec![
        ("og:type".to_owned(), "website".to_owned()),
        (
            "og:title".to_owned(),
            format!("{} ({})", commune.name.shown(), commune.department.code),
        ),
        ("og:description".to_owned(), page.description.clone()),
        ("og:url".to_owned(), ctx.urls.to(path)),
        ("og:site_name".to_owned(), page.instance.clone()),
    ];
}

/// The commune as schema.org knows it.
pub(super) fn organization(ctx: &Ctx, commune: &Commune, said: Option<&Presentation>) -> Value {
    let place = json!({
        "@type": "AdministrativeArea",
        "name": commune.name.official(),
        "identifier": {"@type": "PropertyValue", "propertyID": "INSEE", "value": commune.code},
        "containedInPlace": {"@type": "AdministrativeArea", "name": commune.department.name},
    });
    let mut organization = json!({
        "@context": "https://schema.org",
        "@type": "GovernmentOrganization",
        "@id": ctx.urls.to(&format!("{}#commune", commune.path())),
        "name": format!("Commune {}", commune.name.of()),
        "url": ctx.urls.to(&commune.path()),
        "areaServed": place,
        "address": {
            "@type": "PostalAddress",
            "addressLocality": commune.name.official(),
            "postalCode": commune.postal_codes.first(),
            "addressRegion": commune.department.name,
            "addressCountry": "FR",
        },
    });
    let mut put = |key: &str, value: Option<&str>| {
        if let (Some(value), Some(object)) = (
            value.filter(|value| !value.is_empty()),
            organization.as_object_mut(),
        ) {
            object.insert(key.to_owned(), value.into());
        }
    };
    put("taxID", commune.siren.as_deref());
    put("telephone", said.map(|said| said.phone.as_str()));
    put("email", said.map(|said| said.email.as_str()));
    put("sameAs", said.map(|said| said.website.as_str()));
    organization
}

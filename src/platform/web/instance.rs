//! `[instance]`: who runs this server; what the legal pages must say (LCEN article 6; RGAA declaration).

use serde::{Deserialize, Serialize};

/// `[instance]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct InstanceConfig {
    /// The name of this server.
    pub name: String,
    /// One sentence about it.
    pub description: String,
    /// Where people can write to those who run it.
    pub contact_email: String,
    /// Whether new accounts may be made.
    pub registrations: bool,
    /// The legal person that publishes.
    pub publisher: String,
    /// Its postal address.
    pub publisher_address: String,
    /// Its telephone.
    pub publisher_phone: String,
    /// The *directeur de la publication*.
    pub publication_director: String,
    /// Who hosts: name.
    pub host_name: String,
    /// Who hosts: postal address.
    pub host_address: String,
    /// Who hosts: telephone.
    pub host_phone: String,
    /// The state of the declaration of accessibility: `non`, `partielle` or `totale`.
    pub accessibility: String,
    /// Where the source code of this very server can be had (AGPL section 13).
    pub source_url: String,
    /// Pages say that everything is made up. `parvis demo` sets it.
    pub demo: bool,
}

impl Default for InstanceConfig {
    fn default() -> Self {
        Self {
            name: "Parvis".to_owned(),
            description: "Le lien direct entre la mairie et les habitants.".to_owned(),
            contact_email: String::new(),
            registrations: true,
            publisher: String::new(),
            publisher_address: String::new(),
            publisher_phone: String::new(),
            publication_director: String::new(),
            host_name: String::new(),
            host_address: String::new(),
            host_phone: String::new(),
            accessibility: "partielle".to_owned(),
            source_url: String::new(),
            demo: false,
        }
    }
}

impl InstanceConfig {
    /// The keys without which the legal notice would break the law.
    pub fn missing_legal_keys(&self) -> Vec<&'static str> {
        [
            ("contact_email", &self.contact_email),
            ("publisher", &self.publisher),
            ("publisher_address", &self.publisher_address),
            ("publication_director", &self.publication_director),
            ("host_name", &self.host_name),
            ("host_address", &self.host_address),
            ("host_phone", &self.host_phone),
        ]
        .into_iter()
        .filter(|(_, value)| value.trim().is_empty())
        .map(|(key, _)| key)
        .collect()
    }
}

//! All settings: one section for each room.

use std::path::Path;

use platform::config::{self, ConfigError, DatabaseConfig, ServerConfig};
use platform::web::InstanceConfig;
use serde::{Deserialize, Serialize};

/// The whole of `config.toml`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// `[server]`.
    pub server: ServerConfig,
    /// `[database]`.
    pub database: DatabaseConfig,
    /// `[instance]`.
    pub instance: InstanceConfig,
    /// `[mail]`.
    pub mail: platform::mail::Config,
    /// `[media]`.
    pub media: platform::media::Config,
    /// `[vault]`.
    pub vault: platform::vault::Config,
    /// `[sections]`.
    pub sections: Sections,
    /// `[federation]`.
    pub federation: federation::Config,
}

/// `[sections]`: which sections this server has. News are always there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Sections {
    /// The mayors' agendas.
    pub agenda: bool,
    /// Anonymous polls and public opinions.
    pub polls: bool,
    /// Discussion groups.
    pub groups: bool,
    /// Private messages to the town halls.
    pub messages: bool,
}

impl Default for Sections {
    fn default() -> Self {
        Self {
            agenda: true,
            polls: true,
            groups: true,
            messages: true,
        }
    }
}

impl Sections {
    /// The names of those that are switched off.
    pub fn closed(&self) -> Vec<&'static str> {
        [
            ("agenda", self.agenda),
            ("polls", self.polls),
            ("groups", self.groups),
            ("messages", self.messages),
        ]
        .into_iter()
        .filter(|(_, on)| !on)
        .map(|(name, _)| name)
        .collect()
    }
}

impl Settings {
    /// Reads the file, if any, then the variables.
    ///
    /// # Errors
    /// [`ConfigError`], naming line and key or the variable.
    pub fn load(
        file: Option<&Path>,
        variables: impl Iterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let settings: Self = config::load(file, variables)?;
        match platform::web::unreadable_proxy(&settings.server.trusted_proxies) {
            Some(wrong) => Err(ConfigError::Value {
                key: "server.trusted_proxies",
                cause: format!("`{wrong}` is neither an address nor a network such as 10.0.0.0/8"),
            }),
            None => Ok(settings),
        }
    }

    /// The database's address, SQLite in the data folder when none is set.
    pub fn database_url(&self) -> String {
        let url = self.database.url.reveal();
        if url.is_empty() {
            format!("sqlite://{}", self.server.data_dir.join("parvis.db").display())
        } else {
            url.clone()
        }
    }

    /// The public origin.
    pub fn base_url(&self) -> String {
        if self.server.base_url.is_empty() {
            format!("http://{}", self.server.listen)
        } else {
            self.server.base_url.trim_end_matches('/').to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXAMPLE: &str = include_str!("../config.example.toml");

    #[test]
    fn the_example_says_the_defaults_and_leaves_nothing_out() {
        let example: Settings = toml::from_str(EXAMPLE).unwrap();
        assert_eq!(example, Settings::default());
        let written: toml::Table = toml::from_str(EXAMPLE).unwrap();
        let known = toml::Table::try_from(Settings::default()).unwrap();
        for (section, keys) in &known {
            for key in keys.as_table().unwrap().keys() {
                assert!(
                    written[section].get(key).is_some(),
                    "[{section}] {key} is not in the example"
                );
            }
        }
        // Absent by default, so only the comment can show it.
        assert!(EXAMPLE.contains("\n# ca_file = "));
    }

    #[test]
    fn a_section_that_is_off_is_named_as_the_composition_names_it() {
        let all = Sections {
            agenda: false,
            polls: false,
            groups: false,
            messages: false,
        };
        let known: Vec<&str> = crate::sections().iter().map(|section| section.name).collect();
        assert_eq!(all.closed(), known[1..]);
        assert!(Sections::default().closed().is_empty());
    }

    #[test]
    fn a_key_of_the_example_that_is_unknown_would_be_refused() {
        let wrong = EXAMPLE.replace("deliveries_at_once", "deliveries_at_twice");
        assert!(toml::from_str::<Settings>(&wrong).is_err());
    }
}

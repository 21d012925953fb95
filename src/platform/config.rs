//! Settings: a TOML file, then `PARVIS_SECTION__KEY` variables, then nothing. Each room declares its own
//! section; the root puts them together. A wrong key or value stops the start and says where it stands.

use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// A value that must not be printed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret<T>(T);

impl<T> Secret<T> {
    /// Wraps a secret.
    pub const fn new(value: T) -> Self {
        Self(value)
    }
    /// The value, for the one place that needs it.
    pub const fn reveal(&self) -> &T {
        &self.0
    }
}

impl<T> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// `[server]`: how this server is reached.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ServerConfig {
    /// Address and port to listen on.
    pub listen: SocketAddr,
    /// The public origin, `https://parvis.example.org`; empty: `http://` and the listening address.
    pub base_url: String,
    /// The folder of the database, the media and the trial mails.
    pub data_dir: PathBuf,
    /// Addresses or networks of the proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<String>,
    /// Worker threads; 0: one per core.
    pub threads: usize,
    /// `text` or `json` lines in the log.
    pub log_format: String,
}

impl Default for ServerConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            base_url: String::new(),
            data_dir: PathBuf::from("data"),
            trusted_proxies: Vec::new(),
            threads: 0,
            log_format: "text".to_owned(),
        }
    }
}

/// `[database]`: SQLite in the data folder, or PostgreSQL.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DatabaseConfig {
    /// `sqlite://path` or `postgres://user:password@host/name`; empty: `parvis.db` in the data folder.
    pub url: Secret<String>,
    /// Connections to PostgreSQL, or readers of SQLite.
    pub max_connections: u32,
    /// SQLite's `synchronous`: `full` survives a power cut, `normal` only a killed process.
    pub synchronous: String,
}

impl Default for DatabaseConfig {
    fn default() -> Self {
        Self {
            url: Secret::default(),
            max_connections: 8,
            synchronous: "full".to_owned(),
        }
    }
}

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read the settings in {path}: {cause}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
    /// The file is not TOML, or has an unknown key or a value of the wrong kind (line and key are shown).
    #[error("{path}: {cause}")]
    File {
        /// The file.
        path: PathBuf,
        /// Line, column and key.
        cause: Box<toml::de::Error>,
    },
    /// A variable names an unknown setting or holds an unusable value.
    #[error("the environment variable {name}: {cause}")]
    Variable {
        /// The variable.
        name: String,
        /// What is wrong with it.
        cause: String,
    },
    /// A value is well formed and still impossible.
    #[error("{key}: {cause}")]
    Value {
        /// Section and key.
        key: &'static str,
        /// What is wrong with it.
        cause: String,
    },
}

/// Reads the settings: `file` if given, then the variables that begin with `PARVIS_` and hold `__`.
///
/// # Errors
/// [`ConfigError`], naming the file and line or the variable.
pub fn load<T>(
    file: Option<&Path>,
    variables: impl Iterator<Item = (String, String)>,
) -> Result<T, ConfigError>
where
    T: DeserializeOwned + Serialize + Default,
{
    let from_file = match file {
        None => T::default(),
        Some(path) => {
            let text = std::fs::read_to_string(path).map_err(|cause| ConfigError::Unreadable {
                path: path.to_owned(),
                cause,
            })?;
            toml::from_str(&text).map_err(|cause| ConfigError::File {
                path: path.to_owned(),
                cause: Box::new(cause),
            })?
        }
    };
    let mut table = toml::Table::try_from(&from_file).map_err(|cause| ConfigError::Variable {
        name: String::new(),
        cause: cause.to_string(),
    })?;
    let mut last = None;
    for (name, text) in variables {
        let Some((section, key)) = name
            .strip_prefix("PARVIS_")
            .and_then(|rest| rest.split_once("__"))
        else {
            continue;
        };
        overlay(&mut table, &section.to_lowercase(), &key.to_lowercase(), &text).map_err(|cause| {
            ConfigError::Variable {
                name: name.clone(),
                cause,
            }
        })?;
        // Read at once, so that the error names this variable and no other.
        T::deserialize(toml::Value::Table(table.clone())).map_err(|cause| ConfigError::Variable {
            name: name.clone(),
            cause: cause.message().to_owned(),
        })?;
        last = Some(name);
    }
    T::deserialize(toml::Value::Table(table)).map_err(|cause| ConfigError::Variable {
        name: last.unwrap_or_default(),
        cause: cause.message().to_owned(),
    })
}

fn overlay(table: &mut toml::Table, section: &str, key: &str, text: &str) -> Result<(), String> {
    let known = table
        .get_mut(section)
        .and_then(toml::Value::as_table_mut)
        .ok_or_else(|| format!("there is no section [{section}]"))?;
    let value = match known.get(key) {
        Some(toml::Value::Boolean(_)) => match text.trim().to_lowercase().as_str() {
            "true" | "1" | "yes" | "on" => toml::Value::Boolean(true),
            "false" | "0" | "no" | "off" | "" => toml::Value::Boolean(false),
            _ => return Err(format!("`{text}` is neither true nor false")),
        },
        Some(toml::Value::Integer(_)) => toml::Value::Integer(
            text.trim()
                .parse()
                .map_err(|_| format!("`{text}` is not a number"))?,
        ),
        Some(toml::Value::Float(_)) => toml::Value::Float(
            text.trim()
                .parse()
                .map_err(|_| format!("`{text}` is not a number"))?,
        ),
        Some(toml::Value::Array(_)) => toml::Value::Array(
            text.split(',')
                .map(str::trim)
                .filter(|item| !item.is_empty())
                .map(|item| item.to_owned().into())
                .collect(),
        ),
        Some(toml::Value::Table(_)) => {
            return Err("this setting is a table and stands in the file only".to_owned());
        }
        // A setting that is absent by default (`Option`) is not in the table; the reading refuses an unknown one.
        Some(_) | None => toml::Value::String(text.to_owned()),
    };
    known.insert(key.to_owned(), value);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(deny_unknown_fields, default)]
    struct Settings {
        server: ServerConfig,
        database: DatabaseConfig,
    }

    fn variables(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
            .collect()
    }

    #[test]
    fn a_variable_beats_the_file() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "[server]\nlisten = \"0.0.0.0:80\"\nthreads = 3\n").unwrap();
        let settings: Settings = load(
            Some(file.path()),
            variables(&[("PARVIS_SERVER__LISTEN", "127.0.0.1:9000"), ("HOME", "/")]).into_iter(),
        )
        .unwrap();
        assert_eq!(settings.server.listen.port(), 9000);
        assert_eq!(settings.server.threads, 3);
    }

    #[test]
    fn a_wrong_key_is_named_with_its_line() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "[server]\n\nlissten = \"0.0.0.0:80\"\n").unwrap();
        let error = load::<Settings>(Some(file.path()), std::iter::empty())
            .unwrap_err()
            .to_string();
        assert!(error.contains("line 3") && error.contains("lissten"), "{error}");
    }

    #[test]
    fn a_wrong_variable_is_named() {
        for (name, value) in [
            ("PARVIS_SERVER__LISSTEN", "x"),
            ("PARVIS_SERVER__LISTEN", "here"),
            ("PARVIS_NOWHERE__LISTEN", "x"),
        ] {
            let error = load::<Settings>(None, variables(&[(name, value)]).into_iter())
                .unwrap_err()
                .to_string();
            assert!(error.contains(name), "{error}");
        }
    }

    #[test]
    fn a_setting_that_is_absent_by_default_can_be_set() {
        #[derive(Debug, Default, Serialize, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        struct Outer {
            federation: Inner,
        }
        #[derive(Debug, Default, Serialize, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        struct Inner {
            ca_file: Option<PathBuf>,
        }
        let settings: Outer = load(
            None,
            variables(&[("PARVIS_FEDERATION__CA_FILE", "/etc/ca.pem")]).into_iter(),
        )
        .unwrap();
        assert_eq!(settings.federation.ca_file, Some(PathBuf::from("/etc/ca.pem")));
    }

    #[test]
    fn a_secret_is_not_printed() {
        assert_eq!(format!("{:?}", Secret::new("x".to_owned())), "***");
    }
}

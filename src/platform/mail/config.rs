//! `[mail]`: how mails leave.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::Secret;

/// How mails leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Transport {
    /// They do not: each is written as an `.eml` file into a folder.
    #[default]
    File,
    /// Through a mail server.
    Smtp,
}

/// How the connection to the mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Encryption {
    /// Plain at first, then TLS or nothing (port 587).
    #[default]
    Starttls,
    /// TLS from the first byte (port 465).
    Tls,
    /// None; only with a mail server on this machine (port 25).
    None,
}

/// `[mail]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// `file` writes mails into a folder, `smtp` sends them.
    pub transport: Transport,
    /// The sender's address; empty: `ne-pas-repondre@` and the host of the base URL.
    pub from: String,
    /// Where answers go; empty: to the sender.
    pub reply_to: String,
    /// The folder of the transport `file`; empty: `mails` in the data folder.
    pub folder: PathBuf,
    /// The mail server.
    pub host: String,
    /// Its port; 0: the usual one of the encryption.
    pub port: u16,
    /// `starttls`, `tls`, or `none` for a server on this machine.
    pub encryption: Encryption,
    /// The name to log in with; empty: no log-in.
    pub user: String,
    /// The password; better `password_file` or the variable `PARVIS_MAIL__PASSWORD`.
    pub password: Secret<String>,
    /// A file whose first line is the password.
    pub password_file: PathBuf,
    /// A PEM file of further certificate authorities to trust.
    pub ca_file: PathBuf,
    /// Connections kept to the mail server.
    pub connections: u32,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            transport: Transport::File,
            from: String::new(),
            reply_to: String::new(),
            folder: PathBuf::new(),
            host: String::new(),
            port: 0,
            encryption: Encryption::Starttls,
            user: String::new(),
            password: Secret::default(),
            password_file: PathBuf::new(),
            ca_file: PathBuf::new(),
            connections: 4,
        }
    }
}

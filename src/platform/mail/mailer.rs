//! The ways out: SMTP, a folder, a memory.

use std::fmt;
use std::io::{BufRead as _, BufReader};
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use lettre::message::Mailbox;
use lettre::transport::smtp::PoolConfig;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};
use url::Url;

use super::message::Sender;
use super::{Config, Encryption, Mail, Transport};

/// How long the mail server may take for one step.
const PATIENCE: Duration = Duration::from_secs(30);
/// Refusals that speak of us and not of the mail: no log-in, wrong log-in, mechanism too weak, encryption demanded.
const OUR_FAULT: [u16; 5] = [503, 530, 534, 535, 538];

/// Sends mails; clones share what is behind.
#[derive(Clone)]
pub struct Mailer {
    sender: Sender,
    way: Way,
}

#[derive(Clone)]
enum Way {
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
    Folder(PathBuf),
    Memory(Arc<Mutex<Vec<Mail>>>),
}

/// The mail settings cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("mail.{key}: {cause}")]
pub struct MailSetUpError {
    /// The key in `[mail]`.
    pub key: &'static str,
    /// What is wrong with it.
    pub cause: String,
}

/// Why a mail has not left.
#[derive(Debug, thiserror::Error)]
pub(super) enum SendError {
    /// May leave later.
    #[error("{0}")]
    Later(String),
    /// Will never leave: the server does not want it.
    #[error("{0}")]
    Never(String),
}

impl fmt::Debug for Mailer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let way = match &self.way {
            Way::Smtp(_) => "smtp",
            Way::Folder(_) => "file",
            Way::Memory(_) => "memory",
        };
        f.debug_tuple("Mailer").field(&way).finish()
    }
}

fn wrong(key: &'static str, cause: impl fmt::Display) -> MailSetUpError {
    MailSetUpError {
        key,
        cause: cause.to_string(),
    }
}

impl Mailer {
    /// Sets the mailer up; `data_dir` holds the folder of the transport `file`, `base_url` gives the sender's host and
    /// `name` the sender's name. To be called inside the runtime: SMTP connections are looked after in the background.
    ///
    /// # Errors
    /// [`MailSetUpError`], naming the key.
    pub fn new(config: &Config, data_dir: &Path, base_url: &Url, name: &str) -> Result<Self, MailSetUpError> {
        let sender = sender(config, base_url, name)?;
        let way = match config.transport {
            Transport::Smtp => Way::Smtp(smtp(config, base_url)?),
            Transport::File if config.folder.as_os_str().is_empty() => Way::Folder(data_dir.join("mails")),
            Transport::File => Way::Folder(config.folder.clone()),
        };
        Ok(Self { sender, way })
    }

    /// A mailer that keeps what it is given ([`Mailer::sent`]); for tests.
    pub fn memory() -> Self {
        let address = lettre::Address::new_dangerous("ne-pas-repondre", "parvis.test");
        Self {
            sender: Sender {
                from: Mailbox::new(Some("Parvis".to_owned()), address),
                reply_to: None,
                host: "parvis.test".to_owned(),
            },
            way: Way::Memory(Arc::default()),
        }
    }

    /// What a memory mailer was given, in order; nothing for the others.
    pub fn sent(&self) -> Vec<Mail> {
        match &self.way {
            Way::Memory(mails) => mails.lock().unwrap_or_else(PoisonError::into_inner).clone(),
            Way::Smtp(_) | Way::Folder(_) => Vec::new(),
        }
    }

    /// The folder of the transport `file`.
    pub fn folder(&self) -> Option<&Path> {
        match &self.way {
            Way::Folder(folder) => Some(folder),
            Way::Smtp(_) | Way::Memory(_) => None,
        }
    }

    /// Tells whether the mail server can be reached and lets us in.
    ///
    /// # Errors
    /// A text for the operator.
    pub async fn check(&self) -> Result<(), String> {
        match &self.way {
            Way::Smtp(transport) => match transport.test_connection().await {
                Ok(true) => Ok(()),
                Ok(false) => Err("the mail server hangs up".to_owned()),
                Err(error) => Err(error.to_string()),
            },
            Way::Folder(folder) => tokio::fs::create_dir_all(folder)
                .await
                .map_err(|error| format!("{}: {error}", folder.display())),
            Way::Memory(_) => Ok(()),
        }
    }

    #[cfg(test)]
    pub(super) fn sender_for_tests(&self) -> Sender {
        self.sender.clone()
    }

    pub(super) async fn send(&self, mail: &Mail, now: Timestamp) -> Result<(), SendError> {
        let message = mail.compose(&self.sender, now).map_err(SendError::Never)?;
        match &self.way {
            Way::Smtp(transport) => {
                transport.send(message).await.map_err(|error| classify(&error))?;
            }
            Way::Folder(folder) => write(folder, mail, &message.formatted())
                .await
                .map_err(|error| SendError::Later(format!("{}: {error}", folder.display())))?,
            Way::Memory(mails) => {
                mails
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push(mail.clone());
            }
        }
        Ok(())
    }
}

fn classify(error: &lettre::transport::smtp::Error) -> SendError {
    let code = error.status().map(u16::from);
    if error.is_permanent() && !code.is_some_and(|code| OUR_FAULT.contains(&code)) {
        SendError::Never(error.to_string())
    } else {
        SendError::Later(error.to_string())
    }
}

/// Writes under another name first, so that nobody finds half a mail.
async fn write(folder: &Path, mail: &Mail, bytes: &[u8]) -> std::io::Result<()> {
    tokio::fs::create_dir_all(folder).await?;
    let file = folder.join(format!("{}.eml", mail.id));
    let part = folder.join(format!("{}.eml.part", mail.id));
    tokio::fs::write(&part, bytes).await?;
    tokio::fs::rename(part, file).await
}

fn sender(config: &Config, base_url: &Url, name: &str) -> Result<Sender, MailSetUpError> {
    let host = base_url.host_str().unwrap_or("localhost").to_owned();
    let from = if config.from.is_empty() {
        Mailbox::new(None, lettre::Address::new_dangerous("ne-pas-repondre", &host))
    } else {
        config
            .from
            .parse::<Mailbox>()
            .map_err(|error| wrong("from", error))?
    };
    let reply_to = if config.reply_to.is_empty() {
        None
    } else {
        Some(
            config
                .reply_to
                .parse::<Mailbox>()
                .map_err(|error| wrong("reply_to", error))?,
        )
    };
    Ok(Sender {
        from: Mailbox::new(from.name.or_else(|| Some(name.to_owned())), from.email),
        reply_to,
        host,
    })
}

fn smtp(config: &Config, base_url: &Url) -> Result<AsyncSmtpTransport<Tokio1Executor>, MailSetUpError> {
    if config.host.is_empty() {
        return Err(wrong("host", "the transport smtp needs a mail server"));
    }
    if config.encryption == Encryption::None && !is_this_machine(&config.host) {
        return Err(wrong(
            "encryption",
            "mails and passwords leave this machine encrypted only: use starttls or tls",
        ));
    }
    let (tls, usual_port) = match config.encryption {
        Encryption::Starttls => (Tls::Required(tls(config)?), 587),
        Encryption::Tls => (Tls::Wrapper(tls(config)?), 465),
        Encryption::None => (Tls::None, 25),
    };
    let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&config.host)
        .port(if config.port == 0 { usual_port } else { config.port })
        .tls(tls)
        .timeout(Some(PATIENCE))
        .hello_name(ClientId::Domain(
            base_url.host_str().unwrap_or("localhost").to_owned(),
        ))
        .pool_config(PoolConfig::new().max_size(config.connections.clamp(1, 50)));
    if !config.user.is_empty() {
        builder = builder.credentials(Credentials::new(config.user.clone(), password(config)?));
    }
    Ok(builder.build())
}

fn is_this_machine(host: &str) -> bool {
    let address = host
        .trim_start_matches('[')
        .trim_end_matches(']')
        .parse::<IpAddr>();
    address.map_or(host == "localhost", |ip| ip.is_loopback())
}

fn tls(config: &Config) -> Result<TlsParameters, MailSetUpError> {
    let mut builder = TlsParameters::builder(config.host.clone());
    if !config.ca_file.as_os_str().is_empty() {
        let cause =
            |error: &dyn fmt::Display| wrong("ca_file", format!("{}: {error}", config.ca_file.display()));
        let pem = std::fs::read(&config.ca_file).map_err(|error| cause(&error))?;
        let authorities = Certificate::from_pem(&pem).map_err(|error| cause(&error))?;
        builder = builder.add_root_certificate(authorities);
    }
    builder.build().map_err(|error| wrong("encryption", error))
}

fn password(config: &Config) -> Result<String, MailSetUpError> {
    if config.password_file.as_os_str().is_empty() {
        return Ok(config.password.reveal().clone());
    }
    let path = &config.password_file;
    let cause = |error: std::io::Error| wrong("password_file", format!("{}: {error}", path.display()));
    let file = std::fs::File::open(path).map_err(cause)?;
    let mut line = String::new();
    BufReader::new(file).read_line(&mut line).map_err(cause)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Secret;

    fn set_up(config: &Config) -> Result<Mailer, String> {
        let url = Url::parse("https://parvis.example.org").unwrap();
        Mailer::new(config, Path::new("/nowhere"), &url, "Parvis").map_err(|error| error.to_string())
    }

    fn smtp() -> Config {
        Config {
            transport: Transport::Smtp,
            host: "smtp.example.org".to_owned(),
            ..Config::default()
        }
    }

    #[tokio::test]
    async fn settings_that_cannot_work_name_their_key() {
        for (config, key) in [
            (
                Config {
                    host: String::new(),
                    ..smtp()
                },
                "mail.host",
            ),
            (
                Config {
                    encryption: Encryption::None,
                    ..smtp()
                },
                "mail.encryption",
            ),
            (
                Config {
                    encryption: Encryption::None,
                    host: "127.0.0.1.example.org".to_owned(),
                    ..smtp()
                },
                "mail.encryption",
            ),
            (
                Config {
                    ca_file: "/nowhere/ca.pem".into(),
                    ..smtp()
                },
                "mail.ca_file",
            ),
            (
                Config {
                    user: "x".to_owned(),
                    password_file: "/nowhere/p".into(),
                    ..smtp()
                },
                "mail.password_file",
            ),
            (
                Config {
                    from: "nobody".to_owned(),
                    ..smtp()
                },
                "mail.from",
            ),
            (
                Config {
                    reply_to: "a@b\r\nBcc: c@d.fr".to_owned(),
                    ..smtp()
                },
                "mail.reply_to",
            ),
        ] {
            let error = set_up(&config).unwrap_err();
            assert!(error.starts_with(key), "{key}: {error}");
        }
    }

    #[tokio::test]
    async fn plain_text_stays_on_this_machine() {
        for host in ["127.0.0.1", "localhost", "::1"] {
            let config = Config {
                encryption: Encryption::None,
                host: host.to_owned(),
                ..smtp()
            };
            assert!(set_up(&config).is_ok(), "{host}");
        }
    }

    #[test]
    fn the_password_is_the_first_line_of_its_file() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "s3cret \nrest\n").unwrap();
        let mut config = Config {
            password: Secret::new("other".to_owned()),
            password_file: file.path().to_owned(),
            ..smtp()
        };
        assert_eq!(password(&config).unwrap(), "s3cret ");
        config.password_file = PathBuf::new();
        assert_eq!(password(&config).unwrap(), "other");
        assert!(!format!("{config:?}").contains("other"));
    }
}

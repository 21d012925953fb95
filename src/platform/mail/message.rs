//! A mail: what it says, and the bytes that go over the wire.

use jiff::Timestamp;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use serde::{Deserialize, Serialize};

use super::{EmailAddress, MailId};
use crate::text::clean_line;

/// Longest subject.
const LONGEST_SUBJECT: usize = 200;
/// Longest value of a further header.
const LONGEST_HEADER: usize = 2000;

/// A mail to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// To whom; always one person, so that nobody sees the address of another.
    pub to: EmailAddress,
    /// The subject.
    pub subject: String,
    /// The words as plain text.
    pub text: String,
    /// The same as HTML.
    pub html: String,
    /// Further headers.
    pub headers: Headers,
    /// What it is, for the operator: `account-code`, `notification-digest`.
    pub kind: &'static str,
}

/// The headers a mail may add. There is no way to write another.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Headers {
    /// An address that ends this kind of mail by one POST (RFC 8058).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unsubscribe: Option<String>,
    /// Names the kind of mail for those who sort theirs: `commune.06059.example.org`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list_id: Option<String>,
    /// Where answers go, other than to the sender.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<EmailAddress>,
}

/// A mail that was written, with the id of its row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// The row.
    pub id: MailId,
    /// To whom.
    pub to: EmailAddress,
    /// The subject.
    pub subject: String,
    /// The words as plain text.
    pub text: String,
    /// The same as HTML.
    pub html: String,
    /// Further headers.
    pub headers: Headers,
    /// What it is.
    pub kind: String,
}

/// Who sends.
#[derive(Debug, Clone)]
pub(super) struct Sender {
    pub(super) from: Mailbox,
    pub(super) reply_to: Option<Mailbox>,
    /// The host of the message ids.
    pub(super) host: String,
}

impl Mail {
    /// The message as it is sent. The id in it is that of the row, so that a mail sent twice by an accident is known.
    pub(super) fn compose(&self, sender: &Sender, now: Timestamp) -> Result<lettre::Message, String> {
        let to: lettre::Address = self.to.as_str().parse().map_err(|_| "bad recipient".to_owned())?;
        let mut builder = lettre::Message::builder()
            .from(sender.from.clone())
            .to(Mailbox::new(None, to))
            .subject(clean_line(&self.subject, LONGEST_SUBJECT))
            .date(now.into())
            .message_id(Some(format!("<{}@{}>", self.id, sender.host)))
            .raw_header(header("Auto-Submitted", "auto-generated"));
        let own = self.headers.reply_to.as_ref();
        let reply_to = match own.map(|address| address.as_str().parse()) {
            Some(address) => Some(Mailbox::new(
                None,
                address.map_err(|_| "bad reply address".to_owned())?,
            )),
            None => sender.reply_to.clone(),
        };
        if let Some(reply_to) = reply_to {
            builder = builder.reply_to(reply_to);
        }
        if let Some(list) = &self.headers.list_id {
            builder = builder.raw_header(header("List-Id", &format!("<{list}>")));
        }
        if let Some(address) = &self.headers.unsubscribe {
            builder = builder
                .raw_header(header("List-Unsubscribe", &format!("<{address}>")))
                .raw_header(header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"));
        }
        builder
            .multipart(MultiPart::alternative_plain_html(
                self.text.clone(),
                self.html.clone(),
            ))
            .map_err(|error| error.to_string())
    }
}

fn header(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(
        HeaderName::new_from_ascii_str(name),
        clean_line(value, LONGEST_HEADER),
    )
}

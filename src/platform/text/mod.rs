//! Text of people: Markdown-light and HTML in, safe HTML and plain text out.
//!
//! Owns what a text may contain once it is shown ([`Html`]), how mentions, hashtags and addresses are found in it, how
//! texts are compared ([`fold`]) and French typography. Refuses images, raw HTML, scripts, foreign schemes and
//! characters that make a text read otherwise than it is written. Every function is linear in its input.

mod clean;
mod french;
mod french_html;
mod html;
mod markdown;
mod markup;
mod plain;
mod rewrite;
mod sanitise;
mod tokens;

#[cfg(test)]
mod french_tests;
#[cfg(test)]
mod markdown_tests;
#[cfg(test)]
mod sanitise_tests;

pub use self::clean::{clean_line, clean_text, fold, strip_hidden};
pub use self::french::french;
pub use self::french_html::french_html;
pub use self::html::Html;
pub use self::markdown::{Links, hashtags, markdown_to_html, mentions};
pub use self::plain::{excerpt, is_blank, plain_text, shows_nothing};
pub use self::sanitise::sanitise_remote;
pub use self::tokens::{Hashtag, Mention};

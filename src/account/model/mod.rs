//! What an account is and may do, without database or network. Everything here is pure.

mod account;
mod attempts;
mod code;
mod handle;
mod password;
mod preference;
mod refusal;
mod role;
mod session;

pub use account::{Account, AccountId, BIO_MAX, NAME_MAX, clean_bio, clean_name};
pub use attempts::{Attempts, MOST_ATTEMPTS};
pub use code::{CODE_ATTEMPTS, CODE_LIFE, CODES_PER_DAY, CODES_PER_HOUR, Purpose, clean_code};
pub use handle::{HANDLE_MAX, handle_of_name, parse_handle, parse_operator_handle};
pub use password::{PASSWORD_MAX, PASSWORD_MIN, Password};
pub use preference::{Font, Preferences, Theme};
pub use refusal::Refusal;
pub use role::{Acting, Capacity, Grant, Right, Rights, Role};
pub use session::{SessionId, SessionLife, device};

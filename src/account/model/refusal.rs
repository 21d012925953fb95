//! Why something is turned away, each a sentence that a citizen can read (`account-refused-…`).

/// Why something is turned away.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No name was given.
    #[error("a name is needed")]
    NoName,
    /// The name is too long.
    #[error("the name is longer than {max} characters")]
    LongName {
        /// The most characters.
        max: usize,
    },
    /// The name passes for the town hall's.
    #[error("the name is that of an office")]
    OfficialName,
    /// The presentation is too long.
    #[error("the presentation is longer than {max} characters")]
    LongBio {
        /// The most characters.
        max: usize,
    },
    /// It is no e-mail address.
    #[error("this is no e-mail address")]
    NoEmail,
    /// It is the address she has already.
    #[error("this is the present address")]
    SameEmail,
    /// Another account has the address. Said only to whoever proved that it is hers, and to the operator.
    #[error("another account has this address")]
    EmailTaken,
    /// It is no handle.
    #[error("a handle has 3 to {max} letters, digits or underscores")]
    NoHandle {
        /// The most characters.
        max: usize,
    },
    /// The handle is an official one.
    #[error("this handle is reserved")]
    HandleReserved,
    /// Another account has the handle.
    #[error("this handle is taken")]
    HandleTaken,
    /// Other servers know her by her handle.
    #[error("other servers know this account by its handle")]
    HandleFixed,
    /// The password is too short.
    #[error("the password is shorter than {min} characters")]
    ShortPassword {
        /// The fewest characters.
        min: usize,
    },
    /// The password is too long.
    #[error("the password is longer than {max} characters")]
    LongPassword {
        /// The most characters.
        max: usize,
    },
    /// The password is among the first that anybody would try.
    #[error("the password is too easy to guess")]
    EasyPassword,
    /// The present password is not that.
    #[error("the password is wrong")]
    WrongPassword,
    /// No commune was chosen, or there is none of this code.
    #[error("there is no such commune")]
    NoCommune,
    /// She did not say that she is 15.
    #[error("below 15 a parent must agree")]
    TooYoung,
    /// She did not accept the terms.
    #[error("the terms are not accepted")]
    TermsNotAccepted,
    /// New accounts are not made here.
    #[error("this server takes no new accounts")]
    Closed,
    /// What was typed is no code.
    #[error("a code has six digits")]
    NoCode,
    /// The code is wrong.
    #[error("the code is wrong; {left} attempts left")]
    WrongCode {
        /// How many attempts are left.
        left: i64,
    },
    /// The code has run out, or was mistyped too often.
    #[error("the code is no longer good")]
    SpentCode,
    /// The address was sent too many codes.
    #[error("too many codes were sent")]
    TooManyCodes,
    /// Address or password are wrong.
    #[error("wrong address or password; {left} attempts left")]
    WrongSignIn {
        /// How many attempts are left.
        left: i64,
    },
    /// Too many deeds from one address of the network.
    #[error("too many tries; wait {minutes} minutes")]
    Braked {
        /// How long.
        minutes: i64,
    },
    /// Too many wrong passwords.
    #[error("closed for {minutes} minutes")]
    ClosedSignIn {
        /// How long.
        minutes: i64,
    },
    /// The account was suspended by the operator.
    #[error("the account is suspended")]
    Suspended,
    /// The role or the rights are not hers to give.
    #[error("this is not hers to give")]
    NotHersToGive,
    /// A delegate without any right.
    #[error("a delegate needs a right")]
    NoRights,
    /// The commune has a mayor here already.
    #[error("{commune} has a mayor here already")]
    MayorThere {
        /// Which commune.
        commune: String,
    },
    /// The town hall is not here yet.
    #[error("the town hall of {commune} is not here yet")]
    NotClaimed {
        /// Which commune.
        commune: String,
    },
    /// The invitation is unknown, was taken up or ran out.
    #[error("the invitation is no longer good")]
    SpentInvitation,
}

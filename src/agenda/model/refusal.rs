//! Why an event is turned away.

/// Why an event, a change of it or somebody's coming is turned away; the words are `agenda-refused-…`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EventRefusal {
    /// It has no title.
    #[error("an event needs a title")]
    NoTitle,
    /// Longer than [`super::LONGEST_TITLE`].
    #[error("the title is too long")]
    TitleTooLong,
    /// Longer than [`super::LONGEST_TEXT`].
    #[error("the description is too long")]
    TextTooLong,
    /// A line of the address or contact is too long.
    #[error("a line is too long")]
    LineTooLong,
    /// No date that can be read.
    #[error("the date or time cannot be read")]
    StartUnreadable,
    /// No end that can be read.
    #[error("the end cannot be read")]
    EndUnreadable,
    /// It ends before it begins.
    #[error("it ends before it begins")]
    EndsBefore,
    /// Longer than [`super::LONGEST_DAYS`].
    #[error("it lasts too long")]
    LastsTooLong,
    /// Further away than [`super::FURTHEST_YEARS`].
    #[error("it is too far away")]
    TooFar,
    /// Not a rule that this agenda keeps.
    #[error("this repetition is not possible")]
    RuleImpossible,
    /// The end of the repetition is before its beginning.
    #[error("the repetition ends before it begins")]
    UntilBefore,
    /// Not between 1 and [`super::MOST_SEATS`].
    #[error("this number of seats is not possible")]
    SeatsImpossible,
    /// Not a web address.
    #[error("this is no web address")]
    OnlineImpossible,
    /// Not a web address.
    #[error("this is no web address")]
    WebsiteImpossible,
    /// Not a web address, or none where one is needed.
    #[error("the address where people register is missing or is none")]
    JoinUrlImpossible,
    /// Not an e-mail address.
    #[error("this is no e-mail address")]
    EmailImpossible,
    /// Not a point on the globe.
    #[error("these coordinates are not possible")]
    PointImpossible,
    /// A picture without words.
    #[error("the picture has no description")]
    NoAlt,
    /// The picture is not there, or is somebody else's.
    #[error("the picture cannot be used")]
    ImageMissing,
    /// A reason longer than [`super::LONGEST_REASON`].
    #[error("the reason is too long")]
    ReasonTooLong,
    /// Not allowed to keep the agenda of this commune.
    #[error("this account does not keep the agenda of this commune")]
    NotYours,
    /// There is no such event (any more).
    #[error("there is no such event")]
    Missing,
    /// Somebody changed it in the meantime.
    #[error("this event has changed in the meantime")]
    Changed,
    /// It is cancelled.
    #[error("this event is cancelled")]
    Cancelled,
    /// It is over.
    #[error("this event is over")]
    Over,
    /// Nobody registers for it here.
    #[error("nobody registers for this event here")]
    NotOpen,
    /// Who comes elsewhere is named there: she has not chosen to be.
    #[error("her name would leave this server")]
    WouldLeave,
    /// Another date of the series is on this day.
    #[error("an event of a series already takes place on this day")]
    DayTaken,
    /// Its clock time is of a zone that nobody knows.
    #[error("its time zone is unknown")]
    ZoneUnknown,
    /// Moderators have hidden it.
    #[error("moderators have hidden this event")]
    Moderated,
    /// Another event of the file has the same identifier.
    #[error("another event of the file has the same identifier")]
    SameUid,
}

impl EventRefusal {
    /// A stable word: the end of the words' key, the code of the API.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NoTitle => "no-title",
            Self::TitleTooLong => "title-too-long",
            Self::TextTooLong => "text-too-long",
            Self::LineTooLong => "line-too-long",
            Self::StartUnreadable => "start",
            Self::EndUnreadable => "end",
            Self::EndsBefore => "ends-before",
            Self::LastsTooLong => "lasts-too-long",
            Self::TooFar => "too-far",
            Self::RuleImpossible => "rule",
            Self::UntilBefore => "until-before",
            Self::SeatsImpossible => "seats",
            Self::OnlineImpossible => "online",
            Self::WebsiteImpossible => "website",
            Self::JoinUrlImpossible => "join-url",
            Self::EmailImpossible => "email",
            Self::PointImpossible => "point",
            Self::NoAlt => "no-alt",
            Self::ImageMissing => "image",
            Self::ReasonTooLong => "reason-too-long",
            Self::NotYours => "not-yours",
            Self::Missing => "missing",
            Self::Changed => "changed",
            Self::Cancelled => "cancelled",
            Self::Over => "over",
            Self::NotOpen => "not-open",
            Self::WouldLeave => "would-leave",
            Self::DayTaken => "day-taken",
            Self::ZoneUnknown => "zone",
            Self::SameUid => "same-uid",
            Self::Moderated => "moderated",
        }
    }

    /// The field of the form it stands at.
    pub const fn field(self) -> &'static str {
        match self {
            Self::NoTitle | Self::TitleTooLong => "title",
            Self::TextTooLong => "source",
            Self::LineTooLong => "place_name",
            Self::StartUnreadable | Self::TooFar | Self::DayTaken | Self::ZoneUnknown => "start_date",
            Self::EndUnreadable | Self::EndsBefore | Self::LastsTooLong => "end_date",
            Self::RuleImpossible => "repeat",
            Self::UntilBefore => "until",
            Self::SeatsImpossible => "capacity",
            Self::OnlineImpossible => "online_url",
            Self::WebsiteImpossible => "website",
            Self::JoinUrlImpossible => "join_url",
            Self::EmailImpossible => "contact_email",
            Self::PointImpossible => "latitude",
            Self::NoAlt => "image_alt",
            Self::ImageMissing => "image",
            Self::ReasonTooLong => "reason",
            Self::NotYours
            | Self::Missing
            | Self::Changed
            | Self::Cancelled
            | Self::Over
            | Self::NotOpen
            | Self::WouldLeave
            | Self::SameUid
            | Self::Moderated => "",
        }
    }
}

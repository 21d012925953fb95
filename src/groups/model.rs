//! Groups and their topics: the rules.

use discussion::{Circle, CommentMode, Participant};
use federation::{ActorId, Visibility};
use platform::text::{Html, excerpt};
use platform::{Timestamp, id_type};

id_type!(
    /// A group: the row of its actor.
    GroupId
);

id_type!(
    /// A topic.
    TopicId
);

id_type!(
    /// Somebody's place in a group.
    PlaceId
);

/// The longest name of a group, in characters.
pub const LONGEST_NAME: usize = 80;
/// The longest description, in characters.
pub const LONGEST_ABOUT: usize = 1000;
/// The longest rules, in characters.
pub const LONGEST_RULES: usize = 3000;
/// The longest title of a topic, in characters.
pub const LONGEST_TITLE: usize = 150;
/// The longest text of a topic, in characters.
pub const LONGEST_TEXT: usize = 10_000;
/// Topics that stand at the top of a group at once.
pub const MOST_PINNED: usize = 5;

/// Whom a group is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Everybody reads it, here and elsewhere.
    Public,
    /// Its members only, here and elsewhere; nobody else learns that it is there.
    Members,
    /// The residents of the commune on this server; nothing of it ever leaves.
    Residents,
}

impl Scope {
    /// All of them, in the order of the form.
    pub const ALL: [Self; 3] = [Self::Public, Self::Residents, Self::Members];

    /// In the database and in forms.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Members => "members",
            Self::Residents => "residents",
        }
    }

    /// From the database or a form.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.code() == code)
    }

    /// The words of its name.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Public => "groups-scope-public",
            Self::Members => "groups-scope-members",
            Self::Residents => "groups-scope-residents",
        }
    }

    /// The words of who reads.
    pub const fn readers_key(self) -> &'static str {
        match self {
            Self::Public => "groups-readers-public",
            Self::Members => "groups-readers-members",
            Self::Residents => "groups-readers-residents",
        }
    }

    /// Who reads what is said in it.
    pub const fn visibility(self) -> Visibility {
        match self {
            Self::Public => Visibility::Public,
            Self::Members => Visibility::Followers,
            Self::Residents => Visibility::Residents,
        }
    }

    /// Whether it is for some only.
    pub const fn is_private(self) -> bool {
        !matches!(self, Self::Public)
    }
}

platform::coded!(Scope);

/// Who opens topics without being read first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opening {
    /// Every member.
    Members,
    /// Those who keep order; what others open waits for them.
    Moderators,
}

impl Opening {
    /// Both, in the order of the form.
    pub const ALL: [Self; 2] = [Self::Members, Self::Moderators];

    /// In the database and in forms.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Members => "members",
            Self::Moderators => "moderators",
        }
    }

    /// From the database or a form.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|opening| opening.code() == code)
    }
}

platform::coded!(Opening);

/// What somebody wants to hear of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// Every topic and every message.
    All,
    /// New topics, and answers to her.
    Mine,
    /// Nothing.
    None,
}

impl Pace {
    /// All of them, in the order of the form.
    pub const ALL: [Self; 3] = [Self::All, Self::Mine, Self::None];

    /// In the database and in forms.
    pub const fn code(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Mine => "mine",
            Self::None => "none",
        }
    }

    /// From the database or a form.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|pace| pace.code() == code)
    }
}

platform::coded!(Pace);

/// Where a topic stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TopicState {
    /// Whoever reads the group reads it.
    Shown,
    /// Waits for a moderator; its author sees it.
    Held,
    /// Hidden by a moderator, with a reason.
    Hidden,
    /// Removed by its author.
    Deleted,
}

impl TopicState {
    /// In the database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Shown => "shown",
            Self::Held => "held",
            Self::Hidden => "hidden",
            Self::Deleted => "deleted",
        }
    }

    /// From the database.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Shown, Self::Held, Self::Hidden, Self::Deleted]
            .into_iter()
            .find(|state| state.code() == code)
    }
}

platform::coded!(TopicState);

/// A group as stored.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct Group {
    /// The row of its actor.
    pub id: GroupId,
    /// INSEE code.
    pub commune: String,
    /// Whom it is for.
    pub scope: Scope,
    /// Its name.
    pub name: String,
    /// What is talked about, as typed.
    pub about: String,
    /// As shown.
    pub about_html: String,
    /// What whoever joins agrees to, as typed.
    pub rules: String,
    /// As shown.
    pub rules_html: String,
    /// Whether moderators answer before somebody is in.
    pub approval: bool,
    /// Who opens topics without being read first.
    pub opening: Opening,
    /// Until when something can be said.
    pub closes_at: Option<Timestamp>,
    /// Since when it can only be read.
    pub closed_at: Option<Timestamp>,
    /// The account that opened it for the office.
    pub account_id: i64,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When it was changed last.
    pub edited_at: Option<Timestamp>,
}

impl Group {
    /// Its actor.
    pub const fn actor(&self) -> ActorId {
        ActorId(self.id.0)
    }

    /// Whether nothing is said in it any more: closed by hand, or its last minute is over.
    pub fn is_closed(&self, now: Timestamp) -> bool {
        self.closed_at.is_some() || self.closes_at.is_some_and(|at| at <= now)
    }
}

/// Somebody's place in a group.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Place {
    /// In which group.
    pub group_id: GroupId,
    /// Whose.
    pub actor_id: ActorId,
    /// Row id.
    pub id: PlaceId,
    /// What she wants to hear of.
    pub pace: Pace,
    /// When she agreed to the rules.
    pub rules_at: Option<Timestamp>,
    /// Whether she keeps order.
    pub moderator: bool,
    /// Whether she is awaited.
    pub invited: bool,
    /// Since when she is put out.
    pub out_at: Option<Timestamp>,
    /// Since when it is known.
    pub created_at: Timestamp,
}

/// A topic as stored.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct Topic {
    /// Row id.
    pub id: TopicId,
    /// ActivityPub id.
    pub uri: String,
    /// In which group.
    pub group_id: GroupId,
    /// Who opened it.
    pub actor_id: ActorId,
    /// Written for the office by a delegate.
    pub delegated: bool,
    /// Ours, or another server's.
    pub local: bool,
    /// Its title.
    pub title: String,
    /// As typed; ours only.
    pub source: Option<String>,
    /// Sanitised.
    pub html: String,
    /// A content warning.
    pub summary: String,
    /// BCP 47.
    pub language: String,
    /// Where it stands.
    pub state: TopicState,
    /// Nothing more is answered but by moderators.
    pub locked: bool,
    /// Since when it stands at the top.
    pub pinned_at: Option<Timestamp>,
    /// Its page on its own server.
    pub url: Option<String>,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When it was changed last.
    pub edited_at: Option<Timestamp>,
    /// When other servers were told of it.
    pub told_at: Option<Timestamp>,
    /// The id of what was said in it last.
    pub last_id: i64,
}

impl Topic {
    /// Its rule for answers.
    pub const fn mode(&self) -> CommentMode {
        if self.locked {
            CommentMode::Off
        } else {
            CommentMode::Open
        }
    }

    /// When it got its present words.
    pub fn written_at(&self) -> Timestamp {
        self.edited_at.unwrap_or(self.created_at)
    }

    /// The beginning of its text; the warning where there is one.
    pub fn excerpt(&self) -> String {
        if self.summary.is_empty() {
            excerpt(&Html::from_store(self.html.clone()), 160)
        } else {
            self.summary.clone()
        }
    }
}

/// How a new topic stands: what members open is shown, unless only moderators open topics; what others open in
/// the open waits.
pub fn state_of_new(group: &Group, moderates: bool, member: bool) -> TopicState {
    match (moderates, member, group.opening) {
        (true, _, _) | (false, true, Opening::Members) => TopicState::Shown,
        (false, _, _) => TopicState::Held,
    }
}

/// A group to be opened, or its new face.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewGroup {
    /// Whom it is for; never changed later: what was said was said to those.
    pub scope: Scope,
    /// Its name.
    pub name: String,
    /// What is talked about.
    pub about: String,
    /// What whoever joins agrees to.
    pub rules: String,
    /// Whether moderators answer before somebody is in.
    pub approval: bool,
    /// Who opens topics.
    pub opening: Opening,
    /// Until when something can be said.
    pub closes_at: Option<Timestamp>,
}

impl NewGroup {
    /// All that is wrong with it.
    pub fn refusals(&self, now: Timestamp) -> Vec<GroupRefusal> {
        let mut all = Vec::new();
        let longer = |text: &str, most: usize| text.chars().count() > most;
        if self.name.trim().is_empty() {
            all.push(GroupRefusal::NoName);
        }
        if longer(&self.name, LONGEST_NAME) {
            all.push(GroupRefusal::NameTooLong);
        }
        if self.about.trim().is_empty() {
            all.push(GroupRefusal::NoAbout);
        }
        if longer(&self.about, LONGEST_ABOUT) {
            all.push(GroupRefusal::AboutTooLong);
        }
        if longer(&self.rules, LONGEST_RULES) {
            all.push(GroupRefusal::RulesTooLong);
        }
        if self.closes_at.is_some_and(|at| at <= now) {
            all.push(GroupRefusal::WhenImpossible);
        }
        all
    }
}

/// A topic to be opened, or its new words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTopic {
    /// Its title.
    pub title: String,
    /// Markdown-light.
    pub source: String,
    /// A content warning.
    pub summary: String,
    /// BCP 47.
    pub language: String,
}

impl NewTopic {
    /// All that is wrong with it.
    pub fn refusals(&self) -> Vec<GroupRefusal> {
        let mut all = Vec::new();
        if self.title.trim().is_empty() {
            all.push(GroupRefusal::NoTitle);
        }
        if self.title.chars().count() > LONGEST_TITLE {
            all.push(GroupRefusal::TitleTooLong);
        }
        if self.source.trim().is_empty() {
            all.push(GroupRefusal::Empty);
        }
        if self.source.chars().count() > LONGEST_TEXT {
            all.push(GroupRefusal::TooLong);
        }
        all
    }
}

/// Why something is turned away; the words are `groups-refused-…`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum GroupRefusal {
    /// A group has a name.
    #[error("the group has no name")]
    NoName,
    /// Longer than [`LONGEST_NAME`].
    #[error("the name is too long")]
    NameTooLong,
    /// A group says what is talked about.
    #[error("the group does not say what is talked about")]
    NoAbout,
    /// Longer than [`LONGEST_ABOUT`].
    #[error("the description is too long")]
    AboutTooLong,
    /// Longer than [`LONGEST_RULES`].
    #[error("the rules are too long")]
    RulesTooLong,
    /// In the past.
    #[error("this moment cannot be chosen")]
    WhenImpossible,
    /// A topic has a title.
    #[error("the topic has no title")]
    NoTitle,
    /// Longer than [`LONGEST_TITLE`].
    #[error("the title is too long")]
    TitleTooLong,
    /// Nothing is written in it.
    #[error("the topic has no text")]
    Empty,
    /// Longer than [`LONGEST_TEXT`].
    #[error("the text is too long")]
    TooLong,
    /// The rules were not agreed to.
    #[error("the rules have to be agreed to")]
    RulesNotAccepted,
    /// There is no such thing for this person.
    #[error("there is no such group or topic")]
    Missing,
    /// She may not do that here.
    #[error("this is the moderators' work")]
    NotModerator,
    /// Somebody else's.
    #[error("this is not yours to change")]
    NotYours,
    /// Only members.
    #[error("only members write in this group")]
    NotMember,
    /// She was put out.
    #[error("you were put out of this group")]
    PutOut,
    /// It can only be read.
    #[error("this group is closed")]
    Closed,
    /// Enough others are pinned.
    #[error("no more topics can be pinned")]
    TooManyPinned,
    /// Nobody answers to this handle.
    #[error("nobody answers to this handle")]
    NoSuchPerson,
    /// She cannot be let into a group of this scope.
    #[error("this person cannot be let into this group")]
    CannotJoin,
    /// A group keeps somebody of the town hall.
    #[error("somebody of the town hall stays")]
    TownHallStays,
    /// The account may not write for now.
    #[error("this account may not write for now")]
    Suspended,
}

impl GroupRefusal {
    /// A stable word: the end of the words' key, the code of the API.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NoName => "no-name",
            Self::NameTooLong => "name-too-long",
            Self::NoAbout => "no-about",
            Self::AboutTooLong => "about-too-long",
            Self::RulesTooLong => "rules-too-long",
            Self::WhenImpossible => "when",
            Self::NoTitle => "no-title",
            Self::TitleTooLong => "title-too-long",
            Self::Empty => "empty",
            Self::TooLong => "too-long",
            Self::RulesNotAccepted => "rules",
            Self::Missing => "missing",
            Self::NotModerator => "not-moderator",
            Self::NotYours => "not-yours",
            Self::NotMember => "not-member",
            Self::PutOut => "put-out",
            Self::Closed => "closed",
            Self::TooManyPinned => "too-many-pinned",
            Self::NoSuchPerson => "no-such-person",
            Self::CannotJoin => "cannot-join",
            Self::TownHallStays => "town-hall-stays",
            Self::Suspended => "suspended",
        }
    }

    /// The field of the form it stands at.
    pub const fn field(self) -> &'static str {
        match self {
            Self::NoName | Self::NameTooLong => "name",
            Self::NoAbout | Self::AboutTooLong => "about",
            Self::RulesTooLong => "rules",
            Self::WhenImpossible => "date",
            Self::NoTitle | Self::TitleTooLong => "title",
            Self::Empty | Self::TooLong => "source",
            Self::RulesNotAccepted => "agree",
            Self::NoSuchPerson | Self::CannotJoin => "handle",
            _ => "",
        }
    }
}

/// How somebody stands to a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Standing {
    /// Accepted.
    pub member: bool,
    /// Waits for an answer.
    pub asked: bool,
    /// Is awaited.
    pub invited: bool,
    /// Keeps order.
    pub moderates: bool,
    /// Was put out.
    pub out: bool,
    /// What she wants to hear of.
    pub pace: Option<Pace>,
}

/// Whether somebody may know of a group at all, and read it.
pub fn may_read(group: &Group, circle: &Circle, who: Option<&Participant>, standing: Standing) -> bool {
    match (group.scope, who) {
        (Scope::Public, _) => true,
        (_, None) => false,
        _ if standing.out => false,
        (_, Some(who)) if circle.is_moderated_by(who) => true,
        (Scope::Members, Some(_)) => standing.member,
        (Scope::Residents, Some(who)) => who.resides_in(Some(group.commune.as_str())),
    }
}

/// The beginning of a group's handle.
pub const HANDLE: &str = "groupe-";

/// The handle of a public group: `groupe-eze-sentiers`, cut at a word; `number` tells namesakes apart. What is
/// not public has one that says nothing.
pub fn handle_of(commune: &str, name: &str, number: u32) -> String {
    let tail = if number > 1 {
        format!("-{number}")
    } else {
        String::new()
    };
    let mut handle = format!("{HANDLE}{commune}-{}", commune::model::slug(name));
    let most = commune::model::HANDLE_MAX - tail.len();
    if handle.len() > most {
        handle.truncate(most);
        if let Some(at) = handle.rfind('-').filter(|at| *at > HANDLE.len()) {
            handle.truncate(at);
        }
    }
    format!("{}{tail}", handle.trim_end_matches('-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handle_says_commune_and_name_and_is_never_too_long() {
        assert_eq!(
            handle_of("eze", "Les sentiers d’Èze", 1),
            "groupe-eze-les-sentiers-d-eze"
        );
        assert_eq!(handle_of("eze", "Sentiers", 3), "groupe-eze-sentiers-3");
        let long = handle_of(
            "saint-remy-en-bouzemont-saint-genest-et-isson",
            "Circulation et stationnement autour de l’école",
            12,
        );
        assert!(long.len() <= 64 && long.ends_with("-12"), "{long}");
        assert!(handle_of("eze", "日本", 1).starts_with("groupe-eze"));
    }

    #[test]
    fn what_members_open_is_shown_and_what_others_open_waits() {
        let mut group = Group {
            id: GroupId(1),
            commune: "06059".to_owned(),
            scope: Scope::Public,
            name: String::new(),
            about: String::new(),
            about_html: String::new(),
            rules: String::new(),
            rules_html: String::new(),
            approval: false,
            opening: Opening::Members,
            closes_at: None,
            closed_at: None,
            account_id: 1,
            created_at: Timestamp::from_millis(0),
            edited_at: None,
        };
        assert_eq!(state_of_new(&group, false, true), TopicState::Shown);
        assert_eq!(state_of_new(&group, false, false), TopicState::Held);
        group.opening = Opening::Moderators;
        assert_eq!(state_of_new(&group, false, true), TopicState::Held);
        assert_eq!(state_of_new(&group, true, false), TopicState::Shown);
        group.closes_at = Some(Timestamp::from_millis(10));
        assert!(!group.is_closed(Timestamp::from_millis(9)));
        assert!(group.is_closed(Timestamp::from_millis(10)));
    }

    #[test]
    fn a_faulty_group_hears_of_all_its_faults() {
        let new = NewGroup {
            scope: Scope::Public,
            name: " ".to_owned(),
            about: "x".repeat(1001),
            rules: String::new(),
            approval: false,
            opening: Opening::Members,
            closes_at: Some(Timestamp::from_millis(5)),
        };
        assert_eq!(
            new.refusals(Timestamp::from_millis(5)),
            [
                GroupRefusal::NoName,
                GroupRefusal::AboutTooLong,
                GroupRefusal::WhenImpossible
            ]
        );
    }
}

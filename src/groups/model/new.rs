//! What is opened and changed: what is wrong with it, and how it stands.

use platform::Timestamp;
use platform::text::is_blank;

use super::{
    Group, GroupRefusal, LONGEST_ABOUT, LONGEST_NAME, LONGEST_RULES, LONGEST_TEXT, LONGEST_TITLE,
    LONGEST_WARNING, Opening, Scope, TopicState,
};

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
        if is_blank(&self.name) {
            all.push(GroupRefusal::NoName);
        }
        if longer(&self.name, LONGEST_NAME) {
            all.push(GroupRefusal::NameTooLong);
        }
        if is_blank(&self.about) {
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
        if is_blank(&self.title) {
            all.push(GroupRefusal::NoTitle);
        }
        if self.title.chars().count() > LONGEST_TITLE {
            all.push(GroupRefusal::TitleTooLong);
        }
        if is_blank(&self.source) {
            all.push(GroupRefusal::Empty);
        }
        if self.source.chars().count() > LONGEST_TEXT {
            all.push(GroupRefusal::TooLong);
        }
        if self.summary.chars().count() > LONGEST_WARNING {
            all.push(GroupRefusal::WarningTooLong);
        }
        all
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
    use crate::model::GroupId;

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
    fn an_endless_warning_is_refused_and_not_cut() {
        let new = |letters: usize| NewTopic {
            title: "Film".to_owned(),
            source: "Ce soir".to_owned(),
            summary: "é".repeat(letters),
            language: "fr".to_owned(),
        };
        assert_eq!(new(LONGEST_WARNING).refusals(), []);
        assert_eq!(
            new(LONGEST_WARNING + 1).refusals(),
            [GroupRefusal::WarningTooLong]
        );
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

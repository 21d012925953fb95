//! Notices of one kind about one thing are told together: "A, B et 3 autres aiment votre commentaire".

use std::collections::HashMap;

use federation::{ActorId, Ctx};
use platform::i18n::Lang;

use crate::model::{Kind, Told};

/// Notices told together.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Group {
    /// The newest of them.
    pub(crate) newest: Told,
    /// Who did it, the latest first, each once.
    pub(crate) from: Vec<ActorId>,
    /// Whether one of them was not read yet.
    pub(crate) unread: bool,
}

/// Puts notices together; the order is that of the newest of each group, latest first.
pub(crate) fn groups(mut told: Vec<Told>) -> Vec<Group> {
    told.sort_by_key(|told| std::cmp::Reverse(told.id));
    let mut groups: Vec<Group> = Vec::new();
    let mut places: HashMap<(Kind, String, i64), usize> = HashMap::new();
    for one in told {
        let key = (one.kind, one.target_kind.clone(), one.target_id);
        let place = *places.entry(key).or_insert(groups.len());
        match groups.get_mut(place) {
            Some(group) => {
                group.unread |= one.read_at.is_none();
                if let Some(from) = one.from_id.filter(|from| !group.from.contains(from)) {
                    group.from.push(from);
                }
            }
            None => groups.push(Group {
                from: one.from_id.into_iter().collect(),
                unread: one.read_at.is_none(),
                newest: one,
            }),
        }
    }
    groups
}

impl Group {
    /// "A, B et 3 autres aiment votre commentaire."
    pub(crate) fn sentence(&self, ctx: &Ctx, lang: Lang, names: &HashMap<ActorId, String>) -> String {
        let who = self.who(ctx, lang, names);
        let key = format!("notifications-told-{}", self.newest.kind.code());
        ctx.words.ta(lang, &key, &[("who", &who)])
    }

    fn who(&self, ctx: &Ctx, lang: Lang, names: &HashMap<ActorId, String>) -> String {
        let known: Vec<&str> = self
            .from
            .iter()
            .filter_map(|id| names.get(id).map(String::as_str))
            .collect();
        match known.as_slice() {
            [] => ctx.words.t(lang, "notifications-somebody"),
            [one] => (*one).to_owned(),
            [one, two] => ctx
                .words
                .ta(lang, "notifications-two", &[("one", one), ("two", two)]),
            [one, two, rest @ ..] => {
                let more = rest.len().to_string();
                let pairs = [("one", *one), ("two", *two), ("more", more.as_str())];
                let key = if rest.len() == 1 {
                    "notifications-three"
                } else {
                    "notifications-many"
                };
                ctx.words.ta(lang, key, &pairs)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::NoticeId;
    use platform::Timestamp;

    fn told(id: i64, kind: Kind, from: i64, target: i64, read: bool) -> Told {
        Told {
            id: NoticeId(id),
            actor_id: ActorId(1),
            kind,
            from_id: Some(ActorId(from)),
            target_kind: "comments".to_owned(),
            target_id: target,
            page: String::new(),
            excerpt: String::new(),
            created_at: Timestamp::default(),
            read_at: read.then(Timestamp::default),
        }
    }

    #[test]
    fn what_is_of_one_kind_about_one_thing_is_one_line() {
        let all = groups(vec![
            told(1, Kind::Like, 10, 7, false),
            told(2, Kind::Reply, 11, 8, true),
            told(3, Kind::Like, 12, 7, true),
            told(4, Kind::Like, 10, 7, true),
            told(5, Kind::Like, 10, 9, true),
        ]);
        assert_eq!(all.len(), 3);
        assert_eq!(all[0].newest.id, NoticeId(5));
        assert_eq!(all[1].from, [ActorId(10), ActorId(12)]);
        assert!(all[1].unread && !all[2].unread);
    }
}

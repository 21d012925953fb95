//! Reading `Signature-Input` and `Signature`.
//!
//! The `sfv` crate judges the grammar; the slices kept are those of the received text, since what was
//! signed are its bytes and not our way of writing the same.

use sfv::{BareItem, Dictionary, InnerList, Item, List, ListEntry, Parameters, Parser, Version};

use super::super::Refusal;

/// Longest header read, all lines together.
const LONGEST: usize = 16 * 1024;
/// Most labels looked at.
const MOST_LABELS: usize = 8;
/// Most components of one label.
const MOST_COMPONENTS: usize = 32;

/// One label of `Signature-Input`.
#[derive(Debug)]
pub(in super::super) struct SignatureInput<'a> {
    /// The inner list with its parameters, as received: the value of `@signature-params`.
    pub(super) raw: &'a str,
    pub(super) components: Vec<Component<'a>>,
    pub(super) created: Option<i64>,
    pub(super) expires: Option<i64>,
    pub(super) key_id: Option<String>,
    pub(super) algorithm: Option<String>,
}

/// One covered component.
#[derive(Debug)]
pub(super) struct Component<'a> {
    /// The identifier with its parameters, as received.
    pub(super) raw: &'a str,
    pub(super) name: String,
    /// The parameter `name`, which `@query-param` has.
    pub(super) query_name: Option<String>,
}

impl SignatureInput<'_> {
    /// Whether the component of this name is covered, whole.
    pub(super) fn covers(&self, name: &str) -> bool {
        self.components
            .iter()
            .any(|component| component.name == name && component.query_name.is_none())
    }
}

/// The labels of `Signature-Input` in the order received.
pub(in super::super) fn signature_inputs(text: &str) -> Result<Vec<(&str, SignatureInput<'_>)>, Refusal> {
    members(text)?
        .into_iter()
        .map(|(label, raw)| Ok((label, signature_input(raw)?)))
        .collect()
}

/// The labels of `Signature` with their bytes.
pub(super) fn signatures(text: &str) -> Result<Vec<(&str, Vec<u8>)>, Refusal> {
    const UNREADABLE: Refusal = Refusal::Malformed("unreadable Signature");
    members(text)?
        .into_iter()
        .map(|(label, raw)| {
            let item: Item = Parser::new(raw)
                .with_version(Version::Rfc8941)
                .parse()
                .map_err(|_malformed| UNREADABLE)?;
            match item.bare_item {
                BareItem::ByteSequence(bytes) => Ok((label, bytes)),
                _ => Err(UNREADABLE),
            }
        })
        .collect()
}

/// Splits a dictionary into keys and raw values; a key that comes twice is refused.
fn members(text: &str) -> Result<Vec<(&str, &str)>, Refusal> {
    const UNREADABLE: Refusal = Refusal::Malformed("unreadable Signature-Input or Signature");
    if text.len() > LONGEST {
        return Err(Refusal::Malformed("too long"));
    }
    let dictionary: Dictionary = Parser::new(text)
        .with_version(Version::Rfc8941)
        .parse()
        .map_err(|_malformed| UNREADABLE)?;
    let pieces = split_outside_strings(text, b',');
    if pieces.len() > MOST_LABELS {
        return Err(Refusal::Malformed("too many signatures"));
    }
    if pieces.len() != dictionary.len() {
        return Err(Refusal::Malformed("a label came twice"));
    }
    pieces
        .into_iter()
        .map(|piece| piece.trim_matches([' ', '\t']).split_once('=').ok_or(UNREADABLE))
        .collect()
}

/// Reads one inner list with its parameters.
fn signature_input(raw: &str) -> Result<SignatureInput<'_>, Refusal> {
    const UNREADABLE: Refusal = Refusal::Malformed("unreadable Signature-Input");
    let list: List = Parser::new(raw)
        .with_version(Version::Rfc8941)
        .parse()
        .map_err(|_malformed| UNREADABLE)?;
    let [ListEntry::InnerList(list)] = list.as_slice() else {
        return Err(UNREADABLE);
    };
    check_no_parameter_twice(raw, list)?;
    let params = &list.params;
    Ok(SignatureInput {
        raw,
        components: components(raw, list)?,
        created: integer(params, "created")?,
        expires: integer(params, "expires")?,
        key_id: string(params, "keyid")?,
        algorithm: string(params, "alg")?,
    })
}

/// Structured fields let the last of equal parameters win, silently; here it is refused.
fn check_no_parameter_twice(raw: &str, list: &InnerList) -> Result<(), Refusal> {
    let kept = list.params.len() + list.items.iter().map(|item| item.params.len()).sum::<usize>();
    if split_outside_strings(raw, b';').len() == kept + 1 {
        Ok(())
    } else {
        Err(Refusal::Malformed("a parameter came twice"))
    }
}

fn components<'a>(raw: &'a str, list: &InnerList) -> Result<Vec<Component<'a>>, Refusal> {
    const UNREADABLE: Refusal = Refusal::Malformed("unreadable component");
    if list.items.len() > MOST_COMPONENTS {
        return Err(Refusal::Malformed("too many components"));
    }
    let inside = split_outside_strings(raw, b')')
        .first()
        .and_then(|text| text.strip_prefix('('));
    let raws: Vec<&str> = split_outside_strings(inside.ok_or(UNREADABLE)?, b' ')
        .into_iter()
        .filter(|piece| !piece.is_empty())
        .collect();
    if raws.len() != list.items.len() {
        return Err(UNREADABLE);
    }
    let mut components: Vec<Component<'a>> = Vec::with_capacity(raws.len());
    for (raw, item) in raws.into_iter().zip(&list.items) {
        let component = component(raw, item)?;
        let twice = components
            .iter()
            .any(|other| other.name == component.name && other.query_name == component.query_name);
        if twice {
            return Err(Refusal::Malformed("a component came twice"));
        }
        components.push(component);
    }
    Ok(components)
}

fn component<'a>(raw: &'a str, item: &Item) -> Result<Component<'a>, Refusal> {
    let name = item
        .bare_item
        .as_string()
        .ok_or(Refusal::Malformed("unreadable component"))?
        .as_str();
    let query_name = string(&item.params, "name")?;
    // `sf`, `bs`, `key`, `req` and `tr` change what is signed: what is not understood is not believed.
    let understood = if name == "@query-param" {
        query_name.is_some()
    } else {
        query_name.is_none()
    };
    if !understood || item.params.len() != usize::from(query_name.is_some()) {
        return Err(Refusal::Unsupported("component parameter"));
    }
    Ok(Component {
        raw,
        name: name.to_owned(),
        query_name,
    })
}

fn integer(params: &Parameters, name: &str) -> Result<Option<i64>, Refusal> {
    params
        .get(name)
        .map(|value| {
            value
                .as_integer()
                .map(i64::from)
                .ok_or(Refusal::Malformed("not a number"))
        })
        .transpose()
}

fn string(params: &Parameters, name: &str) -> Result<Option<String>, Refusal> {
    params
        .get(name)
        .map(|value| value.as_string().map(|text| text.as_str().to_owned()))
        .map(|text| text.ok_or(Refusal::Malformed("not a string")))
        .transpose()
}

/// Splits at every `separator` that is not within a quoted string.
fn split_outside_strings(text: &str, separator: u8) -> Vec<&str> {
    let mut pieces = Vec::new();
    let (mut start, mut quoted, mut escaped) = (0, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ if byte == separator && !quoted => {
                pieces.extend(text.get(start..at));
                start = at + 1;
            }
            _ => {}
        }
    }
    pieces.extend(text.get(start..));
    pieces
}

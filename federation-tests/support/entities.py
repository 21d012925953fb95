"""What Mastodon.py knows of every entity, held against an answer: fields that are missing, null or of another kind."""

import ast
import inspect
import re
from datetime import datetime
from functools import cache

from mastodon import return_types

# Of which version of Mastodon's API ours says it is.
VERSION = (4, 3, 99)
# What Mastodon itself leaves out or says to be null, whatever the library holds of it.
LACKING = {
    ("Account", "mute_expires_at"),  # only in the list of those one mutes
    ("ScheduledStatusParams", "allowed_mentions"),  # only of what was asked to have them
    ("ScheduledStatusParams", "application_id"),
    ("NotificationPolicy", "for_bots"),  # newer
    ("Report", "rules_ids"),  # it is called rule_ids
    ("ExtendedDescription", "updated_at"),  # nobody wrote one
}
PLAIN = {"str": str, "int": int, "float": (int, float), "bool": bool, "dict": dict}


@cache
def known():
    """By entity: the fields with their types, and whether they may be absent or null."""
    entities = {}
    for entity in ast.parse(inspect.getsource(return_types)).body:
        if not isinstance(entity, ast.ClassDef):
            continue
        fields = entities[entity.name] = {}
        for line, after in zip(entity.body, entity.body[1:], strict=False):
            if isinstance(line, ast.AnnAssign) and isinstance(line.annotation, ast.Constant):
                told = after.value.value if isinstance(after, ast.Expr) else ""
                fields[line.target.id] = (line.annotation.value, told)
    return entities


def wrong(entity, value, path=""):
    """A line for each fault."""
    if not isinstance(value, dict):
        return [f"{path or entity} is {value!r}"]
    faults = []
    for field, (kind, told) in known()[entity].items():
        at = f"{path or entity}.{field}"
        added = re.search(r"(\d+)\.(\d+)\.(\d+): added", told)
        is_newer = added and tuple(map(int, added.groups())) > VERSION
        is_gone = re.search(r": (removed|deprecated)", told)
        may_lack = "(optional)" in told or is_newer or is_gone or (entity, field) in LACKING
        # A document has neither form nor colours.
        if entity == "MediaAttachment" and value.get("type") == "unknown" and field in ("meta", "blurhash"):
            continue
        if field not in value:
            faults += [] if may_lack else [f"{at} is missing"]
        elif value[field] is None:
            faults += [] if "Optional[" in kind or "(nullable)" in told or may_lack else [f"{at} is null"]
        else:
            faults += _kind(kind, value[field], at)
    return faults


def _kind(kind, value, at):
    kind = kind.removeprefix("Optional[").removesuffix("]") if kind.startswith("Optional[") else kind
    if listed := re.fullmatch(r"(?:\w*List)\[(.+)\]", kind):
        if not isinstance(value, list):
            return [f"{at} is {value!r}"]
        return [fault for one in value for fault in _kind(listed[1], one, f"{at}[]")]
    if kind in known():
        return wrong(kind, value, at)
    if kind in ("IdType", "MaybeSnowflakeIdType"):
        return [] if isinstance(value, str) else [f"{at} is {value!r}"]
    if kind == "datetime":
        try:
            datetime.fromisoformat(value)
        except (TypeError, ValueError):
            return [f"{at} is {value!r}"]
        return []
    expected = PLAIN.get(kind)
    is_right = expected is None or isinstance(value, expected) and (expected is bool or not isinstance(value, bool))
    return [] if is_right else [f"{at} is {value!r}"]

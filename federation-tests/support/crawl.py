"""Follows every link of the site as one visitor, a few of each kind."""

import re
import urllib.parse
from html.parser import HTMLParser

MOST_PAGES = 400
EACH_KIND = 3
# Links that end a session, or that lead to a file.
LEFT_ALONE = re.compile(
    r"/deconnexion|/langue|\.(atom|json|xml|txt|ics|png|jpg|webp|css|js|svg|woff2|pdf|webmanifest)(\?|$)|/media/"
)


class _Links(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.found, self.ids, self.fragments = [], set(), []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if given.get("id"):
            self.ids.add(given["id"])
        if tag == "a" and given.get("href"):
            self.found.append(given["href"])


def kind(path):
    """What a path is an example of: `/eze-06/actualites/7` is of the kind `/COMMUNE/actualites/N`."""
    path, _, query = path.partition("?")
    path = re.sub(r"^/[a-z0-9-]+-(\d\d|2[ab]|97\d|98\d)(?=/|$)", "/COMMUNE", path)
    path = re.sub(r"/@[^/]+", "/@HANDLE", path)
    path = re.sub(r"(?<=/)\d[\w-]*", "N", path)
    names = sorted({pair.split("=")[0] for pair in query.split("&") if pair})
    return path + (f"?{'&'.join(names)}" if names else "")


def crawl(visitor, see, start=("/",)):
    """Opens pages from these on; says one path for each kind of page that answered 200."""
    waiting, seen, kinds, first = list(start), set(start), {}, {}
    broken, foreign = [], []
    while waiting and sum(min(n, EACH_KIND) for n in kinds.values()) < MOST_PAGES:
        path = waiting.pop(0)
        number = kinds[kind(path)] = kinds.get(kind(path), 0) + 1
        if number > EACH_KIND:
            continue
        answer = visitor.open(path)
        if answer.status != 200:
            broken.append(f"{path}: {answer.status}")
            continue
        if "text/html" not in answer.headers["Content-Type"]:
            continue
        first.setdefault(kind(path), path)
        links = _Links(answer.text)
        for link in links.found:
            address = urllib.parse.urljoin(visitor.address, link)
            if link.startswith("#") and len(link) > 1 and link[1:] not in links.ids:
                broken.append(f"{path} → {link}")
            if not address.startswith(visitor.parvis.base):
                foreign.append(address)
                continue
            target = address[len(visitor.parvis.base) :].split("#")[0] or "/"
            if target not in seen and not LEFT_ALONE.search(target):
                seen.add(target)
                waiting.append(target)
    see(
        f"{sum(min(n, EACH_KIND) for n in kinds.values())} pages of {len(kinds)} kinds are reached by links",
        len(kinds) > 3,
        kinds,
    )
    see.equal("no link leads to a missing page", broken, [])
    return first

"""A citizen registers with the code of a real mail server, comes in, forgets her password, and leaves.

Without JavaScript, as forms are filled; nothing has effect before the code, and nobody learns who has an account.
"""

import email
import email.policy
import pathlib
import re
import sys

from support.parvis import Parvis
from support.peers import TESTS
from support.web import Visitor
from support.world import ADDRESS, free_port

NAME, EMAIL = "Léonie d’Essai", "leonie@example.org"
FIRST, SECOND = "cheval agrafe pile correcte", "une tout autre phrase longue"
SITE, MAIL = "mairie.parvis.test", "courrier.parvis.test"


def run(world, see):
    port, letters = free_port(), Letters(world)
    parvis = Parvis(
        world, "mairie", host=SITE, port=port,
        PARVIS_MAIL__TRANSPORT="smtp", PARVIS_MAIL__HOST=MAIL, PARVIS_MAIL__PORT=str(letters.port),
        PARVIS_MAIL__ENCRYPTION="starttls", PARVIS_MAIL__USER="parvis", PARVIS_MAIL__PASSWORD="sink-password",
        PARVIS_MAIL__FROM=f"ne-pas-repondre@{SITE}",
    )  # fmt: skip
    world.publish({SITE: port, MAIL: free_port()})
    parvis.env["PARVIS_MAIL__CA_FILE"] = str(world.ca)
    letters.open()
    parvis.claim()
    parvis.start()
    citizen = registers(see, parvis, letters)
    known_address(see, parvis, letters)
    other = Visitor(parvis)
    comes_in(see, parvis, other)
    forgets(see, parvis, letters, citizen, other)
    leaves(see, parvis)
    see.equal("no fault in the log", parvis.complaints(), [])


class Letters:
    """The mails that arrived, in order."""

    def __init__(self, world):
        self.world, self.port = world, free_port(ADDRESS)
        self.folder = pathlib.Path(world.folder) / "letters"
        self.folder.mkdir()
        self.folder.chmod(0o777)

    def open(self):
        files = [self.world.folder / "leaf.pem", self.world.folder / "leaf.key", self.folder]
        command = [sys.executable, TESTS / "peers/mail_sink.py", ADDRESS, self.port, *files]
        self.world.start("letters", command)
        self.world.ready("letters", self.port, ADDRESS)

    def all(self):
        return [
            email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            for path in sorted(self.folder.glob("*.eml"))
        ]

    def next(self, see, sentence, count):
        """The mail of this number, once it has come."""
        see.soon(sentence, lambda: len(self.all()) >= count, 30)
        return self.all()[count - 1]


def code_of(letter):
    return re.search(r"\b(\d{3}) ?(\d{3})\b", letter.get_body(("plain",)).get_content())


def registers(see, parvis, letters):
    citizen = Visitor(parvis)
    citizen.open("/inscription")
    citizen.submit("q", q="eze")
    see("the commune is found by its name without accents", "Èze" in citizen.page.text)
    citizen.open("/inscription?commune=06059")
    refused = citizen.submit("email", name="", email="pas-une-adresse", password="court")
    see.equal("a form with faults is shown again", refused.status, 422)
    see("with what was typed", "pas-une-adresse" in refused.text)
    see("and never the password", "court\"" not in refused.text)
    fields = {"name": NAME, "email": EMAIL, "password": FIRST, "age": "on", "terms": "on"}
    citizen.open("/inscription?commune=06059")
    asked = citizen.submit("email", **fields)
    see.equal("the code is asked for", (asked.status, citizen.address.split("?")[0]), (200, parvis.base + "/inscription/code"))
    see.equal("nobody exists before the code", parvis.ask("SELECT COUNT(*) FROM account WHERE email = 'leonie@example.org'"), [(0,)])
    letter = letters.next(see, "the mail comes", 1)
    see.equal("to her address", letter["To"].addresses[0].addr_spec, EMAIL)
    see("in text and in HTML", letter.get_body(("plain",)) is not None and letter.get_body(("html",)) is not None)
    see("automatic answers are told not to come", letter["Auto-Submitted"] == "auto-generated", dict(letter.items()))
    code = code_of(letter)
    see("it holds a code of six digits", code, letter.get_body(("plain",)).get_content())
    wrong = "000000" if code[0].replace(" ", "") != "000000" else "111111"
    see.equal("a wrong code is refused", citizen.submit("code", code=wrong).status, 422)
    citizen.submit("code", code=f" {code[1]} {code[2]} ")
    see.equal("the right one, with spaces, lets her in", citizen.page.status, 200)
    see("she is there now", parvis.ask("SELECT COUNT(*) FROM account WHERE email = 'leonie@example.org'") == [(1,)])
    see("her cookies are secure and not for scripts", cookies_are_safe(citizen), [vars(c) for c in citizen.cookies])
    see("her account page knows her", NAME in citizen.open("/compte").text or "Léonie" in citizen.page.text)
    return citizen


def cookies_are_safe(visitor):
    kept = list(visitor.cookies)
    return kept and all(cookie.secure and cookie.has_nonstandard_attr("HttpOnly") for cookie in kept)


def known_address(see, parvis, letters):
    """Whoever types her address again sees the same page; she alone is told."""
    stranger = Visitor(parvis)
    stranger.open("/inscription?commune=06059")
    fields = {"name": "Quelqu’un", "email": EMAIL.upper(), "password": SECOND, "age": "on", "terms": "on"}
    asked = stranger.submit("email", **fields)
    see.equal("the page is the same for a known address", (asked.status, stranger.address.split("?")[0]), (200, parvis.base + "/inscription/code"))
    letter = letters.next(see, "and a mail goes to its owner", 2)
    see("which holds no code", code_of(letter) is None, letter.get_body(("plain",)).get_content())
    lost = Visitor(parvis)
    lost.open("/mot-de-passe")
    known = lost.submit("email", email="inconnue@example.org")
    lost.open("/mot-de-passe")
    again = lost.submit("email", email=EMAIL)
    strip = lambda page: re.sub(r"inconnue@example\.org|leonie@example\.org|value=\"[^\"]*\"", "", page.text)  # noqa: E731
    see("a forgotten password tells nothing of who has an account", strip(known) == strip(again))
    letters.next(see, "only the known address is written to", 3)


def comes_in(see, parvis, other):
    see("a wrong password is refused", other.sign_in(EMAIL, "faux faux faux").status in (401, 422), other.page)
    see.equal("the right one lets in", other.sign_in(EMAIL, FIRST).status, 200)
    see.equal("on a second device as well", other.open("/compte/sessions").status, 200)


def forgets(see, parvis, letters, citizen, other):
    lost = Visitor(parvis)
    lost.open("/mot-de-passe")
    lost.submit("email", email=EMAIL)
    letter = letters.next(see, "a code comes for a new password", 4)
    code = code_of(letter)
    see("with six digits", code, letter.get_body(("plain",)).get_content())
    lost.submit("code", code=code[1] + code[2], password=SECOND)
    see("the new password is taken", lost.page.status == 200, lost.page)
    for name, visitor in (("first", citizen), ("second", other)):
        visitor.open("/compte")
        see(f"her {name} device is signed out", "/connexion" in visitor.address, visitor.address)
    fresh = Visitor(parvis)
    see("the old password is refused", fresh.sign_in(EMAIL, FIRST).status in (401, 422))
    see("a used code is refused", lost.open("/mot-de-passe/code").status != 500)


def leaves(see, parvis):
    citizen = Visitor(parvis)
    citizen.sign_in(EMAIL, SECOND)
    citizen.open("/compte/suppression")
    citizen.submit("password", password=SECOND)
    rows = parvis.ask("SELECT COUNT(*) FROM account WHERE email = 'leonie@example.org'")
    see.equal("when she leaves, her address is gone", rows, [(0,)])
    see("and nobody comes in with it", Visitor(parvis).sign_in(EMAIL, SECOND).status in (401, 422))

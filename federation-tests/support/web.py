"""A visitor without JavaScript: keeps cookies, fills the forms that the pages offer."""

import http.cookiejar
import ssl
import urllib.error
import urllib.parse
import urllib.request
import uuid
from html.parser import HTMLParser

from .parvis import Answered


class Forms(HTMLParser):
    """Collects each form of a page with the values that it would send."""

    def __init__(self, text):
        super().__init__()
        self.forms, self._form, self._area, self._select = [], None, None, None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "form":
            self._form = {"action": given.get("action") or "", "method": (given.get("method") or "get").upper()}
            self._form["parts"] = given.get("enctype") == "multipart/form-data"
            self._form["fields"] = {}
            self.forms.append(self._form)
        elif self._form is None or not given.get("name"):
            if tag == "option" and self._select and ("selected" in given or self._select not in self._form["fields"]):
                self._form["fields"][self._select] = given.get("value", "")
        elif tag == "input":
            kind = given.get("type", "text")
            if kind in ("checkbox", "radio") and "checked" not in given:
                return
            if kind not in ("submit", "button", "file", "image"):
                self._form["fields"][given["name"]] = given.get("value") or ("on" if kind == "checkbox" else "")
        elif tag == "textarea":
            self._area = given["name"]
            self._form["fields"][self._area] = ""
        elif tag == "select":
            self._select = given["name"]
        elif tag == "button":
            self._form.setdefault("buttons", {})[given["name"]] = given.get("value", "")

    def handle_data(self, data):
        if self._area:
            self._form["fields"][self._area] += data

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None
        elif tag == "textarea" and self._area:
            # A browser drops the line end after the tag.
            self._form["fields"][self._area] = self._form["fields"][self._area].removeprefix("\n")
            self._area = None
        elif tag == "select":
            self._select = None


class Visitor:
    def __init__(self, parvis):
        self.parvis = parvis
        self.cookies = http.cookiejar.CookieJar()
        trust = ssl.create_default_context(cafile=parvis.world.ca) if parvis.host else None
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(self.cookies),
            urllib.request.HTTPSHandler(context=trust),
            urllib.request.ProxyHandler({}),
            _Stay(),
        )
        self.page = None

    def open(self, path, body=None, **headers):
        """Follows redirects within the site; stops at one that leads away."""
        address = urllib.parse.urljoin(self.parvis.base + "/", path)
        headers = {"Accept": "text/html", "Accept-Language": "fr", **headers}
        for _ in range(10):
            try:
                with self.opener.open(urllib.request.Request(address, body, headers), timeout=30) as answer:
                    self.page = Answered(answer.status, answer.headers, answer.read())
            except urllib.error.HTTPError as error:
                self.page = Answered(error.code, error.headers, error.read())
            self.address = address
            target = self.page.headers.get("Location")
            if self.page.status not in (301, 302, 303, 307, 308) or not target:
                return self.page
            self.left_for = urllib.parse.urljoin(address, target)
            if not self.left_for.startswith(self.parvis.base):
                return self.page
            address, body = self.left_for, None
        return self.page

    def form(self, holding):
        """The form of the current page that has a field or an action of this name."""
        for form in Forms(self.page.text).forms:
            if holding in form["fields"] or holding in form["action"] or holding in form.get("buttons", {}):
                return form
        raise RuntimeError(
            f"no form with {holding} at {self.address}: {[f['action'] for f in Forms(self.page.text).forms]}"
        )

    def submit(self, holding, **values):
        form = self.form(holding)
        fields = {**form["fields"], **values}
        address = urllib.parse.urljoin(self.address, form["action"])
        coded = urllib.parse.urlencode({name: value for name, value in fields.items() if value is not None})
        if form["method"] == "GET":
            return self.open(f"{address}?{coded}")
        headers = {"Origin": self.parvis.base}
        if form["parts"]:
            line = f"trial{uuid.uuid4().hex}"
            headers["Content-Type"] = f"multipart/form-data; boundary={line}"
            return self.open(address, parts(line, fields), **headers)
        return self.open(address, coded.encode(), **headers)

    def sign_in(self, email, password):
        self.open("/connexion")
        return self.submit("password", email=email, password=password)


def parts(line, fields):
    """Fields as multipart/form-data; a file is (name, type, bytes)."""
    text = b""
    for name, value in fields.items():
        if isinstance(value, tuple):
            name, more = f'{name}"; filename="{value[0]}', f"\r\nContent-Type: {value[1]}"
            value = value[2]
        else:
            more, value = "", str(value).encode()
        text += f'--{line}\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'.encode() + value + b"\r\n"
    return text + f"--{line}--\r\n".encode()


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None

"""The forms and links of a page, read as a browser reads them."""
import dataclasses
import html.parser
import re
import urllib.parse


@dataclasses.dataclass
class Form:
    """One form: where it goes, how, and what its fields hold."""

    action: str
    method: str
    fields: dict[str, str]
    types: dict[str, str]
    # What its passkey's button asks the browser for, as JSON.
    options: str = ""


class _Reader(html.parser.HTMLParser):
    def __init__(self, address: str):
        super().__init__()
        self.address = address
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.inline_scripts = 0
        self.text: list[str] = []

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "form":
            action = urllib.parse.urljoin(self.address, attributes.get("action") or self.address)
            self.forms.append(Form(action, (attributes.get("method") or "get").upper(), {}, {}, attributes.get("data-passkey") or ""))
        elif tag in ("input", "button") and self.forms and attributes.get("name"):
            name = attributes["name"]
            if attributes.get("type") == "checkbox" and "checked" not in attributes:
                return
            self.forms[-1].types[name] = attributes.get("type", "text" if tag == "input" else "submit")
            self.forms[-1].fields.setdefault(name, attributes.get("value") or "")
        elif tag == "a" and attributes.get("href"):
            self.links.append(urllib.parse.urljoin(self.address, attributes["href"]))
        elif tag == "script" and not attributes.get("src"):
            self.inline_scripts += 1

    def handle_data(self, data):
        self.text.append(data)


class Page:
    """A page that came from `address`."""

    def __init__(self, address: str, source: str):
        reader = _Reader(address)
        reader.feed(source)
        self.source = source
        self.forms = reader.forms
        self.links = reader.links
        self.inline_scripts = reader.inline_scripts
        self.text = " ".join(" ".join(reader.text).split())

    @property
    def words(self) -> str:
        """The text without the reference, which is another each time."""
        return re.sub(r"\b[A-Z0-9]{10}\b", "", self.text)

    def form_with(self, *names: str) -> Form:
        for form in self.forms:
            if all(name in form.fields for name in names):
                return form
        raise AssertionError(f"no form with {names} in the page: {self.text[:300]}")

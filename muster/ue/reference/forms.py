"""Reads the HTML form in which the identity server asks for user name and password."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin

from muster.ue.driver import Credentials
from muster.ue.reference.refusal import Refusal


@dataclass
class Form:
    """One form of a page, with its named inputs and their preset values."""

    action: str
    method: str
    inputs: dict[str, str] = field(default_factory=dict)

    @property
    def asks_for_password(self) -> bool:
        """Whether it is the form that a user signs in with."""
        return {"username", "password"} <= self.inputs.keys()

    def filled_in(self, credentials: Credentials) -> str:
        """The form's data, form-urlencoded; hidden inputs go back as they came."""
        typed = {"username": credentials.username, "password": credentials.password}
        return urlencode({**self.inputs, **typed})


class _FormReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._open: Form | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = Form(values.get("action", ""), values.get("method", "get").lower())
            self.forms.append(self._open)
        elif tag == "input" and self._open is not None and values.get("name"):
            self._open.inputs[values["name"]] = values.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None


def read_login_form(page: bytes, url: str) -> Form:
    """Find the form for user name and password; its action becomes a complete URL."""
    reader = _FormReader()
    reader.feed(page.decode("utf-8", errors="replace"))
    reader.close()
    for form in reader.forms:
        if form.asks_for_password:
            if form.method != "post":
                raise Refusal("the login form would put the password in a URL")
            form.action = urljoin(url, form.action)
            return form
    raise Refusal("the identity server showed no form for user name and password")

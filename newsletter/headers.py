"""Header lines that are right for Korean on every supported Python.

The standard library's EmailMessage loses blanks between encoded-words and encodes a long List-Unsubscribe (python/cpython#87659);
its older Header class encodes text faithfully, so that alone is used, and everything structured is written out here.
A line is RFC 5322 §2.2: no bare CR or LF, folded lines at most 76 columns, and no line over 998.
"""

from __future__ import annotations

import re
import unicodedata
from email.header import Header
from urllib.parse import urlsplit

from newsletter.errors import MessageError
from newsletter.mailbox import Mailbox

_LINE = 76  # RFC 2047 §2: a line with an encoded-word
_LIMIT = 998  # RFC 5322 §2.1.1
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+( [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_WORDS = re.compile(r"[!-~]+( [!-~]+)*")


def text_header(name: str, value: str) -> str:
    """An unstructured header such as Subject. Raises MessageError for a value with a line break or control character."""
    _refuse_controls(name, value)
    if _WORDS.fullmatch(value) and "=?" not in value and len(f"{name}: {value}") <= _LINE:
        return f"{name}: {value}"
    return f"{name}: {_encoded(name, value)}"


def mailbox_header(name: str, mailbox: Mailbox) -> str:
    """From, To or Reply-To with one mailbox."""
    if not mailbox.name:
        return token_header(name, mailbox.address)
    return phrase_header(name, mailbox.name, mailbox.address)


def phrase_header(name: str, phrase: str, angled: str) -> str:
    """``phrase <angled>``, as in a mailbox or a List-Id (RFC 2919). Raises MessageError as text_header does."""
    _refuse_controls(name, phrase)
    _refuse_controls(name, angled)
    if _ATOMS.fullmatch(phrase) and "=?" not in phrase:
        shown = phrase
    elif phrase.isascii() and "=?" not in phrase:
        shown = '"{}"'.format(re.sub(r'(["\\])', r"\\\1", phrase))
    else:
        shown = _encoded(name, phrase)
    if "\r\n" not in shown and len(f"{name}: {shown}") > _LINE:
        shown = _encoded(name, phrase)
    last = f"{name}: {shown}".rpartition("\r\n")[2]
    blank = " " if len(f"{last} <{angled}>") <= _LINE else "\r\n "
    return f"{name}: {shown}{blank}<{angled}>"


def url_header(name: str, url: str) -> str:
    """``<url>`` unfolded and unencoded, since readers' programs look for it as it is. Raises MessageError for what is no web address."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or not re.fullmatch(r"[!-;=?-~]+", url):
        raise MessageError(f"{name} needs a web address in ASCII, not {url!r}.")
    return token_header(name, f"<{url}>")


def token_header(name: str, value: str) -> str:
    """A value that stands as it is: a date, an identifier, a keyword."""
    _refuse_controls(name, value)
    line = f"{name}: {value}"
    if len(line.encode()) > _LIMIT:
        raise MessageError(f"{name} is too long for one line: {len(line)} characters.")
    return line


def _encoded(name: str, value: str) -> str:
    return Header(value, "utf-8", header_name=name, maxlinelen=_LINE).encode(linesep="\r\n")


def _refuse_controls(name: str, value: str) -> None:
    if any(unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") for character in value):
        raise MessageError(f"{name} holds a line break or a control character: {value!r}.")

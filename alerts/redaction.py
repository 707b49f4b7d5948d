"""Takes the secrets of a channel's address out of any text. Pure."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

_MASK = "***"
_LEAST = 4
"""Shortest part that is masked by itself; masking every `a` and `tls` would leave no sentence whole."""
_MAIL_SCHEMES = ("mailto", "mailtos")


class Redactor:
    """Masks every part of one address that may be secret.

    Services put tokens into the user, the host, the path and the query alike, so every part counts as secret, but for
    the names of options. Of a mail address only the password does: server, sender and recipients are what an operator
    needs to read in an error.
    """

    def __init__(self, url: str, *others: str) -> None:
        """Take an address, and what else is secret."""
        scheme, _, rest = url.partition(":")
        secrets = {url, unquote(url), rest.strip("/"), *others}
        if scheme.lower() in _MAIL_SCHEMES:
            secrets.update(_mail_secrets(rest))
        else:
            path, _, options = rest.partition("?")
            secrets.update(re.split(r"[/:@,;#+\s]", path), re.findall(r"=([^&]*)", options))
        forms = {form for secret in secrets for form in (secret, unquote(secret), quote(unquote(secret), safe=""))}
        longest_first = sorted((form for form in forms if len(form) >= _LEAST), key=len, reverse=True)
        self._pattern = re.compile("|".join(re.escape(form) for form in longest_first)) if longest_first else None

    def __call__(self, text: str) -> str:
        """Return the text with every secret part replaced by `***`."""
        return self._pattern.sub(_MASK, text) if self._pattern else text


def _mail_secrets(rest: str) -> set[str]:
    authority = rest.lstrip("/").partition("?")[0].rpartition("@")[0]
    password = authority.partition(":")[2]
    options = re.findall(r"[?&](?:pass|password|token)=([^&]*)", rest)
    return {password, *options}

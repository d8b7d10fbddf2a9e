"""The one family of errors a user may read."""

from __future__ import annotations

from difflib import get_close_matches


class OzoirError(Exception):
    """A blocking problem, said in French: a title, then what, where, and what is accepted."""

    def __init__(self, title: str, message: str = "") -> None:
        super().__init__(f"{title} {message}".strip())
        self.title = title
        self.message = message


def did_you_mean(word: str, accepted) -> str:
    """« Vouliez-vous dire … ? » preceded by a space, or nothing when no accepted word is near."""
    near = get_close_matches(word, list(accepted), n=1, cutoff=0.6)
    return f" Vouliez-vous dire « {near[0]} » ?" if near else ""

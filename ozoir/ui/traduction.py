"""The framework's own words, put into French in its front end as it is served: names read aloud and tooltips included."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path

TABLE = Path(__file__).with_name("traduction.toml")
FOLDER = "/static/js/"


@lru_cache(maxsize=1)
def load_words() -> dict[str, dict[str, str]]:
    """File of the front end (its name before the print) → the framework's words → ours."""
    return tomllib.loads(TABLE.read_text(encoding="utf-8"))


def concerned_file(path: str) -> str:
    """The name of the front end's file behind an address when it has words to translate, else nothing."""
    folder, _, name = path.rpartition("/")
    stem = name.partition(".")[0]
    return stem if f"{folder}/".endswith(FOLDER) and name.endswith(".js") and stem in load_words() else ""


@lru_cache(maxsize=64)
def translate(name: str, body: bytes) -> bytes:
    """The same file, in French. One answer per file is kept: there are some twenty of them."""
    text = body.decode("utf-8")
    for before, after in load_words()[name].items():
        text = text.replace(before, after)
    return text.encode("utf-8")

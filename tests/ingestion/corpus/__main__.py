"""Reads the whole corpus in one process; writes, as JSON, what each file gave, in how long, and the memory it took.

`python -m tests.ingestion.corpus --toml` writes attendus.toml anew, to be read again line by line before it is kept.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

from ozoir.catalogue.loading import load_catalogue
from ozoir.errors import OzoirError
from ozoir.ingestion.delivery import Finding
from ozoir.ingestion.reading import Request, answer
from tests.ingestion.corpus.cases import CASES
from tests.ingestion.corpus.recipes import book
from tests.ingestion.samples import demo_text


def read(fichier: str, content: bytes) -> tuple[str, list[str], float]:
    """(refuse, bloque or charge; sentences; seconds)."""
    started = time.perf_counter()
    try:
        found = answer(Request(fichier, fichier, content=content, is_previewed=True), load_catalogue())
    except OzoirError as error:
        return "refuse", [f"{error.title} {error.message}"], time.perf_counter() - started
    findings = [Finding(**finding) for finding in found.details["findings"]]
    blocking = [finding.sentence() for finding in findings if finding.gravite == "bloquant"]
    sentences = blocking or [finding.sentence() for finding in findings]
    return "bloque" if blocking else "charge", sentences, time.perf_counter() - started


def main() -> None:
    usual = {
        sentence
        for fichier, content in (("DEMO_2021.csv", demo_text().encode()), ("DEMO_2021.xlsx", book()))
        for sentence in read(fichier, content)[1]
    }
    found = {}
    for case in CASES:
        issue, sentences, seconds = read(case.fichier, case.recette())
        found[case.nom] = {
            "issue": issue,
            "phrases": [text for text in sentences if text not in usual],
            "secondes": round(seconds, 3),
        }
    if "--toml" in sys.argv:
        for name, said in found.items():
            phrases = ",\n  ".join(json.dumps(text, ensure_ascii=False) for text in said["phrases"])
            print(
                f'["{name}"]\nissue = "{said["issue"]}"\nphrases = [\n  {phrases},\n]\n'
                if phrases
                else f'["{name}"]\nissue = "{said["issue"]}"\nphrases = []\n'
            )
        return
    json.dump({"fichiers": found, "memoire": _largest_memory()}, sys.stdout, ensure_ascii=False)


def _largest_memory() -> int:
    """Bytes this process held at most; getrusage would count what its parent held when it forked."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return next(int(line.split()[1]) * 1024 for line in status.read_text().splitlines() if line.startswith("VmHWM"))


if __name__ == "__main__":
    main()

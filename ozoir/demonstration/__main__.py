"""python -m ozoir.demonstration --sortie DOSSIER: the fictitious extracts, always the same."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ozoir.catalogue.loading import load_catalogue
from ozoir.demonstration.generation import write_everything
from ozoir.errors import OzoirError
from ozoir.numbers import NBSP, plural
from ozoir.paths import DEMO_RAW


def main(arguments: list[str] | None = None) -> int:
    """The command line; 0 when every file is written."""
    parser = argparse.ArgumentParser(
        prog="python -m ozoir.demonstration",
        description="Écrit des extraits fictifs dans les vrais formats des partenaires, pour essayer le tableau de bord.",
        add_help=False,
    )
    parser.add_argument("-h", "--help", action="help", help="affiche cette aide")
    parser.add_argument(
        "--sortie", metavar="DOSSIER", type=Path, default=DEMO_RAW, help=f"dossier à remplir (par défaut{NBSP}: {DEMO_RAW})"
    )
    parser.add_argument(
        "--contrat", metavar="NOM", default="", help="le contrat, quand plusieurs sont déclarés"
    )
    options = parser.parse_args(arguments)
    try:
        paths = write_everything(options.sortie, load_catalogue(contrat=options.contrat).territoire)
    except OzoirError as refusal:
        print(f"{refusal.title}\n{refusal.message}", file=sys.stderr)
        return 1
    print(f"{plural(len(paths), 'fichier fictif', 'fichiers fictifs')} dans {options.sortie}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

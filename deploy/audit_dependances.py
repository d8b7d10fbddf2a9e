"""Known flaws of the packages, asked of a public database: `make audit-dependances`.

Exit code 1 when there are some, 2 when nobody answered.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence

OPTIONS = (
    "-r",
    "requirements.lock",
    "--require-hashes",
    "--disable-pip",
    "-s",
    "osv",
    "-f",
    "json",
    "--progress-spinner",
    "off",
)
UNREACHED = (
    "La base des failles connues n’a pas répondu\u00a0: rien n’est vérifié. Relancez cette commande depuis un poste relié à "
    "internet (api.osv.dev)\nsur ce même requirements.lock\u00a0: il dit exactement ce qui est installé ici."
)


def audit(command: str) -> int:
    """Said in French, whatever the tool answered."""
    done = subprocess.run([command, *OPTIONS], capture_output=True, text=True)
    try:
        packages = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        print(UNREACHED, file=sys.stderr)
        return 2
    return tell(packages)


def tell(packages: Sequence[dict]) -> int:
    """packages: name, version, vulns or skip_reason, as the tool lists them."""
    skipped = [item["name"] for item in packages if "skip_reason" in item]
    if skipped:
        print(f"{UNREACHED}\nNon vérifiés\u00a0: {', '.join(skipped)}.", file=sys.stderr)
        return 2
    flawed = [item for item in packages if item["vulns"]]
    for item in flawed:
        for flaw in item["vulns"]:
            fixed = ", ".join(flaw["fix_versions"]) or "aucune version"
            print(f"{item['name']} {item['version']}\u00a0: {flaw['id']} (corrigée dans\u00a0: {fixed})")
    print(f"{len(packages)} paquets vérifiés, {len(flawed)} avec une faille connue.")
    return 1 if flawed else 0


if __name__ == "__main__":
    sys.exit(audit(sys.argv[1]))

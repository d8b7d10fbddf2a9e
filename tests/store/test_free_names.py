"""Names given in the app are free texts: what says how to reach somebody is refused before anything is written."""

from __future__ import annotations

import pytest

from ozoir.errors import OzoirError
from ozoir.store.base import open_store
from ozoir.store.correspondances import save_correspondance
from ozoir.store.editions import save_edition

PERSONAL = ["Bilan de jean.dupont@exemple.fr", "Bilan, 06 12 34 56 78", "Bilan 1 85 05 78 006 084 91"]


@pytest.mark.parametrize("name", PERSONAL)
def test_a_name_which_says_how_to_reach_somebody_is_refused(tmp_path, name):
    store = open_store(tmp_path / "contract.duckdb", create=True)
    with pytest.raises(OzoirError, match="Texte à revoir"):
        save_edition(store, name, 2018, "publique", "1", 0, "{}", "essai")
    with pytest.raises(OzoirError, match="Texte à revoir"):
        save_correspondance(store, "essai", name, "", "essai")
    assert store.state() == 0
    assert save_edition(store, "COPIL du 12/03/2020", 2018, "publique", "1", 0, "{}", "essai").nom == "COPIL du 12/03/2020"
    store.close()

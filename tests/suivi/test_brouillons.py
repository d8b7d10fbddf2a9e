"""Drafts: written so that JSON holds them, read back the same, laid over what is saved, never over a colleague's save."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

from ozoir.catalogue.saisies import Commentaire, Credit, Decision, Modification
from ozoir.suivi.brouillons import lay_over, over_first_seen, read_draft, write_draft
from ozoir.suivi.dossier import load_dossier
from tests.suivi.worked_year import ENTRIES

CHANGES = (
    Modification(Credit("emploi", "etat_147", 2016, "specifique", prevu=Decimal("1234.50"), commentaire="à confirmer"), 3),
    Modification(Decision("", 2016, "Ouvrir une permanence", echeance=date(2016, 9, 1))),
    Modification(Commentaire("emploi-02-a1", 2016, "freins", "Pas de salle"), 7),
)


def test_a_draft_is_read_back_as_it_was_written():
    entries = (*CHANGES, *(Modification(entry, 1) for entry in ENTRIES))
    assert read_draft(json.loads(json.dumps(write_draft(entries)))) == entries


def test_a_draft_is_seen_over_the_dossier_which_stays_as_it_is(store, cadre):
    dossier = load_dossier(store, cadre)
    before = dossier.entry(Commentaire, "emploi-02-a1", 2016, "freins")
    assert lay_over(dossier, CHANGES).entry(Commentaire, "emploi-02-a1", 2016, "freins").texte == "Pas de salle"
    assert dossier.entry(Commentaire, "emploi-02-a1", 2016, "freins") == before


def test_a_change_keeps_the_version_its_draft_was_begun_over():
    again = [Modification(item.saisie, 99) for item in CHANGES]
    assert [item.base for item in over_first_seen(again, CHANGES[:1])] == [3, 99, 99]

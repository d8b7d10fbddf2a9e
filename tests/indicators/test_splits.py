"""By sex and by age: what is known, what is missing, who could give it."""

from __future__ import annotations

import pytest

from ozoir.catalogue.model import parse_cle
from ozoir.indicators.splits import (
    ABSENT,
    COMPLET,
    CRITERES,
    ETATS,
    LEGENDE,
    MASQUES,
    PARTIEL,
    PORTE,
    RETENU,
    SANS_DONNEES,
    SANS_OBJET,
    examine,
    list_details,
)
from tests.indicators.territories import both, fact, facts, publication_of

SEEKERS = [*both("defm_abc", 194, 1450), *both("defm_abc; sexe=femmes", 96, 700), *both("defm_abc; sexe=hommes", 98, 750)]

# Facts exist, yet the split would not say what the title says: women job seekers per 100 inhabitants of both sexes, lone
# mothers among all households, the young among the insured of all ages, a few modalities of the census of 2010 that it
# withholds for the quartier, a rate by age known for communes alone.
NOT_OFFERED = {
    ("taux_inscription_defm", "sexe"),
    ("taux_inscription_defm", "age"),
    ("part_monoparents_caf", "sexe"),
    ("indice_jeunesse", "sexe"),
    ("part_menages_1_personne", "age"),
    ("part_c2s_sans_participation", "age"),
    ("taux_pauvrete", "age"),
}


def state(catalogue, indicateur: str, critere: str, *rows: dict) -> str:
    return examine(publication_of(catalogue, facts(*rows)), catalogue.indicateurs[indicateur], critere).etat


def test_both_sexes_known_is_complete(catalogue):
    assert state(catalogue, "defm_abc", "sexe", *SEEKERS) == COMPLET


def test_one_sex_alone_is_partial_and_names_the_other(catalogue):
    rows = [fact("taux_emploi", "qpv", 58.3, "insee_rp"), fact("taux_emploi; sexe=femmes", "qpv", 55.0, "insee_rp")]
    detail = examine(publication_of(catalogue, facts(*rows)), catalogue.indicateurs["taux_emploi"], "sexe")
    assert (detail.etat, detail.connues, detail.manquantes, detail.partenaire) == (PARTIEL, ("Femmes",), ("Hommes",), "Insee")


def test_a_masked_split_is_not_missing(catalogue):
    rows = [*both("defm_abc", 30, 131), *both("defm_abc; sexe=femmes", 4, 61), *both("defm_abc; sexe=hommes", 26, 70)]
    detail = examine(publication_of(catalogue, facts(*rows)), catalogue.indicateurs["defm_abc"], "sexe")
    assert detail.etat == MASQUES and not detail.is_missing and detail.connues == ()


def test_a_split_partly_masked_is_asked_of_nobody(catalogue):
    ages = [*both("decrocheurs_suivis; age=16_21", 30, 90), *both("decrocheurs_suivis; age=22_25", 40, 90)]
    rows = [*both("decrocheurs_suivis", 70, 180), *ages, *both("decrocheurs_suivis; sexe=femmes", 3, 100)]
    table = facts(*({**row, "source": "mission_locale"} for row in rows))
    details = list_details(publication_of(catalogue, table), [catalogue.indicateurs["decrocheurs_suivis"]])
    assert all(detail.partenaire for detail in details if detail.is_missing)
    assert details[1].etat == COMPLET and not details[1].is_missing


def test_a_split_withheld_by_its_producer_says_so(catalogue):
    insee = {"source": "insee_asp"}
    rows = [
        fact("cui", "qpv", 12, **insee),
        fact("cui; sexe=femmes", "qpv", None, **insee),
        fact("cui; sexe=hommes", "qpv", None, **insee),
    ]
    assert state(catalogue, "cui", "sexe", *rows) == RETENU


def test_a_split_never_received_is_asked_of_the_local_partner(catalogue):
    detail = examine(publication_of(catalogue, facts(*SEEKERS)), catalogue.indicateurs["accompagnement_renforce"], "sexe")
    assert detail.etat == SANS_DONNEES and detail.partenaire == "France Travail"
    rows = [fact("accompagnement_renforce", "qpv", 40)]
    assert state(catalogue, "accompagnement_renforce", "sexe", *rows) == ABSENT


@pytest.mark.parametrize(
    ("indicateur", "critere", "expected"),
    [
        ("part_femmes_defm", "sexe", PORTE),
        ("part_jeunes_defm", "age", PORTE),
        ("part_femmes", "sexe", PORTE),
        ("loyer_moyen", "sexe", SANS_OBJET),
        ("foyers_caf", "age", SANS_OBJET),
        ("taux_pauvrete", "sexe", SANS_OBJET),
    ],
)
def test_some_indicators_need_no_split(catalogue, indicateur, critere, expected):
    assert state(catalogue, indicateur, critere, *SEEKERS) == expected


def test_every_indicator_has_its_two_rows(catalogue):
    details = list_details(publication_of(catalogue, facts(*SEEKERS)))
    assert len(details) == len(CRITERES) * len(catalogue.indicateurs)
    assert set(ETATS) == set(LEGENDE)
    assert all(detail.partenaire for detail in details if detail.is_missing)


def test_every_split_that_a_layout_delivers_is_offered(catalogue):
    """What partners send by sex or by age can be asked on the pages, for totals and for rates over them."""
    delivered: dict[str, set] = {}
    for layout in catalogue.sources.values():
        for tableau in layout.tableaux:
            for bloc in tableau.blocs:
                for text in bloc.colonnes.values():
                    cle = parse_cle(text)
                    for modified in (
                        cle,
                        *(_split(cle, column) for column in tableau.dimensions if column.dimension in CRITERES),
                    ):
                        delivered.setdefault(bloc.source, set()).add(modified)
    missing = set()
    for one in catalogue.indicateurs.values():
        for critere in CRITERES:
            if critere in one.decoupages or critere in one.cle_numerateur.breakdown:
                continue
            keys = {one.cle_numerateur.with_modality(critere, name) for name in catalogue.dimensions[critere].modalites}
            if any(keys & delivered.get(source, set()) for source in one.sources):
                missing.add((one.id, critere))
    assert missing - NOT_OFFERED == set()


def _split(cle, column):
    modality = next(value for value in column.valeurs.values() if value != "ensemble")
    return cle.with_modality(column.dimension, modality)

"""The transcribed contract against the contract itself: nothing missing, nothing invented, no dangling id."""

from __future__ import annotations

import html
import re
import shutil
from pathlib import Path

import pytest

from ozoir.catalogue.contrat_loading import load_contrat
from ozoir.errors import OzoirError
from ozoir.paths import CATALOGUE

FOLDER = CATALOGUE / "contrats" / "ozoir-la-ferriere"

# Counted by hand in the action tables: objective → (actions, indicators named).
COUNTS = {
    "emploi-01": (4, 5), "emploi-02": (2, 2), "emploi-03": (2, 1), "emploi-04": (3, 6), "emploi-05": (2, 3),
    "emploi-06": (3, 1), "emploi-07": (4, 4), "emploi-08": (5, 5), "emploi-09": (2, 2), "emploi-10": (2, 1),
    "cohesion-sociale-01": (3, 7), "cohesion-sociale-02": (4, 10), "cohesion-sociale-03": (3, 4),
    "cohesion-sociale-04": (1, 5), "cohesion-sociale-05": (7, 10), "cohesion-sociale-06": (6, 3),
    "cohesion-sociale-07": (2, 1), "cohesion-sociale-08": (1, 0), "cohesion-sociale-09": (3, 4),
    "cohesion-sociale-10": (5, 5), "cohesion-sociale-11": (3, 1), "cohesion-sociale-12": (1, 0),
    "cadre-de-vie-01": (2, 2), "cadre-de-vie-02": (4, 5), "cadre-de-vie-03": (2, 1),
    "cadre-de-vie-04": (4, 5), "cadre-de-vie-05": (7, 2), "cadre-de-vie-06": (4, 2),
}  # fmt: skip


@pytest.fixture(scope="module")
def contrat():
    return load_contrat(FOLDER)


def squeeze(text: str) -> str:
    """Only the letters and signs that carry the wording: no tag, no emphasis, no space, one apostrophe, one ellipsis."""
    text = html.unescape(re.sub(r"<[^>]+>", "", text)).replace("*", "").replace("’", "'")
    return re.sub(r"\s", "", re.sub(r"\.{3,}", "…", text))


def remove_all(text: str, pieces) -> str:
    """The text once every piece is taken out, the longest first."""
    for piece in sorted({squeeze(piece) for piece in pieces}, key=len, reverse=True):
        text = text.replace(piece, "")
    return text


def action_rows(source: str) -> list[list[str]]:
    """The rows of the action tables: title, actions, means."""
    rows = [line.split("\t") for line in source.splitlines() if re.match(r"(<p>)?<b>\d+\.", line)]
    return [row for row in rows if len(row) == 3]


def bullets(source: str, heading: str) -> list[str]:
    """The bullets which follow each heading of that name, up to the next heading."""
    parts = re.split(r"(?m)^#+ (.*)$", source)
    found = []
    for title, body in zip(parts[1::2], parts[2::2], strict=True):
        if title.strip(" *") == heading:
            found += re.findall(r"(?m)^- (.+)$", body)
    return found


def without_end(text: str) -> str:
    return squeeze(text).rstrip(";.")


def test_the_contract_has_three_pillars_fifteen_orientations_and_twenty_eight_objectives(contrat):
    shape = [(p.id, len(p.orientations), len(p.objectifs), len(p.diagnostics)) for p in contrat.piliers]
    assert shape == [("emploi", 5, 10, 1), ("cohesion-sociale", 6, 12, 4), ("cadre-de-vie", 4, 6, 1)]


def test_each_objective_has_its_actions_and_indicators(contrat):
    mentions = [mention.objectif.id for mention in contrat.mentions]
    assert {o.id: (len(o.actions), mentions.count(o.id)) for o in contrat.objectifs} == COUNTS
    assert (len(contrat.actions), len(contrat.mentions), len(contrat.indicateurs)) == (91, 97, 84)


def test_every_defined_indicator_is_named_somewhere(contrat):
    named = {mention.indicateur.id for mention in contrat.mentions}
    assert {indicateur.id for indicateur in contrat.indicateurs} == named


def test_an_indicator_that_serves_several_objectives_is_defined_once(contrat):
    def carriers(id: str) -> list[str]:
        return [mention.objectif.id for mention in contrat.mentions if mention.indicateur.id == id]

    assert carriers("heures_insertion") == ["emploi-05", "cadre-de-vie-01"]
    assert carriers("part_sur_sous_occupation") == ["cadre-de-vie-02", "cadre-de-vie-03", "cadre-de-vie-04"]
    assert carriers("foyers_difficulte_aides") == ["cohesion-sociale-02"] * 2


def test_actions_without_indicator_or_pilot_are_those_the_notes_tell(contrat):
    bare = {a.id for o in contrat.objectifs for a in o.actions if not o.indicators_of(a)}
    told = {note.id: set(note.references) for note in contrat.notes}
    whole = {f"{id}-a1" for id in told["objectifs-sans-indicateur"]}
    assert bare == told["actions-sans-indicateur"] | whole
    assert {a.id for a in contrat.actions if not a.pilotes} == {"cohesion-sociale-03-a3"}


def test_the_notes_tell_every_title_number_and_commitment_that_does_not_match(contrat):
    told = {note.id: set(note.references) for note in contrat.notes}
    other_title = {o.id for o in contrat.objectifs if o.titre_orientations or o.titre_tableau}
    assert other_title == told["titres-objectifs-differents"]
    other_number = {o.id for o in contrat.objectifs if o.numero_orientations}
    assert other_number == told["numerotation-cohesion-11-12"]
    engagements = [engagement for axe in contrat.axes for engagement in axe.engagements]
    assert {engagement.id for engagement in engagements if not engagement.objectifs} < told["engagements-sans-action"]
    pillars = {e.id: {contrat.objectif(id).pilier for id in e.objectifs} for e in engagements if e.objectifs}
    strangers = {e.id for e in engagements if e.id in pillars and e.piliers_cites and not pillars[e.id] & {*e.piliers_cites}}
    assert strangers < told["piliers-des-axes"]
    assert all(engagement.note for engagement in engagements if not engagement.objectifs or engagement.id in strangers)


def test_an_action_takes_pilots_from_its_objective_unless_it_has_its_own(contrat):
    assert contrat.action("emploi-06-a1").pilotes == ("Pôle emploi", "Ville d’Ozoir-la-Ferrière")
    assert contrat.action("emploi-06-a3").pilotes == ("Service informatique", "Espace social")


def test_axes_signatories_governance_and_clauses_are_complete(contrat):
    assert [(axe.id, len(axe.engagements)) for axe in contrat.axes] == [
        ("jeunesse", 9), ("egalite", 5), ("discriminations", 6),
    ]  # fmt: skip
    assert len(contrat.signataires) == 12
    assert [instance.id for instance in contrat.gouvernance.instances] == ["copil", "cotech"]
    assert len(contrat.gouvernance.equipe_projet) == 3
    assert [len(college.membres) for college in contrat.gouvernance.conseil_citoyen] == [1, 4]
    assert len(contrat.suivi.clauses_bilan) == 5
    assert sum(terme.origine == "contrat" for terme in contrat.glossaire) == 7


def test_action_titles_are_short_enough_for_a_table(contrat):
    assert [action.id for action in contrat.actions if len(action.titre) > 80] == []


def test_every_action_cell_is_wholly_transcribed(contrat, contract_text):
    rows = action_rows(contract_text)
    assert len(rows) == len(contrat.objectifs)
    for row, objectif in zip(rows, contrat.objectifs, strict=True):
        texts = [text for action in objectif.actions for text in (action.texte, *action.details)]
        left = remove_all(squeeze(row[1]), texts)
        assert re.sub(r"[-.12]", "", left) == "", objectif.id


def test_every_means_cell_is_wholly_transcribed(contrat, contract_text):
    for row, objectif in zip(action_rows(contract_text), contrat.objectifs, strict=True):
        carriers = (objectif, *objectif.actions)
        pieces = [text for carrier in carriers for text in carrier.leviers]
        pieces += [cite.mention for carrier in carriers for cite in carrier.indicateurs]
        left = remove_all(squeeze(row[2]), pieces)
        assert re.sub(r"[Ii]ndicateurs?|[:•,.;]", "", left) == "", objectif.id


def test_titles_and_numbers_are_those_of_the_action_tables(contrat, contract_text):
    for row, objectif in zip(action_rows(contract_text), contrat.objectifs, strict=True):
        title = objectif.titre_tableau or objectif.titre
        assert squeeze(row[0]) == squeeze(f"{objectif.numero}.{title}"), objectif.id


def test_orientations_list_the_objectives_with_their_other_titles_and_actors(contrat, contract_text):
    lines = re.findall(r"(?m)^(?:#### )?(\d+)\. (.+)\n\n\W*Acteurs concernés : (.+)$", contract_text)
    listed = [(int(number), without_end(title), squeeze(actors)) for number, title, actors in lines]
    assert len(listed) == len(contrat.objectifs)
    for objectif in contrat.objectifs:
        number = objectif.numero_orientations or objectif.numero
        title = without_end(objectif.titre_orientations or objectif.titre)
        (actors,) = [actors for n, t, actors in listed if (n, t) == (number, title)]
        assert re.sub(r"[/,.…]", "", remove_all(actors, objectif.acteurs)) == "", objectif.id


def test_every_strength_and_weakness_is_transcribed(contrat, contract_text):
    diagnostics = [diagnostic for pilier in contrat.piliers for diagnostic in pilier.diagnostics]
    forces = [without_end(text) for diagnostic in diagnostics for text in diagnostic.forces]
    faiblesses = [without_end(text) for diagnostic in diagnostics for text in diagnostic.faiblesses]
    strengths = bullets(contract_text, "Atouts / Forces du territoire")
    assert [without_end(re.sub(r"^[+✦] ", "", text)) for text in strengths] == forces
    assert [without_end(text) for text in bullets(contract_text, "Faiblesses / Risques")] == faiblesses
    assert (len(forces), len(faiblesses)) == (9 + 9 + 8 + 5 + 6 + 5, 10 + 4 + 8 + 3 + 2 + 7)


def test_every_commitment_and_signatory_is_transcribed(contrat, contract_text):
    headings = {
        "jeunesse": "Jeunesse",
        "egalite": "Egalité femme / homme",
        "discriminations": "Lutte contre les discriminations",
    }
    for axe in contrat.axes:
        assert [squeeze(text) for text in bullets(contract_text, headings[axe.id])] == [
            squeeze(engagement.texte) for engagement in axe.engagements
        ]
    signatories = [
        squeeze(re.sub(r",? représentée? par$", "", text)) for text in bullets(contract_text, "Listes des signataires")
    ]
    assert signatories == [squeeze(signataire.nom) for signataire in contrat.signataires]


def test_every_quoted_text_is_in_the_contract(contrat, contract_text):
    whole = squeeze(contract_text)
    quoted = [*contrat.synthese, *contrat.preambule, *contrat.processus, *contrat.contexte]
    quoted += [text for pilier in contrat.piliers for text in (pilier.titre, *pilier.presentation)]
    quoted += [text for p in contrat.piliers for text in (*p.acteurs, *p.publics_cibles, *p.dispositifs)]
    quoted += [text for p in contrat.piliers for diagnostic in p.diagnostics for text in diagnostic.enjeu]
    quoted += [orientation.titre for orientation in contrat.orientations]
    quoted += [instance.texte for instance in contrat.gouvernance.instances]
    quoted += [contrat.gouvernance.principe, *contrat.gouvernance.equipe_projet]
    quoted += [text for college in contrat.gouvernance.conseil_citoyen for text in college.membres]
    quoted += [*contrat.suivi.introduction, contrat.suivi.evaluation_mi_parcours, contrat.suivi.destinataire]
    quoted += [clause.texte for clause in contrat.suivi.clauses_bilan]
    quoted += [text for annexe in contrat.annexes for text in annexe.points]
    quoted += [chiffre.citation for chiffre in contrat.etat_initial]
    quoted += [f"{terme.sigle} : {terme.definition}" for terme in contrat.glossaire if terme.origine == "contrat"]
    quoted += [graphie for acteur in contrat.acteurs for graphie in acteur.graphies]
    assert [text for text in quoted if squeeze(text) not in whole] == []


def test_figures_of_the_initial_state_are_in_their_citation(contrat):
    words = {"chomage-rapport": "deux", "sans-emploi-part": "un tiers", "familles-monoparentales-part": "un quart",
             "entreprises-canton-part": "la moitié", "animateurs-numerique": "deux", "structures-loisirs": "deux",
             "age-du-bati": "une quarantaine"}  # fmt: skip
    for chiffre in contrat.etat_initial:
        written = words.get(chiffre.id, f"{chiffre.valeur:g}" if chiffre.valeur < 1e4 else f"{chiffre.valeur:.0f}")
        assert squeeze(written) in squeeze(chiffre.citation), chiffre.id


def test_texts_follow_french_typography(contrat):
    files = [path for path in FOLDER.rglob("*.toml") if path.name != "territoire.toml"]
    wrong = re.compile(r"[a-zé]'[a-zéh]| [;!?%»]|« |\w : |\.\.\.")
    strings = [(path.name, text) for path in files for text in re.findall(r'"([^"]*)"', path.read_text("utf-8"))]
    assert [(name, text) for name, text in strings if wrong.search(text)] == []


def copy_and_replace(tmp_path: Path, file: str, old: str, new: str) -> Path:
    folder = tmp_path / FOLDER.name
    shutil.copytree(FOLDER, folder)
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("axes.toml", '"emploi-01"', '"emploi-99"', "jeunesse-e2"),
        ("emploi/pilier.toml", '"emploi-10"]', '"emploi-11"]', "emploi-o5"),
        (
            "emploi/01_information_remobilisation.toml",
            "demandeurs_emploi_a_b",
            "demandeurs_emplois_a_b",
            "demandeurs_emploi_a_b",
        ),
        ("emploi/01_information_remobilisation.toml", '"Pôle emploi"]', '"Pole emploi"]', "Pôle emploi"),
        ("emploi/01_information_remobilisation.toml", "emploi-01-a2", "emploi-01-a1", "deux fois"),
        ("emploi/09_metiers.toml", 'renvois = ["emploi-04-a3"]', 'renvois = ["emploi-04-a8"]', "emploi-04-a"),
        ("notes.toml", 'references = ["emploi-03"]', 'references = ["emploi-33"]', "directe-direccte"),
        ("indicateurs.toml", 'nature = "taux"', 'nature = "tau"', "taux"),
        ("indicateurs.toml", 'alimentation = "a_definir"', 'alimentation = "observation"', "taux_inscription_pole_emploi"),
        ("cadre-de-vie/01_renovation_bati.toml", "numero = 1", "numero = 2", "cadre-de-vie-02"),
        ("cadre-de-vie/01_renovation_bati.toml", "pilotes =", "pilote =", "Vouliez-vous dire"),
    ],
)
def test_a_dangling_or_misspelt_word_is_refused_and_named(tmp_path, file, old, new, told):
    with pytest.raises(OzoirError, match=re.escape(told)):
        load_contrat(copy_and_replace(tmp_path, file, old, new))

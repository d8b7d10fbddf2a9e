"""The items of the yearly report: what the team wrote, then what the base holds, clause by clause."""

from __future__ import annotations

from collections.abc import Iterator

from ozoir.catalogue.bilan import DECRET
from ozoir.catalogue.diffusions import PUBLIQUE
from ozoir.catalogue.saisies import Besoin, Decision, Proposition
from ozoir.exports.contents import Bloc, Rubrique, Tableau, Texte, Titre
from ozoir.exports.credit_tables import credit_tables
from ozoir.exports.follow_up import (
    actions_table,
    decisions_table,
    memory_tables,
    needs_table,
    opinions_table,
    progress_table,
    proposals_table,
    realisations_table,
)
from ozoir.suivi.bilan import Bilan, SectionRedigee
from ozoir.suivi.dossier import Dossier as Saisies


def rubriques(bilan: Bilan, saisies: Saisies, diffusion: str, commentaire: str) -> Iterator[Rubrique]:
    clauses = {clause.id: clause.titre for clause in saisies.cadre.contrat.suivi.clauses_bilan}
    for item in bilan.sections:
        section = item.section
        parts = [f"Contrat\u00a0: {clauses[section.clause]}"] if section.clause else []
        if section.decret:
            parts.append(f"{DECRET[:1].upper()}{DECRET[1:]}, {' et '.join(f'{number}°' for number in section.decret)}")
        blocs = [*_written(item, diffusion)]
        if section.id == "observation" and commentaire.strip():
            blocs.insert(0, Texte(commentaire.strip(), "encadre"))
        blocs += _CONTENTS[section.contenu](bilan, saisies) if section.contenu in _CONTENTS else []
        yield Rubrique(section.id, section.titre, " · ".join(parts), tuple(blocs))


def _written(item: SectionRedigee, diffusion: str) -> Iterator[Bloc]:
    """The team's paragraphs; a text still to be written is said to the signatories only."""
    text = item.texte.strip()
    if text:
        yield from (Texte(part.strip()) for part in text.split("\n\n") if part.strip())
    elif item.section.obligatoire and diffusion != PUBLIQUE:
        yield Texte(f"À rédiger. {item.section.consigne}", "appel")


def _orientations(bilan: Bilan, saisies: Saisies) -> list[Bloc]:
    blocs: list[Bloc] = []
    for pilier in saisies.cadre.contrat.piliers:
        blocs.append(Titre(pilier.titre, 2))
        blocs += [Texte(orientation.titre, "puce") for orientation in pilier.orientations]
    return blocs


def _actions_blocs(bilan: Bilan, saisies: Saisies) -> list[Bloc]:
    blocs: list[Bloc] = [progress_table(bilan.piliers)]
    for item in bilan.piliers:
        blocs += [Titre(item.pilier.titre_court, 2), actions_table(item)]
        answers = [line for objectif in item.objectifs for line in objectif.realisations]
        blocs.append(realisations_table(f"{item.pilier.titre_court}\u00a0: indicateurs de réalisation", answers, is_full=False))
    return blocs


def _ajustements(bilan: Bilan, saisies: Saisies) -> list[Bloc]:
    def proposals(title: str, items) -> Tableau:
        return proposals_table(title, items, saisies.cadre, "Aucune proposition saisie.")

    annee = bilan.annee
    return [
        Titre("Propositions d’ajustement", 2),
        *memory_tables(
            bilan.memoire[Proposition],
            proposals,
            (f"Propositions {annee}", "Propositions encore ouvertes", "Propositions closes dans l’année"),
        ),
        Titre("Décisions", 2),
        *memory_tables(
            bilan.memoire[Decision],
            decisions_table,
            (f"Décisions {annee}", "Décisions encore ouvertes", "Décisions closes dans l’année"),
        ),
        Titre(f"Programme {annee + 1}", 2),
        programme_table(bilan, saisies),
    ]


def programme_table(bilan: Bilan, saisies: Saisies) -> Tableau:
    title = f"Actions proposées au programme {bilan.annee + 1}"
    return proposals_table(title, bilan.programme, saisies.cadre, "Aucune action n’est encore proposée au programme.")


def _credits(bilan: Bilan, saisies: Saisies) -> list[Bloc]:
    return list(credit_tables(bilan.credits, saisies.cadre, bilan.annee))


def _besoins(bilan: Bilan, saisies: Saisies) -> list[Bloc]:
    return memory_tables(
        bilan.memoire[Besoin], needs_table, (f"Besoins {bilan.annee}", "Besoins encore ouverts", "Besoins clos dans l’année")
    )


def _avis(bilan: Bilan, saisies: Saisies) -> list[Bloc]:
    return [opinions_table(bilan.avis)]


_CONTENTS = {
    "orientations": _orientations,
    "actions": _actions_blocs,
    "ajustements": _ajustements,
    "credits": _credits,
    "besoins": _besoins,
    "avis": _avis,
}

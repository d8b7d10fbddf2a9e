"""« Les sigles de cette page »: the glossary's words met in what a page is about, explained at its end."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

import streamlit as st

from ozoir.catalogue.contrat import Action, Objectif, Terme
from ozoir.catalogue.loading import Catalogue
from ozoir.catalogue.model import Indicateur
from ozoir.indicators.publication import Publication
from ozoir.ui.session import keep
from ozoir.ui.texts import safe


def show_words(page: str, publication: Publication) -> None:
    """Folded, reached by keyboard like the rest; nothing on a page without any acronym."""
    asked = tuple(st.query_params.get(name, "") for name in ("pilier", "axe", "action"))
    terms = keep(publication, ("sigles", page, asked), lambda: _terms_of(page, publication.catalogue, *asked))
    if not terms:
        return
    entries = "".join(
        f"<dt><b>{safe(term.sigle)}</b></dt><dd>{safe(f'{term.definition}. {term.note}'.removesuffix('. '))}</dd>"
        for term in terms
    )
    st.html(f"<details><summary>Les sigles de cette page ({len(terms)})</summary><dl>{entries}</dl></details>")


def _terms_of(page: str, catalogue: Catalogue, pilier: str, axe: str, action: str) -> list[Terme]:
    texts = TEXTS.get(page, lambda *_: iter(()))(catalogue, pilier, axe, action)
    return find_terms(texts, catalogue.contrat.glossaire)


def find_terms(texts: Iterable[str], glossaire: Sequence[Terme]) -> list[Terme]:
    """Those written in these texts as a word of their own, as in the glossary or as a name (« CAF », « Caf »)."""
    text = "\n".join(texts)
    return sorted((term for term in glossaire if _pattern(term.sigle).search(text)), key=lambda term: term.sigle.lower())


def _pattern(sigle: str) -> re.Pattern[str]:
    written = dict.fromkeys([sigle, sigle.capitalize()] if len(sigle) > 2 and sigle.isalpha() else [sigle])
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, written))})\b")


def _of_pillar(catalogue: Catalogue, pilier: str, *_: str) -> Iterator[str]:
    declared = next((item for item in catalogue.contrat.piliers if item.id == pilier), None)
    if declared:
        for goal in declared.objectifs:
            yield from _of_goal(goal)
            yield from (catalogue.contrat.indicateur(cite.id).libelle for cite in goal.indicateurs)
    yield from _of_indicators(catalogue, (item for item in catalogue.indicateurs.values() if item.pilier == pilier))


def _of_axis(catalogue: Catalogue, pilier: str, axe: str, *_: str) -> Iterator[str]:
    axes = catalogue.contrat.axes
    shown = next((item for item in axes if item.id == axe), axes[0])
    yield from (engagement.texte for engagement in shown.engagements)
    yield from _of_indicators(catalogue, (item for item in catalogue.indicateurs.values() if shown.id in item.axes))


def _of_every_indicator(catalogue: Catalogue, *_: str) -> Iterator[str]:
    yield from _of_indicators(catalogue, catalogue.indicateurs.values())


def _of_actions(catalogue: Catalogue, pilier: str, axe: str, action: str) -> Iterator[str]:
    """One action's sheet, else the list."""
    goals = catalogue.contrat.objectifs
    if action:
        yield from (note.texte for note in catalogue.contrat.notes if action in note.references)
        for goal in goals:
            for item in goal.actions:
                if item.id == action:
                    yield from (goal.titre, *_of_action(item), *(cite.mention for cite in goal.indicators_of(item)))
                    for cite in goal.indicators_of(item):
                        asked = catalogue.contrat.indicateur(cite.id)
                        yield asked.libelle
                        yield from _of_indicators(catalogue, (catalogue.indicateurs[name] for name in asked.observation))
    else:
        yield from (text for goal in goals for item in goal.actions for text in (item.titre, *item.pilotes))


def _of_follow_up(catalogue: Catalogue, *_: str) -> Iterator[str]:
    """Pages of the follow-up show titles of goals and actions, pilots, bodies."""
    yield from (text for goal in catalogue.contrat.objectifs for text in _of_goal(goal))
    yield from ("COPIL", "COTECH", "DSU", "EPCI", "QPV")


def _of_goal(goal: Objectif) -> Iterator[str]:
    yield from (goal.titre, *goal.pilotes, *(action.titre for action in goal.actions))


def _of_action(action: Action) -> Iterator[str]:
    yield from (action.titre, action.texte, *action.details, *action.leviers, *action.moyens, *action.dispositifs)
    yield from (*action.pilotes, *action.partenaires, *action.publics)


def _of_indicators(catalogue: Catalogue, indicators: Iterable[Indicateur]) -> Iterator[str]:
    """Their words, those of their sources and of what is asked from partners, and the names of the comparators."""
    for item in indicators:
        yield from (item.titre, item.definition, item.champ, item.lecture, *item.precautions)
        for name in item.sources:
            yield from (catalogue.statistiques[name].titre, catalogue.statistiques[name].precaution or "")
    yield from (text for layout in catalogue.sources.values() for text in (layout.titre, layout.demande))
    yield from catalogue.territoire.comparateurs.values()


# The page's name → what it talks about. A page which explains itself (method, search, help) is not here.
TEXTS: dict[str, Callable[..., Iterator[str]]] = {
    "accueil": _of_every_indicator,
    "pilier": _of_pillar,
    "axes": _of_axis,
    "portrait": _of_every_indicator,
    "ecarts": _of_every_indicator,
    "quartiers": _of_every_indicator,
    "actions": _of_actions,
    "credits": _of_follow_up,
    "gouvernance": _of_follow_up,
    "bilan": _of_follow_up,
    "couverture": _of_every_indicator,
    "donnees": _of_every_indicator,
}

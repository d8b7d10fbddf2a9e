"""Which edition a file is, and which date each block of its columns speaks of: found, given, or asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from ozoir.catalogue.model import Bloc, Millesime, Source
from ozoir.errors import OzoirError, did_you_mean
from ozoir.ingestion.dates import ImpossibleDate, complete_year, find_dates, parse_date, read_period, replace_periods
from ozoir.ingestion.delivery import AVERTISSEMENT, BLOQUANT, Finding
from ozoir.ingestion.headers import normalise


@dataclass(frozen=True)
class Period:
    """What names and titles say of a sheet: its edition (or empty), the dates they give, and why one cannot tell.

    feuille: the sheet's own name.
    """

    edition: str
    days: tuple[date, ...]
    findings: tuple[Finding, ...] = ()
    feuille: str = ""


def find_period(source: Source, name: str, titles: tuple[str, ...], edition: str | None, sheet: str = "") -> Period:
    """The edition and date written in the file's name, else in the sheet's titles; two different answers are a question."""
    texts = (name, sheet, *titles)
    editions, days = set(), set()
    for pattern, searched in ((source.fichiers, (name,)), (source.titres, (*titles, sheet))):
        for found in (re.search(regex, text, re.IGNORECASE) for regex in pattern for text in searched if text):
            groups = found.groupdict() if found else {}
            if groups.get("edition"):
                editions.add(groups["edition"])
            if groups.get("date") and (day := _read_day(groups["date"])):
                days.add(day)
    if not days:
        days = set().union(*(find_dates(text) for text in texts))
    findings = []
    if edition:
        editions = {edition}
    if len(editions) > 1:
        message = f"Édition incertaine : {', '.join(sorted(editions))}. Précisez-la avec --edition {max(editions)}."
        findings.append(Finding(BLOQUANT, message, sheet))
    return Period(max(editions, default=""), tuple(sorted(days)), tuple(findings), sheet)


def _read_day(text: str) -> date | None:
    try:
        return parse_date(text.replace("_", "-"))
    except ImpossibleDate:
        return None


def check_given(source: Source, millesimes: Mapping[str, object]) -> None:
    """Blocks named by the analyst exist in this layout."""
    names = [bloc.nom for tableau in source.tableaux for bloc in tableau.blocs]
    for given in millesimes:
        if normalise(given) not in map(normalise, names):
            raise OzoirError(
                "Bloc inconnu dans --millesime.",
                f"« {given} » n’est pas un bloc de {source.titre}.{did_you_mean(given, names)} "
                f"Blocs : {', '.join(dict.fromkeys(names))}.",
            )


def find_reference_date(
    bloc: Bloc, period: Period, years: frozenset[str], millesimes: Mapping[str, object]
) -> tuple[date | None, Finding | None]:
    """The date a block speaks of (None when each row has its own), and what must be asked or said about it."""
    rule = bloc.millesime
    if rule.regle == "colonne":  # each column has its own date
        return None, None
    given = next((value for name, value in millesimes.items() if normalise(name) == normalise(bloc.nom)), None)
    if given is not None:
        return _given_date(bloc, given), None
    if rule.regle == "ligne":
        return None, None
    if rule.regle == "fixe":
        return rule.date, None
    if rule.regle == "feuille":
        day = read_own_period(replace_periods(period.feuille, "")[1], rule.jour)
        asked = _ask(bloc, f"Le nom de la feuille «\u00a0{period.feuille}\u00a0» ne dit pas la date")
        return day, None if day else asked
    if rule.regle == "fichier":
        if len(period.days) > 1:
            written = ", ".join(f"{day:%d/%m/%Y}" for day in period.days)
            return None, _ask(
                bloc, f"Le nom et les titres du fichier donnent plusieurs dates ({written}) ; on ne sait pas laquelle est celle"
            )
        if period.days:
            return period.days[0], None
        if period.edition.isdecimal():
            return complete_year(int(period.edition), rule.jour), None
        return None, _ask(bloc, "Ni le nom du fichier ni ses titres ne disent la date")
    if rule.regle == "suffixe":
        if len(years) == 1:
            return complete_year(2000 + int(next(iter(years))), rule.jour), None
        seen = ", ".join(sorted(years)) or "aucune"
        return None, _ask(bloc, f"Les noms de colonnes devraient porter une seule année (trouvé : {seen})")
    return _date_of_edition(bloc, rule, period)


def read_own_period(text: str, jour: str) -> date | None:
    """The date written in a header or a sheet's name; None when there is none, or no possible one."""
    try:
        return read_period(text, jour)
    except ImpossibleDate:
        return None


def _date_of_edition(bloc: Bloc, rule: Millesime, period: Period) -> tuple[date | None, Finding | None]:
    if not period.edition.isdecimal():
        message = (
            "Édition inconnue : ni le nom du fichier ni ses titres ne la donnent. Précisez-la, par exemple --edition 2021."
        )
        return None, Finding(BLOQUANT, message)
    edition = int(period.edition)
    if str(edition) in rule.editions:
        return complete_year(rule.editions[str(edition)], rule.jour), None
    if rule.decalage is None:
        return None, _ask(bloc, f"L’année des données n’est pas connue pour l’édition {edition}")
    day = complete_year(edition + rule.decalage, rule.jour)
    is_known = (rule.premiere or edition) <= edition <= (rule.derniere or edition)
    if is_known:
        return day, None
    message = (
        f"Bloc « {bloc.nom} » : l’édition {edition} n’a pas été vérifiée ; les données sont supposées du {day:%d/%m/%Y}. "
        f"Sinon, précisez l’année : {_option(bloc, day.year)}."
    )
    return day, Finding(AVERTISSEMENT, message)


def _ask(bloc: Bloc, reason: str) -> Finding:
    return Finding(BLOQUANT, f"{reason} du bloc « {bloc.nom} ». Précisez l’année : {_option(bloc, 2019)}.")


def _option(bloc: Bloc, year: int) -> str:
    value = f"{bloc.nom}={year}"
    return f'--millesime "{value}"' if " " in value else f"--millesime {value}"


def _given_date(bloc: Bloc, given: object) -> date:
    try:
        day = parse_date(given, bloc.millesime.jour)
    except ImpossibleDate:
        day = None
    if day is None:
        raise OzoirError(
            "Millésime mal formé.",
            f"« {given} » pour le bloc « {bloc.nom} » : on attend une année (2019) ou une date (2019-12-31).",
        )
    return day

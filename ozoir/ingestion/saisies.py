"""What is wrong with an entry, from the screen or from a workbook: findings, all at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal
from functools import singledispatch

from ozoir.catalogue import saisies
from ozoir.catalogue.saisies import (
    Avis,
    Besoin,
    Commentaire,
    Credit,
    Decision,
    EtatAction,
    Evenement,
    Paragraphe,
    Proposition,
    Realisation,
    Reunion,
    Saisie,
)
from ozoir.catalogue.suivi import Cadre
from ozoir.errors import did_you_mean
from ozoir.ingestion.delivery import AVERTISSEMENT, BLOQUANT, Finding
from ozoir.ingestion.free_texts import ADVICE, personal_kinds

PERSONNES = "personnes"
_LARGEST_AMOUNT = Decimal("999999999999.99")
_COUNTS = {
    "beneficiaires": "le nombre de bénéficiaires",
    "dont_qpv": "le nombre de bénéficiaires du quartier",
    "femmes": "le nombre de femmes",
    "hommes": "le nombre d’hommes",
}
_AMOUNTS = {"prevu": "le montant prévu", "engage": "le montant engagé", "paye": "le montant payé"}


@dataclass(frozen=True)
class Lieu:
    """Where the entry was read: nothing for the screen; else its sheet, and the cell of each field."""

    feuille: str = ""
    cellules: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Check:
    """One entry under examination; `nom` tells the reader which one."""

    cadre: Cadre
    lieu: Lieu
    nom: str

    def find(self, gravite: str, field_name: str, message: str, value: object = "", suggestion: str = "") -> Finding:
        text = message if self.lieu.cellules else f"{self.nom}\u00a0: {message}"
        shown = "" if value is None else str(value)
        return Finding(gravite, text, self.lieu.feuille, self.lieu.cellules.get(field_name, ""), shown, suggestion)

    def refuse(self, field_name: str, message: str, value: object = "") -> Finding:
        return self.find(BLOQUANT, field_name, message, value)

    def warn(self, field_name: str, message: str, value: object = "") -> Finding:
        return self.find(AVERTISSEMENT, field_name, message, value)

    def year(self, annee: int) -> Iterator[Finding]:
        first, *_, last = self.cadre.annees
        if annee not in self.cadre.annees:
            yield self.refuse("annee", f"l’année doit être comprise entre {first} et {last}, durée du contrat.", annee)

    def one_of(
        self, field_name: str, value: str, accepted: Mapping[str, object], noun: str, is_needed: bool = True
    ) -> Iterator:
        if value in accepted or not (value or is_needed):
            return
        if value:
            yield self.refuse(field_name, f"{noun} hors de la liste.{did_you_mean(value, accepted)}", value)
        else:
            yield self.refuse(field_name, f"il manque\u00a0: {noun}.")

    def text(self, field_name: str, value: str) -> Iterator[Finding]:
        if not value.strip():
            yield self.refuse(field_name, "le texte est vide.")


def check_entry(cadre: Cadre, entry: Saisie, lieu: Lieu | None = None) -> list[Finding]:
    """Every finding of one entry: blocking (refused) or warning (kept, to be looked at)."""
    check = _Check(cadre, lieu or Lieu(), name_entry(cadre, entry))
    return [*_check(entry, check), *_check_texts(entry, check)]


def _check_texts(entry: Saisie, check: _Check) -> Iterator[Finding]:
    """Free texts say functions, not how to reach somebody."""
    for item in fields(entry):
        value = getattr(entry, item.name)
        for kind in personal_kinds(value) if isinstance(value, str) else ():
            yield check.refuse(item.name, f"le texte contient {kind}. {ADVICE}")


def name_entry(cadre: Cadre, entry: Saisie) -> str:
    """Which entry, for a reader: « Plaquette des acteurs », 2016; décision, D2."""
    objet = getattr(entry, "action", "") or getattr(entry, "objet", "")
    title = f"«\u00a0{cadre.titres[objet]}\u00a0»" if objet in cadre.titres else objet or entry.NOM
    parts = [title, getattr(entry, "reference", ""), str(getattr(entry, "annee", "") or "")]
    if isinstance(entry, Realisation):
        labels = {item.id: item.libelle for item in cadre.contrat.indicateurs}
        parts.insert(1, f"«\u00a0{labels.get(entry.indicateur, entry.indicateur)}\u00a0»")
    if isinstance(entry, Credit) and entry.financeur in cadre.financements.financeurs:
        parts.insert(1, cadre.financements.financeurs[entry.financeur].titre)
    return ", ".join(part for part in parts if part)


@singledispatch
def _check(entry: Saisie, check: _Check) -> Iterator[Finding]:
    raise TypeError(f"no check for {type(entry).__name__}")


@_check.register
def _(entry: EtatAction, check: _Check) -> Iterator[Finding]:
    yield from check.year(entry.annee)
    yield from check.one_of("action", entry.action, _actions(check), "action")
    yield from check.one_of("statut", entry.statut, saisies.STATUTS_ACTION, "statut", is_needed=False)
    if entry.avancement is None:
        return
    if not 0 <= entry.avancement <= 100:
        yield check.refuse("avancement", "l’avancement va de 0 à 100\u202f%.", entry.avancement)
    elif entry.statut == "realisee" and entry.avancement < 100:
        yield check.warn("avancement", "action réalisée, mais avancement inférieur à 100\u202f%.", entry.avancement)
    elif entry.statut == "a_venir" and entry.avancement > 0:
        yield check.warn("avancement", "action à venir, mais avancement supérieur à 0\u202f%.", entry.avancement)


@_check.register
def _(entry: Commentaire, check: _Check) -> Iterator[Finding]:
    yield from check.year(entry.annee)
    yield from check.one_of("action", entry.action, _actions(check), "action")
    yield from check.one_of("type", entry.type, saisies.TYPES_COMMENTAIRE, "type de commentaire")


@_check.register
def _(entry: Realisation, check: _Check) -> Iterator[Finding]:
    yield from check.year(entry.annee)
    known = {(item.objet, item.indicateur.id): item for item in check.cadre.attendus}
    attendu = known.get((entry.objet, entry.indicateur))
    if attendu is None:
        yield check.refuse("indicateur", "le contrat ne suit pas cet indicateur à cet endroit.", entry.indicateur)
        return
    if not attendu.is_entered:
        yield check.warn("indicateur", "cet indicateur se calcule déjà à partir des fichiers des partenaires.")
    if entry.non_concerne and any(_numbers(entry)):
        yield check.refuse("non_concerne", "«\u00a0non concerné\u00a0» et une valeur à la fois\u00a0: gardez l’un ou l’autre.")
    yield from _check_value(entry, attendu.indicateur, check)
    yield from _check_beneficiaries(entry, check)


def _numbers(entry: Realisation) -> Iterator[bool]:
    yield from (getattr(entry, name) is not None for name in ("realise", *_COUNTS))


def _check_value(entry: Realisation, indicateur, check: _Check) -> Iterator[Finding]:
    for name, noun in (("realise", "la valeur réalisée"), ("cible", "la cible")):
        value = getattr(entry, name)
        if value is None:
            continue
        if indicateur.nature == "texte":
            yield check.refuse(name, "cet indicateur se répond par un texte, pas par un nombre.", value)
        elif indicateur.nature == "oui_non" and value not in (0, 1):
            yield check.refuse(name, "cet indicateur se répond par oui ou par non.", value)
        elif value < 0:
            yield check.refuse(name, f"{noun} ne peut pas être négative.", value)
        elif indicateur.unite == PERSONNES and value != int(value):
            yield check.refuse(name, "un nombre de personnes est un nombre entier.", value)
        elif indicateur.nature == "taux" and value > 100:
            yield check.warn(name, f"{noun} dépasse 100\u202f%.", value)


def _check_beneficiaries(entry: Realisation, check: _Check) -> Iterator[Finding]:
    given = {name: getattr(entry, name) for name in _COUNTS if getattr(entry, name) is not None}
    for name, value in given.items():
        if value < 0:
            yield check.refuse(name, f"{_COUNTS[name]} ne peut pas être négatif.", value)
    total = given.get("beneficiaires")
    if total is None:
        if given:
            yield check.warn("beneficiaires", "le nombre total de bénéficiaires manque.")
        return
    for name in ("dont_qpv", "femmes", "hommes"):
        if name in given and given[name] > total >= 0:
            yield check.refuse(name, f"{_COUNTS[name]} dépasse celui des bénéficiaires ({total}).", given[name])
    if "femmes" not in given or "hommes" not in given:
        return
    by_sex = given["femmes"] + given["hommes"]
    if by_sex > total >= max(given["femmes"], given["hommes"]):
        yield check.refuse("femmes", f"femmes et hommes font {by_sex}, plus que les {total} bénéficiaires.", given["femmes"])
    elif by_sex < total:
        yield check.warn("femmes", f"femmes et hommes font {by_sex}, moins que les {total} bénéficiaires.", given["femmes"])


@_check.register
def _(entry: Credit, check: _Check) -> Iterator[Finding]:
    yield from check.year(entry.annee)
    yield from check.one_of("objet", entry.objet, check.cadre.titres, "action, objectif ou pilier")
    yield from check.one_of("financeur", entry.financeur, check.cadre.financements.financeurs, "financeur")
    yield from check.one_of("nature", entry.nature, saisies.NATURES_CREDIT, "nature de crédits")
    yield from check.one_of("theme", entry.theme, check.cadre.financements.themes, "thème", is_needed=False)
    for name, noun in _AMOUNTS.items():
        yield from _check_amount(name, noun, getattr(entry, name), check)
    if None not in (entry.prevu, entry.engage) and entry.engage > entry.prevu:
        yield check.warn("engage", "le montant engagé dépasse le montant prévu.", entry.engage)
    if None not in (entry.engage, entry.paye) and entry.paye > entry.engage:
        yield check.warn("paye", "le montant payé dépasse le montant engagé.", entry.paye)


def _check_amount(name: str, noun: str, amount: Decimal | None, check: _Check) -> Iterator[Finding]:
    if amount is None:
        return
    if not amount.is_finite() or abs(amount) > _LARGEST_AMOUNT:
        yield check.refuse(name, f"{noun} dépasse ce qu’une ligne peut porter.", amount)
    elif amount < 0:
        yield check.refuse(name, f"{noun} ne peut pas être négatif.", amount)
    elif amount != amount.quantize(Decimal("0.01")):
        yield check.refuse(name, f"{noun} a plus de deux décimales.", amount)


@_check.register
def _(entry: Reunion, check: _Check) -> Iterator[Finding]:
    yield from check.year(entry.jour.year)
    yield from check.one_of("instance", entry.instance, check.cadre.instances, "instance")


@_check.register
def _(entry: Decision, check: _Check) -> Iterator[Finding]:
    yield from _check_carried(entry, saisies.STATUTS_DECISION, check)


@_check.register
def _(entry: Proposition, check: _Check) -> Iterator[Finding]:
    yield from _check_carried(entry, saisies.STATUTS_PROPOSITION, check)


@_check.register
def _(entry: Besoin, check: _Check) -> Iterator[Finding]:
    yield from check.one_of("nature", entry.nature, saisies.NATURES_BESOIN, "nature de besoin")
    yield from _check_amount("cout", "le coût", entry.cout, check)
    yield from _check_carried(entry, saisies.STATUTS_BESOIN, check)


def _check_carried(entry: Decision | Proposition | Besoin, statuts: Mapping[str, str], check: _Check) -> Iterator[Finding]:
    """What is carried from year to year: a text, a status, and a closing date when it is closed."""
    yield from check.year(entry.annee)
    yield from check.text("texte", entry.texte)
    yield from check.one_of("statut", entry.statut, statuts, "statut")
    if objet := getattr(entry, "objet", ""):
        yield from check.one_of("objet", objet, check.cadre.titres, "action, objectif ou pilier")
    if entry.clos_le and entry.statut not in saisies.CLOS:
        yield check.refuse("clos_le", "une date de clôture est donnée, mais le statut reste ouvert.", entry.clos_le)
    if entry.statut in saisies.CLOS and not entry.clos_le:
        yield check.refuse("clos_le", "le statut est clos\u00a0: il manque la date de clôture.")


@_check.register
def _(entry: Avis, check: _Check) -> Iterator[Finding]:
    yield from check.year(entry.annee)
    yield from check.one_of("instance", entry.instance, saisies.INSTANCES_AVIS, "instance")
    yield from check.one_of("sens", entry.sens, saisies.SENS_AVIS, "sens de l’avis")
    if entry.transmis_le and entry.rendu_le and entry.rendu_le < entry.transmis_le:
        yield check.refuse("rendu_le", "l’avis serait rendu avant d’avoir été demandé.", entry.rendu_le)


@_check.register
def _(entry: Evenement, check: _Check) -> Iterator[Finding]:
    yield from check.text("titre", entry.titre)
    if entry.pilier:
        yield from check.one_of("pilier", entry.pilier, {pilier.id: pilier for pilier in check.cadre.contrat.piliers}, "pilier")


@_check.register
def _(entry: Paragraphe, check: _Check) -> Iterator[Finding]:
    yield from check.year(entry.annee)


def _actions(check: _Check) -> dict[str, object]:
    return {action.id: action for action in check.cadre.contrat.actions}

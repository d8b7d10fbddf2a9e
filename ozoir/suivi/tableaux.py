"""Entry tables: entries become rows to type in, typed rows become the modifications they mean, or findings.

A row is compared with the dossier the person had under the eyes: what is unchanged is not saved, what is saved
carries the version it was typed over.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from ozoir.catalogue.contrat import Action
from ozoir.catalogue.saisies import (
    STATUTS_ACTION,
    TYPES_COMMENTAIRE,
    Commentaire,
    Credit,
    EtatAction,
    Modification,
    Realisation,
    Saisie,
)
from ozoir.catalogue.suivi import Attendu, Cadre
from ozoir.ingestion.delivery import BLOQUANT, Finding
from ozoir.numbers import parse_amount, parse_number
from ozoir.suivi.credits import ETAPES, is_empty
from ozoir.suivi.dossier import Dossier
from ozoir.suivi.reponses import ATTENDU, read_answer, write_answer, write_number

Row = dict[str, Any]
COUNTS = ("beneficiaires", "dont_qpv", "femmes", "hommes")
CLE_CREDIT = ("objet", "financeur", "nature", "ligne")


def is_blank(value: Any) -> bool:
    """None, an empty text, or what pandas puts for nothing."""
    return value is None or value != value or str(value).strip() in ("", "<NA>", "None", "NaT")


def _text(value: Any) -> str:
    return "" if is_blank(value) else str(value).strip()


def _count(value: Any) -> int | None:
    return None if is_blank(value) else int(value)


def changes(dossier: Dossier, entries: Iterable[Saisie]) -> list[Modification]:
    """Entries that say something else than the dossier, with the version they were typed over."""
    found = []
    for entry in entries:
        current = dossier.entry(type(entry), *entry.cle)
        if entry != (current or _nothing(entry)):
            found.append(Modification(entry, dossier.base(type(entry), *entry.cle)))
    return found


def _nothing(entry: Saisie) -> Saisie:
    """The same key, nothing said."""
    return type(entry)(*entry.cle) if isinstance(entry, EtatAction | Commentaire | Realisation) else _emptied(entry)


def _emptied(entry: Credit) -> Credit:
    return Credit(entry.objet, entry.financeur, entry.annee, entry.nature, entry.ligne)


def state_rows(dossier: Dossier, actions: Iterable[Action], annee: int) -> list[Row]:
    """One row per action: title, status label, progress, the four comments."""
    rows = []
    for action in actions:
        state = dossier.entry(EtatAction, action.id, annee) or EtatAction(action.id, annee)
        comments = {kind: dossier.entry(Commentaire, action.id, annee, kind) for kind in TYPES_COMMENTAIRE}
        rows.append(
            {
                "action": action.id,
                "titre": action.titre,
                "statut": STATUTS_ACTION.get(state.statut),
                "avancement": state.avancement,
                **{kind: comment.texte if comment else "" for kind, comment in comments.items()},
            }
        )
    return rows


def read_states(dossier: Dossier, annee: int, rows: Iterable[Row]) -> list[Modification]:
    """What these rows change."""
    ids = {label: id for id, label in STATUTS_ACTION.items()}
    entries: list[Saisie] = []
    for row in rows:
        statut = ids.get(_text(row["statut"]), "")
        entries.append(EtatAction(row["action"], annee, statut, _count(row["avancement"])))
        entries += [Commentaire(row["action"], annee, kind, _text(row[kind])) for kind in TYPES_COMMENTAIRE]
    return changes(dossier, entries)


def indicator_rows(dossier: Dossier, attendus: Iterable[Attendu], annee: int) -> list[Row]:
    """One row per indicator to answer: what carries it, label, unit, last year's answer, this year's."""
    rows = []
    for item in attendus:
        entry = dossier.entry(Realisation, item.objet, item.indicateur.id, annee)
        last = dossier.entry(Realisation, item.objet, item.indicateur.id, annee - 1)
        has_text = item.indicateur.nature != "texte" and entry is not None
        rows.append(
            {
                "objet": item.objet,
                "indicateur": item.indicateur.id,
                "carrier": dossier.cadre.titres[item.objet],
                "libelle": item.indicateur.libelle,
                "unite": item.indicateur.unite or "texte",
                "precedent": write_answer(last, item.indicateur),
                "realise": write_answer(entry, item.indicateur),
                "cible": write_number(entry.cible) if entry else "",
                **{name: getattr(entry, name) if entry else None for name in COUNTS},
                "texte": entry.texte if has_text else "",
            }
        )
    return rows


def read_indicators(dossier: Dossier, annee: int, rows: Iterable[Row]) -> tuple[list[Modification], list[Finding]]:
    """What these rows change, and the answers that could not be read."""
    entries, findings = [], []
    for row in rows:
        attendu = dossier.cadre.attendu(row["objet"], row["indicateur"])
        place = f"«\u00a0{attendu.indicateur.libelle}\u00a0», {annee}"
        answer = read_answer(_text(row["realise"]), attendu.indicateur)
        target = _text(row["cible"])
        goal = parse_number(target) if target else None
        if answer is None:
            expected = ATTENDU[attendu.indicateur.nature]
            findings.append(Finding(BLOQUANT, f"{place}\u00a0: on attend {expected}.", valeur=_text(row["realise"])))
        if target and goal is None:
            findings.append(Finding(BLOQUANT, f"{place}\u00a0: la cible doit être un nombre.", valeur=target))
        if answer is None or (target and goal is None):
            continue
        entry = Realisation(
            row["objet"],
            row["indicateur"],
            annee,
            cible=goal,
            texte=_text(row["texte"]),
            **{name: _count(row[name]) for name in COUNTS},
        )
        entries.append(replace(entry, **answer))
    return changes(dossier, entries), findings


def credit_rows(lines: Iterable[Credit]) -> list[Row]:
    """One row per line of credits, amounts as text so that no cent is lost on the way."""
    return [
        {
            **{name: getattr(line, name) for name in CLE_CREDIT},
            **{etape: _write_amount(getattr(line, etape)) for etape in ETAPES},
            "theme": line.theme or None,
            "commentaire": line.commentaire,
        }
        for line in lines
        if not is_empty(line)
    ]


def _write_amount(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount:.2f}".replace(".", ",")


def read_credits(
    dossier: Dossier, annee: int, shown: Sequence[Credit], rows: Iterable[Row]
) -> tuple[list[Modification], list[Finding]]:
    """What these rows change among the lines that were shown: a line removed from the table is emptied, never erased."""
    read: dict[tuple, Credit] = {}
    findings: list[Finding] = []
    for rank, row in enumerate(rows, 1):
        if all(is_blank(value) for value in row.values()):
            continue
        line, problems = _read_credit(dossier.cadre, annee, row, rank)
        findings += problems
        if line.cle in read:
            findings.append(
                Finding(BLOQUANT, f"Ligne {rank}\u00a0: deux lignes ont le même objet, financeur, nature et intitulé.")
            )
        read[line.cle] = line
    removed = [_emptied(line) for line in shown if line.cle not in read]
    return changes(dossier, [*read.values(), *removed]), findings


def _read_credit(cadre: Cadre, annee: int, row: Row, rank: int) -> tuple[Credit, list[Finding]]:
    findings, amounts = [], {}
    for name, label in (("objet", "objet"), ("financeur", "financeur"), ("nature", "nature")):
        if is_blank(row[name]):
            findings.append(Finding(BLOQUANT, f"Ligne {rank}\u00a0: il manque l’indication «\u00a0{label}\u00a0»."))
    for etape, label in ETAPES.items():
        text = _text(row[etape])
        amounts[etape] = parse_amount(text) if text else None
        if text and amounts[etape] is None:
            message = f"Ligne {rank}\u00a0: le montant {label.lower()} doit s’écrire comme 1234,50."
            findings.append(Finding(BLOQUANT, message, valeur=text))
    keys = {name: _text(row[name]) for name in CLE_CREDIT}
    line = Credit(annee=annee, theme=_text(row["theme"]), commentaire=_text(row["commentaire"]), **keys, **amounts)
    return line, findings

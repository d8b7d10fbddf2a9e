"""Collection workbooks: what to ask a pilot, what a filled workbook changes, and saving it whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime

from ozoir.access.identites import current_identity, require
from ozoir.catalogue.classeur import (
    ACTIONS,
    CLE_CREDIT,
    CREDITS,
    FERMEE,
    INDICATEURS,
    LISTE,
    NON_CONCERNE,
    Classeur,
    Entete,
    Ligne,
    Valeur,
    actions_of,
    attendus_of,
    financeurs_of,
    indicator_natures,
    objets_of,
)
from ozoir.catalogue.saisies import (
    NATURES_CREDIT,
    STATUTS_ACTION,
    TYPES_COMMENTAIRE,
    Commentaire,
    Credit,
    Depot,
    EtatAction,
    Modification,
    Realisation,
    Saisie,
)
from ozoir.catalogue.suivi import Attendu, Cadre
from ozoir.errors import OzoirError
from ozoir.ingestion.collecte import Collecte, receive_collecte
from ozoir.store.base import Store, now
from ozoir.store.depots import keep_and_save
from ozoir.store.suivi import list_deposits, refuse_known_deposit, restore_deposit, withdraw_deposit
from ozoir.suivi.dossier import Dossier, load_dossier

__all__ = [
    "Apercu",
    "Collecte",
    "compose_workbook",
    "list_deposits",
    "preview",
    "receive_collecte",
    "restore_deposit",
    "save_workbook",
    "withdraw_deposit",
]


def compose_workbook(dossier: Dossier, pilote: str, annee: int, today: date | None = None) -> Classeur:
    """The workbook of a pilot and year, as filled as the base is: nothing in it is masked."""
    require(current_identity(), "lecture restreinte")
    cadre = dossier.cadre
    asked = attendus_of(cadre, pilote)
    objets = objets_of(cadre, pilote)
    return Classeur(
        entete=Entete(cadre.contrat.id, pilote, annee, today or date.today(), dossier.fictif),
        titre=cadre.contrat.titre,
        quartier=cadre.contrat.quartier,
        lignes={
            ACTIONS.id: tuple(_action_row(dossier, action, annee) for action in actions_of(cadre, pilote)),
            INDICATEURS.id: tuple(_indicator_row(dossier, item, annee) for item in asked if item.is_entered),
            CREDITS.id: tuple(_credit_rows(dossier, objets, annee)),
        },
        objets=objets,
        financeurs=financeurs_of(cadre),
        calcules=tuple(dict.fromkeys(item.indicateur.libelle for item in asked if not item.is_entered)),
    )


def _action_row(dossier: Dossier, action, annee: int) -> Ligne:
    state = dossier.entry(EtatAction, action.id, annee) or EtatAction(action.id, annee)
    former = dossier.entry(EtatAction, action.id, annee - 1) or EtatAction(action.id, annee - 1)
    comments = {kind: dossier.entry(Commentaire, action.id, annee, kind) for kind in TYPES_COMMENTAIRE}
    cells: dict[str, Valeur] = {
        "objectif": dossier.cadre.titres[action.objectif],
        "action": action.titre,
        "statut_precedent": STATUTS_ACTION.get(former.statut, ""),
        "avancement_precedent": former.avancement,
        "statut": STATUTS_ACTION.get(state.statut, ""),
        "avancement": state.avancement,
        **{kind: comment.texte if comment else "" for kind, comment in comments.items()},
    }
    return Ligne(f"{annee}|{action.id}", cells)


def _indicator_row(dossier: Dossier, item: Attendu, annee: int) -> Ligne:
    key = (item.objet, item.indicateur.id)
    entry = dossier.entry(Realisation, *key, annee) or Realisation(*key, annee)
    former = dossier.entry(Realisation, *key, annee - 1) or Realisation(*key, annee - 1)
    natures = indicator_natures(item.indicateur)
    is_choice = natures["realise"] == LISTE
    cells: dict[str, Valeur] = {
        "objet": dossier.cadre.titres[item.objet],
        "indicateur": item.indicateur.libelle,
        "unite": item.indicateur.unite,
        "realise_precedent": _former_answer(former, is_choice),
        "cible_precedente": _shown(former.cible, is_choice),
        "realise": _shown(entry.realise, is_choice),
        "cible": _shown(entry.cible, is_choice),
        **{name: getattr(entry, name) for name in ("beneficiaires", "dont_qpv", "femmes", "hommes", "texte")},
        "non_concerne": NON_CONCERNE if entry.non_concerne else "",
    }
    return Ligne(f"{annee}|{item.objet}|{item.indicateur.id}", cells, natures)


def _former_answer(former: Realisation, is_choice: bool) -> Valeur:
    """Last year's value, or the words that stood for it."""
    if former.non_concerne:
        return NON_CONCERNE
    return former.texte[:200] if former.realise is None else _shown(former.realise, is_choice)


def _shown(value: float | None, is_choice: bool) -> Valeur:
    """A yes/no indicator is read and answered in words."""
    if value is None or not is_choice:
        return value
    return "Oui" if value else "Non"


def _credit_rows(dossier: Dossier, objets: dict[str, str], annee: int) -> list[Ligne]:
    """The lines of this year, then those of last year to be carried on; their key is locked."""
    keys = {}
    for entry in (*dossier.entries(Credit, annee=annee), *dossier.entries(Credit, annee=annee - 1)):
        if entry.objet in objets:
            keys[tuple(getattr(entry, name) for name in CLE_CREDIT)] = None
    return [_credit_row(dossier, key, objets, annee) for key in keys]


def _credit_row(dossier: Dossier, key: tuple[str, ...], objets: dict[str, str], annee: int) -> Ligne:
    objet, financeur, nature, ligne = key
    entry = dossier.entry(Credit, objet, financeur, annee, nature, ligne) or Credit(objet, financeur, annee, nature, ligne)
    former = dossier.entry(Credit, objet, financeur, annee - 1, nature, ligne)
    cells: dict[str, Valeur] = {
        "objet": objets[objet],
        "financeur": dossier.cadre.financements.financeurs[financeur].titre,
        "nature": NATURES_CREDIT[nature],
        "ligne": ligne,
        "paye_precedent": former.paye if former else None,
        **{name: getattr(entry, name) for name in ("prevu", "engage", "paye", "commentaire")},
    }
    return Ligne("|".join((str(annee), *key)), cells, dict.fromkeys(CLE_CREDIT, FERMEE))


@dataclass(frozen=True)
class Changement:
    """One cell that saving would change. nom: what it is about, in words; champ: the workbook's column."""

    nom: str
    champ: str
    ancien: Valeur | bool
    nouveau: Valeur | bool


@dataclass(frozen=True)
class Divergence:
    """The same key changed in the workbook and, since it was made, in the base: the base is kept unless told otherwise."""

    changements: tuple[Changement, ...]
    modification: Modification
    auteur: str
    saisi_le: datetime


@dataclass(frozen=True)
class Apercu:
    """What saving a workbook would do, in the base's state `etat`."""

    collecte: Collecte
    etat: int
    changements: tuple[Changement, ...]
    modifications: tuple[Modification, ...]
    divergences: tuple[Divergence, ...]
    deja_enregistrees: int


def preview(store: Store, cadre: Cadre, collecte: Collecte) -> Apercu:
    """Old → new for what the pilot filled; what the workbook left as it was generated never changes anything."""
    _check_base(store, collecte)
    dossier = load_dossier(store, cadre)
    changes, modifications, divergences, same = [], [], [], 0
    for reponse in () if collecte.blocking else collecte.filled:
        version = dossier.version(type(reponse.lue), *reponse.lue.cle)
        current = version.saisie if version else _blank(reponse.lue)
        before, read = (_with_uncarried(entry, current) for entry in (reponse.avant, reponse.lue))
        found = tuple(_differences(cadre, current, read))
        if not found:
            same += 1
        elif version and current != before:
            divergences.append(Divergence(found, Modification(read, version.id), version.auteur, version.saisi_le))
        else:
            changes += found
            modifications.append(Modification(read, version.id if version else 0))
    return Apercu(collecte, dossier.etat, tuple(changes), tuple(modifications), tuple(divergences), same)


def _check_base(store: Store, collecte: Collecte) -> None:
    """A workbook of the demonstration enters the demonstration's base only; the same file enters once."""
    if collecte.entete.fictif != store.is_fictif:
        kind = "de démonstration (données fictives)" if collecte.entete.fictif else "réel"
        raise OzoirError(
            "Ce classeur vient d’une autre base.",
            f"«\u00a0{collecte.fichier}\u00a0» est un classeur {kind}\u00a0: il ne s’enregistre que dans la base qui l’a "
            "préparé.",
        )
    refuse_known_deposit(store, _deposit(collecte, ""))


def _blank(entry: Saisie) -> Saisie:
    """The entry of the same key that says nothing."""
    return type(entry)(**dict(zip(entry.CLE, entry.cle, strict=True)))


def _with_uncarried(entry: Saisie, current: Saisie) -> Saisie:
    """Workbooks do not ask the theme of a credit: the current one stays."""
    return replace(entry, theme=current.theme) if isinstance(entry, Credit) else entry


def _differences(cadre: Cadre, former: Saisie, entry: Saisie) -> list[Changement]:
    names = [
        item.name
        for item in fields(entry)
        if item.name not in entry.CLE and getattr(former, item.name) != getattr(entry, item.name)
    ]
    is_choice = isinstance(entry, Realisation) and cadre.attendu(entry.objet, entry.indicateur).indicateur.nature == "oui_non"
    return [
        Changement(
            _name(cadre, entry),
            entry.type if isinstance(entry, Commentaire) else name,
            *(_shown(getattr(item, name), is_choice and name in ("realise", "cible")) for item in (former, entry)),
        )
        for name in names
    ]


def _name(cadre: Cadre, entry: Saisie) -> str:
    """« Boîtage sur le quartier », « Ateliers – Participants »."""
    if isinstance(entry, Realisation):
        return f"{cadre.titres[entry.objet]} – {cadre.attendu(entry.objet, entry.indicateur).indicateur.libelle}"
    if isinstance(entry, Credit):
        parts = [
            cadre.titres[entry.objet],
            cadre.financements.financeurs[entry.financeur].titre,
            NATURES_CREDIT[entry.nature],
            entry.ligne,
        ]
        return " – ".join(part for part in parts if part)
    return cadre.titres[entry.action]


def save_workbook(store: Store, apercu: Apercu, content: bytes, auteur: str, retained: Sequence[int] = ()) -> Depot:
    """One transaction, the original kept. retained: ranks of the divergences for which the workbook wins over the base.

    The base must not have moved since the preview on the keys at stake: else it is refused, to be looked at again.
    """
    collecte = apercu.collecte
    if collecte.blocking:
        raise OzoirError(
            f"«\u00a0{collecte.fichier}\u00a0» n’a pas été enregistré.", "Corrigez d’abord les constats bloquants."
        )
    if not auteur.strip():
        raise OzoirError("Dépôt sans auteur.", "Dites qui enregistre ce classeur.")
    chosen = [apercu.divergences[rank].modification for rank in retained]
    modifications = [*apercu.modifications, *chosen]
    if not modifications:
        raise OzoirError("Rien à enregistrer.", f"«\u00a0{collecte.fichier}\u00a0» ne change aucune valeur de la base.")
    return keep_and_save(store, _deposit(collecte, auteur), modifications, content)


def _deposit(collecte: Collecte, auteur: str) -> Depot:
    return Depot(
        id=0,
        empreinte=collecte.empreinte,
        fichier=collecte.fichier,
        taille=collecte.taille,
        pilote=collecte.entete.pilote,
        annee=collecte.entete.annee,
        auteur=auteur,
        charge_le=now(),
        statut="charge",
        saisies=0,
        constats=[asdict(finding) for finding in collecte.findings],
    )

"""What people enter about the contract, year after year: one frozen class per kind of entry.

The vocabulary of the follow-up, shared by workbooks, store and pages. Every class names its table and its key;
saving never overwrites, it adds a version of the same key.
An `objet` is the id of what the entry is about: an action, an objective, an orientation or a pillar of the contract.
Entries hold no personal data: counts, amounts, decisions, and functions rather than names.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

from ozoir.numbers import format_date
from ozoir.typography import typeset

STATUTS_ACTION = {
    "a_venir": "À venir",
    "en_cours": "En cours",
    "realisee": "Réalisée",
    "en_retard": "En retard",
    "en_pause": "En pause",
    "abandonnee": "Abandonnée",
}
TYPES_COMMENTAIRE = {"freins": "Freins", "solutions": "Solutions", "reussites": "Réussites", "donnees": "Données"}
NATURES_CREDIT = {"specifique": "Crédits spécifiques", "droit_commun": "Droit commun"}
STATUTS_DECISION = {"a_faire": "À faire", "en_cours": "En cours", "faite": "Faite", "abandonnee": "Abandonnée"}
STATUTS_PROPOSITION = {
    "proposee": "Proposée",
    "retenue": "Retenue",
    "reportee": "Reportée",
    "appliquee": "Appliquée",
    "ecartee": "Écartée",
}
NATURES_BESOIN = {"formation": "Formation", "etude": "Étude", "appui": "Appui au pilotage"}
STATUTS_BESOIN = {"exprime": "Exprimé", "en_cours": "En cours", "satisfait": "Satisfait", "ecarte": "Écarté"}
INSTANCES_AVIS = {"conseil_citoyen": "Conseil citoyen", "conseil_municipal": "Conseil municipal"}
SENS_AVIS = {
    "attendu": "Attendu",
    "favorable": "Favorable",
    "reserves": "Favorable avec réserves",
    "defavorable": "Défavorable",
    "repute_favorable": "Réputé favorable (silence)",
}
CLOS = frozenset({"faite", "abandonnee", "appliquee", "ecartee", "satisfait", "ecarte"})

VIDE, VALEUR, NON_CONCERNE = "vide", "valeur", "non_concerne"


# What is written freely: shown and exported as typeset, whatever the keyboard it was typed on.
TEXTES_LIBRES = (
    "texte",
    "titre",
    "suite",
    "commentaire",
    "ordre_du_jour",
    "participants",
    "compte_rendu",
    "demandeur",
    "responsable",
)


@dataclass(frozen=True)
class Saisie:
    """One entry: its key fields say what it is about, the others what is said of it."""

    TABLE: ClassVar[str]
    CLE: ClassVar[tuple[str, ...]]
    NOM: ClassVar[str]

    def __post_init__(self) -> None:
        for name in TEXTES_LIBRES:
            if text := getattr(self, name, ""):
                object.__setattr__(self, name, typeset(text))

    @property
    def cle(self) -> tuple:
        return tuple(getattr(self, name) for name in self.CLE)


@dataclass(frozen=True)
class EtatAction(Saisie):
    """Where an action stands in a year. avancement: whole percentage; None when nobody answered."""

    TABLE, CLE, NOM = "etats_actions", ("action", "annee"), "état d’action"

    action: str
    annee: int
    statut: str = ""
    avancement: int | None = None


@dataclass(frozen=True)
class Commentaire(Saisie):
    """A typed comment on an action in a year; an empty text takes it back."""

    TABLE, CLE, NOM = "commentaires", ("action", "annee", "type"), "commentaire"

    action: str
    annee: int
    type: str
    texte: str = ""


@dataclass(frozen=True)
class Realisation(Saisie):
    """A realisation indicator of an action (or of an objective that carries it), for a year.

    None is « not answered », 0 is a zero, non_concerne says that the question does not arise that year.
    A yes/no indicator is realise 1 or 0; a text indicator fills `texte`, which also completes a number.
    Beneficiaries are persons: below the threshold they are masked in public diffusion (suivi.diffusion).
    """

    TABLE, CLE, NOM = "realisations", ("objet", "indicateur", "annee"), "indicateur de réalisation"

    objet: str
    indicateur: str
    annee: int
    non_concerne: bool = False
    realise: float | None = None
    cible: float | None = None
    beneficiaires: int | None = None
    dont_qpv: int | None = None
    femmes: int | None = None
    hommes: int | None = None
    texte: str = ""

    @property
    def reponse(self) -> str:
        """vide · valeur · non_concerne. A target alone is not an answer."""
        if self.non_concerne:
            return NON_CONCERNE
        answered = (self.realise, self.beneficiaires, self.dont_qpv, self.femmes, self.hommes)
        return VALEUR if self.texte or any(value is not None for value in answered) else VIDE


@dataclass(frozen=True)
class Credit(Saisie):
    """Euros, to the cent, of one funder for one object and year. ligne: which grant, when there are several.

    theme: Dauphin sub-theme, else that of the objective. None is « not known », Decimal(0) is no money.
    """

    TABLE, CLE, NOM = "credits", ("objet", "financeur", "annee", "nature", "ligne"), "ligne de crédits"

    objet: str
    financeur: str
    annee: int
    nature: str
    ligne: str = ""
    prevu: Decimal | None = None
    engage: Decimal | None = None
    paye: Decimal | None = None
    theme: str = ""
    commentaire: str = ""


@dataclass(frozen=True)
class Suivi(Saisie):
    """An item of the contract's memory: a reference given at first save (« D12 »), and retire to take it back."""

    CLE = ("reference",)
    PREFIXE: ClassVar[str]


@dataclass(frozen=True)
class Reunion(Suivi):
    """A meeting. instance: an id of the contract's governance, or conseil_citoyen, conseil_municipal, autre."""

    TABLE, NOM, PREFIXE = "reunions", "réunion", "R"

    reference: str
    instance: str
    jour: date
    ordre_du_jour: str = ""
    participants: str = ""
    compte_rendu: str = ""
    retire: bool = False


@dataclass(frozen=True)
class Decision(Suivi):
    """A decision: who must do it, for when, and what became of it. reunion: the reference of its meeting."""

    TABLE, NOM, PREFIXE = "decisions", "décision", "D"

    reference: str
    annee: int
    texte: str
    reunion: str = ""
    objet: str = ""
    responsable: str = ""
    echeance: date | None = None
    statut: str = "a_faire"
    suite: str = ""
    clos_le: date | None = None
    retire: bool = False


@dataclass(frozen=True)
class Proposition(Suivi):
    """A proposal to adjust an action, or an action proposed for the next year's programme (programme)."""

    TABLE, NOM, PREFIXE = "propositions", "proposition", "P"

    reference: str
    annee: int
    texte: str
    objet: str = ""
    origine: str = ""
    programme: bool = False
    responsable: str = ""
    echeance: date | None = None
    statut: str = "proposee"
    suite: str = ""
    clos_le: date | None = None
    retire: bool = False


@dataclass(frozen=True)
class Besoin(Suivi):
    """A need for training, study or support. public: who needs it; demandeur: who said so. cout in euros."""

    TABLE, NOM, PREFIXE = "besoins", "besoin", "B"

    reference: str
    annee: int
    nature: str
    texte: str
    public: str = ""
    demandeur: str = ""
    cout: Decimal | None = None
    statut: str = "exprime"
    suite: str = ""
    clos_le: date | None = None
    retire: bool = False


@dataclass(frozen=True)
class Avis(Suivi):
    """The opinion of a council on a yearly report; silence during the delay is favourable."""

    TABLE, NOM, PREFIXE = "avis", "avis", "A"

    reference: str
    annee: int
    instance: str
    transmis_le: date | None = None
    rendu_le: date | None = None
    sens: str = "attendu"
    texte: str = ""
    retire: bool = False


@dataclass(frozen=True)
class Evenement(Suivi):
    """Something dated that helps to read a curve. pilier: where it is shown, empty for everywhere."""

    TABLE, NOM, PREFIXE = "evenements", "évènement", "E"

    reference: str
    jour: date
    titre: str
    texte: str = ""
    pilier: str = ""
    retire: bool = False


@dataclass(frozen=True)
class Paragraphe(Saisie):
    """What the team writes in a section of the yearly report (or of the evaluation: section « evaluation-… »)."""

    TABLE, CLE, NOM = "paragraphes", ("annee", "section"), "paragraphe du bilan"

    annee: int
    section: str
    texte: str = ""


KINDS: tuple[type[Saisie], ...] = (
    EtatAction,
    Commentaire,
    Realisation,
    Credit,
    Reunion,
    Decision,
    Proposition,
    Besoin,
    Avis,
    Evenement,
    Paragraphe,
)


@dataclass(frozen=True)
class Version:
    """An entry as it was saved. depot: number of the collection workbook it came from, 0 for the screen.

    is_counted is False when that workbook has been withdrawn since.
    """

    id: int
    saisie: Saisie
    auteur: str
    saisi_le: datetime
    depot: int = 0
    is_counted: bool = True


@dataclass(frozen=True)
class Modification:
    """An entry to save, and the id of the version its author had under the eyes (0: there was none)."""

    saisie: Saisie
    base: int = 0


@dataclass(frozen=True)
class Conflit:
    """Two people, one key: what is saved now, and what was not saved over it."""

    actuelle: Version
    refusee: Modification

    def sentence(self) -> str:
        """Who saved what in between, and when."""
        moment = f"{format_date(self.actuelle.saisi_le)} à {self.actuelle.saisi_le:%H:%M} (UTC)"
        what = ", ".join(str(part) for part in self.actuelle.saisie.cle)
        return f"Saisie modifiée le {moment} par {self.actuelle.auteur} ({self.actuelle.saisie.NOM}\u00a0: {what})."


@dataclass(frozen=True)
class Enregistrement:
    """What a save did: versions written, entries already saying the same, conflicts (not written)."""

    ecrites: tuple[Version, ...]
    inchangees: int
    conflits: tuple[Conflit, ...]


@dataclass(frozen=True)
class Depot:
    """One collection workbook received. statut: charge or retire; constats: findings as dicts."""

    id: int
    empreinte: str
    fichier: str
    taille: int
    pilote: str
    annee: int
    auteur: str
    charge_le: datetime
    statut: str
    saisies: int
    constats: list[dict[str, str]]

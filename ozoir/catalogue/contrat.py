"""The contract's own referential: pillars, orientations, objectives, actions and the indicators it names.

One folder per contract under `contrats/`; one folder per pillar, one file per operational objective.
`texte`, `mention`, `leviers`, `forces`… keep the contract's wording; `titre`, `libelle`, `pilotes` are cleaned for reading.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, TypeVar

from ozoir.errors import OzoirError, did_you_mean

NATURES = ("effectif", "taux", "oui_non", "texte")
ALIMENTATIONS = ("observation", "saisie", "enquete", "a_definir")
TYPES_MOYENS = ("droit_commun", "credits_specifiques", "autre")
PRECISIONS = ("", "plus de", "près de", "environ", "à priori")
TERRITOIRES = ("qpv", "commune", "bassin", "national")
ORIGINES = ("contrat", "outil")

T = TypeVar("T")


@dataclass(frozen=True)
class IndicateurRealisation:
    """One indicator the contract asks for, defined once whatever the number of actions that name it.

    alimentation: observation (computed from the observation indicators listed) · saisie (the pilot's yearly entry) ·
    enquete (a survey) · a_definir (the contract is too vague to tell). sexe: a split by sex makes sense.
    """

    id: str
    libelle: str
    nature: str
    alimentation: str
    unite: str = ""
    observation: tuple[str, ...] = ()
    sexe: bool = False
    precision: str = ""


@dataclass(frozen=True)
class IndicateurCite:
    """An indicator where the contract names it; `actions` says which ones it serves when the objective carries it."""

    id: str
    mention: str
    actions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Action:
    """One paragraph of an action table; what its group does not say of pilots and means comes from the objective."""

    id: str
    titre: str
    texte: str
    objectif: str
    details: tuple[str, ...] = ()
    leviers: tuple[str, ...] = ()
    pilotes: tuple[str, ...] = ()
    partenaires: tuple[str, ...] = ()
    moyens: tuple[str, ...] = ()
    types_moyens: tuple[str, ...] = ()
    calendrier: str = ""
    publics: tuple[str, ...] = ()
    dispositifs: tuple[str, ...] = ()
    axes: tuple[str, ...] = ()
    indicateurs: tuple[IndicateurCite, ...] = ()
    renvois: tuple[str, ...] = ()


@dataclass(frozen=True)
class Objectif:
    """One operational objective, titled and numbered as in the action tables.

    titre_orientations, numero_orientations: what the list of orientations says, when it differs.
    """

    id: str
    numero: int
    titre: str
    orientation: str
    pilier: str
    actions: tuple[Action, ...]
    titre_tableau: str = ""
    titre_orientations: str = ""
    numero_orientations: int | None = None
    acteurs: tuple[str, ...] = ()
    leviers: tuple[str, ...] = ()
    pilotes: tuple[str, ...] = ()
    partenaires: tuple[str, ...] = ()
    moyens: tuple[str, ...] = ()
    types_moyens: tuple[str, ...] = ()
    calendrier: str = ""
    indicateurs: tuple[IndicateurCite, ...] = ()
    renvois: tuple[str, ...] = ()

    def indicators_of(self, action: Action) -> tuple[IndicateurCite, ...]:
        """The action's own indicators, then those of the objective which serve it."""
        shared = (cite for cite in self.indicateurs if not cite.actions or action.id in cite.actions)
        return (*action.indicateurs, *shared)


@dataclass(frozen=True)
class Orientation:
    id: str
    ordre: int
    titre: str
    diagnostic: str
    objectifs: tuple[str, ...]


@dataclass(frozen=True)
class Diagnostic:
    """One theme of the shared diagnosis: what is at stake, strengths, weaknesses."""

    id: str
    titre: str
    enjeu: tuple[str, ...]
    forces: tuple[str, ...]
    faiblesses: tuple[str, ...]


@dataclass(frozen=True)
class Pilier:
    id: str
    ordre: int
    titre: str
    titre_court: str
    presentation: tuple[str, ...]
    acteurs: tuple[str, ...]
    publics_cibles: tuple[str, ...]
    dispositifs: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...]
    orientations: tuple[Orientation, ...]
    objectifs: tuple[Objectif, ...]
    couleur: str = ""


@dataclass(frozen=True)
class Engagement:
    """One commitment of an axis; piliers_cites is what the contract says, objectifs where the actions really are."""

    id: str
    texte: str
    piliers_cites: tuple[str, ...] = ()
    objectifs: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Axe:
    id: str
    titre: str
    engagements: tuple[Engagement, ...]


@dataclass(frozen=True)
class Acteur:
    """A pilot or partner under its one name; graphies are the spellings met in the contract."""

    nom: str
    type: str
    graphies: tuple[str, ...] = ()


@dataclass(frozen=True)
class Signataire:
    nom: str
    type: str


@dataclass(frozen=True)
class Instance:
    """titre is the usual name, titre_contrat the contract's."""

    id: str
    titre: str
    titre_contrat: str
    composition: tuple[str, ...]
    frequence: str
    texte: str


@dataclass(frozen=True)
class College:
    id: str
    titre: str
    texte: str
    membres: tuple[str, ...]


@dataclass(frozen=True)
class Gouvernance:
    principe: str
    instances: tuple[Instance, ...]
    equipe_projet: tuple[str, ...]
    conseil_citoyen: tuple[College, ...]


@dataclass(frozen=True)
class ClauseBilan:
    id: str
    titre: str
    texte: str


@dataclass(frozen=True)
class Suivi:
    """What the contract asks of the yearly report and of the evaluation."""

    introduction: tuple[str, ...]
    clauses_bilan: tuple[ClauseBilan, ...]
    evaluation_mi_parcours: str
    destinataire: str


@dataclass(frozen=True)
class Annexe:
    id: str
    titre: str
    resume: str
    points: tuple[str, ...]


@dataclass(frozen=True)
class Terme:
    """One acronym; origine: contrat (its own glossary) · outil (added for the reader)."""

    sigle: str
    definition: str
    origine: str
    note: str = ""


@dataclass(frozen=True)
class Note:
    """One contradiction or gap of the contract, or one choice made to transcribe it."""

    id: str
    titre: str
    texte: str
    references: tuple[str, ...]


@dataclass(frozen=True)
class Chiffre:
    """One figure the contract gives; valeur_haute when it gives a range; observation: what follows it today, best first."""

    id: str
    libelle: str
    valeur: float
    unite: str
    territoire: str
    citation: str
    precision: str = ""
    valeur_haute: float | None = None
    pilier: str = ""
    indicateurs: tuple[str, ...] = ()
    observation: tuple[str, ...] = ()


@dataclass(frozen=True)
class Periode:
    debut: int
    fin: int


class Mention(NamedTuple):
    """One indicator at one place of the contract; action is None when the objective carries it."""

    objectif: Objectif
    action: Action | None
    indicateur: IndicateurRealisation
    mention: str


# Images a browser shows, by the end of their name.
LOGOS = {".png": "image/png", ".svg": "image/svg+xml", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".webp": "image/webp"}


@dataclass(frozen=True)
class Apparence:
    """The town's own look. logo: an image's name, in the base's folder; couleur: #rrggbb; contact: for accessibility."""

    logo: str = ""
    couleur: str = ""
    contact: str = ""


@dataclass(frozen=True)
class Contrat:
    id: str
    titre: str
    quartier: str
    commune: str
    epci: str
    periode: Periode
    synthese: tuple[str, ...]
    preambule: tuple[str, ...]
    processus: tuple[str, ...]
    contexte: tuple[str, ...]
    signataires: tuple[Signataire, ...]
    gouvernance: Gouvernance
    suivi: Suivi
    annexes: tuple[Annexe, ...]
    piliers: tuple[Pilier, ...]
    axes: tuple[Axe, ...]
    indicateurs: tuple[IndicateurRealisation, ...]
    acteurs: tuple[Acteur, ...]
    glossaire: tuple[Terme, ...]
    notes: tuple[Note, ...]
    etat_initial: tuple[Chiffre, ...]
    apparence: Apparence = Apparence()

    @cached_property
    def objectifs(self) -> tuple[Objectif, ...]:
        return tuple(objectif for pilier in self.piliers for objectif in pilier.objectifs)

    @cached_property
    def actions(self) -> tuple[Action, ...]:
        return tuple(action for objectif in self.objectifs for action in objectif.actions)

    @cached_property
    def orientations(self) -> tuple[Orientation, ...]:
        return tuple(orientation for pilier in self.piliers for orientation in pilier.orientations)

    @cached_property
    def mentions(self) -> tuple[Mention, ...]:
        """Every place where the contract names an indicator: in each objective its own, then action by action."""
        return tuple(
            Mention(objectif, action, self.indicateur(cite.id), cite.mention)
            for objectif in self.objectifs
            for action in (None, *objectif.actions)
            for cite in (action or objectif).indicateurs
        )

    def pilier(self, id: str) -> Pilier:
        return _find(self.piliers, id, "pilier")

    def objectif(self, id: str) -> Objectif:
        return _find(self.objectifs, id, "objectif")

    def action(self, id: str) -> Action:
        return _find(self.actions, id, "action")

    def indicateur(self, id: str) -> IndicateurRealisation:
        return _find(self.indicateurs, id, "indicateur")

    def notes_of(self, id: str) -> tuple[Note, ...]:
        """What is to be known about one objective, action, engagement… of the contract."""
        return tuple(note for note in self.notes if id in note.references)


def _find(items: tuple[T, ...], id: str, kind: str) -> T:
    for item in items:
        if item.id == id:
            return item
    raise OzoirError("Référence inconnue dans le contrat.", f"{kind} « {id} ».{did_you_mean(id, [item.id for item in items])}")

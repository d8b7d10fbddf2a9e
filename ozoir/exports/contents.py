"""What a document is made of: one Dossier, assembled once, that every format renders.

A Dossier is whole: no renderer reads the catalogue or asks for a figure, so that a frozen one gives the same documents.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from ozoir.access.identites import current_identity, require
from ozoir.catalogue.diffusions import DIFFUSIONS, RESTREINTE
from ozoir.indicators.results import Result

_CUT = re.compile(r"[ \n]")  # never at a no-break space
# In letters of a table: a bold one, what borders take, a text which needs no more room, a line of the page.
_BOLD, _BORDERS, _WIDEST, _PAGE = 1.25, 2.0, 30, 110


@dataclass(frozen=True)
class Cellule:
    """One cell: what is read, and the number behind when there is one (what a workbook keeps). unite: « % », « € »…"""

    texte: str
    valeur: float | None = None
    decimales: int = 0
    unite: str = ""


@dataclass(frozen=True)
class Tableau:
    """A table with its title and its source. largeurs: relative widths; a « droite » column holds numbers."""

    titre: str
    colonnes: tuple[str, ...]
    lignes: tuple[tuple[Cellule, ...], ...]
    largeurs: tuple[float, ...] = ()
    droite: tuple[int, ...] = ()
    source: str = ""
    notes: tuple[str, ...] = ()
    vide: str = ""  # what to say when there is no line

    @property
    def parts(self) -> tuple[float, ...]:
        """Relative widths: those asked for, else by what is written, so that no word is cut."""
        if self.largeurs:
            return self.largeurs
        columns = [[line[rank].texte for line in self.lignes] for rank in range(len(self.colonnes))]
        least = [_longest_word(name, texts) + _BORDERS for name, texts in zip(self.colonnes, columns, strict=True)]
        wished = [min(max(map(len, texts), default=0), _WIDEST) + _BORDERS for texts in columns]
        more = [max(wish - width, 0.0) for wish, width in zip(wished, least, strict=True)]
        given = min(max(_PAGE - sum(least), 0.0) / (sum(more) or 1.0), 1.0)
        return tuple(width + extra * given for width, extra in zip(least, more, strict=True))


def _longest_word(head: str, texts: list[str]) -> float:
    heads = [len(word) * _BOLD for word in head.split(" ")]
    return max(*heads, 0.0, *(len(word) for text in texts for word in _CUT.split(text)))


@dataclass(frozen=True)
class Titre:
    """A heading, level 1 to 3."""

    texte: str
    niveau: int = 1


@dataclass(frozen=True)
class Texte:
    """A paragraph. style: corps · lecture · source · encadre · puce · appel (something still to be written or received) ·
    clause (what the heading above it answers: never apart from it)."""

    texte: str
    style: str = "corps"


@dataclass(frozen=True)
class Graphique:
    """The chart of a Result: the same as on the screen. largeur, hauteur: shares of the usual size; letters keep theirs."""

    resultat: Result
    legende: str = ""
    largeur: float = 1.0
    hauteur: float = 1.0


@dataclass(frozen=True)
class ChiffreCle:
    """One key figure: label, value, what it is compared with, how it moved."""

    libelle: str
    valeur: str
    periode: str
    comparaison: str
    evolution: str
    reference: str = ""


@dataclass(frozen=True)
class ChiffresCles:
    chiffres: tuple[ChiffreCle, ...]


@dataclass(frozen=True)
class SautDePage:
    pass


Bloc = Titre | Texte | Tableau | Graphique | ChiffresCles | SautDePage


@dataclass(frozen=True)
class Document:
    """A text document of any length, rendered the same in Word and in PDF. is_long: cover and table of contents."""

    titre: str
    sous_titre: str
    blocs: tuple[Bloc, ...]
    is_long: bool = False
    corps: float = 10.5  # size of the text, in points


@dataclass(frozen=True)
class ImportCite:
    """A file behind the figures, as listed in the sources of a document."""

    id: int
    fichier: str
    layout: str
    edition: str
    charge_le: date
    empreinte: str


@dataclass(frozen=True)
class FicheAction:
    """An action of the contract and what is known of its year. statut, avancement: as read."""

    id: str
    titre: str
    texte: str
    objectif: str
    pilotes: tuple[str, ...]
    partenaires: tuple[str, ...]
    moyens: tuple[str, ...]
    calendrier: str
    publics: tuple[str, ...]
    axes: tuple[str, ...]
    statut: str
    avancement: str
    commentaires: tuple[tuple[str, str], ...]
    realisations: Tableau
    credits: Tableau


@dataclass(frozen=True)
class Partie:
    """A pillar or an axis: its observation and its actions. resultats: keys « indicateur » or « indicateur/découpage »."""

    id: str
    titre: str
    titre_court: str
    couleur: str
    presentation: tuple[str, ...]
    resultats: tuple[str, ...]
    actions: tuple[str, ...]


@dataclass(frozen=True)
class Rubrique:
    """One item of the yearly report: the clause of the contract and the item of the decree it answers, texts and tables."""

    id: str
    titre: str
    clause: str
    blocs: tuple[Bloc, ...]


class Signe:
    """Whatever leaves the application under a banner and a name of file: who may read it, what stands on it."""

    annee: int
    diffusion: str
    edite_le: date
    fictif: bool
    edition: str

    def __post_init__(self) -> None:
        """No restricted document is made, opened or rendered for somebody who may not read it."""
        if self.diffusion == RESTREINTE:
            require(current_identity(), "export restreint")

    @property
    def bandeau(self) -> str:
        """What stands on every page, sheet, slide and picture."""
        words = [DIFFUSIONS[self.diffusion]]
        if self.fictif:
            words.insert(0, "DONNÉES FICTIVES – DÉMONSTRATION")
        if self.edition:
            words.append(f"Édition «\u00a0{self.edition}\u00a0»")
        words.append(f"établi le {self.edite_le:%d/%m/%Y}")
        return " · ".join(words)


@dataclass(frozen=True)
class Ecran(Signe):
    """The screen a chart is taken from, for the chart to travel alone."""

    prefixe: str
    annee: int
    diffusion: str
    edite_le: date
    fictif: bool
    edition: str = ""
    numero: int = 0


@dataclass(frozen=True)
class Dossier(Signe):
    """All that the documents of one year may say, for one diffusion.

    prefixe begins the file names. etat: state of the base. edition: name under which it was frozen, numero its number.
    resultats: key → Result, in display order. manques: what is still awaited, and from whom.
    """

    prefixe: str
    contrat: str
    quartier: str
    commune: str
    annee: int
    diffusion: str
    edite_le: date
    version: str
    fictif: bool
    etat: int
    resultats: tuple[Result, ...]
    chiffres_cles: tuple[str, ...]
    piliers: tuple[Partie, ...]
    axes: tuple[Partie, ...]
    actions: tuple[FicheAction, ...]
    identite: tuple[tuple[str, str], ...]
    presentation: tuple[str, ...]
    rubriques: tuple[Rubrique, ...]
    credits: tuple[Tableau, ...]
    decisions: Tableau
    programme: Tableau
    manques: Tableau
    imports: tuple[ImportCite, ...]
    signes: tuple[tuple[str, str], ...]
    edition: str = ""
    numero: int = 0
    ecarts: Tableau | None = None  # editions frozen by an earlier program have none

    @property
    def titre(self) -> str:
        return f"Bilan {self.annee} du contrat de ville"

    def resultat(self, key: str) -> Result | None:
        return next((result for result in self.resultats if result_key(result) == key), None)

    def resultats_of(self, partie: Partie) -> tuple[Result, ...]:
        """Those of a part which have something to show, in order."""
        found = (self.resultat(key) for key in partie.resultats)
        return tuple(result for result in found if result and not result.is_empty)

    def action(self, id: str) -> FicheAction | None:
        return next((action for action in self.actions if action.id == id), None)


def result_key(result: Result) -> str:
    """« defm_abc », « defm_abc/sexe »."""
    return f"{result.indicateur.id}/{result.decoupage}" if result.decoupage else result.indicateur.id

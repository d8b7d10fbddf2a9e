"""Coverage: for each indicator and year, whether it is fed; for each partner, what is awaited and a letter to ask for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from ozoir.catalogue.loading import Catalogue
from ozoir.catalogue.model import Indicateur
from ozoir.catalogue.saisies import NON_CONCERNE, VALEUR, EtatAction, Realisation
from ozoir.catalogue.suivi import Attendu, Cadre, Regles
from ozoir.indicators.publication import Publication
from ozoir.indicators.results import MASQUE, NON_DIFFUSE, Point, Result
from ozoir.suivi.dossier import Dossier
from ozoir.typography import alphabetical

ALIMENTE, NON_CONCERNE_CETTE_ANNEE, WITHHELD = "alimente", "non_concerne", "non_diffuse"
EN_RETARD, A_DEFINIR, MANQUANT, PAS_ENCORE = "en_retard", "a_definir", "manquant", "pas_encore"
ETATS = {
    ALIMENTE: "Alimenté",
    NON_CONCERNE_CETTE_ANNEE: "Non concerné",
    WITHHELD: "Non diffusé",
    EN_RETARD: "En retard",
    MANQUANT: "Manquant",
    A_DEFINIR: "À définir",
    PAS_ENCORE: "Pas encore attendu",
}
LEGENDE = {
    ALIMENTE: "une valeur est connue pour cette année",
    NON_CONCERNE_CETTE_ANNEE: "le pilote a répondu que la question ne se pose pas, ou l’action n’a pas lieu",
    WITHHELD: "secret statistique, ou valeur non diffusée par le producteur",
    EN_RETARD: "l’année est passée et rien n’est arrivé depuis",
    MANQUANT: "une année plus récente est alimentée, celle-ci ne l’est pas, ou aucune source n’a jamais rien fourni",
    A_DEFINIR: "le contrat ne dit pas assez ce qu’il faut mesurer",
    PAS_ENCORE: "l’année n’est pas finie, ou la source ne publie pas si vite",
}
AWAITED = (EN_RETARD, MANQUANT)
OBSERVATION, REALISATION = "observation", "realisation"
EQUIPE = "Équipe projet"  # asked when the contract names no pilot


@dataclass(frozen=True)
class Ligne:
    """One indicator over the years. objet: what carries it in the contract (empty for an observation indicator)."""

    genre: str
    id: str
    libelle: str
    pilier: str
    objet: str
    partenaires: tuple[str, ...]
    etats: dict[int, str]

    @property
    def awaited(self) -> tuple[int, ...]:
        return tuple(annee for annee, etat in self.etats.items() if etat in AWAITED)


@dataclass(frozen=True)
class Attente:
    """What one partner still owes. is_public: everything is downloaded from its site, nobody is to be written to."""

    partenaire: str
    lignes: tuple[Ligne, ...]
    demandes: tuple[str, ...] = ()
    is_public: bool = False


def build_matrix(publication: Publication, dossier: Dossier, today: date) -> list[Ligne]:
    """Observation indicators of each pillar, then its realisation indicators, in the contract's order."""
    catalogue, cadre = publication.catalogue, dossier.cadre
    rows = []
    for pilier in cadre.contrat.piliers:
        fed = [
            _observation_row(catalogue, cadre.regles, publication.result(item.id), cadre.annees, today)
            for item in _observed(catalogue, pilier.id)
        ]
        by_id = {row.id: row for row in fed}
        rows += fed
        rows += [_realisation_row(dossier, item, by_id, today) for item in cadre.attendus if item.objectif.pilier == pilier.id]
    return rows


def _observed(catalogue: Catalogue, pilier: str) -> list[Indicateur]:
    return sorted((i for i in catalogue.indicateurs.values() if i.pilier == pilier), key=lambda i: (i.ordre, i.titre))


def _observation_row(catalogue: Catalogue, regles: Regles, result: Result, years: Sequence[int], today: date) -> Ligne:
    indicateur = result.indicateur
    points: dict[int, Point] = {}
    for point in result.total.points if result.total else ():
        points[point.date_reference.year] = point
    states = {}
    for annee in years:
        if annee in points:
            states[annee] = WITHHELD if points[annee].qpv.statut in (MASQUE, NON_DIFFUSE) else ALIMENTE
        elif annee + _delay(points) >= today.year:
            states[annee] = PAS_ENCORE
        else:
            states[annee] = MANQUANT if not points or annee < max(points) else EN_RETARD
    partners = (catalogue.statistiques[id] for id in indicateur.sources)
    names = tuple(dict.fromkeys(regles.partenaires.get(item.partenaire, item.producteur) for item in partners))
    return Ligne(OBSERVATION, indicateur.id, indicateur.titre, indicateur.pilier, "", names, states)


def _delay(points: dict[int, Point]) -> int:
    """Years between a date and the edition that brought it, as observed on the latest point; one when it cannot be told."""
    if not points:
        return 1
    annee = max(points)
    editions = [p.edition[:4] for p in points[annee].qpv.provenances if p.edition[:4].isdigit()]
    return max([1, *(int(edition) - annee for edition in editions)])


def _realisation_row(dossier: Dossier, attendu: Attendu, observed: dict[str, Ligne], today: date) -> Ligne:
    indicateur = attendu.indicateur
    fed_by = [observed[id] for id in indicateur.observation if id in observed]
    answers = {annee: _answer(dossier, attendu, annee) for annee in dossier.cadre.annees}
    answered = [annee for annee, answer in answers.items() if answer]
    states = {}
    for annee, answer in answers.items():
        if answer:
            states[annee] = answer
        elif not attendu.is_entered:
            states[annee] = _best([row.etats[annee] for row in fed_by])
        elif indicateur.alimentation == "a_definir":
            states[annee] = A_DEFINIR
        elif _takes_no_place(dossier, attendu, annee):
            states[annee] = NON_CONCERNE_CETTE_ANNEE
        elif annee >= today.year:
            states[annee] = PAS_ENCORE
        else:
            states[annee] = MANQUANT if answered and annee < max(answered) else EN_RETARD
    partners = attendu.pilotes if attendu.is_entered else tuple(name for row in fed_by for name in row.partenaires)
    names = tuple(dict.fromkeys(partners))
    return Ligne(REALISATION, indicateur.id, indicateur.libelle, attendu.objectif.pilier, attendu.objet, names, states)


def _answer(dossier: Dossier, attendu: Attendu, annee: int) -> str:
    entry = dossier.entry(Realisation, attendu.objet, attendu.indicateur.id, annee)
    return {VALEUR: ALIMENTE, NON_CONCERNE: NON_CONCERNE_CETTE_ANNEE}.get(entry.reponse, "") if entry else ""


def _best(states: Iterable[str]) -> str:
    """Several statistics may feed one indicator: one of them is enough. None declared: to be defined."""
    states = set(states)
    return next((etat for etat in ETATS if etat in states), A_DEFINIR)


def _takes_no_place(dossier: Dossier, attendu: Attendu, annee: int) -> bool:
    """Every action concerned is still to come, or abandoned, in that year."""
    actions = (attendu.action,) if attendu.action else attendu.objectif.actions
    entries = [dossier.entry(EtatAction, action.id, annee) for action in actions]
    return bool(entries) and all(entry is not None and entry.statut in ("a_venir", "abandonnee") for entry in entries)


def list_awaited(rows: Iterable[Ligne], catalogue: Catalogue, regles: Regles) -> list[Attente]:
    """Partner → what is late or missing, and how to get it; who owes most comes first."""
    by_partner: dict[str, list[Ligne]] = {}
    for row in rows:
        if row.awaited and not _is_computed(row, catalogue):
            for partner in row.partenaires or (EQUIPE,):
                by_partner.setdefault(partner, []).append(row)
    found = [_awaited(name, lines, catalogue, regles) for name, lines in by_partner.items()]
    return sorted(found, key=lambda item: (-len(item.lignes), alphabetical(item.partenaire)))


def _awaited(partner: str, lines: Sequence[Ligne], catalogue: Catalogue, regles: Regles) -> Attente:
    """With how the sources of these statistics say to obtain their files."""
    wanted = {id for row in lines if row.genre == OBSERVATION for id in catalogue.indicateurs[row.id].sources}
    sources = [
        source
        for source in catalogue.sources.values()
        if regles.partenaires.get(source.partenaire) == partner
        and wanted & {bloc.source for tableau in source.tableaux for bloc in tableau.blocs}
    ]
    is_public = all(row.genre == OBSERVATION for row in lines) and not any(source.locale for source in sources)
    requests = tuple(dict.fromkeys(source.demande for source in sources if source.demande))
    return Attente(partner, tuple(lines), requests, is_public)


def _is_computed(row: Ligne, catalogue: Catalogue) -> bool:
    """Asked once, with the statistics that feed it."""
    return row.genre == REALISATION and catalogue.contrat.indicateur(row.id).alimentation == "observation"


def write_letter(attente: Attente, cadre: Cadre, annees: Sequence[int] = ()) -> str:
    """The request to one partner (or what to download from it), ready to copy; `annees` limits it to some years."""
    lines = []
    for row in attente.lignes:
        years = [annee for annee in row.awaited if not annees or annee in annees]
        if years:
            place = f" – {cadre.titres[row.objet]}" if row.objet else ""
            lines.append(f"– {row.libelle}{place}\u00a0: {_years(years)}\u202f;")
    body = "\n".join(lines).removesuffix("\u202f;") + "."
    means = ["Comment les obtenir\u00a0:\n" + "\n".join(f"– {text}" for text in attente.demandes)] if attente.demandes else []
    if attente.is_public:
        return "\n\n".join([f"À télécharger ({attente.partenaire}, données publiques)\u00a0:", body, *means])
    parts = [
        f"Objet\u00a0: suivi annuel – {cadre.contrat.titre}",
        "Madame, Monsieur,",
        f"Pour établir le bilan annuel du contrat de ville ({cadre.contrat.quartier}), il nous manque les éléments suivants, "
        f"que {attente.partenaire} est en mesure de fournir\u00a0:",
        body,
        *means,
        "Ces éléments sont attendus sous forme de totaux, par sexe quand c’est possible, sans aucune donnée nominative. "
        "Si un indicateur ne vous concerne pas, merci de nous le dire\u00a0: une absence de réponse, un zéro et un "
        "«\u00a0non concerné\u00a0» sont trois choses différentes.",
        "Nous restons à votre disposition pour tout échange.",
        "L’équipe projet du contrat de ville",
    ]
    return "\n\n".join(parts)


def _years(years: Sequence[int]) -> str:
    """« 2016 », « 2015, 2016 et 2018 », « 2015 et 2017 à 2019 »."""
    runs: list[list[int]] = []
    for annee in years:
        if runs and annee == runs[-1][-1] + 1:
            runs[-1].append(annee)
        else:
            runs.append([annee])
    parts = [part for run in runs for part in ([f"{run[0]} à {run[-1]}"] if len(run) > 2 else [str(annee) for annee in run])]
    return " et ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))

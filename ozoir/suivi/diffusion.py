"""What may be shown of beneficiaries: small counts of persons are masked, and what would give them back.

One rule, applied in one place: a count of persons between 1 and the threshold (excluded) is masked, so is the count
whose difference with a shown total falls there (the other sex, those outside the quartier), and a rate whose
numerator would be such a count. A zero is a zero.
"""

from __future__ import annotations

from dataclasses import dataclass

from ozoir.access.identites import current_identity, is_allowed, require
from ozoir.catalogue.contrat import IndicateurRealisation
from ozoir.catalogue.saisies import Realisation
from ozoir.indicators.results import MANQUANT, MASQUE, SANS_OBJET, Figure
from ozoir.ingestion.saisies import PERSONNES

# What pilots write between themselves is for the signatories; anybody may read what succeeded.
COMMENTAIRES_PUBLICS = ("reussites",)
UNMASKED = 1  # no count lies between 0 and such a threshold
_RAISON = "effectif de personnes inférieur au seuil de diffusion, ou valeur qui permettrait de le retrouver"
_PARTS = ("dont_qpv", "femmes", "hommes")


def may_read_comment(kind: str) -> bool:
    """True when whoever is acting may read comments of this kind."""
    return kind in COMMENTAIRES_PUBLICS or is_allowed(current_identity(), "lecture restreinte")


@dataclass(frozen=True)
class Diffusee:
    """A realisation as it may be shown; every field is a Figure, with its sign and reason when there is no number."""

    realise: Figure
    cible: Figure
    beneficiaires: Figure
    dont_qpv: Figure
    femmes: Figure
    hommes: Figure

    @property
    def is_masked(self) -> bool:
        shown = (self.realise, self.beneficiaires, self.dont_qpv, self.femmes, self.hommes)
        return any(figure.statut == MASQUE for figure in shown)


def disclose(entry: Realisation | None, indicateur: IndicateurRealisation, seuil: int) -> Diffusee:
    """The figures of an answer; seuil 0 shows everything (screens of those who enter, restricted edition), to those who may."""
    if seuil <= UNMASKED:
        require(current_identity(), "lecture restreinte")
    if entry is None or entry.non_concerne:
        absent = Figure(None, SANS_OBJET, "non concerné") if entry else Figure(None, MANQUANT, "pas de réponse")
        return Diffusee(*[absent] * 6)
    masked = _masked(entry, indicateur, seuil)
    decimals = 0 if entry.realise is None or entry.realise == int(entry.realise) else 1
    return Diffusee(
        realise=_figure(entry.realise, "realise" in masked, indicateur.unite, decimals),
        cible=_figure(entry.cible, False, indicateur.unite, 0 if entry.cible is None or entry.cible == int(entry.cible) else 1),
        **{name: _figure(getattr(entry, name), name in masked, PERSONNES) for name in ("beneficiaires", *_PARTS)},
    )


def _figure(value: float | None, is_masked: bool, unit: str, decimals: int = 0) -> Figure:
    if value is None:
        return Figure(None, MANQUANT, "pas de réponse")
    if is_masked:
        return Figure(None, MASQUE, _RAISON)
    return Figure(float(value), unite=unit, decimales=decimals)


def _masked(entry: Realisation, indicateur: IndicateurRealisation, seuil: int) -> set[str]:
    def is_small(count: float | None) -> bool:
        return count is not None and 0 < count < seuil

    total = entry.beneficiaires
    masked = {name for name in _PARTS if is_small(getattr(entry, name))}
    if total is not None:
        masked |= {name for name in _PARTS if getattr(entry, name) is not None and is_small(total - getattr(entry, name))}
    if masked & {"femmes", "hommes"}:
        masked |= {"femmes", "hommes"}
    if is_small(total):
        masked |= {"beneficiaires", *_PARTS}
    if _gives_back(entry, indicateur, masked, is_small):
        masked.add("realise")
    return masked


def _gives_back(entry: Realisation, indicateur: IndicateurRealisation, masked: set[str], is_small) -> bool:
    """The value itself is a small count, a masked count over again, or a rate of one."""
    if entry.realise is None:
        return False
    if indicateur.unite == PERSONNES:
        return is_small(entry.realise) or any(entry.realise == getattr(entry, name) for name in masked)
    if indicateur.nature == "taux" and entry.beneficiaires:
        numerator = round(entry.realise * entry.beneficiaires / 100)
        return "beneficiaires" in masked or is_small(numerator) or is_small(entry.beneficiaires - numerator)
    return False

"""Every figure computed a second time, in plain pandas, straight from the facts: nothing of `ozoir.indicators` is used.

Only what an indicator is (numerator, denominator, sources) comes from the catalogue. A figure that is not shown must have
a reason that the facts confirm.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from math import isclose, sqrt

import pandas as pd

KEY = ["source", "mesure", "sexe", "age", "detail", "place", "jour"]
KNOWN = ("connu", "provisoire")
NOT_SHOWN = ("masque", "non_diffuse", "manquant", "sans_objet", "non_calcule")


def current(facts: pd.DataFrame) -> pd.DataFrame:
    """Of each fact, the latest edition, then the latest import."""
    key = ["source", "mesure", "territoire", "zonage", "date_reference", "sexe", "age", "detail"]
    return facts.sort_values(["edition", "import_id"], kind="stable").drop_duplicates(key, keep="last", ignore_index=True)


class SecondComputation:
    """The facts of the quartier and of its commune, by key, as one lookup table."""

    def __init__(self, facts: pd.DataFrame, catalogue) -> None:
        self.catalogue = catalogue
        territoire = catalogue.territoire
        table = facts.copy()
        table["jour"] = pd.to_datetime(table["date_reference"]).dt.date
        places = {code: "qpv" for code in territoire.codes_quartier} | {territoire.code_commune: "commune"}
        table["place"] = table["territoire"].map(places).fillna(table["territoire"])
        known = table["statut"].isin(KNOWN) & table["valeur"].notna()
        table["valeur"] = table["valeur"].where(known)
        self.values: dict[tuple, dict[str, float]] = {}
        for row in table[[*KEY, "zonage", "valeur"]].itertuples(index=False):
            self.values.setdefault(tuple(row[:-2]), {})[row.zonage] = row.valeur
        self.groups = {
            (name, group): members
            for name, dimension in catalogue.dimensions.items()
            for group, members in dimension.regroupements.items()
        }
        self.keys = {(source, *parts) for source, *parts, _, _ in self.values}
        self.days: dict[tuple, set] = {}
        for key, values in self.values.items():
            if any(value == value for value in values.values()):
                self.days.setdefault(key[:-1], set()).add(key[-1])
        self.compared: Counter[str] = Counter()
        self.differences: list[tuple] = []

    def value(self, source: str, cle, place: str, day, zonage: str = "") -> float | None:
        """The published value; a group that no file gives is the sum of its members."""
        found = self.values.get((source, cle.mesure, cle.sexe, cle.age, cle.detail, place, day))
        if found is not None:
            value = found.get(zonage) if place == "qpv" and zonage else next(reversed(found.values()))
            return None if value is None or value != value else float(value)
        for dimension, modality in cle.breakdown.items():
            if (dimension, modality) in self.groups:
                members = [cle.with_modality(dimension, name) for name in self.groups[dimension, modality]]
                parts = [self.value(source, member, place, day, zonage) for member in members]
                return None if None in parts else sum(parts)
        return None

    def has_key(self, sources, cle) -> bool:
        if any((source, cle.mesure, cle.sexe, cle.age, cle.detail) in self.keys for source in sources):
            return True
        return any(
            all(self.has_key(sources, cle.with_modality(dimension, name)) for name in self.groups[dimension, modality])
            for dimension, modality in cle.breakdown.items()
            if (dimension, modality) in self.groups
        )

    def check(self, publication) -> None:
        """Every indicator, whole, by each of its breakdowns, and women by age, at every date."""
        for indicateur in self.catalogue.indicateurs.values():
            for decoupage in ("", *indicateur.decoupages):
                self._check_result(publication.result(indicateur.id, decoupage), decoupage, {})
            if {"sexe", "age"} <= set(indicateur.decoupages):
                women = {"sexe": "femmes"}
                self._check_result(publication.result(indicateur.id, "age", women), "age", women)

    def _check_result(self, result, decoupage: str, filtres: dict[str, str]) -> None:
        for serie in result.series:
            breakdown = filtres | ({decoupage: serie.modalite} if serie.modalite else {})
            self._check_serie(result.indicateur, serie, breakdown)

    def _check_serie(self, indicateur, serie, breakdown: dict[str, str]) -> None:
        numerator, denominator = indicateur.cle_numerateur, indicateur.cle_denominateur
        sources = [indicateur.source_denominateur] if indicateur.source_denominateur else list(indicateur.sources)
        for dimension, modality in breakdown.items():
            numerator = numerator.with_modality(dimension, modality)
            if denominator and self.has_key(sources, denominator.with_modality(dimension, modality)):
                denominator = denominator.with_modality(dimension, modality)
        self._check_dates(indicateur, serie, numerator)
        for point in serie.points:
            for name, shown, expected in self._expected(indicateur, point, numerator, denominator):
                self._compare((indicateur.id, serie.modalite, point.date_reference, name), shown, expected, point)

    def _check_dates(self, indicateur, serie, cle) -> None:
        """No date at which a source knows the quartier is left out."""
        wanted = set().union(*(self._known_days(source, cle, "qpv") for source in indicateur.sources))
        left_out = wanted - {point.date_reference for point in serie.points}
        if left_out:
            self.differences.append((indicateur.id, serie.modalite, "dates", sorted(left_out)))

    def _expected(self, indicateur, point, numerator, denominator) -> Iterator[tuple]:
        day, source = point.date_reference, point.source
        n_q = self.value(source, numerator, "qpv", day, point.zonage)
        n_c = self.value(source, numerator, "commune", day)
        is_count = self.catalogue.mesures[numerator.mesure].nature == "effectif"
        n_r = n_c - n_q if is_count and None not in (n_q, n_c) and n_q <= n_c else None
        if denominator is None:
            yield "qpv", point.qpv, n_q
            yield "commune", point.commune, n_c
            if is_count:
                yield "reste", point.reste, n_r
                yield "part", point.part, 100 * n_q / n_c if n_r is not None and n_c else None
            else:
                yield "ecart", point.ecart, None if None in (n_q, n_c) else n_q - n_c
            return
        d_source = indicateur.source_denominateur or source
        d_day = self._denominator_day(indicateur, d_source, denominator, day)
        d_q = self.value(d_source, denominator, "qpv", d_day, point.zonage) if d_day else None
        d_c = self.value(d_source, denominator, "commune", d_day) if d_day else None
        d_r = d_c - d_q if None not in (d_q, d_c) and d_q <= d_c else None
        qpv, commune, rest = (_rate(n, d) for n, d in ((n_q, d_q), (n_c, d_c), (n_r, d_r)))
        yield "qpv", point.qpv, qpv
        yield "commune", point.commune, commune
        yield "reste", point.reste, rest
        if qpv is not None and rest is not None:
            yield "ecart", point.ecart, qpv - rest
            yield "rapport", point.rapport, qpv / rest if rest >= 1 else None
            yield "part", point.part, 100 * n_q / n_c if n_c else None
            yield "sur-représentation", point.sur_representation, (n_q / n_c) / (d_q / d_c) if n_c and d_q else None
            yield "à rattraper", point.a_rattraper, n_q - rest / 100 * d_q if n_c else None
        if qpv is not None and 0 < n_q < d_q and point.qpv.is_shown:
            p = n_q / d_q
            self._near((indicateur.id, day, "marge"), point.qpv.marge, 100 * 1.96 * sqrt(p * (1 - p) / d_q))

    def _denominator_day(self, indicateur, source, cle, day):
        if not indicateur.denominateur_dernier_connu:
            return day
        known = {place: {one for one in self._known_days(source, cle, place) if one <= day} for place in ("qpv", "commune")}
        return max(known["qpv"] & known["commune"] or known["qpv"] or known["commune"], default=None)

    def _known_days(self, source: str, cle, place: str) -> set:
        return self.days.get((source, cle.mesure, cle.sexe, cle.age, cle.detail, place), set())

    def _compare(self, where: tuple, shown, expected: float | None, point) -> None:
        if shown.is_shown:
            self._near(where, shown.valeur, expected)
            return
        self.compared[shown.statut] += 1
        if shown.statut not in NOT_SHOWN or (shown.statut != "masque" and not shown.raison):
            self.differences.append((*where, "sans raison", shown))
        elif shown.statut == "masque":
            if self.catalogue.statistiques[point.source].protegee:
                self.differences.append((*where, "masqué alors que le producteur le publie", expected))
        elif expected is not None:
            self.differences.append((*where, f"non montré ({shown.raison})", expected))

    def _near(self, where: tuple, found: float | None, expected: float | None) -> None:
        self.compared["montré"] += 1
        if found is None or expected is None or not isclose(found, expected, rel_tol=1e-9, abs_tol=1e-9):
            self.differences.append((*where, found, expected))


def _rate(numerator: float | None, denominator: float | None) -> float | None:
    return None if numerator is None or not denominator else 100 * numerator / denominator

"""What no declaration counts yet, declared by the analyst: a measure, its indicator on a pillar's page, a producer."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from ozoir.atelier.assistant import source_id
from ozoir.catalogue.loading import Catalogue
from ozoir.catalogue.model import Indicateur, Mesure, SourceStatistique
from ozoir.typography import alphabetical
from ozoir.ui.texts import safe, typeset

NOUVELLE = "?nouvelle"
_NATURES = {
    "effectif": "Un effectif (s’additionne)",
    "taux": "Un taux ou une part, en %",
    "montant": "Un montant, en euros",
    "indice": "Un indice ou une moyenne",
}
_TIMES = {
    "stock": "Situation à une date",
    "annee": "Total d’une année",
    "trimestre": "Total d’un trimestre",
    "douze_mois": "Total de douze mois",
    "recensement": "Estimation du recensement",
}
_WAYS = {"neutre": "Ni l’un ni l’autre", "baisse": "La baisse", "hausse": "La hausse"}
_UNITS = {"taux": "%", "montant": "€", "indice": ""}


class Nouveautes:
    """Declared so far for one file. catalogue: the known one, with these beside. mesures: id → measure."""

    def __init__(self, catalogue: Catalogue, key: str) -> None:
        kept = st.session_state.setdefault(f"nouveautes-{key}", {"mesures": {}, "producteurs": {}, "places": {}})
        self.known = catalogue
        self._mesures: dict[str, Mesure] = kept["mesures"]  # where it is asked → the measure
        self._places: dict[str, tuple[str, str]] = kept["places"]  # the same → (pillar, wanted direction)
        self._producers: dict[str, SourceStatistique] = kept["producteurs"]

    @property
    def mesures(self) -> dict[str, Mesure]:
        return {item.id: item for item in self._mesures.values()}

    @property
    def producers(self) -> dict[str, SourceStatistique]:
        return {source_id(item.titre): item for item in self._producers.values()}

    @property
    def catalogue(self) -> Catalogue:
        return replace(
            self.known,
            mesures={**self.known.mesures, **self.mesures},
            statistiques={**self.known.statistiques, **self.producers},
        )

    def declare(self, place: str, mesure: Mesure, pilier: str, sens: str) -> None:
        self._mesures[place], self._places[place] = mesure, (pilier, sens)

    def forget(self, place: str) -> None:
        self._mesures.pop(place, None)

    def declare_producer(self, place: str, producer: SourceStatistique | None) -> None:
        self._producers.pop(place, None)
        if producer:
            self._producers[place] = producer

    def indicators(self, statistique: str) -> tuple[Indicateur, ...]:
        """One per new measure which is to be shown on a pillar's page."""
        found = {}
        for place, mesure in self._mesures.items():
            pilier, sens = self._places[place]
            if pilier:
                found[mesure.id] = Indicateur(
                    id=mesure.id,
                    titre=mesure.titre,
                    definition=mesure.definition,
                    unite=mesure.unite,
                    nature="effectif" if mesure.nature == "effectif" else "valeur",
                    numerateur=mesure.id,
                    pilier=pilier,
                    sources=(statistique,),
                    sens=sens,
                    theme="Mesures déclarées ici",
                    decimales=mesure.decimales,
                )
        return tuple(found.values())


def ask_measure(nouveautes: Nouveautes, text: str, key: str) -> str:
    """The id of the measure declared here; NOUVELLE as long as it is not complete."""
    with st.container(border=True):
        left, right = st.columns([2, 1])
        titre = left.text_input("Ce qui est compté (titre)", value=text[:80], key=f"mesure-titre-{key}", max_chars=100)
        nature = right.selectbox("Nature", list(_NATURES), format_func=_NATURES.__getitem__, key=f"mesure-nature-{key}")
        definition = st.text_area(
            "Définition\u202f: qui ou quoi est compté, où, quand",
            key=f"mesure-definition-{key}",
            max_chars=400,
            height=68,
        )
        columns = st.columns(3)
        unite = columns[0].text_input(
            "Unité",
            value=_UNITS.get(nature, "personnes"),
            key=f"mesure-unite-{key}-{nature}",
            max_chars=30,
            placeholder="personnes, logements, faits…",
        )
        periode = columns[1].selectbox("Période", list(_TIMES), format_func=_TIMES.__getitem__, key=f"mesure-periode-{key}")
        piliers = {"": "Aucune", **{item.id: item.titre for item in nouveautes.known.contrat.piliers}}
        pilier = columns[2].selectbox(
            "Page où le montrer", list(piliers), format_func=lambda id: typeset(piliers[id]), key=f"mesure-pilier-{key}"
        )
        sens = columns[2].selectbox("Ce qui est souhaité", list(_WAYS), format_func=_WAYS.__getitem__, key=f"mesure-sens-{key}")
    identifiant = source_id(titre)
    missing = [word for word, value in (("un titre", identifiant), ("une définition", definition.strip())) if not value]
    if identifiant in nouveautes.known.mesures:
        nouveautes.forget(key)
        st.html(
            '<p class="oz-vide">Une mesure porte déjà ce titre\u00a0: choisissez-la dans la liste, ou précisez le titre.</p>'
        )
        return NOUVELLE
    if missing:
        nouveautes.forget(key)
        st.html(f'<p class="oz-vide">Il manque {safe(" et ".join(missing))}.</p>')
        return NOUVELLE
    mesure = Mesure(
        titre=titre.strip(),
        unite=unite.strip(),
        nature=nature,
        periode=periode,
        decimales=0 if nature == "effectif" else 1,
        definition=definition.strip(),
        id=identifiant,
    )
    nouveautes.declare(key, mesure, pilier, sens)
    return identifiant


def ask_producer(nouveautes: Nouveautes, first: str, key: str) -> str:
    """A known statistical source, or one declared now; NOUVELLE as long as it is not complete."""
    sources = {id: item.titre for id, item in nouveautes.known.statistiques.items()}
    ordered = sorted(sources, key=lambda id: (id != first, alphabetical(sources[id])))
    chosen = st.selectbox(
        "Producteur des chiffres",
        [*ordered[:1], NOUVELLE, *ordered[1:]],
        format_func=lambda id: typeset(sources.get(id, "Un autre producteur, à déclarer")),
        key=f"statistique-{key}",
    )
    nouveautes.declare_producer(key, None)
    if chosen != NOUVELLE:
        return chosen
    columns = st.columns([2, 2, 1])
    producteur = columns[0].text_input("Producteur", key=f"producteur-{key}", max_chars=80, placeholder="Éducation nationale")
    titre = columns[1].text_input("Fichier ou enquête", key=f"enquete-{key}", max_chars=80, placeholder="Constats de rentrée")
    seuil = columns[2].number_input("Seuil du secret", 1, 50, 5, key=f"seuil-{key}")
    if not producteur.strip() or not titre.strip():
        st.html('<p class="oz-vide">Nommez le producteur et le fichier.</p>')
        return NOUVELLE
    named = SourceStatistique(f"{producteur.strip()}, {titre.strip()}", producteur.strip(), int(seuil), protegee=False)
    if source_id(named.titre) in nouveautes.known.statistiques:
        return source_id(named.titre)
    nouveautes.declare_producer(key, named)
    return source_id(named.titre)

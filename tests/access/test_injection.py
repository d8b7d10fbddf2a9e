"""A text which would run is planted everywhere one may write, then every page is drawn: none of it comes out alive."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from datetime import date
from html.parser import HTMLParser

import pytest
from streamlit.testing.v1 import AppTest

from ozoir.catalogue.declarations import write_source
from ozoir.catalogue.loading import load_catalogue
from ozoir.catalogue.saisies import (
    Avis,
    Besoin,
    Commentaire,
    Credit,
    Decision,
    Depot,
    EtatAction,
    Evenement,
    Modification,
    Paragraphe,
    Proposition,
    Realisation,
    Reunion,
)
from ozoir.paths import PAGES, ROOT
from ozoir.store.agents import register
from ozoir.store.base import open_store
from ozoir.store.contestations import contest_fact
from ozoir.store.correspondances import save_correspondance
from ozoir.store.facts import current_facts
from ozoir.store.imports import load_delivery
from ozoir.store.journal import now
from ozoir.store.suivi import save_deposit, save_entries
from tests.store.test_imports import deliver

PAYLOAD = (
    "<img src=x onerror=alert(1)>\" onfocus='alert(1)' [XSS](javascript:alert(1)) ![XSS](https://exemple.fr/x.png) :red[XSS]"
)
YEAR = 2016
QUARTIER = "QP077018"


def plant(store) -> None:
    """In every free text of the store: entries, file and sheet names, headers, notes, layouts, people, reasons."""
    catalogue = load_catalogue()
    action, pilier = catalogue.contrat.actions[0].id, catalogue.contrat.piliers[0].id
    delivery = replace(deliver("a.csv", {QUARTIER: 194.0}), fichier=f"{PAYLOAD}.csv")
    delivery.faits = delivery.faits.assign(feuille=PAYLOAD, entete=PAYLOAD, origine=PAYLOAD)
    delivery.territoires = delivery.territoires.assign(libelle=PAYLOAD, commune=PAYLOAD)
    load_delivery(store, delivery, None, PAYLOAD)
    fact = current_facts(store, [QUARTIER]).iloc[0]
    contest_fact(
        store,
        tuple(fact[name] for name in ("source", "mesure", "territoire", "zonage", "date_reference", "sexe", "age", "detail")),
        PAYLOAD,
        PAYLOAD,
    )
    source = replace(catalogue.sources["caf"], id="caf_essai", titre=PAYLOAD)
    save_correspondance(store, "caf_essai", PAYLOAD, write_source(source), PAYLOAD)
    indicateur = next(item.id for item in catalogue.contrat.indicateurs)
    entries = [
        EtatAction(action, YEAR, "en_cours", 40),
        *(Commentaire(action, YEAR, kind, PAYLOAD) for kind in ("freins", "solutions", "reussites", "donnees")),
        Realisation(action, indicateur, YEAR, realise=1.0, texte=PAYLOAD),
        Credit(pilier, "ville", YEAR, "droit_commun", PAYLOAD, commentaire=PAYLOAD),
        Reunion("", "copil", date(YEAR, 3, 1), PAYLOAD, PAYLOAD, PAYLOAD),
        Decision("", YEAR, PAYLOAD, "R1", action, PAYLOAD, suite=PAYLOAD),
        Proposition("", YEAR, PAYLOAD, action, PAYLOAD, True, PAYLOAD, suite=PAYLOAD),
        Besoin("", YEAR, "etude", PAYLOAD, PAYLOAD, PAYLOAD, suite=PAYLOAD),
        Avis("", YEAR, "conseil_citoyen", texte=PAYLOAD),
        Evenement("", date(YEAR, 5, 1), PAYLOAD, PAYLOAD, pilier),
        *(Paragraphe(YEAR, section, PAYLOAD) for section in ("orientations", "situation", "actions")),
    ]
    save_entries(store, [Modification(entry, 0) for entry in entries], PAYLOAD)
    depot = Depot(0, "e" * 64, f"{PAYLOAD}.xlsx", 8, PAYLOAD, YEAR, PAYLOAD, now(), "charge", 0, [{"message": PAYLOAD}])
    save_deposit(store, depot, [])
    with store.record(PAYLOAD, "export restreint", PAYLOAD, {PAYLOAD: PAYLOAD}) as cursor:
        register(cursor, PAYLOAD, "x@exemple.fr", PAYLOAD)


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    path = tmp_path_factory.mktemp("injection") / "contract.duckdb"
    store = open_store(path, create=True)
    plant(store)
    store.close()
    return path


class _Alive(HTMLParser):
    """Tags and attributes of the payload which a browser would obey."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag, attrs) -> None:
        names = {name: value or "" for name, value in attrs}
        if any(name.startswith("on") for name in names) or names.get("src") == "x" or tag == "script":
            self.found.append(self.get_starttag_text())
        if names.get("href", "").startswith("javascript:"):
            self.found.append(self.get_starttag_text())


_MARKDOWN = re.compile(r"(?<!\\)\[XSS(?<!\\)\]|<img src=x")


def alive(app: AppTest) -> list[str]:
    """What of the page would run: HTML blocks, then the words which Streamlit reads as Markdown."""
    parser = _Alive()
    for element in app.get("html"):
        parser.feed(element.proto.body)
    for element in [*app.main, *app.sidebar]:
        proto = element.proto
        for name in ("label", "help", "placeholder", "body"):
            text = getattr(proto, name, "") if element.type != "html" else ""
            if isinstance(text, str) and element.type != "code" and _MARKDOWN.search(text):
                parser.found.append(f"{element.type}.{name}: {text}")
    return parser.found


@pytest.mark.parametrize("path", sorted(PAGES.glob("[0-9]*.py")), ids=lambda path: path.stem)
def test_no_page_lets_a_planted_text_run(base, monkeypatch, path):
    """Each page in each of its views, for the local user who sees everything."""
    monkeypatch.setenv("OZOIR_BASE", str(base))
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    action = load_catalogue().contrat.actions[0].id
    for name, value in {"annee": str(YEAR), "diffusion": "restreinte", "q": "XSS", "numero": "1"}.items():
        app.query_params[name] = value
    app.run().switch_page(str(path)).run()
    views = [item for item in app.selectbox if item.key == "filtre-vue"]
    texts = "".join(item.proto.body for item in app.get("html"))
    assert alive(app) == []
    for rank in range(1, len(views[0].options) if views else 1):
        (view,) = [item for item in app.selectbox if item.key == "filtre-vue"]
        view.select_index(rank).run()
        texts += "".join(item.proto.body for item in app.get("html"))
        assert alive(app) == []
    if path.stem.endswith("actions"):
        app.query_params["action"] = action
        app.run()
        texts += "".join(item.proto.body for item in app.get("html"))
        assert alive(app) == []
    assert not app.exception and "n’a pas pu s’afficher" not in texts
    if path.stem.partition("_")[2] in ("actions", "gouvernance", "import", "journal", "collecte"):
        assert "onerror" in texts  # it is shown, as text: the test sees what it looks for


def test_the_planting_reaches_every_text_of_every_kind_of_entry(base):
    """A field added later must be planted too: no free text of the base is left without the payload."""
    store = open_store(base)
    missing = []
    for kind in (Commentaire, Realisation, Credit, Reunion, Decision, Proposition, Besoin, Avis, Evenement, Paragraphe):
        known = {"reference", "statut", "type", "nature", "objet", "action", "section", "instance", "financeur", "indicateur"}
        known |= {"reunion", "pilier", "sens", "theme"}
        for item in fields(kind):
            if item.type == "str" and item.name not in known:
                (count,) = (
                    store.cursor()
                    .execute(f"SELECT count(*) FROM {kind.TABLE} WHERE contains({item.name}, 'onerror')")
                    .fetchone()
                )
                missing += [f"{kind.TABLE}.{item.name}"] if not count else []
    store.close()
    assert missing == []


def test_the_detector_sees_a_living_payload():
    parser = _Alive()
    parser.feed(f"<p>{PAYLOAD}</p><a href='javascript:alert(1)'>x</a>")
    assert len(parser.found) == 2 and _MARKDOWN.search(PAYLOAD)

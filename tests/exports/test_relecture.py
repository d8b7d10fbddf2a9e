"""Documents opened again and attacked: lists, charts, embedded workbooks, and the editions handed out before."""

from __future__ import annotations

import io
import shutil
import zipfile
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from ozoir.catalogue.diffusions import PUBLIQUE
from ozoir.catalogue.suivi import load_cadre
from ozoir.exports import relecture
from ozoir.exports.assembly import assemble_dossier
from ozoir.exports.editions import freeze_edition, open_edition
from ozoir.exports.formats import export
from ozoir.exports.pictures import draw_picture, to_png
from ozoir.exports.relecture import read_back
from ozoir.exports.written import pdf_text, written_numbers
from ozoir.indicators.audit import audit
from ozoir.indicators.masking import find_masks
from ozoir.indicators.publication import Publication, past_facts, publish
from ozoir.ingestion.delivery import Delivery
from ozoir.store.imports import load_delivery
from ozoir.suivi.dossier import load_dossier
from tests.indicators.territories import both, facts

DAYS = date(2018, 12, 31), date(2019, 12, 31)
OPENED = ("donnees", "xlsx", "pptx", "docx", "svg", *(["pdf"] if shutil.which("pdftotext") else []))
needs_poppler = pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler absent")


def by_sex(women: int, men: int):
    rows = []
    for day in DAYS:
        rows += both("defm_abc", women + men, 131, day=day)
        rows += both("defm_abc; sexe=femmes", women, 61, day=day) + both("defm_abc; sexe=hommes", men, 70, day=day)
        rows += both("defm_a", 17, 80, day=day)
    return facts(*rows)


def load(store, table, edition: str) -> None:
    names = pd.DataFrame(columns=["code", "zonage", "libelle", "commune"])
    load_delivery(store, Delivery(f"{edition}.csv", edition * 16, 10, "pole_emploi", edition, table, names))


def dossier_of(store, catalogue, publication):
    return assemble_dossier(publication, load_dossier(store, load_cadre(catalogue.contrat)), 2019, PUBLIQUE, date(2020, 3, 1))


@pytest.fixture
def publication(store, catalogue):
    """3 women and 22 men, masked in both years."""
    load(store, by_sex(3, 22), "2019")
    return publish(store, catalogue)


def test_every_document_says_what_the_screen_says_and_nothing_masked(store, catalogue, publication):
    back = read_back(dossier_of(store, catalogue, publication), OPENED)
    assert back.documents == len(OPENED) and not back.unread
    assert {reading.document.rpartition(".")[2] for reading in back.readings} == {"zip", "xlsx"}
    assert any((item.indicateur, item.role, item.valeur) == ("defm_abc", "qpv", 25) for item in back.readings)
    assert not audit(publication, readings=back.readings, strays=back.strays).disclosures


def test_a_document_that_gives_a_masked_count_is_found(store, catalogue, publication):
    """The documents of a publication without masks, held against the one that masks: 22 men are in lists and charts."""
    table = publication.confidential_facts()
    naked = Publication(catalogue, table, find_masks(table, catalogue, protections=()), [], 1, False)
    back = read_back(dossier_of(store, catalogue, naked), ("donnees",))
    found = [item.sentence() for item in audit(publication, readings=back.readings).disclosures]
    assert any("écrit 22,000, qui est masqué" in text for text in found)


@pytest.mark.parametrize(
    ("opened", "where"),
    [("pptx", ".pptx"), ("docx", ".docx"), ("svg", "graphique defm_abc"), pytest.param("pdf", ".pdf", marks=needs_poppler)],
)
def test_a_masked_count_is_found_wherever_it_is_written(store, catalogue, publication, monkeypatch, opened, where):
    """The documents of a publication without masks, read by somebody who knows which figures are shown."""
    table = publication.confidential_facts()
    naked = Publication(catalogue, table, find_masks(table, catalogue, protections=()), [], 1, False)
    drawn = dossier_of(store, catalogue, naked)
    shown = list(relecture._shown_numbers(dossier_of(store, catalogue, publication)))
    monkeypatch.setattr(relecture, "_shown_numbers", lambda _: shown)
    strays = [item for item in read_back(drawn, (opened,)).strays if item[0].endswith(where)]
    found = [item.sentence() for item in audit(publication, strays=strays).disclosures]
    assert any("la valeur d’une cellule masquée" in text for text in found), strays


@needs_poppler
def test_every_number_of_a_pdf_is_read_thousands_whole(store, catalogue, publication):
    dossier = dossier_of(store, catalogue, publication)
    text = pdf_text(export(dossier, "pdf").contenu)
    assert {25.0, 131.0, 2019.0} <= written_numbers(text)
    assert written_numbers("12\u202f345,6 le 31/12/2019 et -7 de 25-49 ans") == {12345.6, 31.0, 12.0, 2019.0, 7.0, 25.0, 49.0}


def test_without_poppler_the_audit_says_which_documents_it_did_not_read(store, catalogue, publication, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda _: None)
    back = read_back(dossier_of(store, catalogue, publication), ("fiche-simple",))
    assert [name.endswith(".pdf") for name in back.unread] == [True]
    report = replace(audit(publication, readings=back.readings, strays=back.strays), unread=back.unread)
    assert "faute de pdftotext" in report.text() and back.unread[0] in report.text()


def test_a_png_is_the_svg_that_is_read_in_pixels(store, catalogue, publication):
    """Each PNG of the archive is what `to_png` makes of the very picture whose text the audit reads."""
    dossier = dossier_of(store, catalogue, publication)
    pixels, drawn = (unpack(export(dossier, name).contenu) for name in ("png", "svg"))
    assert pixels and [name.replace(".png", ".svg") for name in pixels] == list(drawn)
    pictures = [picture for result in dossier.resultats if (picture := draw_picture(result, dossier.bandeau))]
    assert list(drawn.values()) == [picture.svg.encode() for picture in pictures]
    assert list(pixels.values()) == [to_png(picture) for picture in pictures]


def unpack(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_two_editions_around_a_correction_give_nothing_together(store, catalogue):
    """First 3 women of 25, masked; then 6 of 28, which would be shown if masks did not remember."""
    load(store, by_sex(3, 22), "2019")
    freeze_edition(store, dossier_of(store, catalogue, publish(store, catalogue)), "Avant", "Alice")
    load(store, by_sex(6, 22), "2020")
    after = publish(store, catalogue)
    freeze_edition(store, dossier_of(store, catalogue, after), "Après", "Alice")
    frozen = [result for name in ("Avant", "Après") for result in open_edition(store, name).resultats]
    history = past_facts(store, after.catalogue)
    report = audit(after, history, frozen)
    assert report.disclosures == () and report.masked > 0
    forgetful = Publication(
        catalogue, after.confidential_facts(), find_masks(after.confidential_facts(), catalogue), [], 1, False
    )
    found = audit(forgetful, history, frozen).disclosures  # 22 men shown now: the same 22 were hidden by the first edition
    assert any("femmes" in item.sentence() for item in found)


def test_what_an_edition_showed_stays_known(store, catalogue):
    """6 women shown and frozen, then a stricter threshold: they are no secret, and give nothing else away."""
    load(store, by_sex(6, 22), "2019")
    before = publish(store, catalogue)
    frozen = list(dossier_of(store, catalogue, before).resultats)
    strict = replace(catalogue.statistiques["pole_emploi"], seuil=10)
    stricter = replace(catalogue, statistiques={**catalogue.statistiques, "pole_emploi": strict})
    table = before.confidential_facts()
    publication = Publication(stricter, table, find_masks(table, stricter), [], 1, False)
    assert publication.result("defm_abc", "sexe").series[1].latest.qpv.statut == "masque"
    assert not audit(publication, frozen=frozen).disclosures

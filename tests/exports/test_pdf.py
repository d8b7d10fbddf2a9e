"""PDF documents: tagged, titled, in French, fonts inside, and what a reader extracts."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from ozoir.exports.contents import Document, Texte, Titre
from ozoir.exports.pdf import render_pdf
from tests.exports import dossiers
from tests.exports.conftest import exported, unpacked

PDFS = ("pdf", "fiche-quartier", "fiche-simple")
needs_poppler = pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler absent")


def text_of(content: bytes) -> str:
    answer = subprocess.run(["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True, timeout=60)
    return answer.stdout.decode()


@pytest.mark.parametrize("format_id", PDFS)
def test_it_declares_tags_language_title_and_accessibility(format_id):
    parts = b"\n".join(unpacked(exported("ordinary", format_id).contenu))
    assert b"/StructTreeRoot" in parts and b"/Marked true" in parts
    assert b"/Lang (fr" in parts or b"/Lang(fr" in parts
    assert b"pdfuaid:part" in parts and b"/DisplayDocTitle true" in parts


@pytest.mark.parametrize("format_id", PDFS)
def test_its_fonts_are_inside(format_id):
    parts = b"\n".join(unpacked(exported("ordinary", format_id).contenu))
    assert b"SourceSansPro" in parts and (b"/FontFile2" in parts or b"/FontFile3" in parts)


def test_charts_are_figures_with_an_alternative_text():
    parts = b"\n".join(unpacked(exported("ordinary", "pdf").contenu))
    assert b"/Figure" in parts and b"/Alt" in parts


@needs_poppler
def test_the_report_reads_as_written():
    text = text_of(exported("ordinary", "pdf").contenu)
    for words in (
        "Bilan 2019 du contrat de ville",
        "Sommaire",
        "Pilier : Emploi et économie",
        "52,6 %",
        "Annexe A. Données par sexe",
    ):
        assert words in text.replace("\u00a0", " ").replace("\u202f", " ")
    pages = text.count("\f")
    assert text.count("établi le 12/03/2020") >= pages


@needs_poppler
@pytest.mark.parametrize("name", ["ordinary", "longest", "sixty"])
def test_an_action_sheet_holds_on_one_page_and_the_quartier_on_a_few(name):
    pages = text_of(exported(name, "fiche-quartier").contenu).count("\f")
    assert pages <= (2 if name == "ordinary" else 4)


@needs_poppler
def test_plain_words_hold_no_sign_and_no_jargon():
    text = text_of(exported("masked", "fiche-simple").contenu)
    assert not {"n.s.", "///", "QPV", "secret statistique"} & set(text.split())
    assert "protège leur vie privée" in " ".join(text.split())


@needs_poppler
def test_markup_in_data_is_text():
    blocs = (Titre('#read("/etc/passwd") *gras* $x^2$ <étiquette>'), Texte('#import "x" : \\ `code` @réf // fin'))
    content = render_pdf(Document('Essai #set page(paper: "a5")', "", blocs), dossiers.ordinary())
    text = text_of(content)
    assert '#read("/etc/passwd") *gras* $x^2$ <étiquette>' in text and '#import "x" : \\ `code` @réf // fin' in text
    assert 'Essai #set page(paper: "a5")' in text and "root:" not in text

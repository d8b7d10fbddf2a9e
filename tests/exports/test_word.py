"""Word documents, opened again: styles, contents, captions, tables as in the Document, pictures described."""

from __future__ import annotations

import io

import pytest
from docx import Document as open_word
from docx.oxml.ns import qn

from ozoir.exports.contents import Graphique, Tableau, Titre
from ozoir.exports.fiches import action_document, quartier_sheet
from ozoir.exports.pictures import draw_chart
from ozoir.exports.report import yearly_report
from tests.exports import dossiers
from tests.exports.conftest import exported


def opened(name: str, format_id: str = "docx"):
    return open_word(io.BytesIO(exported(name, format_id).contenu))


@pytest.mark.parametrize(
    ("name", "format_id", "make"),
    [
        ("ordinary", "docx", yearly_report),
        ("longest", "docx", yearly_report),
        ("ordinary", "fiche-quartier-docx", quartier_sheet),
    ],
)
def test_tables_are_those_of_the_document_cell_by_cell(name, format_id, make):
    document = make(dossiers.ALL[name]())
    expected = [
        [list(bloc.colonnes), *([cell.texte for cell in line] for line in bloc.lignes)]
        for bloc in document.blocs
        if isinstance(bloc, Tableau) and bloc.lignes
    ]
    written = [
        [[cell.text for cell in row.cells] for row in table.rows]
        for table in opened(name, format_id).tables
        if table.style.name == "Table Grid"
    ]
    assert written == expected


def test_headings_are_real_and_the_contents_list_them():
    document, word = yearly_report(dossiers.ordinary()), opened("ordinary")
    headings = [(bloc.niveau, bloc.texte) for bloc in document.blocs if isinstance(bloc, Titre)]
    written = [(int(p.style.name[-1]), p.text) for p in word.paragraphs if p.style.name.startswith("Heading")]
    assert written == headings
    instructions = [element.text for element in word.element.iter(qn("w:instrText"))]
    assert any("TOC" in text for text in instructions) and any("SEQ Tableau" in text for text in instructions)
    shown = [p.text for p in word.paragraphs]
    assert all(shown.count(text) >= 2 for level, text in headings if level <= 2)


def test_every_chart_is_there_with_its_description():
    document, word = yearly_report(dossiers.ordinary()), opened("ordinary")
    expected = [draw_chart(bloc.resultat).alt for bloc in document.blocs if isinstance(bloc, Graphique)]
    assert [shape._inline.docPr.get("descr") for shape in word.inline_shapes] == expected


def test_the_banner_is_on_every_page_and_the_language_is_french():
    word = opened("ordinary")
    assert word.sections[0].header.paragraphs[0].text == dossiers.ordinary().bandeau
    assert word.styles.element.find(f".//{qn('w:lang')}").get(qn("w:val")) == "fr-FR"
    assert word.core_properties.title == "Bilan 2019 du contrat de ville"


def test_headers_repeat_and_short_tables_are_not_cut():
    table = next(table for table in opened("ordinary").tables if table.style.name == "Table Grid")
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
    assert all(row.cells[0].paragraphs[0].paragraph_format.keep_with_next for row in table.rows[:-1] or ())


def test_an_action_sheet_says_who_does_what_and_what_was_answered(dossier):
    texts = [
        cell.texte
        for bloc in action_document(dossier, dossier.actions[0]).blocs
        if isinstance(bloc, Tableau)
        for line in bloc.lignes
        for cell in line
    ]
    assert "Service emploi intercommunal, Pôle emploi" in texts and "En cours" in texts and "s" in texts

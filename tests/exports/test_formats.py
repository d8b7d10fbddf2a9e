"""Each row of FORMATS, on ordinary and hostile dossiers: named, repeatable, silent about what is masked."""

from __future__ import annotations

import io
import re
import time
import zipfile
from dataclasses import replace

import pytest

from ozoir.errors import OzoirError
from ozoir.exports.cleaning import file_name_part
from ozoir.exports.formats import FORMATS, export, export_picture, find_format, render_pack
from ozoir.indicators.results import MASQUE, Figure
from ozoir.paths import ROOT
from tests.charts import samples
from tests.exports import dossiers
from tests.exports.conftest import exported, unpacked

SINGLE = [item for item in FORMATS if item.id != "pack"]
SECRET = 987654.0


@pytest.mark.parametrize("item", SINGLE, ids=lambda item: item.id)
def test_the_same_dossier_gives_the_same_bytes(item):
    assert export(dossiers.ordinary(), item.id).contenu == exported("ordinary", item.id).contenu


@pytest.mark.parametrize("name", ["empty", "masked", "hostile", "longest"])
@pytest.mark.parametrize(
    "item", [item for item in SINGLE if item.id not in ("png", "fiches-actions-docx")], ids=lambda item: item.id
)
def test_every_format_is_made_from_every_dossier(item, name):
    assert exported(name, item.id).contenu[:4] in (b"PK\x03\x04", b"PK\x05\x06", b"%PDF", b"\xef\xbb\xbfI")


@pytest.mark.parametrize("item", FORMATS, ids=lambda item: item.id)
def test_file_names_speak_and_are_safe(item):
    assert re.fullmatch(r"ville_[a-z-]+_2019_publique_2020-03-12\.[a-z]+", item.file_name(dossiers.ordinary()))
    hostile = replace(dossiers.ordinary(), prefixe="../Évil\x00/..\\", numero=4, fictif=True)
    assert re.fullmatch(r"evil_[a-z-]+_2019_publique_edition-4_2020-03-12_fictif\.[a-z]+", item.file_name(hostile))


def test_a_name_of_nothing_still_makes_a_file_name():
    assert file_name_part("…/") == "sans-nom" and file_name_part("COPIL du 12/03") == "copil-du-12-03"


def test_the_deck_is_named_as_expected():
    assert find_format("pptx").file_name(dossiers.ordinary()) == "ville_bilan_2019_publique_2020-03-12.pptx"


def test_an_unknown_format_is_refused_with_the_known_ones():
    with pytest.raises(OzoirError, match="Vouliez-vous dire « pptx »"):
        find_format("ppt")


def hidden(result):
    """Every masked figure keeps what it was made of: the worst a Result could bring."""

    def mask(figure: Figure) -> Figure:
        return replace(figure, numerateur=SECRET, denominateur=SECRET, marge=SECRET) if figure.statut == MASQUE else figure

    series = tuple(
        replace(
            serie,
            points=tuple(
                replace(p, qpv=mask(p.qpv), reste=mask(p.reste), commune=mask(p.commune), ecart=mask(p.ecart))
                for p in serie.points
            ),
        )
        for serie in result.series
    )
    return replace(result, series=series)


@pytest.mark.parametrize(
    "item",
    [item for item in SINGLE if item.id not in ("png", "fiches-actions", "fiches-actions-docx")],
    ids=lambda item: item.id,
)
def test_no_byte_of_any_format_tells_what_is_masked(item):
    dossier = dossiers.make_dossier(tuple(hidden(result) for result in dossiers.ordinary_results()))
    for part in unpacked(export(dossier, item.id).contenu):
        assert not re.search(rb"987[\s,.\xa0]?654|987\xe2\x80\xaf654", part)


def test_the_watch_for_secrets_would_see_one():
    dossier = dossiers.make_dossier(tuple(hidden(result) for result in dossiers.ordinary_results()))
    shown = replace(dossier.resultats[0].series[0].points[0].qpv, valeur=SECRET)
    point = replace(dossier.resultats[0].series[0].points[0], qpv=shown)
    serie = replace(dossier.resultats[0].series[0], points=(point, *dossier.resultats[0].series[0].points[1:]))
    seen = replace(dossier, resultats=(replace(dossier.resultats[0], series=(serie,)), *dossier.resultats[1:]))
    for format_id in ("xlsx", "pptx", "csv"):
        assert any(
            re.search(rb"987[\s,.\xa0]?654|987\xe2\x80\xaf654", part) for part in unpacked(export(seen, format_id).contenu)
        )


def test_the_pack_holds_each_of_its_documents_once_under_its_name():
    dossier = dossiers.ordinary()
    with zipfile.ZipFile(io.BytesIO(exported("ordinary", "pack").contenu)) as archive:
        names = archive.namelist()
    assert names == [item.file_name(dossier) for item in FORMATS if item.in_pack] and len(set(names)) == len(names)


def test_a_fictitious_dossier_says_so_in_every_file_of_the_pack():
    dossier = replace(dossiers.ordinary(), fictif=True)
    for file in render_pack(dossier):
        parts = b"".join(unpacked(file.contenu))
        assert "fictif" in file.nom
        assert b"FICTIVES" in parts or b"fictif" in parts.lower() or file.nom.endswith(".pdf")


def test_one_chart_is_handed_over_with_its_banner():
    file = export_picture(dossiers.ordinary(), samples.rates(), "svg")
    assert (
        file.nom == "ville_graphique_2019_defm-femmes_publique_2020-03-12.svg" and "Diffusion publique" in file.contenu.decode()
    )
    with pytest.raises(OzoirError, match="Pas de graphique"):
        export_picture(dossiers.ordinary(), samples.everything_masked(), "png")


@pytest.mark.parametrize(("format_id", "limit"), [("pptx", 2), ("xlsx", 2), ("docx", 2), ("pdf", 4)])
def test_sixty_indicators_are_made_in_time(format_id, limit):
    started = time.process_time()
    export(dossiers.sixty(), format_id)
    assert time.process_time() - started < limit


def test_the_documentation_lists_every_format():
    text = (ROOT / "docs" / "documents.md").read_text("utf-8")
    assert [item.id for item in FORMATS if f"`{item.id}`" not in text] == []

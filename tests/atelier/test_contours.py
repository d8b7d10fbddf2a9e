"""The map's outlines: real files measured, broken ones refused in French, nothing kept of what is refused."""

from __future__ import annotations

import json

import pytest

from ozoir.atelier.contours import known_contours, receive_contours
from ozoir.catalogue.contours import Contour
from ozoir.catalogue.loading import load_catalogue
from ozoir.charts.carte import draw_map, where_in
from ozoir.errors import OzoirError
from ozoir.ingestion.contours import read_contours
from ozoir.paths import SHARED_DATA, raw_folder
from ozoir.store.base import open_store
from ozoir.ui.carte import name_places

CATALOGUE = load_catalogue()
QUARTIER, COMMUNE = CATALOGUE.territoire.zonages[-1].code, CATALOGUE.territoire.code_commune
SQUARE = [[2.0, 48.0], [2.1, 48.0], [2.1, 48.1], [2.0, 48.1], [2.0, 48.0]]


def geojson(rings, kind="Polygon", **properties) -> bytes:
    feature = {"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": rings}}
    return json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()


@pytest.fixture
def store(tmp_path):
    opened = open_store(tmp_path / "base.duckdb", create=True)
    yield opened
    opened.close()


@pytest.fixture
def real_files():
    folder = SHARED_DATA / "geo"
    if not folder.exists():
        pytest.skip("fichiers réels absents")
    return {path.name: path.read_bytes() for path in folder.glob("*.geojson")}


def test_the_real_outlines_are_recognised_kept_and_measured(store, real_files):
    for name, data in real_files.items():
        receive_contours(store, CATALOGUE, data, name, "essai")
    contours, problems = known_contours(store, CATALOGUE)
    assert (set(contours), problems) == ({QUARTIER, COMMUNE}, [])
    # Insee gives 15.4 km² for the commune; these outlines are simplified
    assert contours[COMMUNE].superficie == pytest.approx(15.4, rel=0.06)
    assert 0.05 < contours[QUARTIER].superficie < 0.3
    assert where_in(contours[QUARTIER], contours[COMMUNE]) == "au nord de la commune, à 1,7\u00a0km de son centre"
    assert {item.fichier for item in contours.values()} == set(real_files)


def test_the_map_draws_each_outline_and_says_the_same(store, real_files):
    for name, data in real_files.items():
        receive_contours(store, CATALOGUE, data, name, "essai")
    places = name_places(CATALOGUE, known_contours(store, CATALOGUE)[0])
    drawing = draw_map(places)
    assert [len(trace["x"]) for trace in drawing.data] == [62, 14]
    assert drawing.layout["yaxis"]["scaleanchor"] == "x"
    assert len(drawing.lecture) == 2 and "soit" in drawing.lecture[1]


def test_an_outline_put_in_the_folder_by_hand_is_read_and_a_broken_one_is_said(store):
    folder = raw_folder(store.path)
    folder.mkdir()
    (folder / "a.geojson").write_bytes(geojson([SQUARE], codgeo=COMMUNE))
    (folder / "b.geojson").write_bytes(b"{")
    contours, problems = known_contours(store, CATALOGUE)
    assert set(contours) == {COMMUNE}
    assert len(problems) == 1 and "b.geojson" in problems[0]


def test_the_area_takes_holes_out():
    small = [[2.04, 48.04], [2.06, 48.04], [2.06, 48.06], [2.04, 48.06], [2.04, 48.04]]
    whole, holed = (read_contours(geojson(rings, code="X"), "f", ["X"])[0] for rings in ([SQUARE], [SQUARE, small]))
    assert whole.superficie == pytest.approx(0.1 * 111.32 * 0.1 * 111.32 * 0.66859, rel=1e-3)  # cos 48.05° = 0.66859
    assert holed.superficie == pytest.approx(whole.superficie * 0.96, rel=1e-3)


def test_a_quartier_is_not_taken_for_the_commune_it_names():
    data = geojson([SQUARE], code_qp="QN000", insee_com=COMMUNE)
    with pytest.raises(OzoirError, match="Aucun périmètre"):
        read_contours(data, "f", [COMMUNE])


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "illisible"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b"[" * 200_000, "illisible"),
        (b'{"type": "Topology"}', "Ce n’est pas un GeoJSON"),
        (b'{"type": "FeatureCollection", "features": 3}', "Ce n’est pas un GeoJSON"),
        (geojson([SQUARE], code="autre"), "Aucun périmètre"),
        (geojson([2.0, 48.0], "Point", code=COMMUNE), "Point"),
        (geojson(None, "MultiPolygon", code=COMMUNE), "Forme non acceptée"),
        (geojson(None, code=COMMUNE), "trois points"),
        (geojson([], code=COMMUNE), "vide"),
        (geojson([SQUARE[:2]], code=COMMUNE), "trois points"),
        (geojson([[*SQUARE, ["a", "b"]]], code=COMMUNE), "n’est pas un point"),
        (geojson([[*SQUARE, [float("nan"), 1.0]]], code=COMMUNE), "n’est pas un point"),
        (geojson([[[675_000, 6_850_000], *SQUARE]], code=COMMUNE), "Lambert"),
        (geojson([SQUARE * 5000], code=COMMUNE), "trop détaillé"),
        (b" " * 20_000_001, "trop volumineux"),
    ],
)
def test_a_broken_file_is_refused_in_french_and_not_kept(store, data, said):
    with pytest.raises(OzoirError) as refused:
        receive_contours(store, CATALOGUE, data, "carte.geojson", "essai")
    text = f"{refused.value.title} {refused.value.message}"
    assert said.replace("Point", "Point") in text
    assert "carte.geojson" in text
    assert not list(raw_folder(store.path).rglob("*.geojson"))


def test_the_latest_file_about_a_place_is_drawn(store):
    wide = [[2.0, 48.0], [2.2, 48.0], [2.2, 48.2], [2.0, 48.2], [2.0, 48.0]]
    receive_contours(store, CATALOGUE, geojson([SQUARE], code=COMMUNE), "ancien.geojson", "essai")
    receive_contours(store, CATALOGUE, geojson([wide], code=COMMUNE), "nouveau.geojson", "essai")
    (found,) = known_contours(store, CATALOGUE)[0].values()
    assert isinstance(found, Contour) and found.cadre == (2.0, 48.0, 2.2, 48.2)

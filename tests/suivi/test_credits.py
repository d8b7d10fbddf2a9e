"""Money: sums exact to the cent, rates over what is known on both sides, all computed by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ozoir.catalogue.saisies import Credit
from ozoir.numbers import format_amount, parse_amount
from ozoir.suivi.credits import break_down, cross, dimensions, sum_amounts


@pytest.fixture
def lines(dossier):
    return dossier.entries(Credit, annee=2016)


def test_a_year_adds_up_to_the_cent(lines):
    total = sum_amounts(lines)
    assert total.lignes == 4
    assert (total.prevu.montant, total.prevu.inconnus) == (Decimal("117500.30"), 0)
    assert (total.engage.montant, total.engage.inconnus) == (Decimal("133000.58"), 1)
    assert (total.paye.montant, total.paye.inconnus) == (Decimal("64000.11"), 2)


def test_the_execution_rate_counts_only_lines_known_on_both_sides(lines):
    total = sum_amounts(lines)
    assert total.execution == pytest.approx(100 * 133000.58 / 115000.30)  # without the 2 500,00 € whose engagement is unknown
    assert total.paiement == pytest.approx(100 * 64000.11 / 128000.38)  # without the 5 000,20 € whose payment is unknown


def test_the_two_sides_of_the_contract(lines, cadre):
    sides = break_down(lines, dimensions(cadre)["groupe"])
    assert sides["epci_ville"].prevu.montant == Decimal("7500.20")
    assert sides["epci_ville"].engage.montant == Decimal("5000.20")
    assert sides["epci_ville"].execution == pytest.approx(100)
    assert sides["etat_autres"].engage.montant == Decimal("128000.38")


def test_by_pillar_and_by_theme(lines, cadre):
    ways = dimensions(cadre)
    pillars = break_down(lines, ways["pilier"])
    assert {id: sums.prevu.montant for id, sums in pillars.items()} == {
        "emploi": Decimal("17500.30"),
        "cadre-de-vie": Decimal("100000.00"),
    }
    themes = break_down(lines, ways["theme"])
    assert themes["2.1"].prevu.montant == Decimal("15000.30")
    assert themes["non_precise"].prevu.montant == Decimal("2500.00")
    assert themes["3.1"].prevu.montant == Decimal("100000.00")


def test_by_funder_and_year(dossier, cadre):
    ways = dimensions(cadre)
    table = cross(dossier.entries(Credit), ways["financeur"], ways["annee"])
    assert table["etat_bop147"]["2016"].prevu.montant == Decimal("10000.10")
    assert table["etat_bop147"]["2017"].prevu.montant == Decimal("1.00")
    assert "caf" not in table


def test_an_unknown_amount_is_not_a_zero():
    unknown = sum_amounts([Credit("emploi", "ville", 2016, "specifique", prevu=Decimal("5"))])
    zero = sum_amounts([Credit("emploi", "ville", 2016, "specifique", prevu=Decimal("5"), engage=Decimal("0"))])
    assert unknown.engage.montant is None and unknown.execution is None
    assert zero.engage.montant == 0 and zero.execution == 0


def test_a_line_taken_back_does_not_count():
    assert sum_amounts([Credit("emploi", "ville", 2016, "specifique")]).lignes == 0


@pytest.mark.parametrize(
    ("text", "amount"),
    [("1 234,50", "1234.50"), ("1\u202f234,5 €", "1234.5"), ("1234.50", "1234.50"), ("0", "0"), ("1 234 567,89", "1234567.89")],
)
def test_amounts_are_read_as_people_write_them(text, amount):
    assert parse_amount(text) == Decimal(amount)


@pytest.mark.parametrize("text", ["", "abc", "1,234.50", "1.234,50", "12 34", "1e5", "5 à 6"])
def test_a_doubtful_amount_is_not_read(text):
    assert parse_amount(text) is None


def test_amounts_are_written_exactly():
    assert format_amount(Decimal("999999999999.99")) == "999\u202f999\u202f999\u202f999,99\u202f€"
    assert format_amount(Decimal("1500.00")) == "1\u202f500\u202f€"

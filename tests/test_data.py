"""The data package: what it holds, and how it refuses what is broken."""

import json

import pandas as pd
import pytest

from foursources.data import DATA, DataError, load, load_all, validate


def broken(package, file, old, new):
    path = package / file
    text = path.read_text(encoding="utf-8")
    assert old in text, "the test no longer fits the data"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return list(validate(package))


def test_the_package_is_valid_and_typed():
    assert list(validate()) == []
    dates = load("provision_dates")
    assert pd.api.types.is_datetime64_any_dtype(dates.date)
    assert load("provisions").further_agreement.dtype == bool
    assert load("sources").author.tolist()[0] == "", "an empty text cell is an empty string, not a missing value"


def test_a_frame_that_a_reader_changes_does_not_change_the_next_one():
    mine = load("sources")
    mine.loc[:, "title"] = "changed"
    assert "changed" not in load("sources").title.tolist()


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (
            "claims.csv",
            "claim_id,source_id,locator,voice",
            "claim_id,source_id,voice",
            "claims.csv, row 1, column locator: it is not there, expected the columns claim_id, source_id",
        ),
        (
            "sources.csv",
            "2022-12-12",
            "12 Dec 2022",
            "sources.csv, row 3, column date: found '12 Dec 2022', expected a date such as 2020-11-10.",
        ),
        (
            "claims.csv",
            "turan-2024-p1-2,turan-2024",
            "turan-2024-p1-2,turan-2025",
            "claims.csv, row 3, column source_id: found 'turan-2025', expected a source_id of locators.csv: "
            "turan-2024, cpc-2022, iai-2023, evn-2023.",
        ),
        (
            "claims.csv",
            "turan-2024-p1-2,turan-2024,P1",
            "turan-2024-p1-2,turan-2024,P99",
            "claims.csv, row 3, column locator: found 'P99', expected a locator of locators.csv: "
            "P1, P2, P3, P4, P5, P6, P7.",
        ),
        (
            "statement_claims.csv",
            "\n1b,",
            "\n1a,",
            "statement_claims.csv, row 3, column statement_claim_id: found '1a', expected a value that no other row "
            "has: this one is the same as in row 2.",
        ),
        (
            "claim_provisions.csv",
            "1b,2\n",
            "1b,1\n",
            "claim_provisions.csv, row 4, column statement_claim_id and prov_id: found '1b, 1', expected a key that "
            "no other row has: this one is the same as in row 3.",
        ),
        (
            "statement_claims.csv",
            ",supports,",
            ",right,",
            "statement_claims.csv, row 2, column verdict: found 'right', "
            "expected one of supports, partly, contradicts, open.",
        ),
        (
            "provision_quantities.csv",
            "1960,",
            "about 2000,",
            "provision_quantities.csv, row 2, column value: found 'about 2000', expected a number from 0.",
        ),
        (
            "references.csv",
            "https://pax",
            "pax",
            "references.csv, row 2, column address: found 'pax.peaceagreements.org/agreements/2324', "
            "expected an address that begins with https://.",
        ),
        (
            "places.csv",
            "aghdam,Aghdam,",
            "aghdam,,",
            "places.csv, row 2, column name: found '', expected a value (Name in the course",
        ),
    ],
)
def test_each_kind_of_broken_data_gives_one_clear_error(package, file, old, new, said):
    problems = broken(package, file, old, new)
    assert len(problems) == 1, problems
    assert problems[0].startswith(said)


def test_nothing_half_loaded_comes_back(package):
    broken(package, "sources.csv", "2022-12-12", "12 Dec 2022")
    with pytest.raises(DataError, match=r"sources\.csv, row 3, column date"):
        load("places", package)  # a table that is itself in order


def test_a_missing_file_and_an_unreadable_description_are_named(package):
    (package / "provisions.csv").unlink()
    assert list(validate(package)) == [
        f"provisions.csv: the file is missing; expected it in {package}, as datapackage.json says."
    ]
    (package / "datapackage.json").write_text("{", encoding="utf-8")
    assert next(validate(package)).startswith("datapackage.json: expected a description of the data package, but")


def test_an_unknown_table_is_refused_with_the_names_of_those_that_exist():
    with pytest.raises(DataError, match=r"no table 'opinions'.*provisions"):
        load("opinions")


def test_every_column_and_table_is_described():
    package = json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))
    for resource in package["resources"]:
        assert resource["description"] and resource["title"] and resource["made"]
        assert all(len(field["description"]) > 3 for field in resource["schema"]["fields"])
    stored = {path.stem for path in DATA.glob("*.csv")}
    assert stored == set(load_all()), "a CSV file lies in data/ that datapackage.json does not describe"


def test_the_fourteen_provisions_and_their_dates():
    provisions, dates = load("provisions"), load("provision_dates")
    assert provisions.prov_id.tolist() == ["1", "2", "3", "4", "5", "6a", "6b", "6c", "7", "8", "9a", "9b", "9c", "9d"]
    assert set(provisions.prov_id[provisions.further_agreement]) == {"6b", "9d"}
    set_in_text = dates[dates.kind == "set in the text"]
    calendar = provisions[provisions.deadline_type == "calendar date"]
    assert set(set_in_text.prov_id) == set(calendar.prov_id) and len(set_in_text) == 4
    terms = dates.set_index("date_id").date
    start = pd.Timestamp("2020-11-10")
    assert terms["route-plan"] == start + pd.DateOffset(years=3)
    assert terms["term-end"] == start + pd.DateOffset(years=5)
    assert terms["notice"] == terms["term-end"] - pd.DateOffset(months=6)


def test_the_claims_about_the_statement():
    claims = load("statement_claims").merge(load("claims"))
    assert claims.verdict.value_counts().to_dict() == {"open": 10, "supports": 8, "partly": 7, "contradicts": 4}
    assert claims.groupby("source_id").size().to_dict() == {
        "cpc-2022": 8,
        "evn-2023": 11,
        "iai-2023": 4,
        "turan-2024": 6,
    }
    assert set(claims.speaker_id[claims.voice == "reported"]) == {"armenia", "azerbaijan"}
    assert claims["quote"].map(bool).all(), "a verdict about a text starts from its words"


def test_each_source_has_a_claim_that_the_text_does_not_bear_out_in_full():
    claims = load("statement_claims").merge(load("claims"))
    assert set(claims.source_id[claims.verdict.isin(["partly", "contradicts"])]) == set(load("sources").source_id)

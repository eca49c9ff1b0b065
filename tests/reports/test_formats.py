import csv
import datetime as dt
import json
import os
import re
import shutil
import subprocess
import sys
import time
from functools import cache
from html.parser import HTMLParser
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any, cast, get_args

import openpyxl
import pypdf
import pytest
import typst

from desk.reports import Format, drawn
from desk.reports.letters import _DRAWN, drawable, is_drawn
from desk.reports.page import Cell, Figure, Page
from desk.reports.sections import page
from projections.committee import CommitteeReport
from tests.nightly import IS_NIGHTLY
from tests.reports.golden import compare
from tests.reports.records import ARABIC, CHINESE, LONG, committee, lexington, portfolio, prefix

HOUSE = Path(__file__).parents[2]
DAYS = ("2001-09-15", "2002-11-15", "2003-07-10")
FORMATS: tuple[Format, ...] = get_args(Format)


@cache
def asked(day: str) -> CommitteeReport:
    return committee(lexington(), day, since="2001-08-01")


@cache
def laid_out(day: str) -> Page:
    return page(asked(day))


@cache
def bytes_of(day: str, form: Format) -> bytes:
    return drawn(asked(day), form)


@cache
def words_of(day: str, form: Format) -> str:
    """All that a format says, as plain words, its line breaks and breaks within words left out."""
    content = bytes_of(day, form)
    match form:
        case "pdf":
            found = " ".join(sheet.extract_text() for sheet in pypdf.PdfReader(BytesIO(content)).pages)
        case "xlsx":
            book = openpyxl.load_workbook(BytesIO(content))
            found = " ".join(
                str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value
            )
        case _:
            found = content.decode()
    return " ".join(found.replace("\u200b", "").replace("<wbr>", "").split())


# --- what every format says ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_names_both_clocks_and_the_fingerprint(form: Format) -> None:
    said, report = words_of("2002-11-15", form), asked("2002-11-15")
    assert "15 Nov 2002" in said or "2002-11-15" in said
    assert str(report.known.position) in said
    assert form == "csv" or report.fingerprint in said


@pytest.mark.parametrize("form", ["csv", "html", "pdf", "xlsx"])
def test_what_the_record_does_not_state_is_said_in_words(form: Format) -> None:
    assert words_of("2002-11-15", form).count("not stated") > 20


@pytest.mark.parametrize("form", ["csv", "jsonl", "html", "pdf", "xlsx"])
def test_inferred_recited_and_deemed_are_told_apart_from_stated(form: Format) -> None:
    said = words_of("2002-11-15", form)
    assert all(re.search(rf"\b{mark}\b", said) for mark in ("stated", "inferred", "recited", "deemed"))


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("day", DAYS)
def test_the_sentences_of_the_summary_are_in_every_format(form: Format, day: str) -> None:
    said = words_of(day, form).replace("- ", "-")
    assert all(sentence in said for sentence in asked(day).summary)


def test_the_sections_come_in_the_order_in_which_a_committee_reads() -> None:
    assert [section.name for section in laid_out("2002-11-15").sections] == [
        "summary",
        "facilities",
        "timeline",
        "defaults",
        "waivers",
        "amendments",
        "rates_over_time",
        "due_dates",
        "offers",
        "compared",
        "findings",
        "evidence",
    ]


def test_every_row_has_a_cell_for_every_column_and_no_cell_is_blank() -> None:
    for day in DAYS:
        for section in laid_out(day).sections:
            for table in section.tables:
                for row in table.rows:
                    assert len(row) == len(table.columns), table.name
                    assert all(cell.text for cell in row), (table.name, row)


def table(report: CommitteeReport, name: str) -> list[dict[str, Cell]]:
    """The rows of a table, each cell by the name of its column."""
    (found,) = [table for section in page(report).sections for table in section.tables if table.name == name]
    return [dict(zip((column.key for column in found.columns), row, strict=True)) for row in found.rows]


def test_every_table_that_gives_facts_says_how_firm_they_are() -> None:
    of_questions = {"findings", "assumed"}
    for section in laid_out("2002-11-15").sections:
        for each in section.tables:
            columns = {column.key for column in each.columns}
            assert {"facts", "standing"} & columns in (set(), {"standing"}, {"facts", "standing"}) or (
                each.name in of_questions
            ), each.name


def test_what_an_offer_exchanged_stands_beside_it_as_principal_interest_cash_and_shares() -> None:
    opened = """
- {event: FacilityOpened, facility: old, effective: 2001-01-01, name: Old, borrowers: [mill], currency: USD,
   principal: "3000.00", rate: {fixed: "0.12"}, day_count: 30/360 US}
- {event: OfferLaunched, offer: swap, effective: 2001-02-01, old: old, through: 2001-03-15, accrued: capitalised,
   accrued_from: 2001-01-01, new: {facility: new, name: New}, cash_fee: {fraction: "0.03"}}
"""
    tendered = '- {event: NotesTendered, offer: swap, effective: 2001-02-10, amount: "2000.00"}\n'
    consummated = "- {event: OfferConsummated, offer: swap, effective: 2001-03-16}\n"
    assert table(committee(prefix(opened, tendered, consummated), "2001-03-15"), "exchanges") == []
    for record, said in (
        ((opened, tendered, consummated), ["2,000.00", "50.00", "2,050.00", "60.00", "none"]),
        ((opened, consummated), ["not stated"] * 5),
    ):
        (row,) = table(committee(prefix(*record), "2001-03-16"), "exchanges")
        assert (row["offer"].text, row["on"].text, row["new_currency"].text) == ("swap", "16 Mar 2001", "USD")
        shown = [row[each].text for each in ("principal", "accrued_interest", "issued", "cash", "warrant_shares")]
        assert shown == said


def test_amounts_have_the_form_of_their_currency() -> None:
    record = """
- {event: FacilityOpened, facility: samurai, effective: 2020-01-01, name: Samurai, borrowers: [mill], currency: JPY,
   principal: "1234567", rate: {fixed: "0.0125"}, day_count: actual/365, matures: 2020-03-01}
- {event: FeeAgreed, facility: samurai, fee: f, kind: waiver, amount: "1500.00", effective: 2020-02-01,
   earned: 2020-02-01}
"""
    report = committee(prefix(record), "2020-02-15", since="2020-01-15")
    (owed,), (total,) = table(report, "obligations"), table(report, "totals")
    assert [owed[key].text for key in ("principal", "accrued_interest", "fees", "total")] == [
        "1,234,567",
        "1,903",
        "1,500",
        "1,237,970",
    ]
    assert total["total"].text == "1,237,970"
    assert [(row["currency"].text, row["owed"].text) for row in table(report, "due_dates")] == [
        ("JPY", "1,500"),
        ("JPY", "1,234,567"),
    ]
    assert {row["what"].text: row["after"].text for row in table(report, "changes")}["fees"] == "1,500"
    assert "JPY 1,237,970 is owed in all." in report.summary
    sheet = openpyxl.load_workbook(BytesIO(drawn(report, "xlsx")))["Obligations"]
    assert (sheet["C2"].value, sheet["C2"].number_format) == (1234567, "#,##0")


def test_where_no_rate_is_on_record_neither_is_what_the_default_formula_would_give() -> None:
    rows = {row["facility"].text: row for row in table(asked("2002-11-15"), "rates")}
    told = {name: (rows[name]["if_default_rate"].text, rows[name]["grounds"].text) for name in rows}
    assert told["cit"] == ("not stated", "not stated")
    assert told["notes-14"] == ("none in the terms", "–")
    assert told["congress-lpc"] == ("6.25%", "none holds")


def test_what_may_be_borrowed_under_a_line_has_a_table_of_its_own() -> None:
    record = """
- {event: FacilityOpened, facility: line, effective: 2020-01-01, name: Line, borrowers: [mill], currency: USD,
   kind: revolver, principal: "400.00", commitment: "1000.00"}
- {event: FacilityOpened, facility: loan, effective: 2020-01-01, name: Loan, borrowers: [mill], principal: "400.00"}
- {event: AvailabilityReported, facility: line, effective: 2020-02-01, available: "150.00"}
"""
    (row,) = table(committee(prefix(record), "2020-02-15"), "lines")
    told = {key: cell.text for key, cell in row.items()}
    assert (told["facility"], told["commitment"], told["unused"]) == ("line", "1,000.00", "600.00")
    changed = table(committee(prefix(record), "2020-02-15", since="2020-01-15"), "changes")
    assert "available" in {each["what"].text for each in changed}


def test_dates_in_sentences_are_words_for_people_and_dates_for_programs() -> None:
    (row,) = [row for row in table(asked("2002-11-15"), "findings") if row["code"].text == "gap between waivers"]
    assert "between 1 May 2000 and" in row["question"].text or "from 1 May 2000 to" in row["question"].text
    assert "2000-05-01" in str(row["question"].value)


# --- the same bytes --------------------------------------------------------------------------------------------------

DRAW = """
import hashlib, json, sys
from desk.reports import drawn
from tests.reports.records import committee, lexington
report = committee(lexington(), "2002-11-15", since="2001-08-01")
print(json.dumps({form: hashlib.sha256(drawn(report, form)).hexdigest() for form in sys.argv[1:]}))
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""
PLACES = (
    {"TZ": "Pacific/Kiritimati", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1"},
    {"TZ": "America/Los_Angeles", "LC_ALL": "POSIX", "LANG": "de_DE", "PYTHONHASHSEED": "20020731"},
)


@cache
def drawn_in(place: int) -> tuple[dict[str, str], frozenset[str]]:
    """What a process of its own draws in each format, as digests; and the packages that it loads for that."""
    digests, packages = subprocess.run(
        [sys.executable, "-c", DRAW, *FORMATS],
        cwd=HOUSE,
        env={**os.environ, **PLACES[place], "PYTHONPATH": str(HOUSE)},
        capture_output=True,
        check=True,
        text=True,
    ).stdout.splitlines()
    return json.loads(digests), frozenset(json.loads(packages))


def test_two_processes_in_other_places_draw_the_same_bytes() -> None:
    (one, _), (other, _) = drawn_in(0), drawn_in(1)
    assert one == other
    assert set(one) == set(FORMATS)


def test_drawing_loads_nothing_that_is_an_extra() -> None:
    """Data frames and charts stay extras: no format needs them."""
    _, packages = drawn_in(0)
    assert {"typst", "xlsxwriter"} <= packages
    assert not packages & {"altair", "distributed", "matplotlib", "numpy", "openpyxl", "pandas", "polars", "pyarrow"}


# --- HTML ------------------------------------------------------------------------------------------------------------


class Seen(HTMLParser):
    """What an HTML page is made of."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.headings: list[tuple[str, str]] = []
        self.ids: list[str] = []
        self.targets: list[str] = []
        self.tables: list[dict[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.ids += [str(named["id"])] if "id" in named else []
        self.targets += [str(named[name]) for name in ("href", "src", "xlink:href") if name in named]
        if tag == "table":
            self.tables.append(dict.fromkeys(("caption", "thead", "col", "row"), 0))
        if self.tables:
            self.tables[-1]["caption"] += tag == "caption"
            self.tables[-1]["thead"] += tag == "thead"
            self.tables[-1]["col"] += tag == "th" and named.get("scope") == "col"
            self.tables[-1]["row"] += tag == "th" and named.get("scope") == "row"
        if tag not in ("meta", "col", "wbr", "br"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in ("h1", "h2"):
            self.headings.append((self.open[-1], data.strip()))


@cache
def seen(day: str) -> Seen:
    found = Seen()
    found.feed(bytes_of(day, "html").decode())
    found.close()
    return found


@pytest.mark.parametrize("day", DAYS)
def test_a_page_is_well_formed_and_every_name_in_it_is_there_once(day: str) -> None:
    found = seen(day)
    assert found.open == []
    assert len(found.ids) == len(set(found.ids))
    assert {target.removeprefix("#") for target in found.targets} <= set(found.ids)


@pytest.mark.parametrize("day", DAYS)
def test_a_page_needs_nothing_from_outside_and_runs_nothing(day: str) -> None:
    html = bytes_of(day, "html").decode()
    assert not re.search(r"https?:|//[a-z]|@import|url\((?!#)|<script|<link|<img|<iframe|\son[a-z]+=", html)
    assert "default-src 'none'" in html


@pytest.mark.parametrize("day", DAYS)
def test_each_table_of_a_page_has_a_caption_and_heads_of_its_columns_and_rows(day: str) -> None:
    for table in seen(day).tables:
        assert table["caption"] == table["thead"] == 1
        assert table["col"] > 3
        assert table["row"] > 0


def test_a_page_has_one_title_and_a_heading_for_each_section() -> None:
    found = seen("2002-11-15")
    titles = [says for tag, says in found.headings if tag == "h2" and says and not says.isdigit()]
    assert [tag for tag, _ in found.headings].count("h1") == 1
    assert titles == [*(section.title for section in laid_out("2002-11-15").sections), "How to read it"]


def test_names_in_a_page_are_text_and_never_elements() -> None:
    hostile = portfolio(1, "<script>alert(1)</script> & “sons”")
    html = drawn(committee(hostile, "2020-08-31"), "html").decode()
    assert "<script>" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; “sons”" in html


def test_a_small_page_is_the_golden_one() -> None:
    compare("one-loan.html", drawn(committee(portfolio(1), "2020-08-31"), "html").decode())


# --- PDF -------------------------------------------------------------------------------------------------------------


@cache
def paper(day: str) -> pypdf.PdfReader:
    return pypdf.PdfReader(BytesIO(bytes_of(day, "pdf")))


@pytest.mark.parametrize("day", DAYS)
def test_the_report_for_programs_is_attached(day: str) -> None:
    (attached,) = paper(day).attachments["report.json"]
    assert attached == bytes_of(day, "json")
    assert json.loads(attached)["as_of"] == day


def test_it_is_archival_accessible_and_in_a_language() -> None:
    reader = paper("2002-11-15")
    root = reader.root_object
    metadata = cast("pypdf.generic.StreamObject", root["/Metadata"].get_object()).get_data().decode()
    assert "<pdfaid:part>3</pdfaid:part>" in metadata
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in metadata
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert "'/Marked': True" in str(root["/MarkInfo"])
    assert str(root["/Lang"]).startswith("en")
    assert reader.metadata is not None
    assert reader.metadata.creation_date == laid_out("2002-11-15").moment


def test_its_letters_are_those_that_come_with_typst() -> None:
    fonts = {
        str(font.get_object()["/BaseFont"]).partition("+")[2]
        for sheet in paper("2002-11-15").pages
        for font in cast("dict[str, Any]", cast("dict[str, Any]", sheet["/Resources"])["/Font"]).values()
    }
    assert all(font.startswith("LibertinusSerif") for font in fonts)


def test_pages_are_numbered_and_long_tables_repeat_their_heads() -> None:
    sheets = [" ".join(sheet.extract_text().split()) for sheet in paper("2002-11-15").pages]
    count = len(sheets)
    assert all(f"Page {number} of {count}" in sheet for number, sheet in enumerate(sheets, 1))
    evidence = [sheet for sheet in sheets if "Figures Document Clause Rests on Facts" in sheet]
    assert len(evidence) > 1


def test_what_no_letters_are_there_for_is_said_and_the_attachment_has_it() -> None:
    content = drawn(committee(portfolio(3, LONG, ARABIC, CHINESE), "2020-08-31"), "pdf")
    reader = pypdf.PdfReader(BytesIO(content))
    said = " ".join(" ".join(sheet.extract_text().split()) for sheet in reader.pages)
    assert "‹Arabic, 24 characters›" in said
    assert "‹CJK, 6 characters›" in said
    assert "the fonts of this page have no letters for these" in said
    assert LONG in said
    attached = reader.attachments["report.json"][0].decode()
    assert ARABIC in attached
    assert CHINESE in attached


def test_every_letter_that_is_claimed_is_drawn() -> None:
    """PDF/A refuses a document that has a character without a letter."""
    every = "".join(chr(code) for first, last in _DRAWN for code in range(first, last + 1))
    template = '#set document(date: auto)\n#set text(font: "Libertinus Serif")\n#sys.inputs.every'
    for style in ("normal", "italic"):
        styled = f'#set text(style: "{style}")\n{template}'.encode()
        assert typst.compile(
            styled,
            format="pdf",
            ignore_system_fonts=True,
            pdf_standards=["a-3b"],
            timestamp=0,
            sys_inputs={"every": every},
        )


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Plain words", "Plain words"),
        ("Ștefan & Łódź, 12¾% – “naïve”", "Ștefan & Łódź, 12¾% – “naïve”"),
        ("Cafe\u0301", "Café"),
        ("银行", "‹CJK, 2 characters›"),
        ("Bank 银 行 Ltd", "Bank ‹CJK, 2 characters› Ltd"),
        ("اتفاق / 银", "‹Arabic, 5 characters› / ‹CJK, 1 character›"),
        ("🏦", "‹Bank, 1 character›"),
        ("मुंबई", "‹Devanagari, 3 characters›"),
        ("two\r\n\tlines", "two   lines"),
        ("\u200d", "‹unnamed, 1 character›"),
    ],
)
def test_words_are_shown_as_far_as_there_are_letters(written: str, shown: str) -> None:
    assert drawable(written) == shown
    assert all(map(is_drawn, drawable(written)))


def test_nothing_recorded_is_a_page_that_says_so() -> None:
    for form in FORMATS:
        assert b"on record" in drawn(committee(prefix(), "2020-08-31"), form) or form in ("pdf", "xlsx")
    said = pypdf.PdfReader(BytesIO(drawn(committee(prefix(), "2020-08-31"), "pdf"))).pages[0].extract_text()
    assert "nothing is on record, as far as it was known" in " ".join(said.split())


def test_names_on_paper_are_found_and_copied_as_they_are() -> None:
    said = (
        subprocess.run(
            ["pdftotext", "-layout", "-", "-"], input=bytes_of("2002-11-15", "pdf"), capture_output=True, check=True
        ).stdout.decode()
        if shutil.which("pdftotext")
        else words_of("2002-11-15", "pdf")
    )
    assert "\u200b" not in said
    assert said.count("congress-lpc-2002-10") > 5
    assert "congress-lpc/notes/notes-12-3-4/" in said


# --- workbooks -------------------------------------------------------------------------------------------------------


def test_a_workbook_has_real_dates_numbers_and_percentages() -> None:
    book = openpyxl.load_workbook(BytesIO(bytes_of("2002-11-15", "xlsx")))
    facilities = rows(book["Facilities"])
    until = facilities["congress-lpc"]["Until"]
    assert isinstance(until, dt.datetime)
    assert until.date() == dt.date(2003, 1, 3)
    assert facilities["congress-lpc"]["Payment"] == "not stated"
    rates = {row[0].value: row for row in book["Rates"].iter_rows(min_row=2)}
    assert (rates["congress-lpc"][1].value, rates["congress-lpc"][1].number_format) == (0.0525, "0.00%")
    owed = {row[0].value: row for row in book["Obligations"].iter_rows(min_row=2)}
    assert (owed["notes-12-3-4"][2].value, owed["notes-12-3-4"][2].number_format) == (27412000, "#,##0.00")


def rows(sheet: openpyxl.worksheet.worksheet.Worksheet) -> dict[str, dict[str, object]]:
    head, *body = sheet.iter_rows(values_only=True)
    return {str(row[0]): dict(zip(map(str, head), row, strict=True)) for row in body}


def test_every_sheet_has_its_head_frozen_and_a_filter() -> None:
    first, *others = openpyxl.load_workbook(BytesIO(bytes_of("2002-11-15", "xlsx")))
    assert first.title == "Report"
    assert len(others) > 12
    for sheet in others:
        assert sheet.freeze_panes == "B2"
        assert sheet.auto_filter.ref == sheet.dimensions


def test_a_workbook_has_a_sheet_for_every_table_also_where_nothing_is_recorded() -> None:
    for report in (asked("2002-11-15"), committee(prefix(), "2020-08-31")):
        _, *sheets = openpyxl.load_workbook(BytesIO(drawn(report, "xlsx")))
        tables = [table for section in page(report).sections for table in section.tables]
        assert [sheet.title.lower() for sheet in sheets] == [table.name.replace("_", " ") for table in tables]
        for sheet, table in zip(sheets, tables, strict=True):
            assert sheet.freeze_panes == "B2"
            assert table.rows or sheet["A2"].value == table.nothing


def test_words_in_a_column_of_figures_stand_where_the_figures_do() -> None:
    sheet = openpyxl.load_workbook(BytesIO(bytes_of("2002-11-15", "xlsx")))["Rates"]
    words = [cell for (cell,) in sheet["D1:D8"] if isinstance(cell.value, str)]
    assert {cell.alignment.horizontal for cell in words} == {"right"}
    assert len(words) == 7
    assert '<td class="number quiet">none in the terms</td>' in bytes_of("2002-11-15", "html").decode()


def test_a_workbook_bears_the_moment_of_what_was_known() -> None:
    book = openpyxl.load_workbook(BytesIO(bytes_of("2002-11-15", "xlsx")))
    assert book.properties.created == laid_out("2002-11-15").moment.replace(tzinfo=None)
    assert book.properties.keywords == asked("2002-11-15").fingerprint


def test_no_text_of_a_workbook_is_a_formula() -> None:
    content = drawn(committee(portfolio(1, "=1+1"), "2020-08-31"), "xlsx")
    sheet = openpyxl.load_workbook(BytesIO(content))["Facilities"]
    name = sheet["B2"]
    assert (name.value, name.data_type) == ("=1+1", "s")


def test_an_amount_that_a_workbook_would_round_is_text() -> None:
    record = """
- {event: FacilityOpened, facility: big, effective: 2020-01-01, name: Big, borrowers: [mill], currency: USD,
   principal: "123456789012345678.91"}
"""
    sheet = openpyxl.load_workbook(BytesIO(drawn(committee(prefix(record), "2020-08-31"), "xlsx")))["Obligations"]
    assert sheet["C2"].value == "123,456,789,012,345,678.91"


# --- rows for programs -----------------------------------------------------------------------------------------------


def test_csv_and_json_lines_say_the_same() -> None:
    read = csv.DictReader(StringIO(bytes_of("2002-11-15", "csv").decode()))
    from_csv = {(row["table"], int(row["row"]), row["column"]): row["value"] for row in read if row["table"]}
    from_lines: dict[tuple[str, int, str], str] = {}
    counted: dict[str, int] = {}
    _, *lines = map(json.loads, bytes_of("2002-11-15", "jsonl").decode().splitlines())
    for line in lines:
        table, missing = line.pop("table"), line.pop("not_stated")
        counted[table] = counted.get(table, 0) + 1
        del line["section"]
        for key, value in line.items():
            said = "not stated" if key in missing else "" if value is None else value
            from_lines[table, counted[table], key] = " ".join(map(str, said)) if isinstance(said, list) else str(said)
    assert from_csv == from_lines


def test_csv_has_plain_dates_and_figures() -> None:
    read = list(csv.DictReader(StringIO(bytes_of("2002-11-15", "csv").decode())))
    assert {row["as_of"] for row in read} == {"2002-11-15"}
    found = {(row["table"], row["row"], row["column"]): (row["kind"], row["value"]) for row in read}
    assert found["facilities", "1", "until"] == ("day", "2003-01-03")
    assert found["rates", "1", "charged"] == ("rate", "0.0525")
    assert found["obligations", "1", "principal"] == ("amount", "not stated")


@pytest.mark.parametrize(("facilities", "seconds"), [(300, 10.0) if IS_NIGHTLY else (30, 3.0)])
def test_a_portfolio_is_on_paper_in_seconds(facilities: int, seconds: float) -> None:
    record = portfolio(facilities)
    began = time.process_time()
    content = drawn(committee(record, "2020-08-31"), "pdf")
    assert time.process_time() - began < seconds
    assert len(pypdf.PdfReader(BytesIO(content)).pages) > facilities / 10


def test_words_that_a_spreadsheet_takes_for_a_formula_begin_with_an_apostrophe_in_csv() -> None:
    content = drawn(committee(portfolio(1, "=cmd()"), "2020-08-31"), "csv").decode()
    assert "'=cmd()" in content
    assert ",=cmd()" not in content


def test_of_many_graphs_the_largest_are_drawn_and_the_table_has_all() -> None:
    (section,) = [each for each in page(committee(portfolio(90), "2020-08-31")).sections if each.name == "defaults"]
    captions = [part.caption for part in section.parts if isinstance(part, Figure)]
    assert captions == ["Cross-defaults, and the acts that end waivers (12 of 16 sets; the table has all)"] * 12


def test_a_name_without_joints_breaks_within_its_column() -> None:
    record = prefix(
        f"- {{event: FacilityOpened, facility: {'x' * 120}, effective: 2020-01-01, name: Long, borrowers: [mill]}}\n"
    )
    reader = pypdf.PdfReader(BytesIO(drawn(committee(record, "2020-08-31"), "pdf")))
    lines = [line for sheet in reader.pages for line in sheet.extract_text().splitlines() if "xxx" in line]
    in_tables = [line for line in lines if set(line.replace("\u200b", "")) == {"x"}]
    assert in_tables
    assert all(len(line) < 60 for line in in_tables)

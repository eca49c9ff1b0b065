"""Reports in every format. Each format only draws the page that is laid out; the same report is the same bytes.

view = View.of(book.prefix(), date(2002, 11, 15))
report = committee_report(view, projections.report.report(view))
Path("committee.pdf").write_bytes(drawn(report, "pdf"))
"""

from typing import Literal, assert_never

from projections.committee import CommitteeReport

Format = Literal["json", "jsonl", "csv", "xlsx", "html", "pdf"]

BINARY: tuple[Format, ...] = ("xlsx", "pdf")
"""The formats that no terminal shows."""


def drawn(report: CommitteeReport, form: Format) -> bytes:
    """A report in a format. The bytes depend on the report alone, not on machine, zone, locale or time."""
    if form == "json":
        from desk.output import json_text

        return f"{json_text(report.as_json())}\n".encode()
    from desk.reports.sections import page

    laid_out = page(report)
    match form:
        case "jsonl":
            from desk.reports.lines import json_lines

            return json_lines(laid_out)
        case "csv":
            from desk.reports.lines import csv_rows

            return csv_rows(laid_out)
        case "xlsx":
            from desk.reports.xlsx import xlsx

            return xlsx(laid_out)
        case "html":
            from desk.reports.html import html

            return html(laid_out)
        case "pdf":
            from desk.reports.pdf import pdf

            return pdf(laid_out)
        case _:
            assert_never(form)

"""A notebook that asks three questions of the gallery; `marimo edit notebooks/three_questions.py` opens it."""

import marimo

__generated_with = "0.25.2"
app = marimo.App(app_title="Three questions to five papers")


@app.cell
def _():
    import datetime as dt

    import marimo as mo

    from desk.asked import Asked, in_gallery
    from ledger.book import Book
    from ledger.facts import ActTaken
    from ledger.reading import read
    from scenarios import WhatIf
    from scenarios.lexington import gallery_file, record_files

    now = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)

    def shown(name: str, asked: Asked) -> mo.Html:
        """A question: the file that asks it, the picture of the answer, the answer, and whether it is as expected."""
        return mo.vstack(
            [
                mo.md(f"## {asked.script.question}"),
                mo.md(f"```yaml\n{gallery_file(name).read_text(encoding='utf-8')}\n```"),
                mo.Html(asked.drawing().inline),
                mo.md(f"```\n{asked.answered}\n```"),
                mo.md("The answer is the one that the file expects." if asked.checked.agrees else str(asked.checked)),
            ]
        )

    return now, ActTaken, Book, WhatIf, dt, in_gallery, mo, read, record_files, shown


@app.cell
def _(mo):
    mo.md("""
    # Three questions to five papers

    Two lenders waived again and again what followed from notes that their borrowers had not paid. The papers are read
    anew, and each question is a file of the gallery. Nothing that is assumed is kept.
    """)


@app.cell
def _(now, in_gallery, shown):
    suit = in_gallery("the-trustee-sues", now)
    shown("the-trustee-sues", suit)
    return (suit,)


@app.cell
def _(now, in_gallery, shown):
    prime = in_gallery("prime-a-point-higher", now)
    shown("prime-a-point-higher", prime)
    return (prime,)


@app.cell
def _(now, in_gallery, shown):
    downfall = in_gallery("what-brings-cit-down", now)
    shown("what-brings-cit-down", downfall)
    return (downfall,)


@app.cell
def _(Book, now, mo, read, record_files):
    with Book.open("sqlite://", create=True) as book:
        book.record((each.fact for each in read(record_files())), now=now, migrate=True)
        papers = book.prefix()
    day = mo.ui.date(value="2001-09-15", start="2001-08-01", stop="2001-12-31", label="The trustee sues on")
    mo.vstack([mo.md("## And on another day?"), day])
    return day, papers


@app.cell
def _(ActTaken, WhatIf, day, mo, papers):
    asked = WhatIf(papers)
    asked.assume(ActTaken(facility="notes-12-3-4", act="suit", by="trustee", seeks="enforcement", effective=day.value))
    compared = asked.compare(day.value, ["cit"])
    mo.md(f"```\n{compared}\n```")
    return (compared,)


if __name__ == "__main__":
    app.run()

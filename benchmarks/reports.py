"""How long a report takes: the model, and each format of it, for 1, 12 and 300 facilities.

Run it with `python -m benchmarks.reports` from the checkout. The aim is 300 facilities on paper in under ten seconds,
the model included. The seconds are the processor's; the clock says the same on a machine that does nothing else.
"""

import time

from desk.reports import Format, drawn
from tests.reports.records import committee, portfolio

FORMATS: tuple[Format, ...] = ("json", "jsonl", "csv", "xlsx", "html", "pdf")


def main() -> None:
    """Print a line for each size: seconds for the model, then seconds and megabytes for each format."""
    for size in (1, 12, 300):
        prefix = portfolio(size)
        began = time.process_time()
        report = committee(prefix, "2020-08-31")
        told = [f"{size:>3} facilities: model {time.process_time() - began:.2f} s"]
        for form in FORMATS:
            began = time.process_time()
            content = drawn(report, form)
            told.append(f"{form} {time.process_time() - began:.2f} s, {len(content) / 1e6:.1f} MB")
        print(" · ".join(told))  # noqa: T201  (a benchmark prints)


if __name__ == "__main__":
    main()

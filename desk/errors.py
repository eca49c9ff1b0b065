"""What goes wrong at the desk, told in sentences on stderr, or in one JSON object there."""

import json
from typing import Any

import click

from ledger.rejected import Because, Rejected, SeveralRejected, StoreUnusable

FOUND_SOMETHING = 1
REQUEST_WAS_WRONG = 2
STORE_UNUSABLE = 3
INTERRUPTED = 130
CUT_OFF = 141


def exit_code(error: Exception) -> int | None:
    """The exit code of what a person can set right; None for anything else, which is a fault of this program."""
    match error:
        case StoreUnusable():
            return STORE_UNUSABLE
        case Rejected() | click.ClickException():
            return REQUEST_WAS_WRONG
        case click.Abort():
            return INTERRUPTED
    from ledger.reading import RecordFaults

    return REQUEST_WAS_WRONG if isinstance(error, RecordFaults) else None


def told(error: Exception) -> dict[str, Any]:
    """An error as plain data: `code`, then `asked`, `forbidden_by`, `remedy`, `where` and `faults`.

    Where several facts were refused, or some beside faults, `refusals` has the same of each.
    """
    match error:
        case SeveralRejected():
            refusals = [told(each) for each in error.refusals]
            return {**_error(error.code, error.asked, error.remedy), "refusals": refusals}
        case Rejected():
            forbidden = error.forbidden_by
            because = _fact(forbidden) if isinstance(forbidden, Because) else forbidden
            return _error(error.code, error.asked, error.remedy, forbidden_by=because, where=error.where)
        case StoreUnusable():
            return _error(error.code, error.asked, error.remedy)
        case click.Abort():
            return _error("interrupted", "Interrupted.", "What a command records, it records whole or not at all.")
        case click.ClickException():
            return _error("usage", error.format_message(), _help(error))
    from ledger.reading import RecordFaults

    assert isinstance(error, RecordFaults)
    faults = [
        {"file": each.file, "line": each.line, "field": each.field, "found": each.found, "allowed": each.allowed}
        for each in error.faults
    ]
    beside = {"refusals": [told(each) for each in error.refusals]} if error.refusals else {}
    count = len(faults) + len(error.refusals)
    return {**_error("faults_in_files", *_faults(count), faults=faults), **beside}


def json_line(error: Exception) -> str:
    """An error for programs, on one line."""
    return json.dumps({"error": told(error)}, ensure_ascii=False)


def sentences(error: Exception) -> str:
    """An error for people."""
    match error:
        case Rejected() | StoreUnusable():
            return str(error)
    data = told(error)
    head = f"{error}\n" if data["faults"] else ""
    return f"{head}{data['asked']} {data['remedy']} [{data['code']}]"


def _error(
    code: str,
    asked: str,
    remedy: str,
    *,
    forbidden_by: dict[str, Any] | str | None = None,
    where: str | None = None,
    faults: list[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    return {
        "code": code,
        "asked": asked,
        "forbidden_by": forbidden_by,
        "remedy": remedy,
        "where": where,
        "faults": faults or [],
    }


def _fact(because: Because) -> dict[str, Any]:
    return {"position": because.position, "event": because.event, "effective": because.effective}


def _help(error: click.ClickException) -> str:
    context = error.ctx if isinstance(error, click.UsageError) else None
    return f"See `{context.command_path if context else 'asof'} --help`."


def _faults(count: int) -> tuple[str, str]:
    if count == 1:
        return "Nothing was taken from the files, for this fault.", "Correct it, and try again."
    return f"Nothing was taken from the files, for these {count} faults.", "Correct them, and try again."

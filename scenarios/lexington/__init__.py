"""The Lexington record: the facts of five papers of 2000 to 2003, three supplements, and what-ifs to lay on top.

README.md in this folder says what each file is, how the papers are read, and what is assumed. The files of the record
are recorded together, as a migration: each fact has the moment at which its paper became known.
"""

from importlib.resources import files
from pathlib import Path

RECORD_FILES: tuple[str, ...] = (
    "ex-10-106.yaml",
    "ex-t3e-7.yaml",
    "ex-10-7.yaml",
    "ex-10-6.yaml",
    "ex-10-8.yaml",
    "supplement-known-at.yaml",
    "supplement-notes-12-3-4.yaml",
    "supplement-prime-rate.yaml",
)
"""The files of the record, in an order in which one migration takes them: papers as they became known, supplements."""

WHAT_IFS: tuple[str, ...] = (
    "trustee-sues-2001-09-15",
    "holder-of-10-1-2-sues-2002-11-20",
    "no-exhibit-a",
    "no-waiver-in-july-2003",
)
"""The names of the what-ifs: each is a file of assumed facts, to be laid on top of the record and never recorded."""


GALLERY: tuple[str, ...] = (
    "the-trustee-sues",
    "the-fourth-series-sues",
    "exhibit-a-stays-a-form",
    "cit-waives-until-may-2002",
    "cit-waives-without-a-gap",
    "the-notes-are-paid",
    "prime-a-point-higher",
    "congress-charges-the-default-rate",
    "what-brings-cit-down",
    "the-fewest-waivers",
)
"""The names of the questions of the gallery: each is a scenario file with the answer that it expects."""


_FOLDER = Path(str(files(__name__)))


def record_files() -> tuple[Path, ...]:
    """Where the files of the record are, in the order of `RECORD_FILES`."""
    return tuple(_FOLDER / name for name in RECORD_FILES)


def what_if_file(name: str) -> Path:
    """Where the file of a what-if is; `name` is one of `WHAT_IFS`."""
    return _FOLDER / "what_ifs" / f"{name}.yaml"


def gallery_file(name: str) -> Path:
    """Where the file of a question is; `name` is one of `GALLERY`."""
    return _FOLDER / "gallery" / f"{name}.yaml"

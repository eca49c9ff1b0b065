"""Golden files of reports and drawings; with WRITE_GOLDEN=1 in the environment the tests write them anew."""

import os
from pathlib import Path


def compare(name: str, found: str) -> None:
    """Compare what was found with the golden file of a name, or write that file."""
    file = Path(__file__).parent / name
    if os.environ.get("WRITE_GOLDEN"):
        file.write_text(found, encoding="utf-8")
    assert found == file.read_text(encoding="utf-8")

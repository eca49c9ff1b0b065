"""The desk with the Lexington ledger, for reports that are asked for on the command line."""

from tests.desk.conftest import desk, lexington, lexington_ledger

__all__ = ["desk", "lexington", "lexington_ledger"]

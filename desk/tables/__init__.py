"""Answers as tables for people. Loaded only when one is to be shown."""

from desk.tables.log import log_tables, register_tables, verified_tables
from desk.tables.money import schedule_tables
from desk.tables.report import findings_tables, report_tables, show_tables
from desk.tables.story import explanation_tables, timeline_tables
from desk.tables.sweeps import contagion_tables, cover_tables, gallery_tables, swept_tables
from desk.tables.what_if import what_if_tables

__all__ = [
    "contagion_tables",
    "cover_tables",
    "explanation_tables",
    "findings_tables",
    "gallery_tables",
    "log_tables",
    "register_tables",
    "report_tables",
    "schedule_tables",
    "show_tables",
    "swept_tables",
    "timeline_tables",
    "verified_tables",
    "what_if_tables",
]

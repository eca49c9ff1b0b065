"""What followed: pure functions from the facts of a ledger to answers on a date.

Read in this order: `history` (which facts are in force, on both clocks), `world` (those facts laid out by what they are
about), `timeline` (the sweep over days: Defaults, waivers, amendments, to the least fixed point of each day), then one
module a question, and `report`, which asks them all.
"""

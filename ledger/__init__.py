"""What happened: the facts, what may be recorded next, and where they are kept."""

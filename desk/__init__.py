"""Where people sit: the command line. Thin: parse, call, show."""

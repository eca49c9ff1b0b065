"""Where facts are kept: the only input and output of the ledger. `Book` is the door; nothing else comes in here."""

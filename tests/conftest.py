"""How the properties are tested: the same cases on every run; with ASOF_NIGHTLY, new ones each night."""

import os

from hypothesis import settings

settings.register_profile("every-run", derandomize=True, deadline=None)
settings.register_profile("nightly", deadline=None, print_blob=True)
settings.load_profile("nightly" if os.environ.get("ASOF_NIGHTLY") else "every-run")

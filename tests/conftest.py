"""What all tests share: the profiles of the property tests.

`dev` searches anew on every run; `ci` takes fewer examples, and the same ones each time. Chosen by the
environment variable HYPOTHESIS_PROFILE, or by pytest's option `--hypothesis-profile`.

Checked contracts are kept for the length of a run, by all its processes together, and nothing is left of them.
"""

import atexit
import os
import shutil
import tempfile

from hypothesis import HealthCheck, settings

settings.register_profile("dev", deadline=None)
settings.register_profile(
    "ci",
    deadline=None,
    max_examples=50,
    derandomize=True,
    database=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
if "SERVANDA_CACHE" not in os.environ:
    os.environ["SERVANDA_CACHE"] = tempfile.mkdtemp(prefix="servanda-kept-")
    atexit.register(shutil.rmtree, os.environ["SERVANDA_CACHE"], ignore_errors=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))

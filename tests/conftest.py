"""What all tests share: the profiles of the property tests.

`dev` searches anew on every run; `ci` takes fewer examples, and the same ones each time. Chosen by the
environment variable HYPOTHESIS_PROFILE, or by pytest's option `--hypothesis-profile`.
"""

import os

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
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))

"""What all tests share: the profiles of the property tests.

`dev` searches anew on every run; `ci` takes fewer examples, and the same ones each time. Chosen by the
environment variable HYPOTHESIS_PROFILE, or by pytest's option `--hypothesis-profile`.

A shell that starts the tests in the background has all of them ignore the keyboard's interrupt, which some of them send: here it is heard.

Checked contracts are kept for the length of a run, by all its processes together, and nothing is left of them.
"""

import atexit
import os
import shutil
import signal
import tempfile
import threading

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
if threading.current_thread() is threading.main_thread():
    signal.signal(signal.SIGINT, signal.default_int_handler)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))

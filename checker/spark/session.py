"""Spark: a session of our own in it, its file systems, and its errors in our words."""

from __future__ import annotations

import os
import re
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path as LocalPath
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from checker.record.model import Fault, Place

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_OURS: Final = re.compile(r"checker\.record\.model\.Fault: (.+)")
_MISSING: Final = re.compile(r"ModuleNotFoundError: No module named '([\w.]+)'")
_TOLD: Final = {
    # Instants are seconds of UTC: no zone of the driver's may shift them.
    "spark.sql.session.timeZone": "UTC",
    # `Severity` and `severity` are two attributes.
    "spark.sql.caseSensitive": "true",
    # As in the Parquet of the command line; the instants are whole seconds.
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MILLIS",
    "spark.sql.parquet.inferTimestampNTZ.enabled": "true",
    "spark.sql.files.ignoreCorruptFiles": "false",
    "spark.sql.files.ignoreMissingFiles": "false",
}


def check_spark() -> None:
    """Refuse where Spark is not installed.

    Raises:
        Fault: it is not, or what it hands over rows by is not.
    """
    for library in ("pyspark", "pyarrow", "numpy", "pandas"):
        if find_spec(library) is None:
            remedy = "install it: pip install 'servanda[spark]'"
            raise Fault(Place("spark"), f"Spark needs the library {library}", "none installed", remedy)


def started(master: str | None) -> SparkSession:
    """The session that runs already, or a new one. `master`: the cluster's address; None: as Spark is configured, else this machine.

    Raises:
        Fault: Spark cannot be started.
    """
    check_spark()
    with _quiet():
        import pyspark
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession

        builder = SparkSession.builder.appName("servanda")
    if master is not None:
        builder = builder.master(master)
        if master.startswith("local"):
            # Processes on this machine run the Python, and the Spark, that run this.
            os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
            os.environ.setdefault("SPARK_HOME", str(LocalPath(pyspark.__file__).parent))
    try:
        with _quiet():
            return builder.getOrCreate()
    except (PySparkException, RuntimeError, OSError) as error:
        raise Fault(
            Place("spark"), "Spark cannot be started", _line(error), "see that Java 17 or newer is there"
        ) from error


def own(spark: SparkSession) -> SparkSession:
    """A session beside the given one, with the settings that an audit rests on; those of the given one stay."""
    ours = spark.newSession()
    for name, value in _TOLD.items():
        ours.conf.set(name, value)
    return ours


@contextmanager
def _quiet() -> Iterator[None]:
    """Without Spark's warnings of a new pandas, which nothing here uses."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*pandas", category=FutureWarning)
        yield


@contextmanager
def in_our_words(place: str) -> Iterator[None]:
    """Errors of Spark in here are faults at a place.

    Raises:
        Fault: Spark raised an error.
    """
    from py4j.protocol import Py4JJavaError
    from pyspark.errors import PySparkException

    try:
        with _quiet():
            yield
    except (PySparkException, Py4JJavaError) as error:
        raise fault_of(str(error), place) from error


def fault_of(text: str, place: str) -> Fault:
    """What an error of Spark comes to: ours from an executor, a library that an executor lacks, or its own first words."""
    ours, missing = _OURS.search(text), _MISSING.search(text)
    if ours:
        return Fault(Place(place), ours[1].strip(), "", "")
    if missing:
        return Fault(
            Place(place),
            f"the executors cannot import {missing[1].partition('.')[0]}",
            "",
            "give them an environment with servanda[spark] (docs/spark.md)",
        )
    return Fault(Place(place), "Spark ended with an error", _line(text), "its log says more")


def _line(error: object) -> str:
    return next((line.strip() for line in str(error).splitlines() if line.strip()), "")


# --------------------------------------------------------------------------- its file systems
class Path:
    """A file or folder of any file system that Spark knows (`s3a://…`, `hdfs://…`, a path of this machine)."""

    def __init__(self, spark: SparkSession, name: str) -> None:
        jvm: Any = spark.sparkContext._jvm
        self._jvm = jvm
        self.name = name
        self._path = jvm.org.apache.hadoop.fs.Path(name)
        self._system = self._path.getFileSystem(spark.sparkContext._jsc.hadoopConfiguration())

    def roots(self) -> list[str]:
        """What the name stands for, a pattern for all that match it, in order; none if there is nothing."""
        found = self._system.globStatus(self._path)
        return sorted(unquote(status.getPath().toUri().toString()) for status in found or ())

    @property
    def last(self) -> str:
        """Its name without the folders before it."""
        return str(self._path.getName())

    def exists(self) -> bool:
        """Whether it is there."""
        return bool(self._system.exists(self._path))

    def size(self) -> int:
        """Its size in bytes."""
        return int(self._system.getFileStatus(self._path).getLen())

    def write(self, text: str) -> None:
        """Write a text to it, over what was there."""
        stream = self._system.create(self._path, True)
        try:
            stream.write(bytearray(text.encode()))
        finally:
            stream.close()

    def remove(self) -> None:
        """Remove it with all that is in it."""
        self._system.delete(self._path, True)

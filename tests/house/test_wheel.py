"""The wheel holds all that Servanda needs, and works where there is no checkout."""

import os
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from importlib.metadata import distribution
from pathlib import Path

import pytest

from dsl.kept import keep_all
from tests.house.test_requirements import pins
from tests.house.tree import ROOT, tree_files


def build(source: Path, kind: str, into: Path) -> Path:
    """Build a wheel or an sdist with the locked backend, without network."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(into)]
    done = subprocess.run(command, cwd=source, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (made,) = into.iterdir()
    return made


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(ROOT, "wheel", tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def names(wheel: Path) -> frozenset[str]:
    return frozenset(zipfile.ZipFile(wheel).namelist())


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment with the wheel and the locked runtime requirements, and nothing else.

    The requirements are copied from the environment of the tests: the same files, without network.
    """
    place = tmp_path_factory.mktemp("fresh") / "venv"
    venv.create(place, with_pip=False, symlinks=os.name != "nt")
    python = place / "bin" / "python"
    (packages,) = place.glob("lib/python3*/site-packages")
    for name in pins(ROOT / "requirements" / "runtime.txt"):
        for file in distribution(name).files or ():
            if ".." not in file.parts and not file.name.endswith(".pyc"):
                (packages / file).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file.locate(), packages / file)
    install = [
        "-m",
        "pip",
        "--python",
        str(python),
        "install",
        "--quiet",
        "--no-index",
        "--no-deps",
        str(wheel),
    ]
    subprocess.run([sys.executable, *install], check=True, capture_output=True)
    return place


def run(environment: Path, cwd: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the environment in an empty folder, with an empty home and no path to the checkout."""
    clean = {"HOME": str(cwd), "PATH": str(environment / "bin"), "LC_ALL": "C.UTF-8", "COLUMNS": "100"}
    program, *arguments = command
    return subprocess.run(
        [environment / "bin" / program, *arguments],
        cwd=cwd,
        env=clean,
        capture_output=True,
        text=True,
        check=False,
    )


def wanted(folder: str, target: str) -> set[str]:
    """Where the wheel should hold every file of a folder of the checkout."""
    files = (path.relative_to(ROOT) for path in tree_files())
    return {str(target / path.relative_to(folder)) for path in files if path.parts[0] == folder}


@pytest.mark.parametrize(
    ("folder", "target"),
    [
        ("dsl", "dsl"),
        ("checker", "checker"),
        ("policies", "checker/_policies"),
        ("fixtures", "checker/_fixtures"),
    ],
)
def test_wheel_holds_the_folder(names: frozenset[str], folder: str, target: str) -> None:
    files = wanted(folder, target)
    assert files
    assert files <= names


def test_wheel_holds_the_checked_contracts(wheel: Path, names: frozenset[str], tmp_path: Path) -> None:
    """Those that a compiler with these sources makes of these texts, byte for byte."""
    made = keep_all(ROOT / "policies", tmp_path)
    assert len(made) > 1
    with zipfile.ZipFile(wheel) as archive:
        shipped = {name: archive.read(name) for name in names if name.startswith("checker/_kept/")}
    assert shipped == {f"checker/_kept/{file.name}": file.read_bytes() for file in made}


def test_editable_wheel_holds_none(tmp_path: Path) -> None:
    with zipfile.ZipFile(build(ROOT, "wheel:editable", tmp_path)) as archive:
        assert not [name for name in archive.namelist() if "_kept" in name]


@pytest.mark.parametrize("name", ["dsl/py.typed", "checker/py.typed"])
def test_wheel_says_it_is_typed(names: frozenset[str], name: str) -> None:
    assert name in names


def test_wheel_holds_nothing_else(names: frozenset[str]) -> None:
    tops = {name.partition("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"dsl", "checker"}
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)


def test_wheel_by_way_of_the_sdist_is_the_same(wheel: Path, tmp_path: Path) -> None:
    (tmp_path / "made").mkdir()
    (tmp_path / "again").mkdir()
    with tarfile.open(build(ROOT, "sdist", tmp_path / "made")) as sdist:
        # Python 3.11.3 and older have no filters, and need none here: the archive is our own.
        sdist.extraction_filter = getattr(tarfile, "data_filter", lambda member, _: member)
        sdist.extractall(tmp_path / "source")
    (source,) = (tmp_path / "source").iterdir()
    assert build(source, "wheel", tmp_path / "again").read_bytes() == wheel.read_bytes()


def test_fresh_environment_does_not_see_the_checkout(environment: Path, tmp_path: Path) -> None:
    done = run(
        environment, tmp_path, "python", "-c", "import checker, dsl; print(checker.__file__, dsl.__file__)"
    )
    assert done.returncode == 0, done.stderr
    assert str(ROOT) not in done.stdout
    assert done.stdout.count("site-packages") == 2


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (("servanda", "--version"), ("servanda", "0.1.0")),
        (("servanda", "--help"), ("check", "explain", "show")),
        (("servanda", "show", "senetic"), ("senetic",)),
    ],
)
def test_installed_command(
    environment: Path, tmp_path: Path, command: tuple[str, ...], words: tuple[str, ...]
) -> None:
    done = run(environment, tmp_path, *command)
    assert done.returncode == 0, done.stderr
    for word in words:
        assert word in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_installed_contracts_are_not_compiled_again(environment: Path, tmp_path: Path) -> None:
    """The five come as they were shipped: no parser is loaded, and nothing is kept in the user's folder."""
    code = (
        "import sys\n"
        "from checker.audit.library import contract_names, load_contract, vocabulary\n"
        "vocabulary()\n"
        "print(*[load_contract(name).name for name in contract_names()])\n"
        "print('lark' in sys.modules, 'dsl.check' in sys.modules)"
    )
    done = run(environment, tmp_path, "python", "-c", code)
    assert done.returncode == 0, done.stderr
    loaded, without = done.stdout.splitlines()
    assert loaded.split() == sorted(path.name for path in (ROOT / "policies").iterdir() if path.is_dir())
    assert without == "False False"
    assert list(tmp_path.iterdir()) == []

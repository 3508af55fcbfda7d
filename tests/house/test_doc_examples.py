"""The examples in the documents: what they show is what is printed."""

import doctest
import re
from pathlib import Path

import pytest

from tests.house.transcripts import FENCE, blocks, differences, matches, transcripts, workplace
from tests.house.tree import ROOT, place, tree_files

# The documents for readers: those of the top level and of docs/.
DOCUMENTS = [
    path
    for path in tree_files()
    if path.suffix == ".md" and path.relative_to(ROOT).parts[0] in {"docs", path.name}
]
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


@pytest.mark.parametrize("document", DOCUMENTS, ids=place)
def test_transcripts(document: Path, tmp_path: Path) -> None:
    environment = workplace(tmp_path)
    found = [
        f"{place(document, transcript.line)}\n{difference}"
        for transcript in transcripts(document.read_text())
        if transcript.runs
        for difference in differences(transcript, tmp_path, environment)
    ]
    assert not found, "\n\n".join(found)


@pytest.mark.parametrize("document", DOCUMENTS, ids=place)
def test_python_examples(document: Path) -> None:
    parser, runner = doctest.DocTestParser(), doctest.DocTestRunner(verbose=False)
    names: dict[str, object] = {}
    for line, body in blocks(document.read_text(), "pycon"):
        example = parser.get_doctest(body, names, place(document, line), str(document), line)
        runner.run(example, clear_globs=False)
        names = example.globs
    assert runner.summarize(verbose=False).failed == 0


@pytest.mark.parametrize("document", DOCUMENTS, ids=place)
def test_make_commands_exist(document: Path) -> None:
    text = document.read_text()
    fenced = "\n".join(found["body"] for found in FENCE.finditer(text))
    named = re.findall(r"^(?:\$ )?make ([a-z][a-z-]*)", fenced, re.MULTILINE)
    named += re.findall(r"`make ([a-z][a-z-]*)[^`\n]*`", FENCE.sub("", text))
    assert set(named) <= TARGETS


@pytest.mark.parametrize("document", DOCUMENTS, ids=place)
def test_links_lead_somewhere(document: Path) -> None:
    """A relative link names a file of the checkout."""
    prose = FENCE.sub("", document.read_text())
    targets = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", prose)
    local = [target for target in targets if not re.match(r"[a-z]+:", target)]
    assert [target for target in local if not (document.parent / target).exists()] == []


TEXT = """\
# Title

```console
$ echo one && \\
>   echo two
one
two
$ cat none
...
$ echo $?
1
```

```sh
make audit
```
"""


def test_a_transcript_is_read() -> None:
    (transcript,) = transcripts(TEXT)
    assert transcript.line == 3
    assert [step.command for step in transcript.steps] == ["echo one && echo two", "cat none", "echo $?"]
    assert transcript.steps[0].printed == ("one", "two")
    assert transcript.runs


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ("$ echo one\none\n", 0),
        ("$ echo one\ntwo\n", 1),
        ("$ echo one\n", 1),
        ("$ cat none 2>/dev/null\n", 1),
        ("$ cat none 2>/dev/null\n$ echo $?\n1\n", 0),
        ("$ cat none 2>/dev/null\n$ echo $?\n0\n", 1),
    ],
)
def test_a_wrong_transcript_is_found(body: str, wrong: int, tmp_path: Path) -> None:
    (transcript,) = transcripts(f"```console\n{body}```\n")
    assert len(differences(transcript, tmp_path, workplace(tmp_path))) == wrong


def test_a_transcript_of_other_programs_is_not_run() -> None:
    (transcript,) = transcripts("```console\n$ make audit\n```\n")
    assert not transcript.runs


@pytest.mark.parametrize(
    ("stated", "printed", "same"),
    [
        (["a", "...", "d"], ["a", "b", "c", "d"], True),
        (["a", "...", "d"], ["a", "b", "c"], False),
        (["..."], [], True),
        (["a "], ["a", ""], True),
        (["a.c"], ["abc"], False),
    ],
)
def test_matching(stated: list[str], printed: list[str], same: bool) -> None:
    assert matches(stated, printed) is same

# SPDX-License-Identifier: Apache-2.0
"""Reads .fault files: what they say, and which causes there are."""
import pathlib
import re

HERE = pathlib.Path(__file__).resolve().parent
MAKE = HERE.parent / "mutants" / "make_mutant.sh"


def cause_names(path=HERE.parents[1] / "harness" / "explain" / "causes.def"):
    return re.findall(r"^CAUSE\((\w+),", path.read_text(), re.MULTILINE)


class Fault:
    """One file: kernel, layout, precision, causes (the first is as good as the others), cases, edits."""

    def __init__(self, path):
        given = {}
        for text in path.read_text().splitlines():
            if text and not text.startswith("#"):
                key, _, value = text.partition(":")
                given.setdefault(key, []).append(value.strip())
        self.path = path
        self.name = path.stem
        self.kernel = given["kernel"][0]
        self.layout = given.get("layout", ["nchw"])[0]
        self.precision = given.get("precision", ["f32"])[0]
        self.causes = given["cause"][0].split(" | ") if "cause" in given else []
        self.cases = given.get("case", [])
        self.edits = frozenset(zip(given["line"], given["with"]))

    def operator(self):
        return self.cases[0].partition("/")[0]


def read_set(folder):
    faults = [Fault(path) for path in sorted(pathlib.Path(folder).glob("*.fault"))]
    if not faults:
        raise SystemExit(f"{folder}: no .fault files")
    return faults

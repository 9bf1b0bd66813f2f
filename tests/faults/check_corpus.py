#!/usr/bin/python3 -B
# SPDX-License-Identifier: Apache-2.0
"""check_corpus.py SET_DIR SET_DIR [MUTANTS_DIR]: what README.md says of the two sets, and that they are apart."""
import collections
import pathlib
import sys

import fault_files

LAYOUTS = ("nchw", "nhwc", "nc4hw4", "image")
PRECISIONS = ("f32", "f16s", "f16a")


def complaints_of_set(name, faults):
    counts = collections.Counter(cause for fault in faults for cause in fault.causes)
    known = fault_files.cause_names()
    for cause in known:
        if counts[cause] < 2:
            yield f"{name}: cause {cause} is there {counts[cause]} times, at least 2 are needed"
    for cause in sorted(set(counts) - set(known)):
        yield f"{name}: causes.def has no cause \"{cause}\""
    if len(faults) < 50:
        yield f"{name}: {len(faults)} faults, at least 50 are needed"
    operators = {fault.operator() for fault in faults}
    if len(operators) < 20:
        yield f"{name}: {len(operators)} operators, at least 20 are needed"
    for layout in LAYOUTS:
        if all(fault.layout != layout for fault in faults):
            yield f"{name}: no fault in layout {layout}"
    for precision in PRECISIONS:
        if all(fault.precision != precision for fault in faults):
            yield f"{name}: no fault in precision {precision}"
    if 10 * sum(len(fault.causes) > 1 for fault in faults) >= len(faults):
        yield f"{name}: a tenth of the faults or more have several causes"


def complaints_of_both(first, second):
    for name in sorted({fault.name for fault in first} & {fault.name for fault in second}):
        yield f"{name}: is in both sets"
    of_edits = {fault.edits: fault for fault in first}
    for fault in second:
        if fault.edits in of_edits:
            yield f"{fault.name}: makes the same change as {of_edits[fault.edits].name}"


def complaints_of_mutants(faults, folder):
    mutants = {fault_files.Fault(path).edits for path in pathlib.Path(folder).glob("*.mutant")}
    copied = [fault.name for fault in faults if fault.edits in mutants]
    if 3 * len(copied) > len(faults):
        yield f"more than a third of the faults are mutants too: {' '.join(copied)}"


def main(folders):
    sets = [fault_files.read_set(folder) for folder in folders[:2]]
    wrong = []
    for folder, faults in zip(folders, sets):
        name = pathlib.Path(folder).name
        wrong += complaints_of_set(name, faults)
        print(f"{name}: {len(faults)} faults, {len({fault.operator() for fault in faults})} operators, "
              f"{len({fault.kernel for fault in faults})} kernels")
    wrong += complaints_of_both(*sets)
    for folder in folders[2:]:
        wrong += complaints_of_mutants(sets[0] + sets[1], folder)
    print("\n".join(wrong), end="\n" if wrong else "")
    return 1 if wrong else 0


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        raise SystemExit("usage: check_corpus.py SET_DIR SET_DIR [MUTANTS_DIR]")
    sys.exit(main(sys.argv[1:]))

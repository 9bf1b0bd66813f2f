#!/usr/bin/python3 -B
# SPDX-License-Identifier: Apache-2.0
"""score_faults.py ASSAY KERNELS_DIR WORK_DIR SET_DIR...

Has `assay explain` explain every fault of the sets on the first of its cases, two at a time, and counts how often the true
cause is the first one that it names, and how often it is among the first three. Fails where a set falls below LEAST, where a fault cannot be made or does not show, and where the explanation cannot be read or names a cause that
causes.def has not.
"""
import concurrent.futures
import json
import pathlib
import subprocess
import sys

import fault_files

LEAST = (85.0, 95.0)  # percent: the first cause is true; one of the first three is
SHOWN = 3
TIMEOUT_S = 300


def run(command):
    try:
        return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              text=True, errors="replace", timeout=TIMEOUT_S, check=False)
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, 124, "", f"did not end within {TIMEOUT_S} s")


def causes_said(text, known):
    """The names in the order of an explanation's JSON; ValueError where it is none."""
    said = json.loads(text)
    if not isinstance(said, dict) or not isinstance(said.get("causes"), list):
        raise ValueError("no object with an array \"causes\"")
    names = []
    for row in said["causes"]:
        name = row.get("cause") if isinstance(row, dict) else None
        if name not in known:
            raise ValueError(f"names no cause of causes.def: {row!r:.80}")
        if name in names:
            raise ValueError(f"names {name} twice")
        names.append(name)
    return names


class Answer:
    def __init__(self, fault):
        self.fault = fault
        self.names = []
        self.wrong = ""

    def rank(self):
        """1 for the first; 0 where no true cause is named."""
        ranks = [self.names.index(cause) + 1 for cause in self.fault.causes if cause in self.names]
        return min(ranks, default=0)

    def row(self):
        shown = ", ".join(self.names[:SHOWN]) or "-"
        if self.wrong:
            shown = "! " + self.wrong.strip().replace("\n", "\n    ")
        return f"{self.fault.name:34} {' | '.join(self.fault.causes):26} {self.rank() or '-':>4}  {shown}"


def explain(assay, kernels, work, fault, known):
    answer = Answer(fault)
    check = run([str(fault_files.HERE / "check_faults.sh"), assay, kernels, work, str(fault.path)])
    if check.returncode != 0:
        answer.wrong = check.stdout + check.stderr or "check_faults.sh failed"
        return answer
    shader = str(pathlib.Path(work) / f"{fault.name}.comp")
    said = run([assay, "explain", "--json", "--shader", shader, fault.cases[0]])
    try:
        answer.names = causes_said(said.stdout, known)
    except ValueError as error:
        answer.wrong = f"explain: {error} (exit code {said.returncode}): {said.stderr.strip():.300}"
    return answer


def score(name, answers):
    first = 100.0 * sum(answer.rank() == 1 for answer in answers) / len(answers)
    three = 100.0 * sum(1 <= answer.rank() <= SHOWN for answer in answers) / len(answers)
    return first, three, f"{name}: {len(answers)} faults, first {first:.1f} %, first three {three:.1f} %"


def main(assay, kernels, work, folders):
    known = fault_files.cause_names()
    sets = [(pathlib.Path(folder).name, fault_files.read_set(folder)) for folder in folders]
    wrong, lines, short = 0, [], []
    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
        for name, faults in sets:
            print(f"== {name}\n{'fault':34} {'cause':26} rank  said", flush=True)
            futures = [pool.submit(explain, assay, kernels, work, fault, known) for fault in faults]
            answers = []
            for future in futures:
                answers.append(future.result())
                print(answers[-1].row(), flush=True)
            wrong += sum(bool(answer.wrong) for answer in answers)
            first, three, line = score(name, answers)
            lines.append(line)
            if first < LEAST[0] or three < LEAST[1]:
                short.append(name)
    print("; ".join(lines))
    if wrong:
        print(f"{wrong} faults could not be scored")
    for name in short:
        print(f"{name}: at least {LEAST[0]:g} % and {LEAST[1]:g} % are needed")
    return 1 if wrong or short else 0


if __name__ == "__main__":
    if len(sys.argv) < 5:
        raise SystemExit("usage: score_faults.py ASSAY KERNELS_DIR WORK_DIR SET_DIR...")
    sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:]))

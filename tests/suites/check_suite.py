# SPDX-License-Identifier: Apache-2.0
"""check_suite.py RESULTS.h5 KERNELS: every kernel x precision x layout of `assay list kernels` passed at least one check."""
import sys

import h5py

PASS = 0
with h5py.File(sys.argv[1], "r") as file:
    results = file["results"]
    columns = [results[name][:] for name in ("kernel", "precision", "layout", "verdict")]
passed = {tuple(text.decode() for text in row[:3]) for row in zip(*columns) if row[3] == PASS}
with open(sys.argv[2], encoding="utf-8") as lines:
    variants = {(kernel, precision, layout) for kernel, _, precision, layout in (line.split()[:4] for line in lines)}
missing = sorted(variants - passed)
for variant in missing:
    print("never passed:", ":".join(variant))
print(f"{len(passed)} of {len(variants)} kernel variants passed at least one of {len(columns[0])} checks")
sys.exit(1 if missing or not variants else 0)

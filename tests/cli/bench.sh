# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# assay bench: a row for each kernel, JSON for programs, one sentence where nothing can be timed. No time is asserted.
case='relu/n2c5h9w7/-/he/1'
bench() { assay bench "$@" --samples 5; }
run bench "$case" --kernel relu --precision f32 --layout nchw --json bench.json
python3 - <<'E2'
import json
b = json.load(open("bench.json"))
print("ceilings measured:", all(b[k] > 0 for k in ("copy_bytes_s", "f32_flops_s")))
for c in b["checks"]:
    print(c["check"])
    print("in order:", 0 < c["low_s"] <= c["median_s"] <= c["high_s"])
    # Under load one run can fill a span.
    spans = c["dispatches"] > 1 or c["median_s"] > 1e-4
    print("taking turns:", c["copies"] > 1, "in spans:", spans, "samples:", c["samples"])
    print("bytes of the tensors:", round(c["bytes_s"] * c["median_s"]))
    print("operations:", round(c["flops_s"] * c["median_s"]))
E2
run assay bench "$case" --kernel nothing
run assay bench "$case" --samples 1000
run assay bench "$case" --samples many
run assay bench --suite nothing
run env VK_DRIVER_FILES=/nowhere.json VK_ICD_FILENAMES=/nowhere.json assay bench "$case"

# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Planted faults (tests/sanitizers) that one sanitizer sees and nothing else does: each passes without it, is named with it,
# and its right twin passes with everything on. The work groups run on one thread, so that races are lost the same way.
export LP_NUM_THREADS=0
# caught SHADER CASE OPTIONS...: verdict, what caught it, and why.
caught() {
  local shader=$1 case=$2
  shift 2
  assay check "$shader" "$case" --jobs 1 --json said.json "$@" >/dev/null 2>&1
  python3 -c 'import json
for r in json.load(open("said.json"))["results"]: print(r["verdict"], *r["caught"], r["reason"])' | sed "s#$SOURCE/##g"
}
case='relu/n2c5h9w17/-/he/1'
# What lies in uninitialised memory is luck: nobody knows whether tile_tail passes without its sanitizer.
for row in tile_tail: no_barrier:repeat,order,subgroups \
  two_writers:shared,repeat,subgroups between_groups:shared,repeat,subgroups; do
  fault=$SOURCE/tests/sanitizers/${row%:*}.comp
  echo "-- ${row%:*}"
  [ -z "${row#*:}" ] || caught "$fault" "$case" --validate core,sync,gpu --sanitize "${row#*:}"
  caught "$fault" "$case" --validate none
  sed 's/^#version 450$/&\n#define RIGHT/' "$fault" >twin.comp
  caught twin.comp 'relu/n2c5h9w17/-/{i2,he,index,twins}/1'
done

# One group on one thread, whose shared memory stays as it is.
echo "-- counts_runs"
fault=$SOURCE/tests/sanitizers/counts_runs.comp case1='relu/n1c3h4w5/-/he/1'
(
  export LP_NUM_THREADS=1
  caught "$fault" "$case1" --validate core,sync,gpu --sanitize shared,order,subgroups
  caught "$fault" "$case1" --validate none
  sed 's/^#version 450$/&\n#define RIGHT/' "$fault" >right.comp
  caught right.comp "$case1"
)

echo "-- which ran"
assay check twin.comp "$case" --quiet
assay check "$SOURCE/tests/sanitizers/tile_tail.comp" "$case" --quiet --sanitize none --validate none
assay check twin.comp "$case" --sanitize shared,repeat --validate none >/dev/null
ASSAY_VALIDATE=none assay check twin.comp "$case" --sanitize order,none >/dev/null
run assay check twin.comp --sanitize shared,races

echo "-- a shader that writes wherever it can; the checks beside it are as ever"
caught "$SOURCE/tests/sanitizers/everywhere.comp" 'relu/n1c2h3w{9,13,15}/-/he/1' --validate none

echo "-- a module of 100 MB"
printf '\003\002\043\007' >huge.spv
truncate -s 100M huge.spv
printf 'kernel: x\noperator: relu\nprecisions: [f32]\nlayouts: [nchw]\ncontract: {accumulator: f32}\nbindings:\n  - {binding: 0, tensor: in}\n  - {binding: 1, tensor: out}\ndispatch:\n  threads: [out.count, 1, 1]\n' >huge.yaml
python3 -c 'import resource, subprocess
print("exit", subprocess.run(["assay", "check", "huge.spv"]).returncode)
print("600 MB are enough:", resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 600000)'
run timeout 2 assay check huge.spv

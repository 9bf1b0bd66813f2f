# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# A shader that hangs on one of six cases, and a driver that dies: each costs one verdict, the others are as ever.
hang=$SOURCE/tests/cli/hang.comp
# 'assay check' runs five cases that end and one that does not.
verdicts() {
  assay check "$hang" 'relu/n1c2h3w{9,11,13,15,17,19}/-/he/1' --quiet --timeout 3 --json verdicts.json >/dev/null 2>&1
  echo "exit $?"
  python3 -c 'import json
for r in json.load(open("verdicts.json"))["results"]: print(r["case_text"], r["verdict"], r["reason"])'
}
verdicts
echo "-- the driver dies of a signal"
(
  # The child of the run is the one that owns the device: when it hangs it is killed from outside.
  assay check "$hang" 'relu/n1c2h3w{9,13,15}/-/he/1' --quiet --timeout 100 --json crash.json >/dev/null 2>&1 &
  run=$!
  for _ in 1 2; do # in the batch, and then alone
    for _ in $(seq 600); do # the one that has burnt two seconds of processor time hangs
      child=$(pgrep -P "$run" | head -n 1)
      [ -n "$child" ] && [ "$(ps -o cputimes= -p "$child" || echo 0)" -ge 2 ] && break
      sleep 0.1
    done
    kill -ABRT "$child"
    sleep 0.3
  done
  wait "$run"
  echo "exit $?"
)
python3 -c 'import json
for r in json.load(open("crash.json"))["results"]: print(r["case_text"], r["verdict"], r["reason"])'

# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# kill -9 the run at many moments and go on: no finished result is lost, none is there twice, none differs from those of a
# run that nobody killed (times aside).
cases=('{relu,sigmoid,tanh,leaky_relu}/n2c{1,2,3,5}h{7,8,9,11,13}w{9,10,12,14}/-/{i2,he}/7'
  'conv2d/n2c{3,4,5}h{13,15}w{17,19}/o8k3x3s1p1/{i2,he}/{1,2,3}')
facts='import json,sys
d = json.load(open(sys.argv[1]))["results"]
for r in d: print(r["check"], r["verdict"], r["output_hash"])'

assay verify "${cases[@]}" --precision f32 --layout nchw --quiet --json whole.json >/dev/null
python3 -c "$facts" whole.json >whole

kills=0 moments=0
while [ "$moments" -lt 40 ]; do
  moments=$((moments + 1))
  assay verify "${cases[@]}" --precision f32 --layout nchw --quiet --out r.h5 --resume >/dev/null 2>&1 &
  pid=$!
  sleep "0.0$((RANDOM % 10))$((RANDOM % 10))"
  if kill -9 "$pid" 2>/dev/null; then kills=$((kills + 1)); fi
  wait "$pid" 2>/dev/null
  [ -e r.h5 ] && break
done
[ "$kills" -gt 0 ] && echo "killed at least once"
run assay verify "${cases[@]}" --precision f32 --layout nchw --quiet --out r.h5 --resume --json resumed.json
python3 -c "$facts" resumed.json >resumed
cmp whole resumed && echo "the same $(wc -l <resumed) results"
ls r.h5.journal 2>/dev/null
echo "and when all is done, nothing is run again:"
run assay verify "${cases[@]}" --precision f32 --layout nchw --quiet --out r.h5 --resume
echo "an unfinished journal is never overwritten:"
cp r.h5 unfinished.h5.journal
run assay verify 'relu/n2c3h9w9/-/i2/7' --quiet --out unfinished.h5

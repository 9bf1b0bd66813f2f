# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Outputs of another engine, numpy: right ones, wrong ones, and files that are not what they should be. No device is there.
export VK_DRIVER_FILES=/nonexistent VK_ICD_FILENAMES=/nonexistent
docs=$SOURCE/docs/compare.md
engine() { /usr/bin/python3 engine.py; }
# spoil PYTHON: changes the outputs of o.npz, in `out` (a dictionary), into bad.npz
spoil() {
  /usr/bin/python3 -c "
import numpy
out = dict(numpy.load('o.npz')); a = numpy.load('f.npz'); first = '000000/out'; last = '000003/out'
$1
numpy.savez('bad.npz', **out)"
}
verdicts() { grep -E '^(FAIL|ERROR|  [^ ]|assay:|[0-9]+ checks)' | grep -v -E '^  ( *element +actual|[0-9 ]{6,})'; }

sed -n '/^```python/,/^```/p' "$docs" | sed '1d;$d' >engine.py
sed -n 's/^assay fixture make/run assay fixture make/p' "$docs" >make.sh
. ./make.sh
engine
run assay compare f.h5 o.npz --engine numpy --quiet
run assay compare f.h5 o.npz 'matmul*he*' --contract "rounding=rte, flush=no nan=kept" --json - 2>&1 |
  grep -oE '"(check|verdict|reproduce|contract)": "[^"]*"'

echo "== wrong numbers"
spoil 'out[last] *= numpy.float32(1.02)'
assay compare f.h5 bad.npz --quiet 2>&1 | verdicts
spoil 'out[last] = numpy.matmul(a["000003/a"].astype("f2"), a["000003/b"].astype("f2")).astype("f4")'
assay compare f.h5 bad.npz --quiet 2>&1 | verdicts
spoil 'out[first][1, 4, 6, 8] = numpy.nan'
assay compare f.h5 bad.npz --quiet 2>&1 | verdicts

spoil 'out[first][:, :, :, 8] += 1'
assay compare f.h5 bad.npz --quiet 2>&1 | verdicts

echo "== f16"
run assay fixture make 'relu/n2c5h7w9/-/he/1' -o f.h5 --npz f.npz --precision f16s
engine
run assay compare f.h5 o.npz --precision f16s --quiet
spoil 'out[first] = out[first].astype("f2")'
run assay compare f.h5 bad.npz --precision f16s --quiet
spoil 'out[first] += numpy.float32(2.0 ** -15)'
assay compare f.h5 bad.npz --precision f16s --quiet 2>&1 | verdicts

echo "== HDF5"
. ./make.sh >/dev/null 2>&1
engine
h5() {
  /usr/bin/python3 -c "
import h5py, numpy
out = dict(numpy.load('o.npz'))
with h5py.File('o.h5', 'w') as file:
    for name, data in out.items():
        file.create_dataset(name, data=$1)"
}
h5 data
run assay compare f.h5 o.h5 --quiet
h5 'data.astype(">f8")'
run assay compare f.h5 o.h5 --quiet
h5 'data.astype("c8")'
assay compare f.h5 o.h5 --quiet 2>&1 | verdicts
h5 data
truncate -s 3000 o.h5
run assay compare f.h5 o.h5 --quiet
head -c 512 o.h5 >head.h5
head -c 4000 /dev/zero | tr '\0' '\377' >>head.h5
assay compare f.h5 head.h5 --quiet >said 2>&1
echo "exit $?, $(wc -l <said) line, of head.h5: $(grep -c 'head.h5: ' said)"

echo "== outputs that are not what they should be"
spoil 'del out[first]; out["extra"] = out[last]; out[last] = out[last].T'
assay compare f.h5 bad.npz --quiet 2>&1 | verdicts
spoil 'out[first] = out[first].astype("f8") / 3; out[last] = out[last].astype("c8")'
assay compare f.h5 bad.npz --quiet 2>&1 | verdicts
spoil 'out = {name: numpy.asfortranarray(data.astype(">f8")) for name, data in out.items()}'
run assay compare f.h5 bad.npz --quiet
spoil 'out["000001/out"] = numpy.zeros(1 << 22, "f4")'
assay compare f.h5 bad.npz --quiet 2>&1 | verdicts
flip o.npz 300
assay compare f.h5 o.npz --quiet 2>&1 | verdicts
truncate -s 500 o.npz
run assay compare f.h5 o.npz
echo text >text.npz
run assay compare f.h5 text.npz
run assay compare f.h5 none.npz
run assay compare f.h5 f.h5
run assay compare text.npz o.npz
run assay compare f.h5 o.npz 'softmax*'
run assay compare f.h5 o.npz --precision f64
run assay compare f.h5 o.npz --contract rounding=up
run assay compare f.h5 o.npz --engine 'My Engine'
run assay fixture make 'relu/n2c5h7w9/-/he/1' -o f.h5 --npz none/f.npz

# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Files that are cut short, changed, of another version, or not what they should be.
assay fixture make 'conv2d/n1c3h8w9/o4k3x3s1p1/i2/7' 'relu/n1c3h8w9/-/i2/7' -o good.h5 2>/dev/null
assay verify 'relu/n1c3h8w9/-/i2/7' --out results.h5 >/dev/null 2>&1

head -c 1000 good.h5 >cut.h5
run assay fixture show cut.h5
cp good.h5 flipped.h5
flip flipped.h5 $(($(stat -c %s flipped.h5) / 2))
assay fixture show flipped.h5 >said 2>&1 && cmp -s <(assay fixture show good.h5 | tail -n +2) <(tail -n +2 said) && echo "harmless flip"
run assay fixture verify no-such-file.h5
/usr/bin/python3 - <<'P'
import h5py, shutil
shutil.copy("good.h5", "version.h5"); f = h5py.File("version.h5", "a"); f.attrs["schema_version"] = 99; f.close()
shutil.copy("good.h5", "shape.h5"); f = h5py.File("shape.h5", "a")
g = f["vectors"][list(f["vectors"])[0]]["inputs"]; n = list(g)[0]; d = g[n][...].reshape(-1)[:-1]; del g[n]; g[n] = d; f.close()
shutil.copy("results.h5", "version_r.h5"); f = h5py.File("version_r.h5", "a"); f.attrs["schema_version"] = 99; f.close()
P
run assay fixture show version.h5
run assay fixture show shape.h5
run assay verify --fixture shape.h5
run assay show version_r.h5
head -c 2000 results.h5 >cut_r.h5
run assay show cut_r.h5
run assay show good.h5
echo "not HDF5" >text.h5
run assay show text.h5
run assay show results.h5 'nothing*like*it'

mkdir -p onnx/test_data_set_0
head -c 40 "/usr/share/libonnx-testdata/data/node/test_relu/model.onnx" >onnx/model.onnx
cp /usr/share/libonnx-testdata/data/node/test_relu/test_data_set_0/*.pb onnx/test_data_set_0/
run assay fixture import onnx -o imported.h5
run assay fixture import no-such-folder -o imported.h5
ls imported.h5 2>/dev/null

echo "this is no SPIR-V" >x.spv
printf 'kernel: x\noperator: relu\nprecisions: [f32]\nlayouts: [nchw]\ncontract: {accumulator: f32}\nbindings:\n  - {binding: 0, tensor: in}\n  - {binding: 1, tensor: out}\ndispatch:\n  threads: [out.count, 1, 1]\n' >x.yaml
run assay check x.spv
printf 'kernel: x\noperator: relu\nprecisions: [f32]\ncolour: red\n' >x.yaml
run assay check x.yaml
run assay check no-such-shader.comp

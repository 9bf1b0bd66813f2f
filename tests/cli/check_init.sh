# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# A shader from somewhere: the walk of docs/checking-a-shader.md; what a draft asks; macros and folders; watching.
lavapipe=$(find /usr/share/vulkan/icd.d -name 'lvp_icd*.json' | head -n 1)
export VK_DRIVER_FILES=$lavapipe VK_ICD_FILENAMES=$lavapipe
docs=$SOURCE/docs/checking-a-shader.md
sed -n '/^```glsl/,/^```/p' "$docs" | sed '1d;$d' >scale4.comp
sed -n '/^```yaml/,/^```/p' "$docs" | sed '1d;$d' >told.yaml
run assay check --init scale4.comp --op leaky_relu -o scale4.yaml
sed -n '/^bindings/,/slope/p' scale4.yaml | diff - told.yaml && echo "as the docs tell"
sed -i 's/^# when:.*/when: in.n == 1/' scale4.yaml
assay check scale4.comp --quiet 2>/dev/null
assay check scale4.comp --list | sed 's/^.* # /# /' | grep -c '^# skipped: needs in.n == 1'
sed 's/>= p.w ||/>= p.w + 1 ||/' scale4.comp >wide.comp
sed 's/scale4/wide/' scale4.yaml >wide.yaml
assay check wide.comp --quiet 2>/dev/null | grep -E '^(reproduce|explain): ' | head -n 2 | cut -c 1-60

echo "== a draft"
run assay check --init scale4.comp --op leaky_relu -o scale4.yaml
run assay check --init scale4.comp
run assay check --init scale4.comp --op leaky
run assay check --init none.spv --op relu
run assay check --init scale4.yaml --op relu
glslc -O --target-env=vulkan1.1 scale4.comp -o bare.spv
spirv-opt --strip-debug bare.spv -o bare.spv
run assay check --init bare.spv --op leaky_relu
assay check --init bare.spv --op leaky_relu -o bare.yaml
run assay check bare.spv

echo "== macros and folders"
mkdir parts
echo 'float twice(float x) { return x + NOTHING; }' >parts/part.glsl
cat >macro.comp <<'E'
#version 450
#include "part.glsl"
layout(local_size_x = 64) in;
layout(binding = 0) readonly buffer A { ELEMENT x[]; };
layout(binding = 1) writeonly buffer B { ELEMENT y[]; };
void main() { y[gl_GlobalInvocationID.x] = max(at(x, gl_GlobalInvocationID.x), twice(0.0)); }
E
cat >macro.yaml <<'E'
kernel: macro
operator: relu
precisions: [f32]
layouts: [nchw]
contract: {accumulator: f32}
when: in.count % 64 == 0
bindings: [{binding: 0, tensor: in}, {binding: 1, tensor: out}]
dispatch: {threads: [out.count]}
E
run assay check macro.comp 'relu/n1c4h4w4/-/i1/1' --quiet
assay check macro.comp 'relu/n1c4h4w4/-/i1/1' --quiet -D ELEMENT=float -D 'at(b,i)=b[i]' -I parts -D NOTHING=0.0 2>/dev/null
assay check macro.comp 'relu/n1c4h4w4/-/i1/1' --quiet -D ELEMENT=float -D 'at(b,i)=b[i]' -I parts -D NOTHING=1.0 2>/dev/null |
  grep -E '^(reproduce|explain)' | tee lines
sed -n 's/^explain: //p' lines | sh | grep -c 'likely causes'

sed 1d macro.comp >bare_macro.comp # an engine's own text has the version
sed 's/macro$/bare_macro/' macro.yaml >bare_macro.yaml
assay check bare_macro.comp 'relu/n1c4h4w4/-/i1/1' --quiet -D ELEMENT=float -D 'at(b,i)=b[i]' -I parts -D NOTHING=0.0 2>/dev/null

echo "== watching"
# wait_for N: until the N-th verdict is there, or a minute has gone.
wait_for() {
  for _ in $(seq 600); do
    [ "$(grep -c '^== .*exit code' said)" -ge "$1" ] && return
    sleep 0.1
  done
  echo "no verdict $1"
}
assay check scale4.comp 'leaky_relu/n1c5h7w9/alpha0.5/i1/1' --quiet --watch >said 2>&1 &
watcher=$!
wait_for 1
sed 's/>= p.w ||/>= p.w + 1 ||/' scale4.comp >new && mv new scale4.comp
wait_for 2
echo nonsense >>scale4.comp
wait_for 3
sed -i '/nonsense/d; s/ + 1 ||/ ||/' scale4.comp
wait_for 4
kill "$watcher" # a shell's job in the background does not hear an interrupt
wait "$watcher"
echo "exit $?"
grep '^== ' said | sed 's/^== [0-9:]* //; s/ ([0-9.]* s)//'

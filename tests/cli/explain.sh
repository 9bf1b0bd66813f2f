# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# A right kernel has nothing to explain; shaders with a planted line are explained, and bad input is refused.
cat >slope.comp <<'END'
/*---
kernel: slope
operator: leaky_relu
precisions: [f32]
layouts: [nchw]
contract: {accumulator: f32, form: standard}
bindings:
  - {binding: 0, tensor: in}
  - {binding: 1, tensor: out}
push:
  - {name: count, type: uint, value: out.count}
  - {name: alpha, type: float, value: alpha}
dispatch:
  threads: [out.count]
---*/
#version 450
layout(local_size_x = 64) in;
layout(std430, binding = 0) readonly buffer In { float x[]; };
layout(std430, binding = 1) writeonly buffer Out { float y[]; };
layout(push_constant) uniform Params { uint count; float alpha; } p;
void main()
{
    uint i = gl_GlobalInvocationID.x;
    if (i < p.count)
        y[i] = x[i] >= 0.0 ? x[i] : p.alpha * x[i];
}
END
sed 's/p.alpha \* x/0.5 * x/' slope.comp >attribute.comp
sed 's/i < p.count/i < p.count - 3/' slope.comp >unwritten.comp
sed 's/if (i < p.count)//' slope.comp >outside.comp
sed 's/? x\[i\]/? x[i ^ 1u]/' slope.comp >order.comp

# first SHADER [CASE]: the first cause, what the shrunk case is, and the exit code.
first() {
  local code=0
  assay explain --json --shader "$@" >said.json || code=$?
  python3 -c 'import json
said = json.load(open("said.json"))
causes = [row["cause"] for row in said["causes"]]
print(causes[0] if causes else "-", said["wrong"], "of", said["elements"], bool(said["shrunk"]), said["evidence"] != [])'
  echo "exit $code"
}
case=leaky_relu/n2c3h9w11/alpha0.125/he/1
for name in slope attribute unwritten outside order; do
  echo "-- $name"
  first $name.comp $case
done
echo "-- the first case of the suite that fails"
first attribute.comp
echo "-- a report's explain line does what it says"
assay check unwritten.comp $case 2>&1 | grep '^explain: ' | tee line
eval "$(sed 's/^explain: //' line)" | grep -c 'elements of the output are never written'
echo "-- a stored vector"
assay fixture make $case -o stored.h5 >made.txt
assay check attribute.comp --fixture stored.h5 2>&1 | grep '^explain: ' | tee line
eval "$(sed 's/^explain: //' line)" | grep -A 1 '^likely causes'
assay explain --fixture stored.h5 | sed 's/[0-9]* runs/N runs/'
echo "-- text"
assay explain 'relu:f32:nchw@0 relu/n1c2h3w5/-/i1/1' | sed 's/[0-9]* runs/N runs/'
echo "-- bad input"
run assay explain 2>&1
run assay explain 'relu:f32@0 relu/n1c2h3w5/-/i1/1' 2>&1
run assay explain 'no_such:f32:nchw@0 relu/n1c2h3w5/-/i1/1' 2>&1
run assay explain --shader none.comp 2>&1
run assay explain --fixture none.h5 2>&1
run assay explain --fixture stored.h5 'relu*' 2>&1

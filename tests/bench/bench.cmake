# SPDX-License-Identifier: Apache-2.0
# Benchmarks: built with the tests, run by hand.
add_executable(bench_reference bench/bench_reference.c)
target_link_libraries(bench_reference PRIVATE assay_reference)

# SPDX-License-Identifier: Apache-2.0
# libFuzzer targets, with the preset `fuzz` (clang): fuzz_<parser>.c. Each starts from real inputs and runs for a while.
set(ASSAY_FUZZ_SECONDS 20 CACHE STRING "How long each parser is fuzzed by its test")
file(GLOB targets CONFIGURE_DEPENDS fuzz/fuzz_*.c)
foreach(target ${targets})
  get_filename_component(name ${target} NAME_WE)
  add_executable(${name} ${target})
  target_link_libraries(${name} PRIVATE assay_harness -fsanitize=fuzzer)
  add_test(NAME fuzz.${name}
           COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/fuzz/run_fuzz.sh $<TARGET_FILE:${name}> $<TARGET_FILE:assay>
                   ${CMAKE_CURRENT_BINARY_DIR}/fuzz ${PROJECT_SOURCE_DIR} ${ASSAY_FUZZ_SECONDS})
  set_tests_properties(fuzz.${name} PROPERTIES LABELS fuzz TIMEOUT 600)
endforeach()

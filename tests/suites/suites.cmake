# SPDX-License-Identifier: Apache-2.0
# Whole suites on whatever device there is: no check may fail, and every variant of every kernel must have passed one.
find_package(Python3 REQUIRED COMPONENTS Interpreter)

foreach(suite smoke full)
  add_test(NAME suite.${suite}
           COMMAND ${PROJECT_SOURCE_DIR}/tests/suites/run_suite.sh $<TARGET_FILE:assay> ${suite})
  set_tests_properties(suite.${suite} PROPERTIES LABELS suite RUN_SERIAL ON TIMEOUT 3000)
endforeach()

# Shaders that keep their tensors as engines do (tests/shaders/README.md).
add_test(NAME suite.shaders
         COMMAND ${PROJECT_SOURCE_DIR}/tests/suites/run_shaders.sh $<TARGET_FILE:assay> ${PROJECT_SOURCE_DIR}/tests/shaders)
set_tests_properties(suite.shaders PROPERTIES LABELS suite TIMEOUT 600)

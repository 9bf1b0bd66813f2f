# SPDX-License-Identifier: Apache-2.0
# One test a mutant: it must be rejected by what its file names, 30 seeds out of 30.
add_executable(catch_mutant mutants/catch_mutant.c)
target_link_libraries(catch_mutant PRIVATE assay_harness)
file(GLOB mutants CONFIGURE_DEPENDS mutants/*.mutant)
foreach(mutant ${mutants})
  get_filename_component(name ${mutant} NAME_WE)
  add_test(NAME mutant.${name}
           COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/mutants/catch_mutant.sh $<TARGET_FILE:catch_mutant> ${mutant}
                   ${PROJECT_SOURCE_DIR}/gpu/kernels ${CMAKE_CURRENT_BINARY_DIR}/mutants)
  set_tests_properties(mutant.${name} PROPERTIES LABELS mutant TIMEOUT 600)
endforeach()
add_test(NAME mutant.generator
         COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/mutants/test_make_mutant.sh ${CMAKE_CURRENT_BINARY_DIR}/mutants/generator)
set_tests_properties(mutant.generator PROPERTIES LABELS unit TIMEOUT 60)

# SPDX-License-Identifier: Apache-2.0
# Planted faults: every one of them shows, the two sets are what README.md says of them, and `assay explain` names causes well
# enough in each.
set(faults ${CMAKE_CURRENT_SOURCE_DIR}/faults)
set(fault_shaders ${PROJECT_SOURCE_DIR}/gpu/kernels ${CMAKE_CURRENT_BINARY_DIR}/faults)
file(GLOB tune CONFIGURE_DEPENDS faults/tune/*.fault)
file(GLOB score CONFIGURE_DEPENDS faults/score/*.fault)
add_test(NAME faults.show.tune COMMAND ${faults}/check_faults.sh $<TARGET_FILE:assay> ${fault_shaders}/tune ${tune})
add_test(NAME faults.show.score COMMAND ${faults}/check_faults.sh $<TARGET_FILE:assay> ${fault_shaders}/score ${score})
add_test(NAME faults.corpus
         COMMAND ${faults}/check_corpus.py ${faults}/tune ${faults}/score ${CMAKE_CURRENT_SOURCE_DIR}/mutants)
add_test(NAME faults.scorer COMMAND ${faults}/test_score_faults.sh ${CMAKE_CURRENT_BINARY_DIR}/faults/scorer)
set_tests_properties(faults.show.tune faults.show.score faults.corpus faults.scorer PROPERTIES LABELS faults TIMEOUT 1200)
add_test(NAME faults.score COMMAND ${faults}/score_faults.py $<TARGET_FILE:assay> ${fault_shaders}/scored ${faults}/tune
                                   ${faults}/score)
set_tests_properties(faults.score PROPERTIES LABELS faults TIMEOUT 3600 PROCESSORS 2)

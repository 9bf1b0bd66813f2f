# SPDX-License-Identifier: Apache-2.0
# One test a script: <name>.sh against <name>.out, each in a folder of its own.
file(GLOB scripts CONFIGURE_DEPENDS cli/*.sh)
list(FILTER scripts EXCLUDE REGEX "/(run_cli_test|cli_library)\\.sh$")
foreach(script ${scripts})
  get_filename_component(name ${script} NAME_WE)
  add_test(NAME cli.${name}
           COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/cli/run_cli_test.sh ${script} $<TARGET_FILE:assay>
                   ${CMAKE_CURRENT_BINARY_DIR}/cli ${PROJECT_SOURCE_DIR})
  set_tests_properties(cli.${name} PROPERTIES LABELS cli TIMEOUT 600)
endforeach()

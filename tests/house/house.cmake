# SPDX-License-Identifier: Apache-2.0
# The rules of the house, and proof that their checker sees a broken one.
set(checker ${PROJECT_SOURCE_DIR}/tests/house/check_house.sh)
add_test(NAME house.rules COMMAND ${checker} ${PROJECT_SOURCE_DIR})
add_test(NAME house.rules_are_checked
         COMMAND ${PROJECT_SOURCE_DIR}/tests/house/test_check_house.sh ${checker} ${PROJECT_SOURCE_DIR})
add_test(NAME house.scripts COMMAND shellcheck ${PROJECT_SOURCE_DIR}/quickstart
         ${PROJECT_SOURCE_DIR}/.ci/run ${checker})
set_tests_properties(house.rules house.rules_are_checked house.scripts PROPERTIES LABELS house)

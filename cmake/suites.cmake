# SPDX-License-Identifier: Apache-2.0
# Case lists compiled in, so that the program needs no files beside it. Included, this adds the table assay_suites to
# the target assay_fixtures; as a script (cmake -D OUTPUT=... -D FOLDER=... -P) it writes the table. Texts are arrays of
# bytes: string literals have a limit.
if(NOT CMAKE_SCRIPT_MODE_FILE)
  set(suite_folder ${PROJECT_SOURCE_DIR}/fixtures/cases)
  set(suite_table ${CMAKE_CURRENT_BINARY_DIR}/suites.c)
  file(GLOB suite_files CONFIGURE_DEPENDS ${suite_folder}/*.cases)
  add_custom_command(
    OUTPUT ${suite_table}
    COMMAND ${CMAKE_COMMAND} -D OUTPUT=${suite_table} -D FOLDER=${suite_folder} -P ${CMAKE_CURRENT_LIST_FILE}
    DEPENDS ${suite_files} ${CMAKE_CURRENT_LIST_FILE}
    VERBATIM)
  target_sources(assay_fixtures PRIVATE ${suite_table})
  return()
endif()

file(GLOB files ${FOLDER}/*.cases)
list(SORT files)
set(texts "")
set(rows "")
foreach(file ${files})
  get_filename_component(name ${file} NAME_WE)
  string(MAKE_C_IDENTIFIER ${name} id)
  file(READ ${file} hex HEX)
  string(REPEAT "." 64 line)
  string(REGEX REPLACE "(${line})" "\\1\n" hex "${hex}")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
  file(STRINGS ${file} comments REGEX "^# ")
  list(FILTER comments EXCLUDE REGEX "SPDX-License-Identifier")
  if(NOT comments)
    message(FATAL_ERROR "${file}: the first line after the licence is a comment that says what the suite is for")
  endif()
  list(GET comments 0 summary)
  string(REGEX REPLACE "^# *" "" summary "${summary}")
  string(REGEX REPLACE "([\"\\])" "\\\\\\1" summary "${summary}")
  string(APPEND texts "static const char text_${id}[] = {\n${bytes}0};\n")
  string(APPEND rows "    {\"${name}\", \"${summary}\", text_${id}},\n")
endforeach()
file(WRITE ${OUTPUT} "// Made from fixtures/cases by cmake/suites.cmake.
#include \"fixtures/caselist.h\"

${texts}
const assay_suite assay_suites[] = {
${rows}};
const int assay_suite_count = (int)(sizeof assay_suites / sizeof assay_suites[0]);
")

# SPDX-License-Identifier: Apache-2.0
# Writes the table assay_suites from fixtures/cases/*.cases. Run as: cmake -DOUT=suites.c -DFOLDER=... -P suites.cmake
file(GLOB files ${FOLDER}/*.cases)
list(SORT files)
set(rows "")
set(texts "")
set(count 0)
foreach(file ${files})
  get_filename_component(name ${file} NAME_WE)
  file(STRINGS ${file} first LIMIT_COUNT 2)
  list(GET first 1 summary)
  string(REGEX REPLACE "^# *" "" summary "${summary}")
  file(READ ${file} hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
  string(REGEX REPLACE "(0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,)" "\\1\n"
         bytes "${bytes}")
  string(APPEND texts "static const char text_${count}[] = {\n${bytes}0};\n")
  string(APPEND rows "    {\"${name}\", \"${summary}\", text_${count}},\n")
  math(EXPR count "${count} + 1")
endforeach()
file(WRITE ${OUT} "// Made from fixtures/cases by cmake/suites.cmake.
#include \"fixtures/caselist.h\"

${texts}
const assay_suite assay_suites[] = {
${rows}};
const int assay_suite_count = ${count};
")

# SPDX-License-Identifier: Apache-2.0
# Compiler flags of every target, and the function that makes a room of the house.
add_compile_definitions(_POSIX_C_SOURCE=200809L _DEFAULT_SOURCE)
add_compile_options(
  $<$<COMPILE_LANGUAGE:C>:-Wall> $<$<COMPILE_LANGUAGE:C>:-Wextra> $<$<COMPILE_LANGUAGE:C>:-Wpedantic>
  $<$<COMPILE_LANGUAGE:C>:-Wconversion> $<$<COMPILE_LANGUAGE:C>:-Wshadow>
  $<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes> $<$<COMPILE_LANGUAGE:C>:-Wmissing-prototypes>
  $<$<COMPILE_LANGUAGE:C>:-Wvla> $<$<COMPILE_LANGUAGE:C>:-Wundef> $<$<COMPILE_LANGUAGE:C>:-Wcast-align>
  $<$<COMPILE_LANGUAGE:C>:-Wwrite-strings> $<$<COMPILE_LANGUAGE:C>:-Wformat=2>
  $<$<COMPILE_LANGUAGE:C>:-Wdouble-promotion> $<$<COMPILE_LANGUAGE:C>:-Werror>)
if(ASSAY_SANITIZE)
  add_compile_options(-fsanitize=${ASSAY_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=undefined)
  add_link_options(-fsanitize=${ASSAY_SANITIZE})
endif()
if(ASSAY_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

# A room: a static library of all sources in this folder and the named subfolders. Rooms that it may include are linked.
function(assay_room name)
  cmake_parse_arguments(ROOM "" "" "FOLDERS;LINK" ${ARGN})
  set(patterns "*.c")
  foreach(folder ${ROOM_FOLDERS})
    list(APPEND patterns "${folder}/*.c")
  endforeach()
  file(GLOB sources CONFIGURE_DEPENDS ${patterns})
  add_library(assay_${name} STATIC ${sources})
  target_include_directories(assay_${name} PUBLIC ${PROJECT_SOURCE_DIR})
  target_link_libraries(assay_${name} PUBLIC ${ROOM_LINK})
endfunction()

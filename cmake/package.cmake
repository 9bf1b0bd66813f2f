# SPDX-License-Identifier: Apache-2.0
# Installation, and a relocatable bundle for machines that have a GPU but not the libraries: `cmake --build build/release
# --target package` writes assay-<version>-Linux.tar.gz with bin/assay and every library beside the C library.

# libassay: what the command line is made of.
set(room_objects)
foreach(room reference gpu fixtures reports harness)
  list(APPEND room_objects $<TARGET_OBJECTS:assay_${room}>)
endforeach()
add_library(libassay STATIC EXCLUDE_FROM_ALL ${room_objects})
set_target_properties(libassay PROPERTIES OUTPUT_NAME assay LINKER_LANGUAGE C)

# DT_RPATH instead of DT_RUNPATH: it also holds for the libraries' own dependencies.
set_target_properties(assay PROPERTIES INSTALL_RPATH "$ORIGIN/../lib/assay")
target_link_options(assay PRIVATE -Wl,--disable-new-dtags)

install(TARGETS assay RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES LICENSE README.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(CODE [[
  file(GET_RUNTIME_DEPENDENCIES
    EXECUTABLES ${CMAKE_INSTALL_PREFIX}/bin/assay
    RESOLVED_DEPENDENCIES_VAR libraries
    POST_EXCLUDE_REGEXES "/ld-linux" "/libc\\.so" "/libm\\.so" "/libdl\\.so" "/libpthread\\.so" "/librt\\.so"
                         "/libresolv\\.so")
  file(INSTALL ${libraries} DESTINATION ${CMAKE_INSTALL_PREFIX}/lib/assay FOLLOW_SYMLINK_CHAIN)
]] COMPONENT bundle EXCLUDE_FROM_ALL)

set(CPACK_PACKAGE_NAME assay)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_GENERATOR TGZ)
set(CPACK_INSTALL_CMAKE_PROJECTS
    "${CMAKE_BINARY_DIR};assay;Unspecified;/" "${CMAKE_BINARY_DIR};assay;bundle;/")
set(CPACK_PACKAGING_INSTALL_PREFIX "")
include(CPack)

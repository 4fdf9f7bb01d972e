# cmake --install: library, headers, CMake package, pkg-config file, licences. Relocatable.
if(NOT MOTE_INSTALL)
    return()
endif()
include(CMakePackageConfigHelpers)

set(mote_package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/mote")

install(TARGETS mote EXPORT moteTargets
    ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT library
    LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT library
    RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}" COMPONENT library)
install(DIRECTORY sdk/include/mote DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" COMPONENT library
    FILES_MATCHING PATTERN "*.h")
if(EXISTS "${PROJECT_SOURCE_DIR}/bindings/cpp/include/mote")
    install(DIRECTORY bindings/cpp/include/mote DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
        COMPONENT library FILES_MATCHING PATTERN "*.hpp")
endif()

install(EXPORT moteTargets NAMESPACE mote:: DESTINATION "${mote_package_dir}" COMPONENT library)
configure_package_config_file(platforms/cmake/moteConfig.cmake.in moteConfig.cmake
    INSTALL_DESTINATION "${mote_package_dir}" NO_SET_AND_CHECK_MACRO)
# Before 1.0 a minor version may change the interface.
write_basic_package_version_file(moteConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES
    "${CMAKE_CURRENT_BINARY_DIR}/moteConfig.cmake"
    "${CMAKE_CURRENT_BINARY_DIR}/moteConfigVersion.cmake"
    DESTINATION "${mote_package_dir}" COMPONENT library)

# mote.pc finds its prefix from where it lies: up from <libdir>/pkgconfig.
file(RELATIVE_PATH mote_pc_to_prefix
    "/prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/prefix")
if(BUILD_SHARED_LIBS)
    set(mote_pc_cflags "-DMOTE_SHARED=1")
else()
    set(mote_pc_cflags "")
endif()
configure_file(sdk/mote.pc.in mote.pc @ONLY)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/mote.pc"
    DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig" COMPONENT library)

install(FILES LICENSE LICENSE-APACHE LICENSE-MIT
    DESTINATION "${CMAKE_INSTALL_DOCDIR}" COMPONENT library)

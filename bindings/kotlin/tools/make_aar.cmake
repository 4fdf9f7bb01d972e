# Writes AAR, an Android library package, from CLASSES and the libraries JNI/<abi>/libmote*_jni.so.
# LAYOUT is a folder for the contents.
set(aar_files "${CMAKE_CURRENT_LIST_DIR}/../src/main/aar")
file(REMOVE_RECURSE "${LAYOUT}")
file(MAKE_DIRECTORY "${LAYOUT}/jni")
file(COPY "${JNI}/" DESTINATION "${LAYOUT}/jni" FILES_MATCHING PATTERN "libmote*_jni.so")
file(COPY "${CLASSES}" "${aar_files}/AndroidManifest.xml" "${aar_files}/proguard.txt"
    DESTINATION "${LAYOUT}")
# Android's build wants the list of resources, and there are none.
file(WRITE "${LAYOUT}/R.txt" "")
file(REMOVE "${AAR}")
execute_process(
    COMMAND ${CMAKE_COMMAND} -E tar cf "${AAR}" --format=zip "--mtime=2000-01-01 00:00:00 UTC"
        AndroidManifest.xml R.txt classes.jar jni proguard.txt
    WORKING_DIRECTORY "${LAYOUT}" RESULT_VARIABLE code)
if(NOT code EQUAL 0)
    file(REMOVE "${AAR}")
    message(FATAL_ERROR "cannot write ${AAR}")
endif()

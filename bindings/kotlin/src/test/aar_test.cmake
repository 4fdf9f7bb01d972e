# The .aar holds what an Android build looks for, under the names it looks for.
execute_process(COMMAND ${CMAKE_COMMAND} -E tar tf "${AAR}"
    OUTPUT_VARIABLE text RESULT_VARIABLE code)
string(STRIP "${text}" text)
string(REPLACE "\n" ";" found "${text}")
list(FILTER found EXCLUDE REGEX "/$")
list(SORT found)
set(wanted AndroidManifest.xml R.txt classes.jar "jni/${ABI}/libmote_jni.so"
    "jni/${ABI}/libmote_state_jni.so" "jni/${ABI}/libmote_svid_jni.so" proguard.txt)
list(SORT wanted)
if(NOT code EQUAL 0 OR NOT found STREQUAL wanted)
    message(FATAL_ERROR "${AAR} has ${found}, not ${wanted}")
endif()
message("${found}")

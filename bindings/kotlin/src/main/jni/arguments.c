/* What the native functions are given by Java. */
#include "arguments.h"

#include <stdlib.h>

#include "mote/mote.h"

/* ------------------------------------------------------------------ exceptions */

static jint fail(JNIEnv* env, const char* name, const char* message)
{
    const jclass type = (*env)->FindClass(env, name);
    if (type != NULL)
        (*env)->ThrowNew(env, type, message);
    return MOTE_INVALID_ARGUMENT;
}

jint fail_memory(JNIEnv* env)
{
    return fail(env, "java/lang/OutOfMemoryError", "no native memory for the bytes of this call");
}

jint fail_argument(JNIEnv* env)
{
    return fail(env, "java/lang/IllegalArgumentException", "native call with a wrong argument");
}

/* ------------------------------------------------------------------ arrays */

int take(JNIEnv* env, copy* to, jbyteArray array, jint from, jint count)
{
    to->data = NULL;
    to->bytes = 0;
    const jsize length = array != NULL ? (*env)->GetArrayLength(env, array) : 0;
    if (from < 0 || count < 0 || from > length || count > length - from)
    {
        fail_argument(env);
        return 0;
    }
    if (count == 0)
        return 1;
    to->data = malloc((size_t)count);
    if (to->data == NULL)
    {
        fail_memory(env);
        return 0;
    }
    to->bytes = (size_t)count;
    (*env)->GetByteArrayRegion(env, array, from, count, (jbyte*)to->data);
    return 1;
}

int take_all(JNIEnv* env, copy* to, jbyteArray array)
{
    return take(env, to, array, 0, array != NULL ? (*env)->GetArrayLength(env, array) : 0);
}

int read_bytes(JNIEnv* env, uint8_t* to, jsize bytes, jbyteArray array)
{
    if (array == NULL || (*env)->GetArrayLength(env, array) != bytes)
    {
        fail_argument(env);
        return 0;
    }
    (*env)->GetByteArrayRegion(env, array, 0, bytes, (jbyte*)to);
    return 1;
}

int fits(JNIEnv* env, jarray array, jsize length)
{
    if (array != NULL && (*env)->GetArrayLength(env, array) == length)
        return 1;
    fail_argument(env);
    return 0;
}

/* ------------------------------------------------------------------ memory of Kotlin */

int memory_of(JNIEnv* env, jobject buffer, span* to)
{
    uint8_t* const data = buffer != NULL ? (*env)->GetDirectBufferAddress(env, buffer) : NULL;
    const jlong bytes = data != NULL ? (*env)->GetDirectBufferCapacity(env, buffer) : 0;
    if (bytes < alignment)
    {
        fail_argument(env);
        return 0;
    }
    const size_t skipped = (alignment - (uintptr_t)data % alignment) % alignment;
    to->data = data + skipped;
    to->bytes = (size_t)bytes - skipped;
    return 1;
}

void* object_in(JNIEnv* env, jobject buffer, jlong address)
{
    span memory;
    if (!memory_of(env, buffer, &memory))
        return NULL;
    const uintptr_t first = (uintptr_t)memory.data, object = (uintptr_t)address;
    if (object >= first && object - first < memory.bytes)
        return (void*)object;
    fail_argument(env);
    return NULL;
}

/* state_jni.c: what state/Native.kt declares, over mote_state.h. A library of its own, so that who only
 * reads balances ships nothing else, and who does not need not ship it.
 *
 * Opened proofs and working memory live in direct buffers that Kotlin made; bytes are copied before
 * they are looked at (mote_jni.c says why).
 *
 * Functions answer with a mote_status and fill arrays; `lookup` with a small number, or a negative
 * status. A Java exception is pending where they could not even do that. */
#include <stdlib.h>
#include <string.h>

#include "arguments.h"
#include "mote/mote_state.h"

/* state/Native.kt has the same number. */
#define MOTE_STATE_JNI_VERSION 1

#define MOTE_JNI(type, name) JNIEXPORT type JNICALL Java_dev_mote_validator_state_Native_##name

enum
{
    /* address or accepted, fault, operation, offset. */
    verdict_longs = 4,
    /* place in the buffer, bytes. */
    value_longs = 2,
};

JNIEXPORT jint JNICALL JNI_OnLoad(JavaVM* vm, void* reserved)
{
    (void)vm;
    (void)reserved;
    return mote_abi_version() == MOTE_ABI_VERSION ? JNI_VERSION_1_6 : JNI_ERR;
}

MOTE_JNI(jint, version)(JNIEnv* env, jclass type)
{
    (void)env;
    (void)type;
    return MOTE_STATE_JNI_VERSION;
}

MOTE_JNI(jstring, statusText)(JNIEnv* env, jclass type, jint status)
{
    (void)type;
    return (*env)->NewStringUTF(env, mote_status_text((mote_status)status));
}

MOTE_JNI(jstring, faultText)(JNIEnv* env, jclass type, jint fault)
{
    (void)type;
    return (*env)->NewStringUTF(env, mote_state_fault_text((uint32_t)fault));
}

static void put_verdict(JNIEnv* env, jlongArray out, jlong first, const mote_state_verdict* v)
{
    const jlong longs[verdict_longs] = {first, v->fault, v->operation, (jlong)v->offset};
    (*env)->SetLongArrayRegion(env, out, 0, verdict_longs, longs);
}

/* ------------------------------------------------------------------ proofs */

MOTE_JNI(jint, proofSize)(JNIEnv* env, jclass type, jint bytes, jlongArray out)
{
    (void)type;
    if (!fits(env, out, 1))
        return MOTE_INVALID_ARGUMENT;
    size_t size = 0;
    const mote_status status = bytes < 0 ? (mote_status)MOTE_INVALID_ARGUMENT
                                         : mote_state_proof_size(&size, (size_t)bytes);
    const jlong number = (jlong)size;
    (*env)->SetLongArrayRegion(env, out, 0, 1, &number);
    return (jint)status;
}

/* out: the address, 0 if the proof is not under the root, and why. */
MOTE_JNI(jint, proofOpen)
(JNIEnv* env, jclass type, jobject buffer, jboolean witness, jbyteArray root, jlong height,
 jbyteArray proof, jlongArray out)
{
    (void)type;
    span memory;
    uint8_t trusted[MOTE_STATE_ROOT_BYTES];
    copy bytes;
    if (!fits(env, out, verdict_longs) || !memory_of(env, buffer, &memory) ||
        !read_bytes(env, trusted, sizeof trusted, root) || !take_all(env, &bytes, proof))
        return MOTE_INVALID_ARGUMENT;
    mote_state_verdict verdict = {.struct_size = sizeof verdict};
    mote_state_proof* opened = NULL;
    const mote_status status = (witness ? mote_state_witness_open : mote_state_proof_open)(
        &opened, &verdict, memory.data, memory.bytes, trusted, (uint64_t)height, bytes.data,
        bytes.bytes);
    free(bytes.data);
    put_verdict(env, out, (jlong)(uintptr_t)opened, &verdict);
    return (jint)status;
}

/* out: where the value lies in the buffer, and its bytes. */
MOTE_JNI(jint, lookup)
(JNIEnv* env, jclass type, jobject buffer, jlong address, jbyteArray key, jboolean past,
 jlong height, jlongArray out)
{
    (void)type;
    const mote_state_proof* const proof = object_in(env, buffer, address);
    copy bytes;
    if (proof == NULL || !fits(env, out, value_longs) || !take_all(env, &bytes, key))
        return -(jint)MOTE_INVALID_ARGUMENT;
    uint32_t answer = MOTE_STATE_UNPROVEN;
    mote_span value = {NULL, 0};
    const mote_status status =
        past ? mote_state_lookup_after(&answer, &value, proof, bytes.data, bytes.bytes,
                                       (uint64_t)height)
             : mote_state_lookup(&answer, &value, proof, bytes.data, bytes.bytes);
    free(bytes.data);
    const uint8_t* const start = (*env)->GetDirectBufferAddress(env, buffer);
    const jlong longs[value_longs] = {value.bytes != 0 ? value.data - start : 0,
                                      (jlong)value.bytes};
    (*env)->SetLongArrayRegion(env, out, 0, value_longs, longs);
    return status == MOTE_OK ? (jint)answer : -(jint)status;
}

/* ------------------------------------------------------------------ blocks */

MOTE_JNI(jint, applySize)
(JNIEnv* env, jclass type, jobject buffer, jlong address, jint count, jlongArray out)
{
    (void)type;
    const mote_state_proof* const witness = object_in(env, buffer, address);
    if (witness == NULL || !fits(env, out, 1))
        return MOTE_INVALID_ARGUMENT;
    size_t size = 0;
    const mote_status status = count < 0 ? (mote_status)MOTE_INVALID_ARGUMENT
                                         : mote_state_apply_size(&size, witness, (size_t)count);
    const jlong number = (jlong)size;
    (*env)->SetLongArrayRegion(env, out, 0, 1, &number);
    return (jint)status;
}

static void free_operations(mote_state_operation* list, jsize count)
{
    for (jsize i = 0; i < count; ++i)
    {
        free((uint8_t*)list[i].key.data);
        free((uint8_t*)list[i].value.data);
    }
    free(list);
}

/* A copy of an element; `missing` says that it is null. 0 with an exception pending. */
static int take_element(JNIEnv* env, mote_span* to, jobjectArray array, jsize i, int* missing)
{
    const jbyteArray bytes = (jbyteArray)(*env)->GetObjectArrayElement(env, array, i);
    *missing = bytes == NULL;
    copy all = {0};
    const int taken = !(*env)->ExceptionCheck(env) && take_all(env, &all, bytes);
    (*env)->DeleteLocalRef(env, bytes);
    *to = (mote_span){all.data, all.bytes};
    return taken;
}

/* Copies of all operations; NULL with an exception pending. */
static mote_state_operation* take_operations(JNIEnv* env, jobjectArray keys, jobjectArray values,
                                             jsize count)
{
    mote_state_operation* const list = calloc((size_t)count + 1, sizeof *list);
    if (list == NULL)
    {
        fail_memory(env);
        return NULL;
    }
    for (jsize i = 0; i < count; ++i)
    {
        int no_key = 0, no_value = 0;
        if (!take_element(env, &list[i].key, keys, i, &no_key) ||
            !take_element(env, &list[i].value, values, i, &no_value))
        {
            free_operations(list, count);
            return NULL;
        }
        list[i].erase = no_value ? 1 : 0;
    }
    return list;
}

/* out: whether it is accepted, and why not; `root` is filled if it is. A null value deletes. */
MOTE_JNI(jint, apply)
(JNIEnv* env, jclass type, jobject work_buffer, jobject buffer, jlong address, jlong height,
 jobjectArray keys, jobjectArray values, jbyteArray root, jlongArray out)
{
    (void)type;
    const mote_state_proof* const witness = object_in(env, buffer, address);
    span work;
    if (witness == NULL || !memory_of(env, work_buffer, &work) ||
        !fits(env, root, MOTE_STATE_ROOT_BYTES) || !fits(env, out, verdict_longs))
        return MOTE_INVALID_ARGUMENT;
    if (keys == NULL)
        return fail_argument(env);
    const jsize count = (*env)->GetArrayLength(env, keys);
    if (!fits(env, values, count))
        return MOTE_INVALID_ARGUMENT;
    mote_state_operation* const list = take_operations(env, keys, values, count);
    if (list == NULL)
        return MOTE_INVALID_ARGUMENT;
    mote_state_verdict verdict = {.struct_size = sizeof verdict};
    uint8_t new_root[MOTE_STATE_ROOT_BYTES];
    const mote_status status = mote_state_apply(new_root, &verdict, work.data, work.bytes, witness,
                                                (uint64_t)height, list, (size_t)count);
    free_operations(list, count);
    (*env)->SetByteArrayRegion(env, root, 0, sizeof new_root, (const jbyte*)new_root);
    put_verdict(env, out, verdict.accepted, &verdict);
    return (jint)status;
}

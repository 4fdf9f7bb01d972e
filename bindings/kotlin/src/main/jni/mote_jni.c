/* mote_jni.c: what Native.kt declares, over mote.h.
 *
 * Opened keys, setups and working memory live in direct buffers that Kotlin made, so the garbage
 * collector owns them and nothing is freed here while a call uses it. Bytes that are read during a
 * call only are copied first: another thread may change a Java array, and pinning one for the
 * milliseconds of a verification would hold up the collector.
 *
 * Every function answers with a mote_status and fills `out`; a Java exception is pending where it
 * could not even do that, and then the value means nothing. */
#include <stdlib.h>
#include <string.h>

#include "arguments.h"
#include "mote/mote.h"

/* Native.kt has the same number: the two are always built together, and may be packaged apart. */
#define MOTE_JNI_VERSION 1

#define MOTE_JNI(type, name) JNIEXPORT type JNICALL Java_dev_mote_validator_Native_##name

enum
{
    layout_fields = sizeof(mote_memory_layout) / sizeof(uint64_t),
    /* accepted, stage, reason, field, index, offset, then one value of the call. */
    out_longs = 7,
    /* panic, six spans as (offset, bytes), the memory layout. */
    bundle_longs = 1 + 2 * 6 + layout_fields,
    /* committed, trace length, bytecode length, image words, entry, the memory layout. */
    key_longs = 5 + layout_fields,
};

JNIEXPORT jint JNICALL JNI_OnLoad(JavaVM* vm, void* reserved)
{
    (void)vm;
    (void)reserved;
    return mote_abi_version() == MOTE_ABI_VERSION ? JNI_VERSION_1_6 : JNI_ERR;
}

static jint answer(JNIEnv* env, jlongArray out, mote_status status, const mote_verdict* v,
                   uint64_t value)
{
    const jlong longs[out_longs] = {v->accepted, v->stage,         v->reason,   v->field,
                                    v->index,    (jlong)v->offset, (jlong)value};
    (*env)->SetLongArrayRegion(env, out, 0, out_longs, longs);
    return (jint)status;
}

/* ------------------------------------------------------------------ facts */

MOTE_JNI(jint, version)(JNIEnv* env, jclass type)
{
    (void)env;
    (void)type;
    return MOTE_JNI_VERSION;
}

MOTE_JNI(jstring, archName)(JNIEnv* env, jclass type)
{
    (void)type;
    return (*env)->NewStringUTF(env, mote_arch_name());
}

/* kind: 0 status, 1 stage, 2 reason, 3 field. */
MOTE_JNI(jstring, text)(JNIEnv* env, jclass type, jint kind, jint code)
{
    (void)type;
    const char* const text = kind == 0   ? mote_status_text((mote_status)code)
                             : kind == 1 ? mote_stage_text((uint32_t)code)
                             : kind == 2 ? mote_reason_text((uint32_t)code)
                                         : mote_field_text((uint32_t)code);
    return (*env)->NewStringUTF(env, text);
}

/* ------------------------------------------------------------------ bundle */

static void put_span(jlong* to, const mote_span* part, const uint8_t* base)
{
    to[0] = part->data != NULL ? part->data - base : 0;
    to[1] = (jlong)part->bytes;
}

MOTE_JNI(jint, bundleOpen)
(JNIEnv* env, jclass type, jbyteArray bundle, jlongArray parts, jbyteArray digests, jlongArray out)
{
    (void)type;
    if (!fits(env, out, out_longs) || !fits(env, parts, bundle_longs) ||
        !fits(env, digests, 2 * digest_bytes))
        return MOTE_INVALID_ARGUMENT;
    copy bytes;
    if (!take_all(env, &bytes, bundle))
        return MOTE_INVALID_ARGUMENT;
    mote_verdict verdict = {.struct_size = sizeof verdict};
    mote_jolt_bundle b = {.struct_size = sizeof b};
    const mote_status status = mote_jolt_bundle_open(&b, &verdict, bytes.data, bytes.bytes);
    if (status == MOTE_OK)
    {
        jlong longs[bundle_longs] = {b.panic};
        put_span(longs + 1, &b.key, bytes.data);
        put_span(longs + 3, &b.setup, bytes.data);
        put_span(longs + 5, &b.proof, bytes.data);
        put_span(longs + 7, &b.trusted_advice, bytes.data);
        put_span(longs + 9, &b.inputs, bytes.data);
        put_span(longs + 11, &b.outputs, bytes.data);
        memcpy(longs + 13, &b.memory_layout, sizeof b.memory_layout);
        (*env)->SetLongArrayRegion(env, parts, 0, bundle_longs, longs);
        (*env)->SetByteArrayRegion(env, digests, 0, digest_bytes, (const jbyte*)b.key_digest);
        (*env)->SetByteArrayRegion(env, digests, digest_bytes, digest_bytes,
                                   (const jbyte*)b.setup_digest);
    }
    free(bytes.data);
    return answer(env, out, status, &verdict, 0);
}

/* ------------------------------------------------------------------ program key */

MOTE_JNI(jint, keySize)
(JNIEnv* env, jclass type, jbyteArray key, jint from, jint count, jlongArray out)
{
    (void)type;
    copy bytes;
    if (!fits(env, out, out_longs) || !take(env, &bytes, key, from, count))
        return MOTE_INVALID_ARGUMENT;
    mote_verdict verdict = {.struct_size = sizeof verdict};
    size_t size = 0;
    const mote_status status = mote_jolt_key_size(&size, &verdict, bytes.data, bytes.bytes);
    free(bytes.data);
    return answer(env, out, status, &verdict, size);
}

/* revision: the name and a zero byte, or NULL. */
MOTE_JNI(jint, keyOpen)
(JNIEnv* env, jclass type, jobject buffer, jbyteArray revision, jbyteArray key, jint from,
 jint count, jbyteArray digest, jlongArray out)
{
    (void)type;
    span memory;
    uint8_t expected[digest_bytes];
    if (!fits(env, out, out_longs) || !memory_of(env, buffer, &memory) ||
        !read_bytes(env, expected, digest_bytes, digest))
        return MOTE_INVALID_ARGUMENT;
    copy name, bytes;
    if (!take_all(env, &name, revision))
        return MOTE_INVALID_ARGUMENT;
    if (name.bytes > 0 && name.data[name.bytes - 1] != 0)
    {
        free(name.data);
        return fail_argument(env);
    }
    if (!take(env, &bytes, key, from, count))
    {
        free(name.data);
        return MOTE_INVALID_ARGUMENT;
    }
    mote_verdict verdict = {.struct_size = sizeof verdict};
    mote_jolt_key* opened = NULL;
    const mote_status status =
        mote_jolt_key_open(&opened, &verdict, memory.data, memory.bytes, (const char*)name.data,
                           bytes.data, bytes.bytes, expected);
    free(bytes.data);
    free(name.data);
    return answer(env, out, status, &verdict, (uintptr_t)opened);
}

MOTE_JNI(jint, keyDescribe)
(JNIEnv* env, jclass type, jobject buffer, jlong address, jlongArray facts, jbyteArray digest)
{
    (void)type;
    const mote_jolt_key* const key = object_in(env, buffer, address);
    if (key == NULL || !fits(env, facts, key_longs) || !fits(env, digest, digest_bytes))
        return MOTE_INVALID_ARGUMENT;
    mote_jolt_key_info info = {.struct_size = sizeof info};
    const mote_status status = mote_jolt_key_describe(&info, key);
    jlong longs[key_longs] = {info.committed, (jlong)info.max_trace_length,
                              (jlong)info.bytecode_length, (jlong)info.image_words,
                              (jlong)info.entry_address};
    memcpy(longs + 5, &info.memory_layout, sizeof info.memory_layout);
    (*env)->SetLongArrayRegion(env, facts, 0, key_longs, longs);
    (*env)->SetByteArrayRegion(env, digest, 0, digest_bytes, (const jbyte*)info.digest);
    return (jint)status;
}

/* ------------------------------------------------------------------ Dory setup */

MOTE_JNI(jint, setupSize)
(JNIEnv* env, jclass type, jbyteArray setup, jint from, jint count, jlongArray out)
{
    (void)type;
    copy bytes;
    if (!fits(env, out, out_longs) || !take(env, &bytes, setup, from, count))
        return MOTE_INVALID_ARGUMENT;
    mote_verdict verdict = {.struct_size = sizeof verdict};
    size_t size = 0;
    const mote_status status = mote_dory_setup_size(&size, &verdict, bytes.data, bytes.bytes);
    free(bytes.data);
    return answer(env, out, status, &verdict, size);
}

MOTE_JNI(jint, setupOpen)
(JNIEnv* env, jclass type, jobject buffer, jbyteArray setup, jint from, jint count,
 jbyteArray digest, jlongArray out)
{
    (void)type;
    span memory;
    uint8_t expected[digest_bytes];
    copy bytes;
    if (!fits(env, out, out_longs) || !memory_of(env, buffer, &memory) ||
        !read_bytes(env, expected, digest_bytes, digest) || !take(env, &bytes, setup, from, count))
        return MOTE_INVALID_ARGUMENT;
    mote_verdict verdict = {.struct_size = sizeof verdict};
    mote_dory_setup* opened = NULL;
    const mote_status status = mote_dory_setup_open(&opened, &verdict, memory.data, memory.bytes,
                                                    bytes.data, bytes.bytes, expected);
    free(bytes.data);
    return answer(env, out, status, &verdict, (uintptr_t)opened);
}

/* ------------------------------------------------------------------ verification */

MOTE_JNI(jint, verifySize)
(JNIEnv* env, jclass type, jobject key_buffer, jlong key, jobject setup_buffer, jlong setup,
 jlongArray out)
{
    (void)type;
    const mote_jolt_key* const k = object_in(env, key_buffer, key);
    const mote_dory_setup* const s = k != NULL ? object_in(env, setup_buffer, setup) : NULL;
    if (s == NULL || !fits(env, out, out_longs))
        return MOTE_INVALID_ARGUMENT;
    const mote_verdict none = {.struct_size = sizeof none};
    size_t size = 0;
    const mote_status status = mote_jolt_verify_size(&size, k, s);
    return answer(env, out, status, &none, size);
}

typedef struct listener
{
    JNIEnv* env;
    jobject object;
    jmethodID on_stage;
} listener;

/* The core goes on after an exception, but Java is not called with one pending. */
static void on_stage(void* context, uint32_t stage)
{
    const listener* const to = context;
    if (!(*to->env)->ExceptionCheck(to->env))
        (*to->env)->CallVoidMethod(to->env, to->object, to->on_stage, (jint)stage);
}

static int find_listener(JNIEnv* env, jobject object, listener* to)
{
    const jclass type = (*env)->GetObjectClass(env, object);
    to->env = env;
    to->object = object;
    to->on_stage = (*env)->GetMethodID(env, type, "onStage", "(I)V");
    (*env)->DeleteLocalRef(env, type);
    return to->on_stage != NULL;
}

MOTE_JNI(jint, verify)
(JNIEnv* env, jclass type, jobject buffer, jobject key_buffer, jlong key, jobject setup_buffer,
 jlong setup, jboolean panic, jbyteArray inputs, jbyteArray outputs, jlongArray layout,
 jbyteArray proof, jint from, jint count, jbyteArray advice, jobject watching, jlongArray out)
{
    (void)type;
    span memory;
    const mote_jolt_key* const k = object_in(env, key_buffer, key);
    const mote_dory_setup* const s = k != NULL ? object_in(env, setup_buffer, setup) : NULL;
    if (s == NULL || !fits(env, out, out_longs) || !memory_of(env, buffer, &memory))
        return MOTE_INVALID_ARGUMENT;

    mote_public_io io = {.struct_size = sizeof io, .panic = panic != JNI_FALSE};
    mote_memory_layout map;
    if (layout != NULL)
    {
        if (!fits(env, layout, layout_fields))
            return MOTE_INVALID_ARGUMENT;
        (*env)->GetLongArrayRegion(env, layout, 0, layout_fields, (jlong*)&map);
        io.memory_layout = &map;
    }
    uint8_t trusted[MOTE_GT_BYTES];
    if (advice != NULL && !read_bytes(env, trusted, MOTE_GT_BYTES, advice))
        return MOTE_INVALID_ARGUMENT;
    listener to;
    if (watching != NULL && !find_listener(env, watching, &to))
        return MOTE_INVALID_ARGUMENT;
    const mote_observer observer = {
        .struct_size = sizeof observer, .context = &to, .on_stage = on_stage};

    copy in = {0}, written = {0}, bytes = {0};
    mote_verdict verdict = {.struct_size = sizeof verdict};
    mote_status status = MOTE_INVALID_ARGUMENT;
    if (take_all(env, &in, inputs) && take_all(env, &written, outputs) &&
        take(env, &bytes, proof, from, count))
    {
        io.inputs = in.data;
        io.inputs_bytes = in.bytes;
        io.outputs = written.data;
        io.outputs_bytes = written.bytes;
        status = mote_jolt_verify(&verdict, memory.data, memory.bytes, k, s, &io, bytes.data,
                                  bytes.bytes, advice != NULL ? trusted : NULL,
                                  watching != NULL ? &observer : NULL);
    }
    free(bytes.data);
    free(written.data);
    free(in.data);
    /* Out of memory, or the listener threw: Kotlin sees that, and no verdict. */
    if ((*env)->ExceptionCheck(env))
        return MOTE_INVALID_ARGUMENT;
    return answer(env, out, status, &verdict, 0);
}

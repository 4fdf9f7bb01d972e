/* svid_jni.c: what svid/Native.kt declares, over mote_svid.h. A library of its own, so that who only
 * verifies proofs need not ship it.
 *
 * Epochs, shares and working memory live in direct buffers that Kotlin made; bytes are copied before
 * they are looked at (mote_jni.c says why).
 *
 * Functions answer with a mote_status and fill arrays; those named "answer" with a small number, or a
 * negative status. A Java exception is pending where they could not even do that. */
#include <stdlib.h>
#include <string.h>

#include "arguments.h"
#include "mote/mote_svid.h"

/* svid/Native.kt has the same number. */
#define MOTE_SVID_JNI_VERSION 1

#define MOTE_JNI(type, name) JNIEXPORT type JNICALL Java_dev_mote_validator_svid_Native_##name

enum
{
    /* zone, height, epoch, most bytes of a block. */
    expected_longs = 4,
    /* chain, root. */
    expected_bytes = 2 * digest_bytes,
    /* outcome, step, fault, row. */
    verdict_ints = 4,
    /* L, B, k, K, N, bytes of Z. */
    params_longs = 6,
    /* zone, height, epoch, B, k, N, L. */
    header_longs = 7,
    /* chain, data root, parity root, Z, root, announce. */
    header_digests = 6 * digest_bytes,
    /* root, announce. */
    finding_digests = 2 * digest_bytes,
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
    return MOTE_SVID_JNI_VERSION;
}

MOTE_JNI(jstring, statusText)(JNIEnv* env, jclass type, jint status)
{
    (void)type;
    return (*env)->NewStringUTF(env, mote_status_text((mote_status)status));
}

/* kind: 0 outcome, 1 fault. */
MOTE_JNI(jstring, text)(JNIEnv* env, jclass type, jint kind, jint code)
{
    (void)type;
    return (*env)->NewStringUTF(env, kind == 0 ? mote_svid_outcome_text((uint32_t)code)
                                               : mote_svid_fault_text((uint32_t)code));
}

/* An answer, or the negative of a status. */
static jint answer(mote_status status, uint32_t value)
{
    return status == MOTE_OK ? (jint)value : -(jint)status;
}

static jint refuse(void) { return -(jint)MOTE_INVALID_ARGUMENT; }

static void put_long(JNIEnv* env, jlongArray out, jlong value)
{
    (*env)->SetLongArrayRegion(env, out, 0, 1, &value);
}

/* ------------------------------------------------------------------ epoch */

MOTE_JNI(jint, epochSize)(JNIEnv* env, jclass type, jint count, jlongArray out)
{
    (void)type;
    if (!fits(env, out, 1))
        return MOTE_INVALID_ARGUMENT;
    size_t size = 0;
    const mote_status status =
        count < 0 ? (mote_status)MOTE_INVALID_ARGUMENT : mote_svid_epoch_size(&size, (size_t)count);
    put_long(env, out, (jlong)size);
    return (jint)status;
}

/* keys: NULL if nobody has any. */
MOTE_JNI(jint, epochOpen)
(JNIEnv* env, jclass type, jobject buffer, jbyteArray seed, jlongArray stakes, jbyteArray keys,
 jlongArray out)
{
    (void)type;
    span memory;
    mote_svid_validators validators = {.struct_size = sizeof validators};
    if (!fits(env, out, 1) || !memory_of(env, buffer, &memory) ||
        !read_bytes(env, validators.seed, digest_bytes, seed))
        return MOTE_INVALID_ARGUMENT;
    const jsize count = stakes != NULL ? (*env)->GetArrayLength(env, stakes) : 0;
    if (count == 0)
        return fail_argument(env);
    uint64_t* const list = malloc((size_t)count * sizeof *list);
    if (list == NULL)
        return fail_memory(env);
    copy all = {0};
    if (keys != NULL && !take_all(env, &all, keys))
    {
        free(list);
        return MOTE_INVALID_ARGUMENT;
    }
    (*env)->GetLongArrayRegion(env, stakes, 0, count, (jlong*)list);
    /* Keys of no bytes are keys too, and too few of them. */
    static const uint8_t none;
    validators.count = (uint32_t)count;
    validators.stakes = list;
    validators.public_keys = keys == NULL ? NULL : all.data != NULL ? all.data : &none;
    validators.public_keys_bytes = all.bytes;
    mote_svid_epoch* epoch = NULL;
    const mote_status status = mote_svid_epoch_open(&epoch, memory.data, memory.bytes, &validators);
    free(all.data);
    free(list);
    put_long(env, out, (jlong)(uintptr_t)epoch);
    return (jint)status;
}

MOTE_JNI(jint, params)
(JNIEnv* env, jclass type, jobject buffer, jlong address, jlong block_bytes, jlongArray out)
{
    (void)type;
    const mote_svid_epoch* const epoch = object_in(env, buffer, address);
    if (epoch == NULL || !fits(env, out, params_longs))
        return MOTE_INVALID_ARGUMENT;
    mote_svid_params p = {.struct_size = sizeof p};
    const mote_status status = mote_svid_params_of(&p, epoch, (uint64_t)block_bytes);
    const jlong longs[params_longs] = {
        p.row_bytes, (jlong)p.block_bytes, p.data_rows, p.code_rows, p.rows, p.z_bytes};
    (*env)->SetLongArrayRegion(env, out, 0, params_longs, longs);
    return (jint)status;
}

MOTE_JNI(jint, assignedRows)
(JNIEnv* env, jclass type, jobject buffer, jlong address, jlong block_bytes, jint zone,
 jlong height, jint validator, jintArray out)
{
    (void)type;
    const mote_svid_epoch* const epoch = object_in(env, buffer, address);
    if (epoch == NULL || !fits(env, out, 2))
        return MOTE_INVALID_ARGUMENT;
    mote_svid_range range = {.struct_size = sizeof range};
    const mote_status status =
        mote_svid_assigned_rows(&range, epoch, (uint64_t)block_bytes, (uint32_t)zone,
                                (uint64_t)height, (uint32_t)validator);
    const jint ints[2] = {(jint)range.first, (jint)range.count};
    (*env)->SetIntArrayRegion(env, out, 0, 2, ints);
    return (jint)status;
}

MOTE_JNI(jint, headerDescribe)
(JNIEnv* env, jclass type, jbyteArray header, jlongArray out, jbyteArray digests)
{
    (void)type;
    copy bytes;
    if (!fits(env, out, header_longs) || !fits(env, digests, header_digests) ||
        !take_all(env, &bytes, header))
        return MOTE_INVALID_ARGUMENT;
    mote_svid_header_info h = {.struct_size = sizeof h};
    const mote_status status = mote_svid_header_describe(&h, bytes.data, bytes.bytes);
    free(bytes.data);
    const jlong longs[header_longs] = {
        h.zone,      (jlong)h.height, (jlong)h.epoch, (jlong)h.block_bytes,
        h.data_rows, h.rows,          h.row_bytes};
    const uint8_t* const parts[] = {h.chain_id, h.data_root, h.parity_root,
                                    h.z_digest, h.svid_root, h.announce_digest};
    (*env)->SetLongArrayRegion(env, out, 0, header_longs, longs);
    for (jsize i = 0; i < header_digests / digest_bytes; ++i)
        (*env)->SetByteArrayRegion(env, digests, i * digest_bytes, digest_bytes,
                                   (const jbyte*)parts[i]);
    return (jint)status;
}

/* ------------------------------------------------------------------ share */

/* What opens a share, copied. */
typedef struct opening
{
    const mote_svid_epoch* epoch;
    mote_svid_expected expected;
    mote_svid_request request;
    uint32_t* rows;
    copy header;
} opening;

static void release(opening* o)
{
    free(o->rows);
    free(o->header.data);
}

/* A validator's rows if `rows` is NULL. */
static int take_request(JNIEnv* env, opening* o, jint validator, jintArray rows)
{
    o->request.struct_size = sizeof o->request;
    o->request.validator = (uint32_t)validator;
    if (rows == NULL)
    {
        /* A position that no list has must not turn into a request for samples. */
        if (validator >= 0)
            return 1;
        fail_argument(env);
        return 0;
    }
    const jsize count = (*env)->GetArrayLength(env, rows);
    o->request.validator = MOTE_SVID_NO_VALIDATOR;
    o->request.row_count = (size_t)count;
    o->rows = malloc((size_t)count * sizeof *o->rows + 1);
    if (o->rows == NULL)
    {
        fail_memory(env);
        return 0;
    }
    (*env)->GetIntArrayRegion(env, rows, 0, count, (jint*)o->rows);
    o->request.rows = o->rows;
    return 1;
}

static int take_opening(JNIEnv* env, opening* o, jobject buffer, jlong address, jlongArray numbers,
                        jbyteArray digests, jint validator, jintArray rows, jbyteArray header)
{
    memset(o, 0, sizeof *o);
    uint8_t both[expected_bytes];
    jlong longs[expected_longs];
    o->epoch = object_in(env, buffer, address);
    if (o->epoch == NULL || !fits(env, numbers, expected_longs) ||
        !read_bytes(env, both, expected_bytes, digests))
        return 0;
    (*env)->GetLongArrayRegion(env, numbers, 0, expected_longs, longs);
    o->expected.struct_size = sizeof o->expected;
    o->expected.zone = (uint32_t)longs[0];
    o->expected.height = (uint64_t)longs[1];
    o->expected.epoch = (uint64_t)longs[2];
    o->expected.block_bytes_max = (uint64_t)longs[3];
    memcpy(o->expected.chain_id, both, digest_bytes);
    memcpy(o->expected.svid_root, both + digest_bytes, digest_bytes);
    if (take_request(env, o, validator, rows) && take_all(env, &o->header, header))
        return 1;
    release(o);
    return 0;
}

static void put_verdict(JNIEnv* env, jintArray out, const mote_svid_verdict* v)
{
    const jint ints[verdict_ints] = {(jint)v->outcome, (jint)v->step, (jint)v->fault, (jint)v->row};
    (*env)->SetIntArrayRegion(env, out, 0, verdict_ints, ints);
}

MOTE_JNI(jint, shareSize)
(JNIEnv* env, jclass type, jobject buffer, jlong address, jlongArray numbers, jbyteArray digests,
 jint validator, jintArray rows, jbyteArray header, jlongArray out, jintArray verdict)
{
    (void)type;
    opening o;
    if (!fits(env, out, 1) || !fits(env, verdict, verdict_ints) ||
        !take_opening(env, &o, buffer, address, numbers, digests, validator, rows, header))
        return MOTE_INVALID_ARGUMENT;
    mote_svid_verdict v = {.struct_size = sizeof v};
    size_t size = 0;
    const mote_status status = mote_svid_share_size(&size, &v, o.epoch, &o.expected, &o.request,
                                                    o.header.data, o.header.bytes);
    release(&o);
    put_long(env, out, (jlong)size);
    put_verdict(env, verdict, &v);
    return (jint)status;
}

MOTE_JNI(jint, shareOpen)
(JNIEnv* env, jclass type, jobject memory_buffer, jobject buffer, jlong address, jlongArray numbers,
 jbyteArray digests, jint validator, jintArray rows, jbyteArray header, jlongArray out)
{
    (void)type;
    opening o;
    span memory;
    if (!fits(env, out, 1) || !memory_of(env, memory_buffer, &memory) ||
        !take_opening(env, &o, buffer, address, numbers, digests, validator, rows, header))
        return MOTE_INVALID_ARGUMENT;
    mote_svid_share* share = NULL;
    const mote_status status =
        mote_svid_share_open(&share, NULL, memory.data, memory.bytes, o.epoch, &o.expected,
                             &o.request, o.header.data, o.header.bytes);
    release(&o);
    put_long(env, out, (jlong)(uintptr_t)share);
    return (jint)status;
}

MOTE_JNI(jint, beginSource)(JNIEnv* env, jclass type, jobject buffer, jlong address)
{
    (void)type;
    mote_svid_share* const share = object_in(env, buffer, address);
    return share != NULL ? (jint)mote_svid_share_begin_source(share) : (jint)MOTE_INVALID_ARGUMENT;
}

/* Answers with a fault, as those that follow do. */
MOTE_JNI(jint, appendZ)
(JNIEnv* env, jclass type, jobject buffer, jlong address, jbyteArray part, jint from, jint count)
{
    (void)type;
    mote_svid_share* const share = object_in(env, buffer, address);
    copy bytes;
    if (share == NULL || !take(env, &bytes, part, from, count))
        return refuse();
    uint32_t fault = 0;
    const mote_status status = mote_svid_share_append_z(&fault, share, bytes.data, bytes.bytes);
    free(bytes.data);
    return answer(status, fault);
}

MOTE_JNI(jint, endZ)(JNIEnv* env, jclass type, jobject buffer, jlong address)
{
    (void)type;
    mote_svid_share* const share = object_in(env, buffer, address);
    if (share == NULL)
        return refuse();
    uint32_t fault = 0;
    const mote_status status = mote_svid_share_end_z(&fault, share);
    return answer(status, fault);
}

MOTE_JNI(jint, beginRows)
(JNIEnv* env, jclass type, jobject buffer, jlong address, jint first, jint count, jlong rows_bytes,
 jbyteArray data_path, jbyteArray parity_path)
{
    (void)type;
    mote_svid_share* const share = object_in(env, buffer, address);
    copy data, parity;
    if (share == NULL || !take_all(env, &data, data_path))
        return refuse();
    if (!take_all(env, &parity, parity_path))
    {
        free(data.data);
        return refuse();
    }
    uint32_t fault = 0;
    const mote_status status = mote_svid_share_begin_rows(
        &fault, share, (uint32_t)first, (uint32_t)count, (uint64_t)rows_bytes, data.data,
        data.bytes, parity.data, parity.bytes);
    free(parity.data);
    free(data.data);
    return answer(status, fault);
}

MOTE_JNI(jint, appendRows)
(JNIEnv* env, jclass type, jobject buffer, jlong address, jbyteArray part, jint from, jint count)
{
    (void)type;
    mote_svid_share* const share = object_in(env, buffer, address);
    copy bytes;
    if (share == NULL || !take(env, &bytes, part, from, count))
        return refuse();
    uint32_t fault = 0;
    const mote_status status = mote_svid_share_append_rows(&fault, share, bytes.data, bytes.bytes);
    free(bytes.data);
    return answer(status, fault);
}

MOTE_JNI(jint, endRows)(JNIEnv* env, jclass type, jobject buffer, jlong address)
{
    (void)type;
    mote_svid_share* const share = object_in(env, buffer, address);
    if (share == NULL)
        return refuse();
    uint32_t fault = 0;
    const mote_status status = mote_svid_share_end_rows(&fault, share);
    return answer(status, fault);
}

MOTE_JNI(jint, verdict)
(JNIEnv* env, jclass type, jobject buffer, jlong address, jintArray out)
{
    (void)type;
    const mote_svid_share* const share = object_in(env, buffer, address);
    if (share == NULL || !fits(env, out, verdict_ints))
        return MOTE_INVALID_ARGUMENT;
    mote_svid_verdict v = {.struct_size = sizeof v};
    const mote_status status = mote_svid_share_verdict(&v, share);
    put_verdict(env, out, &v);
    return (jint)status;
}

/* Answers with 0 or 1. */
MOTE_JNI(jint, holds)(JNIEnv* env, jclass type, jobject buffer, jlong address, jint row)
{
    (void)type;
    const mote_svid_share* const share = object_in(env, buffer, address);
    if (share == NULL)
        return refuse();
    uint32_t holds = 0;
    const mote_status status = mote_svid_share_holds(&holds, share, (uint32_t)row);
    return answer(status, holds);
}

/* ------------------------------------------------------------------ sampling */

MOTE_JNI(jint, sampleRows)
(JNIEnv* env, jclass type, jintArray rows, jint total_rows, jbyteArray entropy)
{
    (void)type;
    uint8_t random[MOTE_SVID_ENTROPY_BYTES];
    if (rows == NULL)
        return fail_argument(env);
    if (!read_bytes(env, random, sizeof random, entropy))
        return MOTE_INVALID_ARGUMENT;
    const jsize count = (*env)->GetArrayLength(env, rows);
    uint32_t* const drawn = malloc((size_t)count * sizeof *drawn + 1);
    if (drawn == NULL)
        return fail_memory(env);
    const mote_status status =
        mote_svid_sample_rows(drawn, (size_t)count, (uint32_t)total_rows, random, sizeof random);
    if (status == MOTE_OK)
        (*env)->SetIntArrayRegion(env, rows, 0, count, (const jint*)drawn);
    free(drawn);
    return (jint)status;
}

MOTE_JNI(jint, sampleBound)
(JNIEnv* env, jclass type, jint data_rows, jint rows, jint samples, jdoubleArray out)
{
    (void)type;
    if (!fits(env, out, 1))
        return MOTE_INVALID_ARGUMENT;
    double bound = 1;
    const mote_status status =
        mote_svid_sample_bound(&bound, (uint32_t)data_rows, (uint32_t)rows, (uint32_t)samples);
    (*env)->SetDoubleArrayRegion(env, out, 0, 1, &bound);
    return (jint)status;
}

/* ------------------------------------------------------------------ evidence */

MOTE_JNI(jint, badRowSize)(JNIEnv* env, jclass type, jlongArray out)
{
    (void)type;
    if (!fits(env, out, 1))
        return MOTE_INVALID_ARGUMENT;
    size_t size = 0;
    const mote_status status = mote_svid_bad_row_size(&size);
    put_long(env, out, (jlong)size);
    return (jint)status;
}

static mote_span as_span(const copy* bytes)
{
    const mote_span out = {bytes->data, bytes->bytes};
    return out;
}

/* out: finding, fault. */
MOTE_JNI(jint, checkBadRow)
(JNIEnv* env, jclass type, jobject memory_buffer, jobject buffer, jlong address, jbyteArray chain,
 jbyteArray header, jint first, jint count, jbyteArray row, jbyteArray data_path,
 jbyteArray parity_path, jbyteArray z, jintArray out, jbyteArray digests)
{
    (void)type;
    enum
    {
        parts = 5
    };
    span memory;
    uint8_t chain_id[digest_bytes];
    const mote_svid_epoch* const epoch = object_in(env, buffer, address);
    if (epoch == NULL || !memory_of(env, memory_buffer, &memory) || !fits(env, out, 2) ||
        !fits(env, digests, finding_digests) || !read_bytes(env, chain_id, digest_bytes, chain))
        return MOTE_INVALID_ARGUMENT;
    const jbyteArray arrays[parts] = {header, row, data_path, parity_path, z};
    copy copies[parts] = {{0}};
    int taken = 0;
    while (taken < parts && take_all(env, &copies[taken], arrays[taken]))
        ++taken;
    mote_svid_finding found = {.struct_size = sizeof found};
    mote_status status = MOTE_INVALID_ARGUMENT;
    if (taken == parts)
    {
        const mote_svid_rows message = {(uint32_t)first, (uint32_t)count, as_span(&copies[1]),
                                        as_span(&copies[2]), as_span(&copies[3])};
        status = mote_svid_check_bad_row(&found, memory.data, memory.bytes, epoch, chain_id,
                                         copies[0].data, copies[0].bytes, &message, copies[4].data,
                                         copies[4].bytes);
    }
    for (int i = 0; i < taken; ++i)
        free(copies[i].data);
    if (taken < parts)
        return MOTE_INVALID_ARGUMENT;
    const jint ints[2] = {(jint)found.finding, (jint)found.fault};
    (*env)->SetIntArrayRegion(env, out, 0, 2, ints);
    (*env)->SetByteArrayRegion(env, digests, 0, digest_bytes, (const jbyte*)found.svid_root);
    (*env)->SetByteArrayRegion(env, digests, digest_bytes, digest_bytes,
                               (const jbyte*)found.announce_digest);
    return (jint)status;
}

/* Answers with 0 or 1. */
MOTE_JNI(jint, equivocates)
(JNIEnv* env, jclass type, jbyteArray chain, jbyteArray first, jbyteArray second,
 jbyteArray digests)
{
    (void)type;
    uint8_t chain_id[digest_bytes], announces[2 * digest_bytes];
    copy a, b;
    if (!fits(env, digests, sizeof announces) || !read_bytes(env, chain_id, digest_bytes, chain) ||
        !take_all(env, &a, first))
        return refuse();
    if (!take_all(env, &b, second))
    {
        free(a.data);
        return refuse();
    }
    uint32_t value = 0;
    const mote_status status =
        mote_svid_equivocates(&value, announces, chain_id, a.data, a.bytes, b.data, b.bytes);
    free(b.data);
    free(a.data);
    if (status == MOTE_OK)
        (*env)->SetByteArrayRegion(env, digests, 0, sizeof announces, (const jbyte*)announces);
    return answer(status, value);
}

/* ------------------------------------------------------------------ reconstruction */

MOTE_JNI(jint, reconstructSize)(JNIEnv* env, jclass type, jbyteArray header, jlongArray out)
{
    (void)type;
    copy bytes;
    if (!fits(env, out, 1) || !take_all(env, &bytes, header))
        return MOTE_INVALID_ARGUMENT;
    size_t size = 0;
    const mote_status status = mote_svid_reconstruct_size(&size, bytes.data, bytes.bytes);
    free(bytes.data);
    put_long(env, out, (jlong)size);
    return (jint)status;
}

static void free_rows(mote_svid_row* list, jsize count)
{
    for (jsize i = 0; i < count; ++i)
        free((uint8_t*)list[i].data.data);
    free(list);
}

/* Copies of all rows; NULL with an exception pending. */
static mote_svid_row* take_rows(JNIEnv* env, jintArray numbers, jobjectArray rows, jsize count)
{
    mote_svid_row* const list = calloc((size_t)count + 1, sizeof *list);
    if (list == NULL)
    {
        fail_memory(env);
        return NULL;
    }
    for (jsize i = 0; i < count; ++i)
    {
        const jbyteArray row = (jbyteArray)(*env)->GetObjectArrayElement(env, rows, i);
        copy bytes = {0};
        const int taken = !(*env)->ExceptionCheck(env) && take_all(env, &bytes, row);
        (*env)->DeleteLocalRef(env, row);
        list[i].data = as_span(&bytes);
        if (!taken)
        {
            free_rows(list, count);
            return NULL;
        }
        jint number = 0;
        (*env)->GetIntArrayRegion(env, numbers, i, 1, &number);
        list[i].number = (uint32_t)number;
    }
    return list;
}

/* Answers with a result; `block` is filled only if it is MOTE_SVID_REBUILT. */
MOTE_JNI(jint, reconstruct)
(JNIEnv* env, jclass type, jobject memory_buffer, jbyteArray header, jintArray numbers,
 jobjectArray rows, jbyteArray block)
{
    (void)type;
    span memory;
    if (!memory_of(env, memory_buffer, &memory))
        return refuse();
    if (numbers == NULL || rows == NULL || block == NULL)
    {
        fail_argument(env);
        return refuse();
    }
    const jsize count = (*env)->GetArrayLength(env, numbers);
    const jsize block_bytes = (*env)->GetArrayLength(env, block);
    copy head;
    if (!fits(env, rows, count) || !take_all(env, &head, header))
        return refuse();
    mote_svid_row* const list = take_rows(env, numbers, rows, count);
    uint8_t* const bytes = list != NULL ? malloc((size_t)block_bytes + 1) : NULL;
    jint result = refuse();
    if (bytes != NULL)
    {
        uint32_t found = MOTE_SVID_INSUFFICIENT;
        const mote_status status =
            mote_svid_reconstruct(&found, bytes, (size_t)block_bytes, memory.data, memory.bytes,
                                  head.data, head.bytes, list, (size_t)count);
        if (status == MOTE_OK && found == MOTE_SVID_REBUILT)
            (*env)->SetByteArrayRegion(env, block, 0, block_bytes, (const jbyte*)bytes);
        result = answer(status, found);
    }
    else if (list != NULL)
        fail_memory(env);
    free(bytes);
    if (list != NULL)
        free_rows(list, count);
    free(head.data);
    return result;
}

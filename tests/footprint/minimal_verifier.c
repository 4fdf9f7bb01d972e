/* The smallest program that verifies a proof: it links the facade and what that needs, and brings
 * the four memory functions the core asks for. It is measured, not run: `dev size`.
 */
#include "mote/mote.h"

void* memcpy(void* to, const void* from, size_t bytes)
{
    unsigned char* t = to;
    const unsigned char* f = from;
    while (bytes-- > 0)
        *t++ = *f++;
    return to;
}

void* memmove(void* to, const void* from, size_t bytes)
{
    unsigned char* t = to;
    const unsigned char* f = from;
    if (t < f)
        return memcpy(to, from, bytes);
    while (bytes-- > 0)
        t[bytes] = f[bytes];
    return to;
}

void* memset(void* to, int value, size_t bytes)
{
    unsigned char* t = to;
    while (bytes-- > 0)
        *t++ = (unsigned char)value;
    return to;
}

int memcmp(const void* a, const void* b, size_t bytes)
{
    const unsigned char* x = a;
    const unsigned char* y = b;
    for (; bytes-- > 0; ++x, ++y)
        if (*x != *y)
            return *x < *y ? -1 : 1;
    return 0;
}

/* What an embedding program has at hand. */
typedef struct job
{
    mote_span key, setup, proof;
    const uint8_t *key_digest, *setup_digest;
    mote_public_io io;
    void *key_memory, *setup_memory, *work_memory;
    size_t memory_bytes;
} job;

int minimal_verifier(const job* todo);
int minimal_verifier(const job* todo)
{
    mote_verdict verdict = {.struct_size = sizeof verdict};
    mote_jolt_key* key;
    mote_dory_setup* setup;
    if (mote_jolt_key_open(&key, &verdict, todo->key_memory, todo->memory_bytes, NULL,
                           todo->key.data, todo->key.bytes, todo->key_digest) != MOTE_OK)
        return 0;
    if (mote_dory_setup_open(&setup, &verdict, todo->setup_memory, todo->memory_bytes,
                             todo->setup.data, todo->setup.bytes, todo->setup_digest) != MOTE_OK)
        return 0;
    if (mote_jolt_verify(&verdict, todo->work_memory, todo->memory_bytes, key, setup, &todo->io,
                         todo->proof.data, todo->proof.bytes, NULL, NULL) != MOTE_OK)
        return 0;
    return verdict.accepted == 1;
}

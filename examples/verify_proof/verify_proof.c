/* verify_proof: decides whether a Jolt proof is good, from C.
 *
 *   verify_proof BUNDLE PROGRAM_DIGEST SETUP_DIGEST
 *
 * BUNDLE is a file as upstream's prover writes it. It brings a program key and a setup of its own,
 * chosen by whoever made it, so the two digests (64 hex digits each) must come from somewhere else:
 * they say which program and which setup are trusted.
 *
 * Exit code  0 the proof is accepted
 *            1 the answer is no: another program, another setup, a proof that does not hold
 *            2 the bytes are not what they should be
 *            3 it could not be found out: usage, file, memory
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mote/mote.h"

enum
{
    exit_accepted = 0,
    exit_rejected = 1,
    exit_malformed = 2,
    exit_failed = 3
};

/* Everything that is held, so that it is given back in one place. */
typedef struct holdings
{
    uint8_t* file;
    size_t file_bytes;
    void *key_memory, *setup_memory, *work_memory;
} holdings;

static void give_back(holdings* h)
{
    free(h->work_memory);
    free(h->setup_memory);
    free(h->key_memory);
    free(h->file);
}

static int digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* Reads exactly 64 hex digits. */
static int read_digest(const char* text, uint8_t digest[32])
{
    if (strlen(text) != 64)
        return 0;
    for (size_t i = 0; i < 32; ++i)
    {
        const int high = digit(text[2 * i]), low = digit(text[2 * i + 1]);
        if (high < 0 || low < 0)
            return 0;
        digest[i] = (uint8_t)(high * 16 + low);
    }
    return 1;
}

static int read_file(const char* path, uint8_t** data, size_t* bytes)
{
    FILE* const file = fopen(path, "rb");
    if (file == NULL)
        return 0;
    size_t capacity = (size_t)1 << 16, used = 0;
    uint8_t* buffer = malloc(capacity);
    while (buffer != NULL)
    {
        used += fread(buffer + used, 1, capacity - used, file);
        if (used < capacity)
            break;
        uint8_t* const more = capacity > SIZE_MAX / 2 ? NULL : realloc(buffer, capacity * 2);
        if (more == NULL)
        {
            free(buffer);
            buffer = NULL;
            break;
        }
        buffer = more;
        capacity *= 2;
    }
    const int good = buffer != NULL && ferror(file) == 0;
    fclose(file);
    if (!good)
    {
        free(buffer);
        return 0;
    }
    *data = buffer;
    *bytes = used;
    return 1;
}

static void print_where(const mote_verdict* v)
{
    fprintf(stderr, "  stage  %s\n  reason %s\n", mote_stage_text(v->stage),
            mote_reason_text(v->reason));
    if (v->field != 0)
        fprintf(stderr, "  field  %s, index %" PRIu32 ", offset %" PRIu64 "\n",
                mote_field_text(v->field), v->index, v->offset);
}

/* What a call said: exit_accepted to go on, anything else to end with. */
static int judge(const char* what, mote_status status, const mote_verdict* verdict)
{
    if (status == MOTE_OK && verdict->accepted == 1)
        return exit_accepted;
    if (status == MOTE_OK)
    {
        fprintf(stderr, "%s: rejected\n", what);
        print_where(verdict);
        return exit_rejected;
    }
    if (status == MOTE_MALFORMED)
    {
        fprintf(stderr, "%s: malformed\n", what);
        print_where(verdict);
        return exit_malformed;
    }
    fprintf(stderr, "%s: %s\n", what, mote_status_text(status));
    return exit_failed;
}

/* The core wants 16-byte alignment; aligned_alloc wants a multiple of it. */
static int take(const char* what, void** memory, size_t bytes)
{
    *memory = aligned_alloc(16, bytes + (16 - bytes % 16) % 16);
    if (*memory != NULL)
        return exit_accepted;
    fprintf(stderr, "%s: no memory for %zu bytes\n", what, bytes);
    return exit_failed;
}

static int run(holdings* h, const uint8_t program_digest[32], const uint8_t setup_digest[32])
{
    mote_verdict verdict = {.struct_size = sizeof verdict};
    size_t bytes = 0;
    int result;

    mote_jolt_bundle bundle = {.struct_size = sizeof bundle};
    mote_status status = mote_jolt_bundle_open(&bundle, &verdict, h->file, h->file_bytes);
    if ((result = judge("bundle", status, &verdict)) != exit_accepted)
        return result;

    status = mote_jolt_key_size(&bytes, &verdict, bundle.key.data, bundle.key.bytes);
    if ((result = judge("program key", status, &verdict)) != exit_accepted)
        return result;
    if ((result = take("program key", &h->key_memory, bytes)) != exit_accepted)
        return result;
    mote_jolt_key* key = NULL;
    status = mote_jolt_key_open(&key, &verdict, h->key_memory, bytes, NULL, bundle.key.data,
                                bundle.key.bytes, program_digest);
    if ((result = judge("program key", status, &verdict)) != exit_accepted)
        return result;

    status = mote_dory_setup_size(&bytes, &verdict, bundle.setup.data, bundle.setup.bytes);
    if ((result = judge("setup", status, &verdict)) != exit_accepted)
        return result;
    if ((result = take("setup", &h->setup_memory, bytes)) != exit_accepted)
        return result;
    mote_dory_setup* setup = NULL;
    status = mote_dory_setup_open(&setup, &verdict, h->setup_memory, bytes, bundle.setup.data,
                                  bundle.setup.bytes, setup_digest);
    if ((result = judge("setup", status, &verdict)) != exit_accepted)
        return result;

    /* Here the bundle also says what the program read and wrote. A caller that knows the inputs and
     * outputs it asked for puts those here instead. */
    const mote_public_io io = {
        .struct_size = sizeof io,
        .panic = bundle.panic,
        .inputs = bundle.inputs.data,
        .inputs_bytes = bundle.inputs.bytes,
        .outputs = bundle.outputs.data,
        .outputs_bytes = bundle.outputs.bytes,
        .memory_layout = &bundle.memory_layout,
    };
    status = mote_jolt_verify_size(&bytes, key, setup);
    if (status != MOTE_OK)
    {
        fprintf(stderr, "proof: %s\n", mote_status_text(status));
        return exit_failed;
    }
    if ((result = take("proof", &h->work_memory, bytes)) != exit_accepted)
        return result;
    status = mote_jolt_verify(&verdict, h->work_memory, bytes, key, setup, &io, bundle.proof.data,
                              bundle.proof.bytes, bundle.trusted_advice.data, NULL);
    if ((result = judge("proof", status, &verdict)) != exit_accepted)
        return result;

    printf("accepted: %s\n", io.panic != 0 ? "the program panicked" : "the program ended well");
    printf("  inputs  ");
    for (size_t i = 0; i < io.inputs_bytes; ++i)
        printf("%02x", io.inputs[i]);
    printf("\n  outputs ");
    for (size_t i = 0; i < io.outputs_bytes; ++i)
        printf("%02x", io.outputs[i]);
    printf("\n");
    return exit_accepted;
}

int main(int argc, char** argv)
{
    uint8_t program_digest[32], setup_digest[32];
    if (argc != 4 || !read_digest(argv[2], program_digest) || !read_digest(argv[3], setup_digest))
    {
        fprintf(stderr,
                "usage: verify_proof BUNDLE PROGRAM_DIGEST SETUP_DIGEST\n"
                "A digest is 64 hex digits.\n");
        return exit_failed;
    }
    if (mote_abi_version() != MOTE_ABI_VERSION)
    {
        fprintf(stderr, "library and header differ: version %" PRIu32 ", not %" PRIu32 "\n",
                mote_abi_version(), (uint32_t)MOTE_ABI_VERSION);
        return exit_failed;
    }
    holdings h = {0};
    int result = exit_failed;
    if (read_file(argv[1], &h.file, &h.file_bytes))
        result = run(&h, program_digest, setup_digest);
    else
        fprintf(stderr, "cannot read %s\n", argv[1]);
    give_back(&h);
    return result;
}

/* bare_metal: decides whether a Jolt proof is good, on a Cortex-M without operating system, C
 * library or heap.
 *
 * The bundle is part of the image; a product would get it by radio or cable. The two digests are
 * part of the program: they say which guest program and which setup are trusted, whatever the
 * bundle says.
 *
 * Ends with 0 if the proof is accepted and a copy that claims another output is rejected.
 */
#include <string.h>

#include "bare/bare.h"
#include "mote/mote.h"

/* tests/vectors/jolt/committed-muldiv-bundle.bin: the program read 9, 5, 3 and wrote 9 * 5 / 3. */
extern const uint8_t bundle_begin[], bundle_end[];

static const uint8_t program_digest[32] = {
    0x3e, 0x4e, 0x38, 0x4b, 0x3b, 0xb0, 0xaf, 0xa8, 0x05, 0x5f, 0x28, 0x44, 0xa4, 0x96, 0x51, 0xcb,
    0xfe, 0x1e, 0xe9, 0x79, 0x54, 0x25, 0x77, 0x18, 0x28, 0xe9, 0xcc, 0xac, 0x43, 0x4f, 0x75, 0x3f};
static const uint8_t setup_digest[32] = {
    0x07, 0x28, 0xfc, 0x29, 0x0a, 0x39, 0x13, 0xf6, 0xf1, 0x85, 0xe8, 0x16, 0x2a, 0xc6, 0x5d, 0x28,
    0xb6, 0x8d, 0x3d, 0x58, 0x9d, 0xab, 0x26, 0xad, 0x42, 0x37, 0x15, 0xbc, 0xcb, 0xe7, 0x62, 0x0f};

/* A key and a setup serve any number of proofs, and the working memory one after the other. */
typedef struct verifier
{
    mote_jolt_key* key;
    mote_dory_setup* setup;
    void* work;
    size_t key_bytes, setup_bytes, work_bytes;
} verifier;

/* ------------------------------------------------------------------ reports */

static uint32_t instructions_per_tick;
static size_t deepest_stack;

/* What stands between begin_cost() and write_cost() is measured. */
static uint64_t begin_cost(void)
{
    bare_stack_paint();
    return bare_ticks();
}

static void write_cost(const char* what, size_t memory_bytes, uint64_t begun)
{
    const uint64_t ticks = bare_ticks() - begun;
    const size_t stack = bare_stack_deepest();
    if (stack > deepest_stack)
        deepest_stack = stack;
    bare_write(what);
    bare_write_column(memory_bytes, 12);
    bare_write_column(stack, 10);
    if (instructions_per_tick != 0)
        bare_write_column(ticks * instructions_per_tick, 16);
    bare_write("\n");
}

/* Says what a call answered. 1 if there is something to go on with. */
static int judge(const char* what, mote_status status, const mote_verdict* verdict)
{
    if (status == MOTE_OK && verdict->accepted == 1)
        return 1;
    bare_write(what);
    if (status == MOTE_OK)
        bare_write(": rejected, ");
    else if (status == MOTE_MALFORMED)
        bare_write(": malformed, ");
    else
    {
        bare_write(": ");
        bare_write(mote_status_text(status));
        bare_write("\n");
        return 0;
    }
    bare_write(mote_stage_text(verdict->stage));
    bare_write(": ");
    bare_write(mote_reason_text(verdict->reason));
    bare_write("\n");
    return 0;
}

/* ------------------------------------------------------------------ verification */

static int open_verifier(verifier* v, const mote_jolt_bundle* bundle)
{
    mote_verdict verdict = {.struct_size = sizeof verdict};

    mote_status status =
        mote_jolt_key_size(&v->key_bytes, &verdict, bundle->key.data, bundle->key.bytes);
    if (!judge("program key", status, &verdict))
        return 0;
    void* memory = bare_take(v->key_bytes);
    uint64_t begun = begin_cost();
    status = mote_jolt_key_open(&v->key, &verdict, memory, v->key_bytes, NULL, bundle->key.data,
                                bundle->key.bytes, program_digest);
    if (!judge("program key", status, &verdict))
        return 0;
    write_cost("program key ", v->key_bytes, begun);

    status =
        mote_dory_setup_size(&v->setup_bytes, &verdict, bundle->setup.data, bundle->setup.bytes);
    if (!judge("setup", status, &verdict))
        return 0;
    memory = bare_take(v->setup_bytes);
    begun = begin_cost();
    status = mote_dory_setup_open(&v->setup, &verdict, memory, v->setup_bytes, bundle->setup.data,
                                  bundle->setup.bytes, setup_digest);
    if (!judge("setup", status, &verdict))
        return 0;
    write_cost("setup       ", v->setup_bytes, begun);

    /* Memory that was not there is NULL, which the core answers with an invalid argument. */
    if (mote_jolt_verify_size(&v->work_bytes, v->key, v->setup) != MOTE_OK)
        return 0;
    v->work = bare_take(v->work_bytes);
    return 1;
}

/* 1 if the proof of the bundle shows what the bundle says was read and written. */
static int verify(const verifier* v, const char* what, const mote_jolt_bundle* bundle)
{
    const mote_public_io io = {
        .struct_size = sizeof io,
        .panic = bundle->panic,
        .inputs = bundle->inputs.data,
        .inputs_bytes = bundle->inputs.bytes,
        .outputs = bundle->outputs.data,
        .outputs_bytes = bundle->outputs.bytes,
        .memory_layout = &bundle->memory_layout,
    };
    mote_verdict verdict = {.struct_size = sizeof verdict};
    const uint64_t begun = begin_cost();
    const mote_status status = mote_jolt_verify(&verdict, v->work, v->work_bytes, v->key, v->setup,
                                                &io, bundle->proof.data, bundle->proof.bytes,
                                                bundle->trusted_advice.data, NULL);
    write_cost(what, v->work_bytes, begun);
    return judge("  answer", status, &verdict);
}

/* ------------------------------------------------------------------ program */

static int open_bundle(mote_jolt_bundle* bundle, const uint8_t* data, size_t bytes)
{
    mote_verdict verdict = {.struct_size = sizeof verdict};
    bundle->struct_size = sizeof *bundle;
    return judge("bundle", mote_jolt_bundle_open(bundle, &verdict, data, bytes), &verdict);
}

static void write_image(const verifier* v)
{
    const bare_image image = bare_describe_image();
    bare_write("\nbytes of the image: code ");
    bare_write_number(image.code_bytes);
    bare_write(", data ");
    bare_write_number(image.data_bytes);
    bare_write(", zeroed ");
    bare_write_number(image.zero_bytes);
    bare_write(", bundle ");
    bare_write_number(image.files_bytes);
    bare_write("\nbytes of RAM: key, setup, work and stack ");
    bare_write_number(v->key_bytes + v->setup_bytes + v->work_bytes + deepest_stack);
    bare_write("\n");
}

int main(void)
{
    const size_t bundle_bytes = (size_t)(bundle_end - bundle_begin);
    mote_jolt_bundle bundle;
    verifier v = {0};

    if (mote_abi_version() != MOTE_ABI_VERSION)
        return 1;
    instructions_per_tick = bare_instructions_per_tick();
    bare_write("arithmetic: ");
    bare_write(mote_arch_name());
    bare_write("\n                  memory     stack");
    bare_write(instructions_per_tick != 0 ? "    instructions\n" : "\n");

    if (!open_bundle(&bundle, bundle_begin, bundle_bytes) || !open_verifier(&v, &bundle))
        return 1;
    if (!verify(&v, "proof       ", &bundle))
        return 1;
    bare_write("  answer: accepted\n");

    /* The same bundle, but the program is said to have written 16. */
    uint8_t* const copy = bare_take(bundle_bytes);
    if (copy == NULL)
        return 1;
    memcpy(copy, bundle_begin, bundle_bytes);
    copy[bundle.outputs.data - bundle_begin] = 16;
    if (!open_bundle(&bundle, copy, bundle_bytes) || verify(&v, "another one ", &bundle))
        return 1;

    write_image(&v);
    return 0;
}

/* replay: answers the cases of tests/vectors/bindings on the target, and compares all of each
 * answer: verdict, stage, reason, field and offset. Ends with 0 if all are those of the native
 * tool. */
#include <string.h>

#include "bare/bare.h"
#include "mote/mote.h"

typedef struct replay_patch
{
    size_t offset;
    const char* with;
    size_t bytes;
} replay_patch;

typedef struct replay_answer
{
    const char *verdict, *stage, *reason, *field;
    uint64_t offset;
} replay_answer;

typedef struct replay_case
{
    const char* name;
    const uint8_t *begin, *end; /* the bundle */
    size_t size;                /* keep so many bytes of it */
    size_t first_patch, patch_count;
    const char* append;
    size_t append_bytes;
    const char *expect_program, *expect_setup; /* NULL: as the bundle states */
    replay_answer answer;
} replay_case;

#include "cases_table.inc"

#define MOTE_COUNT(array) (sizeof(array) / sizeof(array)[0])

/* ------------------------------------------------------------------ the bytes of a case */

static int same(const char* a, const char* b)
{
    for (; *a != '\0' && *a == *b; ++a, ++b)
    {
    }
    return *a == *b;
}

static uint8_t* make_bundle(const replay_case* c, size_t* bytes)
{
    size_t kept = (size_t)(c->end - c->begin);
    if (kept > c->size)
        kept = c->size;
    uint8_t* const data = bare_take(kept + c->append_bytes);
    *bytes = kept + c->append_bytes;
    if (data == NULL)
        return NULL;
    if (kept != 0)
        memcpy(data, c->begin, kept);
    for (size_t i = 0; i < c->patch_count; ++i)
    {
        const replay_patch* const patch = &patches[c->first_patch + i];
        memcpy(data + patch->offset, patch->with, patch->bytes);
    }
    if (c->append_bytes != 0)
        memcpy(data + kept, c->append, c->append_bytes);
    return data;
}

/* ------------------------------------------------------------------ the answer to it */

/* What a call said, `base` being where its bytes lie in the bundle. 1 to go on. */
static int take(replay_answer* answer, char* field, mote_status status, const mote_verdict* verdict,
                size_t base)
{
    *answer = (replay_answer){"accepted", "", "", "", 0};
    if (status == MOTE_OK && verdict->accepted == 1)
        return 1;
    answer->verdict = status == MOTE_OK          ? "rejected"
                      : status == MOTE_MALFORMED ? "malformed"
                                                 : mote_status_text(status);
    answer->stage = mote_stage_text(verdict->stage);
    answer->reason = mote_reason_text(verdict->reason);
    answer->offset = status == MOTE_MALFORMED || verdict->offset != 0 ? base + verdict->offset : 0;

    /* "rounds[].x" gets the index between its brackets. */
    answer->field = field;
    for (const char* text = mote_field_text(verdict->field); *text != '\0'; ++text)
    {
        if (*text == ']')
        {
            char digits[10];
            size_t count = 0;
            uint32_t index = verdict->index;
            do
                digits[count++] = (char)('0' + index % 10);
            while ((index /= 10) != 0);
            while (count > 0)
                *field++ = digits[--count];
        }
        *field++ = *text;
    }
    *field = '\0';
    return 0;
}

static void run(replay_answer* answer, char* field, const replay_case* c)
{
    mote_verdict verdict = {.struct_size = sizeof verdict};
    size_t data_bytes = 0, bytes = 0;
    const uint8_t* const data = make_bundle(c, &data_bytes);

    mote_jolt_bundle b = {.struct_size = sizeof b};
    mote_status status = mote_jolt_bundle_open(&b, &verdict, data, data_bytes);
    if (!take(answer, field, status, &verdict, 0))
        return;

    size_t base = (size_t)(b.key.data - data);
    mote_jolt_key* key = NULL;
    status = mote_jolt_key_size(&bytes, &verdict, b.key.data, b.key.bytes);
    if (!take(answer, field, status, &verdict, base))
        return;
    const void* digest = c->expect_program != NULL ? (const void*)c->expect_program : b.key_digest;
    status = mote_jolt_key_open(&key, &verdict, bare_take(bytes), bytes, NULL, b.key.data,
                                b.key.bytes, digest);
    if (!take(answer, field, status, &verdict, base))
        return;

    base = (size_t)(b.setup.data - data);
    mote_dory_setup* setup = NULL;
    status = mote_dory_setup_size(&bytes, &verdict, b.setup.data, b.setup.bytes);
    if (!take(answer, field, status, &verdict, base))
        return;
    digest = c->expect_setup != NULL ? (const void*)c->expect_setup : b.setup_digest;
    status = mote_dory_setup_open(&setup, &verdict, bare_take(bytes), bytes, b.setup.data,
                                  b.setup.bytes, digest);
    if (!take(answer, field, status, &verdict, base))
        return;

    const mote_public_io io = {
        .struct_size = sizeof io,
        .panic = b.panic,
        .inputs = b.inputs.data,
        .inputs_bytes = b.inputs.bytes,
        .outputs = b.outputs.data,
        .outputs_bytes = b.outputs.bytes,
        .memory_layout = &b.memory_layout,
    };
    status = mote_jolt_verify_size(&bytes, key, setup);
    if (status == MOTE_OK)
        status = mote_jolt_verify(&verdict, bare_take(bytes), bytes, key, setup, &io, b.proof.data,
                                  b.proof.bytes, b.trusted_advice.data, NULL);
    const int in_advice = same(mote_field_text(verdict.field), "trusted_advice_commitment");
    const uint8_t* const part = in_advice ? b.trusted_advice.data : b.proof.data;
    take(answer, field, status, &verdict, (size_t)(part - data));
}

/* ------------------------------------------------------------------ program */

static void write_answer(const char* what, const replay_answer* answer)
{
    bare_write(what);
    bare_write(answer->verdict);
    bare_write(", ");
    bare_write(answer->stage);
    bare_write(", ");
    bare_write(answer->reason);
    bare_write(", ");
    bare_write(answer->field);
    bare_write(", offset ");
    bare_write_number(answer->offset);
    bare_write("\n");
}

int main(void)
{
    const uint32_t instructions = bare_instructions_per_tick();
    const size_t mark = bare_mark();
    size_t wrong = 0, deepest = 0;
    const uint64_t begun = bare_ticks();
    for (size_t i = 0; i < MOTE_COUNT(cases); ++i)
    {
        const replay_case* const c = &cases[i];
        const replay_answer* const want = &c->answer;
        replay_answer got;
        char field[128];
        bare_stack_paint();
        run(&got, field, c);
        if (bare_stack_deepest() > deepest)
            deepest = bare_stack_deepest();
        bare_release(mark);
        if (same(got.verdict, want->verdict) && same(got.stage, want->stage) &&
            same(got.reason, want->reason) && same(got.field, want->field) &&
            got.offset == want->offset)
            continue;
        ++wrong;
        bare_write("WRONG: ");
        bare_write(c->name);
        bare_write("\n");
        write_answer("  expected ", want);
        write_answer("  given    ", &got);
    }
    bare_write_number(MOTE_COUNT(cases));
    bare_write(" cases, ");
    bare_write_number(wrong);
    bare_write(" wrong; stack ");
    bare_write_number(deepest);
    bare_write(" bytes; instructions ");
    bare_write_number((bare_ticks() - begun) * instructions);
    bare_write("\n");
    return wrong == 0 ? 0 : 1;
}

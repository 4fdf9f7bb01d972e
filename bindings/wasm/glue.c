/* What JavaScript cannot do over mote.h: give the core a function to call. Everything else it calls
 * directly; src/layout.ts has the structs. */
#include "mote/mote.h"

/* src/layout.ts has these numbers. */
#define AT(type, member, offset) _Static_assert(offsetof(type, member) == (offset), #member)
_Static_assert(sizeof(mote_verdict) == 32, "mote_verdict");
AT(mote_verdict, accepted, 4);
AT(mote_verdict, stage, 8);
AT(mote_verdict, reason, 12);
AT(mote_verdict, field, 16);
AT(mote_verdict, index, 20);
AT(mote_verdict, offset, 24);
_Static_assert(sizeof(mote_jolt_bundle) == 280, "mote_jolt_bundle");
AT(mote_jolt_bundle, panic, 4);
AT(mote_jolt_bundle, key, 8);
AT(mote_jolt_bundle, setup, 16);
AT(mote_jolt_bundle, proof, 24);
AT(mote_jolt_bundle, trusted_advice, 32);
AT(mote_jolt_bundle, inputs, 40);
AT(mote_jolt_bundle, outputs, 48);
AT(mote_jolt_bundle, memory_layout, 56);
AT(mote_jolt_bundle, key_digest, 216);
AT(mote_jolt_bundle, setup_digest, 248);
_Static_assert(sizeof(mote_public_io) == 28, "mote_public_io");
AT(mote_public_io, panic, 4);
AT(mote_public_io, inputs, 8);
AT(mote_public_io, inputs_bytes, 12);
AT(mote_public_io, outputs, 16);
AT(mote_public_io, outputs_bytes, 20);
AT(mote_public_io, memory_layout, 24);
_Static_assert(sizeof(mote_jolt_key_info) == 232, "mote_jolt_key_info");
AT(mote_jolt_key_info, committed, 4);
AT(mote_jolt_key_info, digest, 8);
AT(mote_jolt_key_info, max_trace_length, 40);
AT(mote_jolt_key_info, bytecode_length, 48);
AT(mote_jolt_key_info, image_words, 56);
AT(mote_jolt_key_info, entry_address, 64);
AT(mote_jolt_key_info, memory_layout, 72);

#define EXPORT(name) __attribute__((export_name(#name), visibility("default"))) name

/* Provided by the host. It must return; what it throws ends the instance. */
__attribute__((import_module("mote"), import_name("on_stage"))) void mote_host_on_stage(
    uint32_t stage);

static void on_stage(void* context, uint32_t stage)
{
    (void)context;
    mote_host_on_stage(stage);
}

/* mote_jolt_verify with the host as observer. */
mote_status EXPORT(mote_wasm_verify)(mote_verdict* verdict, void* memory, size_t memory_bytes,
                                     const mote_jolt_key* key, const mote_dory_setup* setup,
                                     const mote_public_io* io, const uint8_t* proof,
                                     size_t proof_bytes, const uint8_t* trusted_advice)
{
    const mote_observer observer = {.struct_size = sizeof observer, .on_stage = on_stage};
    return mote_jolt_verify(verdict, memory, memory_bytes, key, setup, io, proof, proof_bytes,
                            trusted_advice, &observer);
}

/* mote.h: verify Jolt proofs on any device. The whole C interface of the Mote core.
 *
 * A verifier needs three things that its caller vouches for, and one that it does not:
 *
 *   program key    what the guest program is. Opened once; pinned by its 32-byte digest.
 *   Dory setup     the parameters of the commitment scheme. Opened once; pinned by its SHA-256.
 *   public I/O     what the program is claimed to have read and written.
 *   proof          anything anyone sends. Every byte of it is hostile.
 *
 * Worked case (examples/verify_proof has it in full):
 *
 *   mote_jolt_key_size(&bytes, &verdict, key_data, key_bytes);
 *   mote_jolt_key_open(&key, &verdict, malloc(bytes), bytes, NULL, key_data, key_bytes, digest);
 *   ... the same for the setup ...
 *   mote_jolt_verify_size(&bytes, key, setup);
 *   status = mote_jolt_verify(&verdict, malloc(bytes), bytes, key, setup, &io, proof, proof_bytes,
 *                             NULL, NULL);
 *   if (status == MOTE_OK && verdict.accepted) ...
 *
 * Three kinds of "no" stay apart:
 *
 *   the call could not be done    mote_status other than MOTE_OK (too little memory, NULL, ...)
 *   the bytes do not parse        MOTE_MALFORMED; the verdict names field and offset
 *   the subject is not good       MOTE_OK and verdict.accepted == 0; the verdict names the stage
 *
 * A bug of ours is none of them: it traps in debug builds.
 *
 * Conventions  Memory is the caller's: ask the _size function, give that much, 16-byte aligned; there
 *              is no heap, no global state, no I/O and no clock inside. Opened keys and setups are
 *              read-only and may be shared between threads; they need no closing beyond taking the
 *              memory back. Every pointer may be NULL only where this text says so. Outputs are
 *              written on MOTE_OK (and a verdict also on MOTE_MALFORMED), and are zeroed otherwise.
 */
#ifndef MOTE_MOTE_H
#define MOTE_MOTE_H

#include <stddef.h>
#include <stdint.h>

#if defined(MOTE_SHARED) && (defined(__GNUC__) || defined(__clang__))
#define MOTE_API __attribute__((visibility("default")))
#else
#define MOTE_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Raised when a struct or the meaning of a code changes; compare with mote_abi_version(). */
#define MOTE_ABI_VERSION 1u

/* The version the library was built as. */
MOTE_API uint32_t mote_abi_version(void);

/* The arithmetic this machine gets, such as "x86_64_adx" or "portable". Never NULL. */
MOTE_API const char* mote_arch_name(void);

/* ------------------------------------------------------------------ status and verdict */

typedef uint32_t mote_status;

#define MOTE_OK 0u
#define MOTE_MALFORMED 2u        /* the bytes do not parse; see the verdict */
#define MOTE_INVALID_ARGUMENT 3u /* NULL, misaligned memory, wrong struct_size */
#define MOTE_MEMORY_TOO_SMALL 4u /* less than the _size function says */
#define MOTE_LIMIT_EXCEEDED 5u   /* beyond the limits documented in docs/FOOTPRINT.md */
#define MOTE_UNSUPPORTED 6u      /* built for a processor this one is not */

/* What was found out about a key, a setup or a proof. All zero means: nothing was accepted. */
typedef struct mote_verdict
{
    uint32_t struct_size; /* sizeof(mote_verdict), set by the caller */
    uint32_t accepted;    /* 1 only if every check was made and every check held */
    uint32_t stage;       /* where it ended: mote_stage_text() */
    uint32_t reason;      /* why: mote_reason_text() */
    uint32_t field;       /* which part: mote_field_text() */
    uint32_t index;       /* which element of that part, or which round */
    uint64_t offset;      /* byte position in the span that was passed; 0 if it has none */
} mote_verdict;

/* Texts for people, static and in English. Unknown codes give "unknown". Never NULL. */
MOTE_API const char* mote_status_text(mote_status status);
MOTE_API const char* mote_stage_text(uint32_t stage);
MOTE_API const char* mote_reason_text(uint32_t reason);
MOTE_API const char* mote_field_text(uint32_t field);

/* ------------------------------------------------------------------ program key */

typedef struct mote_jolt_key mote_jolt_key;

/* The twenty fields of the guest's memory map, in the order the proof system hashes them. */
typedef struct mote_memory_layout
{
    uint64_t program_size, max_trusted_advice_size, trusted_advice_start, trusted_advice_end,
        max_untrusted_advice_size, untrusted_advice_start, untrusted_advice_end, max_input_size,
        max_output_size, input_start, input_end, output_start, output_end, stack_size, stack_end,
        heap_size, heap_end, panic, termination, io_end;
} mote_memory_layout;

typedef struct mote_jolt_key_info
{
    uint32_t struct_size; /* sizeof(mote_jolt_key_info), set by the caller */
    uint32_t committed;   /* 1 committed-program mode, 0 full mode */
    uint8_t digest[32];
    uint64_t max_trace_length; /* padded cycles */
    uint64_t bytecode_length;  /* rows, padding included */
    uint64_t image_words;      /* 64-bit words of initial memory */
    uint64_t entry_address;
    mote_memory_layout memory_layout;
} mote_jolt_key_info;

/* Memory for mote_jolt_key_open of these bytes. The verdict may be NULL. */
MOTE_API mote_status mote_jolt_key_size(size_t* size, mote_verdict* verdict, const uint8_t* key,
                                        size_t key_bytes);

/* Checks a program key and keeps what verification needs of it.
 *
 * revision         name of the Jolt revision, NULL for the newest ("jolt-69eea119").
 * key              program and digest as they stand in a bundle (docs/formats/jolt-bundle.md). Not
 *                  needed any more after the call.
 * expected_digest  the 32 bytes that identify the program the caller wants. The digest is always
 *                  recomputed from the content.
 *
 * Cost             one pass over the bytecode; in committed mode one subgroup test a commitment. */
MOTE_API mote_status mote_jolt_key_open(mote_jolt_key** out, mote_verdict* verdict, void* memory,
                                        size_t memory_bytes, const char* revision,
                                        const uint8_t* key, size_t key_bytes,
                                        const uint8_t* expected_digest);

MOTE_API mote_status mote_jolt_key_describe(mote_jolt_key_info* out, const mote_jolt_key* key);

/* ------------------------------------------------------------------ Dory setup */

typedef struct mote_dory_setup mote_dory_setup;

/* Memory for mote_dory_setup_open of these bytes. The verdict may be NULL. */
MOTE_API mote_status mote_dory_setup_size(size_t* size, mote_verdict* verdict, const uint8_t* setup,
                                          size_t setup_bytes);

/* Checks a Dory verifier setup: its SHA-256 against `expected_digest` (32 bytes), every element's
 * subgroup, and the relations between them. About 10 ms; do it once. */
MOTE_API mote_status mote_dory_setup_open(mote_dory_setup** out, mote_verdict* verdict,
                                          void* memory, size_t memory_bytes, const uint8_t* setup,
                                          size_t setup_bytes, const uint8_t* expected_digest);

/* ------------------------------------------------------------------ verification */

/* What the caller believes the program read and wrote. Trailing zero bytes of outputs mean nothing:
 * "0f" and "0f00" are the same output. */
typedef struct mote_public_io
{
    uint32_t struct_size;  /* sizeof(mote_public_io), set by the caller */
    uint32_t panic;        /* 0 or 1 */
    const uint8_t* inputs; /* may be NULL if inputs_bytes is 0 */
    size_t inputs_bytes;
    const uint8_t* outputs; /* may be NULL if outputs_bytes is 0 */
    size_t outputs_bytes;
    const mote_memory_layout* memory_layout; /* must equal the key's; NULL: take the key's */
} mote_public_io;

/* What a caller may watch. Either function may be NULL. */
typedef struct mote_observer
{
    uint32_t struct_size; /* sizeof(mote_observer), set by the caller */
    void* context;
    /* Called when a stage begins; what follows until the next call belongs to it. */
    void (*on_stage)(void* context, uint32_t stage);
    /* Called after each of the (about 2,000) transcript steps with the 32-byte state. */
    void (*on_transcript)(void* context, uint32_t steps, const uint8_t* state);
} mote_observer;

#define MOTE_GT_BYTES 384u

/* Memory for mote_jolt_verify with this key and setup, whatever the proof. */
MOTE_API mote_status mote_jolt_verify_size(size_t* size, const mote_jolt_key* key,
                                           const mote_dory_setup* setup);

/* Decides whether `proof` shows that the program of `key` does what `io` says.
 *
 * trusted_advice  commitment (MOTE_GT_BYTES) to advice the caller vouches for; NULL if none.
 * observer        may be NULL.
 *
 * Bounded time and memory for every input; the proof is read where it lies. */
MOTE_API mote_status mote_jolt_verify(mote_verdict* verdict, void* memory, size_t memory_bytes,
                                      const mote_jolt_key* key, const mote_dory_setup* setup,
                                      const mote_public_io* io, const uint8_t* proof,
                                      size_t proof_bytes, const uint8_t* trusted_advice,
                                      const mote_observer* observer);

/* ------------------------------------------------------------------ bundles and inspection */

typedef struct mote_span
{
    const uint8_t* data;
    size_t bytes;
} mote_span;

/* A bundle file taken apart: spans into the caller's bytes. What is inside key, setup and proof is
 * not checked beyond finding where they end. A bundle brings its own key and setup, so who made the
 * bundle chose them: pin key_digest and setup_digest to values you trust. */
typedef struct mote_jolt_bundle
{
    uint32_t struct_size; /* sizeof(mote_jolt_bundle), set by the caller */
    uint32_t panic;
    mote_span key, setup, proof;
    mote_span trusted_advice; /* bytes 0 (data NULL) or MOTE_GT_BYTES */
    mote_span inputs, outputs;
    mote_memory_layout memory_layout;
    uint8_t key_digest[32];   /* as the bundle states it; mote_jolt_key_open recomputes it */
    uint8_t setup_digest[32]; /* SHA-256 of the setup bytes */
} mote_jolt_bundle;

MOTE_API mote_status mote_jolt_bundle_open(mote_jolt_bundle* out, mote_verdict* verdict,
                                           const uint8_t* bundle, size_t bundle_bytes);

/* Headline values of a proof, for display. Nothing here was verified. */
typedef struct mote_jolt_proof_info
{
    uint32_t struct_size; /* sizeof(mote_jolt_proof_info), set by the caller */
    uint32_t address_major;
    uint64_t trace_length;
    uint64_t ram_words;
    uint32_t log_k_chunk;
    uint32_t log_k_virtual;
    uint32_t ram_phase1, ram_phase2, registers_phase1, registers_phase2;
    uint32_t instruction_commitments, ram_commitments, bytecode_commitments;
    uint32_t untrusted_advice; /* 1 if the proof carries an untrusted advice commitment */
    uint32_t sumcheck_rounds[10];
    uint32_t opening_bytes;
} mote_jolt_proof_info;

MOTE_API mote_status mote_jolt_proof_describe(mote_jolt_proof_info* out, mote_verdict* verdict,
                                              const uint8_t* proof, size_t proof_bytes);

#ifdef __cplusplus
}
#endif

#endif /* MOTE_MOTE_H */

/* mote_state.h: check a proof about a chain's state, and a block without the state. The C interface
 * of QMDB version 1 (docs/formats/qmdb.md); what it is for: docs/design/qmdb.md.
 *
 * A wallet trusts a block's header, so it knows a state root and its height. Anybody may send it a
 * proof; every byte of that is hostile. Once a proof is open, it is asked about keys:
 *
 *   mote_state_proof_size(&bytes, proof_bytes);
 *   status = mote_state_proof_open(&opened, &verdict, malloc(bytes), bytes, root, height, proof,
 *                                  proof_bytes);
 *   if (status == MOTE_OK && verdict.accepted)
 *       mote_state_lookup(&answer, &value, opened, key, key_bytes);
 *
 *   present   the key has this value in the state of the root
 *   absent    the key is not in that state
 *   unproven  this proof does not say; another one may. It is not a kind of absent.
 *
 * A validator checks a block without the state: it opens the block's witness against the root before
 * the block, and mote_state_apply says the root after it. What a witness opens can be looked up as
 * in a proof; those are the values before the block.
 *
 * Conventions  Those of mote.h. The three kinds of "no": a status; MOTE_MALFORMED, with a verdict
 *              that says which part and where; MOTE_OK and a verdict that is not accepted. A root is
 *              32 bytes. An opened proof has copies of what it needs, so the bytes of the proof may
 *              go; values point into its memory and live as long as that. It is read-only and may be
 *              shared between threads.
 */
#ifndef MOTE_MOTE_STATE_H
#define MOTE_MOTE_STATE_H

#include "mote.h" /* beside this one: module maps have no include path */

#ifdef __cplusplus
extern "C" {
#endif

#define MOTE_STATE_ROOT_BYTES 32u
#define MOTE_STATE_KEY_BYTES_MAX 255u
#define MOTE_STATE_VALUE_BYTES_MAX 65535u
#define MOTE_STATE_PROOF_BYTES_MAX 134217728u /* of proofs and witnesses here: 128 MiB */
#define MOTE_STATE_OPERATIONS_MAX 2097152u    /* of a block here */

/* In place of a root's height: not known, or the state of the creation, which has none. */
#define MOTE_STATE_NO_HEIGHT 0xffffffffffffffffu

/* ------------------------------------------------------------------ verdict */

/* Faults. Below 32: bytes that do not parse, or of a block that is void. */
#define MOTE_STATE_F_TRUNCATED 1u        /* bytes are missing */
#define MOTE_STATE_F_TRAILING 2u         /* bytes are left over */
#define MOTE_STATE_F_MAGIC 3u            /* neither proof nor witness, or not the one asked for */
#define MOTE_STATE_F_SHARD_MASK 4u       /* no shard, or reserved bytes that are not zero */
#define MOTE_STATE_F_NEXT_SN 5u          /* next serial number out of range */
#define MOTE_STATE_F_ENTRY_COUNT 6u      /* no entry */
#define MOTE_STATE_F_CHUNK_COUNT 7u      /* extra chunks in a proof */
#define MOTE_STATE_F_ENTRY 8u            /* an entry's own bytes */
#define MOTE_STATE_F_ENTRY_ORDER 9u      /* serial numbers out of order */
#define MOTE_STATE_F_ENTRY_PADDING 10u   /* padding that is not zero */
#define MOTE_STATE_F_CHUNK_ORDER 11u     /* chunk numbers out of order */
#define MOTE_STATE_F_BATCH_KEY 12u       /* a key that no entry may have */
#define MOTE_STATE_F_BATCH_VALUE 13u     /* a value that is too long */
#define MOTE_STATE_F_BATCH_COLLISION 14u /* two keys with one hash */
#define MOTE_STATE_F_ROOT 32u            /* leads to another root */
#define MOTE_STATE_F_MISSING 33u         /* a witness without something that the block needs */
#define MOTE_STATE_F_SN_SPACE 34u        /* a shard runs out of serial numbers */

/* What was found out about a proof or a block. All zero means: nothing was accepted. */
typedef struct mote_state_verdict
{
    uint32_t struct_size; /* sizeof(mote_state_verdict), set by the caller */
    uint32_t accepted;    /* 1 only if every check was made and every check held */
    uint32_t fault;       /* 0 if accepted; mote_state_fault_text() */
    uint32_t operation;   /* of a batch fault: which operation */
    uint64_t offset;      /* of malformed bytes: where the item begins; otherwise 0 */
} mote_state_verdict;

#define MOTE_STATE_UNPROVEN 0u
#define MOTE_STATE_PRESENT 1u
#define MOTE_STATE_ABSENT 2u

/* "none", "truncated" to "sn_space"; "unproven", "present", "absent"; "unknown". Static, never
 * NULL. */
MOTE_API const char* mote_state_fault_text(uint32_t fault);
MOTE_API const char* mote_state_answer_text(uint32_t answer);

/* ------------------------------------------------------------------ proofs */

typedef struct mote_state_proof mote_state_proof;

/* Memory for an opened proof or witness of so many bytes: about five times as many and 10 KiB.
 * MOTE_LIMIT_EXCEEDED above MOTE_STATE_PROOF_BYTES_MAX. */
MOTE_API mote_status mote_state_proof_size(size_t* size, size_t proof_bytes);

/* Opens a proof against a root. If it leads to another one, `out` is NULL, the verdict says so and
 * the status is MOTE_OK. The verdict may be NULL.
 *
 * root    the state root of a header the caller trusts.
 * height  of that header's block, or MOTE_STATE_NO_HEIGHT: then nothing can be asked about the past.
 *
 * Cost    one compression of BLAKE3 for each started 64 bytes of an entry and for each node above: a
 *         key with a short value in a state of 64 million takes some 40 of them. */
MOTE_API mote_status mote_state_proof_open(mote_state_proof** out, mote_state_verdict* verdict,
                                           void* memory, size_t memory_bytes, const uint8_t* root,
                                           uint64_t height, const uint8_t* proof,
                                           size_t proof_bytes);

/* The same for a witness, against the root before its block. */
MOTE_API mote_status mote_state_witness_open(mote_state_proof** out, mote_state_verdict* verdict,
                                             void* memory, size_t memory_bytes, const uint8_t* root,
                                             uint64_t height, const uint8_t* witness,
                                             size_t witness_bytes);

/* Says what a proof shows about a key in the state of its root.
 *
 * value  of a present key, else empty; lies in the memory of the proof.
 *
 * MOTE_INVALID_ARGUMENT for a key that no state can have: empty, or longer than
 * MOTE_STATE_KEY_BYTES_MAX.
 * Cost   a pass over the opened entries of the key's shard. */
MOTE_API mote_status mote_state_lookup(uint32_t* answer, mote_span* value,
                                       const mote_state_proof* proof, const uint8_t* key,
                                       size_t key_bytes);

/* The same for the state after the block of some height up to the root's. MOTE_INVALID_ARGUMENT for
 * one above that, or if the root's is MOTE_STATE_NO_HEIGHT: the root does not contain its height, and
 * what happens later is in no proof. */
MOTE_API mote_status mote_state_lookup_after(uint32_t* answer, mote_span* value,
                                             const mote_state_proof* proof, const uint8_t* key,
                                             size_t key_bytes, uint64_t height);

/* ------------------------------------------------------------------ blocks */

/* One write of a block. Of several to one key the last counts. */
typedef struct mote_state_operation
{
    mote_span key;
    mote_span value; /* empty if the key is erased */
    uint32_t erase;  /* 1: the key is deleted, absent or not; 0: it gets the value */
} mote_state_operation;

/* Memory for mote_state_apply: 256 bytes an operation, more on some machines, and about five times
 * the witness. MOTE_LIMIT_EXCEEDED above MOTE_STATE_OPERATIONS_MAX; MOTE_INVALID_ARGUMENT for what
 * was opened as a proof. */
MOTE_API mote_status mote_state_apply_size(size_t* size, const mote_state_proof* witness,
                                           size_t operation_count);

/* Computes the state root after a block, from the witness alone. The witness stays as it is, and may
 * be used again.
 *
 * new_root  32 bytes; zeros unless the verdict is accepted.
 * height    of the block; MOTE_INVALID_ARGUMENT unless above that of the witness's root, if that is
 *           known.
 *
 * MOTE_MALFORMED for a void block (the batch faults, with the operation). Not accepted: MISSING, the
 * witness leaves out what the block needs; SN_SPACE. The verdict may be NULL. */
MOTE_API mote_status mote_state_apply(uint8_t* new_root, mote_state_verdict* verdict, void* memory,
                                      size_t memory_bytes, const mote_state_proof* witness,
                                      uint64_t height, const mote_state_operation* operations,
                                      size_t operation_count);

#ifdef __cplusplus
}
#endif

#endif /* MOTE_MOTE_STATE_H */

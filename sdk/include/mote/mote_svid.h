/* mote_svid.h: check a validator's share of a block, sample rows, rebuild blocks. The C interface of
 * SVID version 1 (docs/formats/svid.md); what it is for: docs/design/svid.md.
 *
 * A receiver knows its epoch and which dispersal it wants; all that arrives is hostile:
 *
 *   epoch       the validators, their stakes and the seed of their order. Opened once an epoch.
 *   expected    place in the chain, and the svid_root asked for.
 *   request     which rows: those assigned to a validator, or the ones a sampler drew.
 *   header, Z, rows, paths
 *
 * Worked case, for a share that is complete:
 *
 *   mote_svid_epoch_size(&bytes, n);
 *   mote_svid_epoch_open(&epoch, malloc(bytes), bytes, &validators);
 *   mote_svid_share_size(&bytes, &verdict, epoch, &expected, &request, header, header_bytes);
 *   status = mote_svid_check_share(&verdict, malloc(bytes), bytes, epoch, &expected, &request,
 *                                  header, header_bytes, z, z_bytes, messages, message_count);
 *   if (status == MOTE_OK && verdict.outcome == MOTE_SVID_PROVISIONAL) ...
 *
 * and for one that comes from the network, mote_svid_share_open and then, in any order and in pieces
 * of any size, mote_svid_share_append_z, _begin_rows, _append_rows; mote_svid_share_verdict at any
 * time.
 *
 * Conventions  Those of mote.h. The three kinds of "no": a status; MOTE_MALFORMED where a header is
 *              read without a check; a verdict. A received share has one scale of faults, steps 1 to
 *              7, and bytes that are no header at all are step 1 of it. Lengths in bytes follow
 *              their pointers; a _count counts elements.
 *              An opened epoch is read-only and may be shared between threads. A share belongs to
 *              one thread at a time.
 */
#ifndef MOTE_MOTE_SVID_H
#define MOTE_MOTE_SVID_H

#include "mote.h" /* beside this one: module maps have no include path */

#ifdef __cplusplus
extern "C" {
#endif

#define MOTE_SVID_HEADER_BYTES 176u
#define MOTE_SVID_PUBLIC_KEY_BYTES 48u
#define MOTE_SVID_ENTROPY_BYTES 32u
#define MOTE_SVID_BLOCK_BYTES_MAX 1073741824u /* of every chain; one may have less */
#define MOTE_SVID_SAMPLES_DEFAULT 16u

/* ------------------------------------------------------------------ verdict */

/* Outcomes. Nothing here says that Z is bound to the executed block: only its proof does. */
#define MOTE_SVID_INCOMPLETE 0u  /* nothing wrong, something missing */
#define MOTE_SVID_REJECTED 1u    /* the fault says why */
#define MOTE_SVID_PROVISIONAL 2u /* every row asked for holds against a Z that no proof has bound */

/* Faults, the same numbers as their steps. The first six condemn what was received: drop it and ask
 * another peer. The seventh condemns the dispersal and can be shown to anybody. */
#define MOTE_SVID_E_HEADER 1u
#define MOTE_SVID_E_PARAMS 2u
#define MOTE_SVID_E_COMMIT 3u
#define MOTE_SVID_E_Z 4u
#define MOTE_SVID_E_ROW_SHAPE 5u
#define MOTE_SVID_E_PATH 6u
#define MOTE_SVID_E_FINGERPRINT 7u

/* What was found out about a share. All zero means: nothing was accepted. */
typedef struct mote_svid_verdict
{
    uint32_t struct_size; /* sizeof(mote_svid_verdict), set by the caller */
    uint32_t outcome;     /* mote_svid_outcome_text() */
    uint32_t step;        /* the failing one, or the last one finished */
    uint32_t fault;       /* 0 unless rejected; mote_svid_fault_text() */
    uint32_t row;         /* of E_FINGERPRINT: the row that is not the code's */
} mote_svid_verdict;

/* "incomplete", "rejected", "provisional"; "none", "E_HEADER" to "E_FINGERPRINT"; "unknown". Static,
 * never NULL. */
MOTE_API const char* mote_svid_outcome_text(uint32_t outcome);
MOTE_API const char* mote_svid_fault_text(uint32_t fault);

/* ------------------------------------------------------------------ epoch */

typedef struct mote_svid_epoch mote_svid_epoch;

/* The validators of an epoch that have stake, in the order of its list. */
typedef struct mote_svid_validators
{
    uint32_t struct_size; /* sizeof(mote_svid_validators), set by the caller */
    uint32_t count;
    const uint64_t* stakes;     /* count of them, none zero, their sum below 2^64 */
    const uint8_t* public_keys; /* 48 bytes each; NULL: nobody's rows are asked for, only samples */
    size_t public_keys_bytes;
    uint8_t seed[32];
} mote_svid_validators;

/* Memory for mote_svid_epoch_open: about 48 bytes a validator. MOTE_INVALID_ARGUMENT for fewer than
 * 4 or more than 40,960 validators. */
MOTE_API mote_status mote_svid_epoch_size(size_t* size, size_t count);

/* Copies the stakes and puts the validators in order.
 *
 * Cost  a hash for each validator and a sort. */
MOTE_API mote_status mote_svid_epoch_open(mote_svid_epoch** out, void* memory, size_t memory_bytes,
                                          const mote_svid_validators* validators);

/* The shape of one dispersal. An empty block has no rows. */
typedef struct mote_svid_params
{
    uint32_t struct_size; /* sizeof(mote_svid_params), set by the caller */
    uint32_t row_bytes;   /* L */
    uint64_t block_bytes; /* B */
    uint32_t data_rows;   /* k: so many rows rebuild the block */
    uint32_t code_rows;   /* K, the power of two above */
    uint32_t rows;        /* N */
    uint32_t z_bytes;     /* 16 k */
} mote_svid_params;

/* The only parameters a block of so many bytes may have. MOTE_LIMIT_EXCEEDED if it may have none:
 * more than MOTE_SVID_BLOCK_BYTES_MAX, or more rows than the code has points. */
MOTE_API mote_status mote_svid_params_of(mote_svid_params* out, const mote_svid_epoch* epoch,
                                         uint64_t block_bytes);

/* Rows first, first + 1, ... modulo N. */
typedef struct mote_svid_range
{
    uint32_t struct_size; /* sizeof(mote_svid_range), set by the caller */
    uint32_t first, count;
} mote_svid_range;

/* The rows of one validator, a position in the list. The epoch needs public keys. */
MOTE_API mote_status mote_svid_assigned_rows(mote_svid_range* out, const mote_svid_epoch* epoch,
                                             uint64_t block_bytes, uint32_t zone, uint64_t height,
                                             uint32_t validator);

/* What a header says. Nothing here was checked against anything. */
typedef struct mote_svid_header_info
{
    uint32_t struct_size; /* sizeof(mote_svid_header_info), set by the caller */
    uint32_t zone;
    uint64_t height, epoch, block_bytes;
    uint32_t data_rows, rows, row_bytes;
    uint8_t chain_id[32], data_root[32], parity_root[32], z_digest[32];
    uint8_t svid_root[32];
    uint8_t announce_digest[32]; /* what the scheduled producer signs */
} mote_svid_header_info;

/* MOTE_MALFORMED for what is no header, or has a shape no block leads to. */
MOTE_API mote_status mote_svid_header_describe(mote_svid_header_info* out, const uint8_t* header,
                                               size_t header_bytes);

/* ------------------------------------------------------------------ share */

typedef struct mote_svid_share mote_svid_share;

/* What the receiver knows before a byte arrives. */
typedef struct mote_svid_expected
{
    uint32_t struct_size; /* sizeof(mote_svid_expected), set by the caller */
    uint32_t zone;
    uint64_t height, epoch;
    uint64_t block_bytes_max; /* the chain's limit; 0 allows only the empty block */
    uint8_t chain_id[32];
    uint8_t svid_root[32]; /* the one asked for */
} mote_svid_expected;

#define MOTE_SVID_NO_VALIDATOR 0xffffffffu

/* Which rows are asked for. */
typedef struct mote_svid_request
{
    uint32_t struct_size; /* sizeof(mote_svid_request), set by the caller */
    uint32_t validator;   /* position in the list, or MOTE_SVID_NO_VALIDATOR */
    const uint32_t* rows; /* of a sampler: ascending, below N; NULL for a validator */
    size_t row_count;     /* 0 for a validator */
} mote_svid_request;

/* Memory for the check of a share with this header. Rows of a sampler are not looked at, only
 * counted. The verdict may be NULL; a header that fails steps 1 to 3 gives size 0 and MOTE_OK. About
 * 24 K + 16 KiB + 92 bytes a row: 115 KiB at 128 MiB and 13 rows. */
MOTE_API mote_status mote_svid_share_size(size_t* size, mote_svid_verdict* verdict,
                                          const mote_svid_epoch* epoch,
                                          const mote_svid_expected* expected,
                                          const mote_svid_request* request, const uint8_t* header,
                                          size_t header_bytes);

/* Makes steps 1 to 3 and begins the others. If the header fails, `out` is NULL, the verdict says why
 * and the status is MOTE_OK. The announce signature, the other half of step 3, is the caller's.
 *
 * MOTE_INVALID_ARGUMENT for a request that cannot be: a validator that is not in the list or has no
 * key, rows out of range or out of order. */
MOTE_API mote_status mote_svid_share_open(mote_svid_share** out, mote_svid_verdict* verdict,
                                          void* memory, size_t memory_bytes,
                                          const mote_svid_epoch* epoch,
                                          const mote_svid_expected* expected,
                                          const mote_svid_request* request, const uint8_t* header,
                                          size_t header_bytes);

/* Each of the following says in `fault` what is wrong with what it got, or 0; it may be NULL. A fault
 * is an answer, so the status is MOTE_OK. */

/* Another peer begins: what its predecessors got wrong in steps 4 to 6 counts no longer, what they
 * left unfinished is dropped, and what they proved stays. */
MOTE_API mote_status mote_svid_share_begin_source(mote_svid_share* share);

/* Takes the next bytes of Z. */
MOTE_API mote_status mote_svid_share_append_z(uint32_t* fault, mote_svid_share* share,
                                              const uint8_t* z, size_t z_bytes);

/* No more of Z comes from this source: one that is too short is wrong. */
MOTE_API mote_status mote_svid_share_end_z(uint32_t* fault, mote_svid_share* share);

/* Announces rows [first, first + count) and that their bytes, rows_bytes in all, follow. After a
 * fault, append_rows ignores what comes. The paths are copied. */
MOTE_API mote_status mote_svid_share_begin_rows(uint32_t* fault, mote_svid_share* share,
                                                uint32_t first, uint32_t count, uint64_t rows_bytes,
                                                const uint8_t* data_path, size_t data_path_bytes,
                                                const uint8_t* parity_path,
                                                size_t parity_path_bytes);

/* Takes the next bytes of the announced rows; the last one checks the paths. */
MOTE_API mote_status mote_svid_share_append_rows(uint32_t* fault, mote_svid_share* share,
                                                 const uint8_t* rows, size_t rows_bytes);

/* The announced rows end here; if some are missing, all of this message is dropped. */
MOTE_API mote_status mote_svid_share_end_rows(uint32_t* fault, mote_svid_share* share);

MOTE_API mote_status mote_svid_share_verdict(mote_svid_verdict* out, const mote_svid_share* share);

/* Whether a row passed steps 5 to 7: what mote_svid_reconstruct may be given. */
MOTE_API mote_status mote_svid_share_holds(uint32_t* holds, const mote_svid_share* share,
                                           uint32_t row);

/* Rows as one message has them. */
typedef struct mote_svid_rows
{
    uint32_t first, count;
    mote_span rows; /* one after the other */
    mote_span data_path, parity_path;
} mote_svid_rows;

/* Opens a check, gives it a whole share and says the verdict. z NULL: none was received. */
MOTE_API mote_status mote_svid_check_share(mote_svid_verdict* verdict, void* memory,
                                           size_t memory_bytes, const mote_svid_epoch* epoch,
                                           const mote_svid_expected* expected,
                                           const mote_svid_request* request, const uint8_t* header,
                                           size_t header_bytes, const uint8_t* z, size_t z_bytes,
                                           const mote_svid_rows* messages, size_t message_count);

/* ------------------------------------------------------------------ sampling */

/* Draws row_count distinct rows of total_rows, ascending. Draw after the header is known, with 32
 * fresh bytes from the system's generator for each attempt: who can guess them knows which rows to
 * serve. MOTE_INVALID_ARGUMENT for more samples than rows. */
MOTE_API mote_status mote_svid_sample_rows(uint32_t* rows, size_t row_count, uint32_t total_rows,
                                           const uint8_t* entropy, size_t entropy_bytes);

/* Probability, at most, that all samples were served although the block cannot be rebuilt:
 * ((k - 1) / N)^samples. More than N samples are N. t attempts multiply it by t.
 * MOTE_INVALID_ARGUMENT, and a bound of 1, unless k <= N. */
MOTE_API mote_status mote_svid_sample_bound(double* bound, uint32_t data_rows, uint32_t rows,
                                            uint32_t samples);

/* ------------------------------------------------------------------ evidence */

#define MOTE_SVID_NOT_SHOWN 0u      /* the fault says which of steps 1 to 6 failed */
#define MOTE_SVID_ROW_IS_CORRECT 1u /* whoever reported it is wrong */
#define MOTE_SVID_CONVICTS 2u       /* the producer, if the announce signature holds */

typedef struct mote_svid_finding
{
    uint32_t struct_size; /* sizeof(mote_svid_finding), set by the caller */
    uint32_t finding;
    uint32_t fault;
    uint8_t svid_root[32];
    uint8_t announce_digest[32]; /* what the scheduled producer must have signed */
} mote_svid_finding;

/* Memory for mote_svid_check_bad_row, enough for every block. */
MOTE_API mote_status mote_svid_bad_row_size(size_t* size);

/* Checks the claim that a row of a dispersal is not the code's. Zone, height and epoch are those of
 * the header, which only has to be of our chain; `epoch` is the one it names
 * (mote_svid_header_describe says which).
 *
 * message  one row.
 * z        all of Z; a peer that has it adds its own. */
MOTE_API mote_status mote_svid_check_bad_row(mote_svid_finding* out, void* memory,
                                             size_t memory_bytes, const mote_svid_epoch* epoch,
                                             const uint8_t* chain_id, const uint8_t* header,
                                             size_t header_bytes, const mote_svid_rows* message,
                                             const uint8_t* z, size_t z_bytes);

/* Whether two headers are of one place in the chain and name different dispersals. `announces` gets
 * the two digests of 32 bytes that one producer must have signed, zeros if the answer is 0. */
MOTE_API mote_status mote_svid_equivocates(uint32_t* answer, uint8_t* announces,
                                           const uint8_t* chain_id, const uint8_t* first,
                                           size_t first_bytes, const uint8_t* second,
                                           size_t second_bytes);

/* ------------------------------------------------------------------ reconstruction */

#define MOTE_SVID_REBUILT 0u
#define MOTE_SVID_INSUFFICIENT 1u /* fewer than k rows */
#define MOTE_SVID_MISMATCH 2u     /* they do not lead to data_root, nor without any one of them */

/* A row as it was sent. */
typedef struct mote_svid_row
{
    uint32_t number;
    mote_span data;
} mote_svid_row;

/* Memory for mote_svid_reconstruct: 5.2 MiB at 128 MiB and 1,000 validators. MOTE_MALFORMED as
 * mote_svid_header_describe. */
MOTE_API mote_status mote_svid_reconstruct_size(size_t* size, const uint8_t* header,
                                                size_t header_bytes);

/* Rebuilds a block from rows that mote_svid_share_holds, in any order.
 *
 * block   at least the block_bytes of the header. Its BLAKE3 is data_root if the result is
 *         MOTE_SVID_REBUILT; otherwise it is zeroed.
 * header  one that a share was opened with.
 *
 * MOTE_INVALID_ARGUMENT for a row that is out of range, given twice or of another length.
 * Cost    one decoding and a hash; with more than k rows and a mismatch, once for each row. */
MOTE_API mote_status mote_svid_reconstruct(uint32_t* result, uint8_t* block, size_t block_bytes,
                                           void* memory, size_t memory_bytes, const uint8_t* header,
                                           size_t header_bytes, const mote_svid_row* rows,
                                           size_t row_count);

#ifdef __cplusplus
}
#endif

#endif /* MOTE_MOTE_SVID_H */

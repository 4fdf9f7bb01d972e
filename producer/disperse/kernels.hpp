// The seam between the producer, compiled once, and what works on rows, compiled for each variant.
//
// Plain data only crosses it: types of the core have another namespace in each variant.
#pragma once

#include <cstddef>
#include <cstdint>

extern "C" {
/// One block and the memory of its rows. Tiles are columns of 1,024 bytes of every row.
struct mote_disperse_job
{
    const std::uint8_t* block;
    std::uint64_t block_bytes;
    std::uint32_t row_log2;
    std::uint32_t data_rows, code_rows, parity_rows;
    std::uint8_t* parity;       ///< parity_rows rows
    std::uint8_t* data_chunks;  ///< 32 bytes for each chunk of each data row; null: not hashed
    std::uint8_t* parity_chunks;
};

/// One rebuilding: any rows in, data rows out.
struct mote_rebuild_job
{
    std::uint32_t row_log2;
    std::uint32_t data_rows, code_rows, parity_rows;
    const std::uint8_t* const*
        rows;                   ///< data_rows + parity_rows pointers; null where a row is missing
    std::uint64_t block_bytes;  ///< the last data row ends there
    std::uint8_t* block;        ///< receives the data rows that are missing
};

struct mote_disperse_kernels
{
    const char* name;
    std::size_t (*encode_memory)(const mote_disperse_job* job);
    /// Codes and hashes one tile.
    void (*encode_tile)(const mote_disperse_job* job, std::uint32_t tile, void* memory,
                        std::size_t memory_bytes);
    /// Joins the chunks of `rows` rows of 2^log chunks into row values: 32 bytes each, at `values`.
    void (*join_chunks)(std::uint8_t* chunks, std::uint32_t rows, std::uint32_t log,
                        std::uint8_t* values);
    /// 16 bytes of fingerprint for each of the data rows [first, first + count).
    void (*fingerprints)(const mote_disperse_job* job, const std::uint8_t* rho, std::uint32_t first,
                         std::uint32_t count, std::uint8_t* out);
    std::size_t (*locate_memory)(const mote_rebuild_job* job);
    /// Finds the factors of a rebuilding; they stay in `memory` for rebuild_tile.
    void (*locate)(const mote_rebuild_job* job, void* memory, std::size_t memory_bytes);
    std::size_t (*rebuild_memory)(const mote_rebuild_job* job);
    void (*rebuild_tile)(const mote_rebuild_job* job, const void* located, std::uint32_t tile,
                         void* memory, std::size_t memory_bytes);
};

const mote_disperse_kernels* mote_disperse_portable(void);
const mote_disperse_kernels* mote_disperse_x86_64_adx(void);
const mote_disperse_kernels* mote_disperse_x86_64_ifma(void);
}

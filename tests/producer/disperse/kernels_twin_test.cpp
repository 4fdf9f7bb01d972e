// What works on rows, in every variant that this processor runs, against the portable one.
#include "disperse/kernels.hpp"

#include <catch2/catch.hpp>

#include "disperse/dispatch.hpp"
#include "disperse_support.hpp"

using namespace disperse_test;

namespace
{
std::vector<const mote_disperse_kernels*> all_kernels()
{
    std::vector<const mote_disperse_kernels*> out = {mote_disperse_portable()};
#if defined(MOTE_HAVE_X86_64_ADX)
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2"))
        out.push_back(mote_disperse_x86_64_adx());
#endif
    if (&mote::disperse::kernels() != out.back())
        out.push_back(&mote::disperse::kernels());
    return out;
}

/// Everything that one set of kernels makes of one block.
struct Made
{
    Made(const mote_disperse_kernels& with, const ByteVector& block,
         const mote::svid::Params& params, std::span<const std::uint8_t, 16> rho)
    {
        const std::size_t chunks = params.row_bytes() / 1024;
        parity.resize(params.parity_rows() * params.row_bytes());
        data_chunks.resize(32 * chunks * params.data_rows);
        parity_chunks.resize(32 * chunks * params.parity_rows());
        const mote_disperse_job job = {block.data(),     block.size(),       params.row_log2,
                                       params.data_rows, params.code_rows,   params.parity_rows(),
                                       parity.data(),    data_chunks.data(), parity_chunks.data()};
        const std::size_t bytes = with.encode_memory(&job);
        svid_cases::Memory memory(bytes);
        mote::Arena arena = memory.arena();
        void* const space = arena.take<std::uint8_t>(bytes);
        for (std::uint32_t tile = 0; tile < chunks; ++tile)
            with.encode_tile(&job, tile, space, bytes);
        values.resize(32 * std::size_t{params.rows});
        with.join_chunks(data_chunks.data(), params.data_rows, params.row_log2 - 10U,
                         values.data());
        with.join_chunks(parity_chunks.data(), params.parity_rows(), params.row_log2 - 10U,
                         values.data() + 32 * std::size_t{params.data_rows});
        z.resize(16 * params.data_rows);
        with.fingerprints(&job, rho.data(), 0, params.data_rows, z.data());
    }
    ByteVector parity, data_chunks, parity_chunks, values, z;
};

ByteVector rebuilt(const mote_disperse_kernels& with, const mote::svid::Params& params,
                   const std::vector<const std::uint8_t*>& rows)
{
    ByteVector block(params.block_bytes, 0x5a);
    mote_rebuild_job job{};
    job.row_log2 = params.row_log2;
    job.data_rows = params.data_rows;
    job.code_rows = params.code_rows;
    job.parity_rows = params.parity_rows();
    job.rows = rows.data();
    job.block_bytes = block.size();
    job.block = block.data();
    const std::size_t located_bytes = with.locate_memory(&job), bytes = with.rebuild_memory(&job);
    svid_cases::Memory located(located_bytes), memory(bytes);
    mote::Arena located_arena = located.arena(), arena = memory.arena();
    void* const found = located_arena.take<std::uint8_t>(located_bytes);
    void* const space = arena.take<std::uint8_t>(bytes);
    with.locate(&job, found, located_bytes);
    for (std::uint32_t tile = 0; tile < params.row_bytes() / 1024; ++tile)
        with.rebuild_tile(&job, found, tile, space, bytes);
    return block;
}
}  // namespace

TEST_CASE("all kernels make the same rows, values and fingerprints, and rebuild the same")
{
    std::mt19937 random(1);
    const std::vector<std::uint64_t> stakes = {10, 20, 30, 5, 5, 7, 23};
    for (const std::size_t bytes :
         {1U, 1024U, 5000U, 65536U, 65537U, 100001U, 262145U, 300000U, 1048577U})
    {
        INFO(bytes << " bytes");
        const ByteVector block = random_bytes(bytes, random);
        mote::svid::Params params;
        REQUIRE(mote::svid::derive(bytes, stakes, params) == mote::Status::ok);
        std::array<std::uint8_t, 16> rho;
        for (std::uint8_t& b : rho)
            b = static_cast<std::uint8_t>(random());
        const Made expected(*all_kernels()[0], block, params, rho);

        // Any k rows; the last data row as the coder wants it.
        ByteVector padded = block;
        padded.resize(params.data_rows * params.row_bytes());
        std::vector<std::uint32_t> order(params.rows);
        for (std::uint32_t r = 0; r < params.rows; ++r)
            order[r] = r;
        std::shuffle(order.begin(), order.end(), random);
        std::vector<const std::uint8_t*> rows(params.rows, nullptr);
        for (std::uint32_t i = 0; i < params.data_rows; ++i)
        {
            const std::uint32_t r = order[i];
            rows[r] = r < params.data_rows
                          ? padded.data() + r * params.row_bytes()
                          : expected.parity.data() + (r - params.data_rows) * params.row_bytes();
        }
        for (const mote_disperse_kernels* kernels : all_kernels())
        {
            INFO(kernels->name);
            const Made made(*kernels, block, params, rho);
            CHECK(made.parity == expected.parity);
            CHECK(made.values == expected.values);
            CHECK(made.z == expected.z);
            const ByteVector out = rebuilt(*kernels, params, rows);
            for (std::uint32_t r = 0; r < params.data_rows; ++r)
            {
                const auto first = static_cast<std::ptrdiff_t>(r * params.row_bytes());
                const auto end = first + static_cast<std::ptrdiff_t>(params.bytes_of_row(r));
                // Rows that are there are not touched.
                if (rows[r] == nullptr)
                    REQUIRE(
                        std::equal(out.begin() + first, out.begin() + end, block.begin() + first));
                else
                    REQUIRE(std::all_of(out.begin() + first, out.begin() + end,
                                        [](std::uint8_t b) { return b == 0x5a; }));
            }
        }
    }
}

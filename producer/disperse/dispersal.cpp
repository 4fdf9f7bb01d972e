#include "disperse/dispersal.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>

#include "disperse/dispatch.hpp"
#include "hash/blake3.hpp"
#include "merkle/chunk_tree.hpp"

namespace mote::disperse
{
namespace
{
using hash::ChainingValue;

constexpr std::uint32_t chunk_log2 = 10;

double seconds_since(std::chrono::steady_clock::time_point start)
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

mote_disperse_job job_of(std::span<const std::uint8_t> block, const svid::Params& params)
{
    mote_disperse_job job{};
    job.block = block.data();
    job.block_bytes = block.size();
    job.row_log2 = params.row_log2;
    job.data_rows = params.data_rows;
    job.code_rows = params.code_rows;
    job.parity_rows = params.parity_rows();
    return job;
}

/// Joins chunks into the values of `rows` rows, at the start of the nodes of a tree.
std::vector<ChainingValue> join(Buffer& chunks, std::uint32_t rows, std::uint32_t row_log2)
{
    std::vector<ChainingValue> nodes(merkle::RowTree::node_count(rows));
    kernels().join_chunks(chunks.data(), rows, row_log2 - chunk_log2, nodes[0].data());
    return nodes;
}
}  // namespace

Dispersal::Dispersal(std::span<const std::uint8_t> block, const Subject& subject,
                     std::span<const std::uint64_t> stakes, const Effort& effort)
    : block_(block), wrong_row_(subject.wrong_row)
{
    switch (svid::derive(block.size(), stakes, params_))
    {
        case Status::ok:
            break;
        case Status::limit_exceeded:
            throw std::invalid_argument("a block has at most 1 GiB");
        default:
            throw std::invalid_argument(
                "a validator set has 4 to 40,960 members with stake, and less than 2^64 of it");
    }
    if (wrong_row_ && (*wrong_row_ < params_.data_rows || *wrong_row_ >= params_.rows))
        throw std::invalid_argument(
            "a row that can be falsified is a parity row: " + std::to_string(params_.data_rows) +
            " to " + std::to_string(params_.rows) + " - 1");
    header_.zone = subject.zone;
    header_.height = subject.height;
    header_.epoch = subject.epoch;
    header_.chain_id = subject.chain_id;
    header_.block_bytes = params_.block_bytes;
    header_.row_log2 = params_.row_log2;
    header_.data_rows = params_.data_rows;
    header_.rows = params_.rows;
    if (params_.data_rows == 0)
        header_.data_root = hash::blake3({});
    else
    {
        code(effort);
        plant();
        compute_z(effort);
    }
    header_.z_digest = hash::blake3(z_);
    header_bytes_ = svid::encode(header_);
}

void Dispersal::code(const Effort& effort)
{
    const auto start = std::chrono::steady_clock::now();
    const auto& fast = kernels();
    const std::size_t chunks_in_row = params_.row_bytes() >> chunk_log2;
    parity_ = Buffer(std::size_t{params_.parity_rows()} << params_.row_log2);
    Buffer data_chunks(32 * chunks_in_row * params_.data_rows);
    Buffer parity_chunks(32 * chunks_in_row * params_.parity_rows());
    mote_disperse_job job = job_of(block_, params_);
    job.parity = parity_.data();
    job.data_chunks = data_chunks.data();
    job.parity_chunks = parity_chunks.data();

    for_each_piece(effort, static_cast<std::uint32_t>(chunks_in_row),
                   [&]
                   {
                       auto memory = std::make_shared<Buffer>(fast.encode_memory(&job));
                       return [&fast, &job, memory](std::uint32_t tile)
                       { fast.encode_tile(&job, tile, memory->data(), memory->size()); };
                   });
    data_nodes_ = join(data_chunks, params_.data_rows, params_.row_log2);
    parity_nodes_ = join(parity_chunks, params_.parity_rows(), params_.row_log2);
    times_.code = seconds_since(start);
}

/// Grows the trees. The tiles hashed the last data row as if it were full, and a row that is alone
/// in its tree has a hash instead of a value.
void Dispersal::plant()
{
    if (wrong_row_)
    {
        const std::uint32_t parity_row = *wrong_row_ - params_.data_rows;
        parity_.data()[std::size_t{parity_row} << params_.row_log2] ^= 1;
        parity_nodes_[parity_row] =
            hash::blake3_subtree(row(*wrong_row_), params_.first_chunk(*wrong_row_));
    }
    const std::uint32_t last = params_.data_rows - 1;
    if (params_.data_rows == 1)
        data_nodes_[0] = hash::blake3(row(0));
    else
        data_nodes_[last] = hash::blake3_subtree(row(last), params_.first_chunk(last));
    if (params_.parity_rows() == 1)
        parity_nodes_[0] = hash::blake3(row(params_.data_rows));
    data_tree_ = std::make_unique<merkle::RowTree>(params_.data_rows, data_nodes_.data());
    parity_tree_ = std::make_unique<merkle::RowTree>(params_.parity_rows(), parity_nodes_.data());
    header_.data_root = data_tree_->root();
    header_.parity_root = parity_tree_->root();
}

void Dispersal::compute_z(const Effort& effort)
{
    const auto start = std::chrono::steady_clock::now();
    std::array<std::uint8_t, 16> rho;
    svid::challenge(svid::encode(header_)).store(rho.data());
    const mote_disperse_job job = job_of(block_, params_);
    z_.resize(params_.z_bytes());
    constexpr std::uint32_t rows_in_piece = 64;
    for_each_piece({effort.threads, {}}, (params_.data_rows + rows_in_piece - 1) / rows_in_piece,
                   [&]
                   {
                       return [&](std::uint32_t piece)
                       {
                           const std::uint32_t first = piece * rows_in_piece;
                           const std::uint32_t count =
                               std::min(rows_in_piece, params_.data_rows - first);
                           kernels().fingerprints(&job, rho.data(), first, count,
                                                  z_.data() + 16 * std::size_t{first});
                       };
                   });
    times_.fingerprint = seconds_since(start);
}

std::span<const std::uint8_t> Dispersal::row(std::uint32_t number) const
{
    if (number < params_.data_rows)
        return block_.subspan(std::size_t{number} << params_.row_log2,
                              params_.bytes_of_row(number));
    return parity_.bytes().subspan(std::size_t{number - params_.data_rows} << params_.row_log2,
                                   params_.row_bytes());
}

const ChainingValue& Dispersal::row_value(std::uint32_t number) const
{
    return number < params_.data_rows ? data_nodes_[number]
                                      : parity_nodes_[number - params_.data_rows];
}

std::vector<std::uint8_t> Dispersal::chunk_path(std::uint64_t offset, std::uint64_t length) const
{
    if (!merkle::are_chunks(params_.block_bytes, offset, length))
        throw std::invalid_argument("a read covers whole chunks of 1024 bytes of the block");
    const auto range = merkle::chunks_of(params_.block_bytes, offset, length);
    const auto row_chunks = static_cast<std::uint32_t>(params_.row_bytes() >> chunk_log2);
    std::vector<std::uint8_t> path;
    merkle::walk_path(
        range, 0, range.leaves,
        [&](std::uint32_t s, std::uint32_t e)
        {
            // A row, or several, or a part of one. The last row can be short.
            const bool rows = s % row_chunks == 0 && (e % row_chunks == 0 || e == range.leaves);
            const ChainingValue value =
                rows ? data_tree_->node(s / row_chunks, (e + row_chunks - 1) / row_chunks)
                     : merkle::chunk_node(block_, s, e);
            path.insert(path.end(), value.begin(), value.end());
        });
    return path;
}

RowRun Dispersal::run(std::uint32_t first, std::uint32_t count) const
{
    RowRun run{first, count, {}, {}};
    const auto path = [](const merkle::RowTree& tree, std::uint32_t from, std::uint32_t to)
    {
        std::array<ChainingValue, merkle::path_values_max> values;
        const std::size_t used = tree.path(from, to - from, values.data());
        return std::vector<std::uint8_t>(values[0].data(), values[0].data() + 32 * used);
    };
    const std::uint32_t k = params_.data_rows, end = first + count;
    if (first < k)
        run.data_path = path(*data_tree_, first, std::min(end, k));
    if (end > k)
        run.parity_path = path(*parity_tree_, std::max(first, k) - k, end - k);
    return run;
}

std::vector<RowRun> Dispersal::runs(const svid::AssignedRange& range,
                                    std::size_t rows_bytes_max) const
{
    std::vector<RowRun> result;
    const auto most =
        static_cast<std::uint32_t>(std::max<std::size_t>(1, rows_bytes_max >> params_.row_log2));
    for (std::uint32_t done = 0; done < range.count;)
    {
        const std::uint32_t first = (range.first + done) % params_.rows;
        const std::uint32_t count = std::min({most, range.count - done, params_.rows - first});
        result.push_back(run(first, count));
        done += count;
    }
    return result;
}
}  // namespace mote::disperse

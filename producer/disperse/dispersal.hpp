// Dispersal: a block, its parity rows, and everything a validator can ask for.
//
//   code and hash     one pass over the columns, a tile at a time; threads take tiles
//   trees, challenge  both roots fix rho
//   fingerprints      a second pass over the data rows
//
// Working set: the block (the caller's), p rows of parity, 32 bytes a chunk, and 1.02 max(K, p) + 190
// KiB for each thread. At 128 MiB and 1,000 validators 278 MiB + 13 MiB + 9.1 MiB a thread.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "disperse/memory.hpp"
#include "disperse/threads.hpp"
#include "merkle/row_tree.hpp"
#include "svid/assignment.hpp"
#include "svid/header.hpp"

namespace mote::disperse
{
/// What a producer decides, or is told, about a dispersal.
struct Subject
{
    svid::Digest chain_id{};
    std::uint32_t zone = 0;
    std::uint64_t height = 0;
    std::uint64_t epoch = 0;
    /// For demonstrations and tests: a parity row that the producer falsifies before it commits.
    std::optional<std::uint32_t> wrong_row;
};

/// A run of rows as one `Rows` message has it.
struct RowRun
{
    std::uint32_t first = 0, count = 0;
    std::vector<std::uint8_t> data_path, parity_path;
};

class Dispersal
{
  public:
    /// Codes `block`, which must outlive the object.
    ///
    /// Errors  std::invalid_argument for stakes or sizes beyond the limits; std::bad_alloc.
    Dispersal(std::span<const std::uint8_t> block, const Subject& subject,
              std::span<const std::uint64_t> stakes, const Effort& effort);

    [[nodiscard]] const svid::Header& header() const { return header_; }
    [[nodiscard]] const svid::HeaderBytes& header_bytes() const { return header_bytes_; }
    [[nodiscard]] const svid::Params& params() const { return params_; }
    [[nodiscard]] std::span<const std::uint8_t> z() const { return z_; }
    [[nodiscard]] svid::Digest svid_root() const { return svid::svid_root(header_bytes_); }

    /// The bytes of a row as they are sent.
    [[nodiscard]] std::span<const std::uint8_t> row(std::uint32_t number) const;
    /// The value of a row in its tree.
    [[nodiscard]] const hash::ChainingValue& row_value(std::uint32_t number) const;

    /// Rows of one range, which must not wrap, with their paths.
    [[nodiscard]] RowRun run(std::uint32_t first, std::uint32_t count) const;

    /// A range as messages: split where it wraps and so that rows stay below rows_bytes_max.
    [[nodiscard]] std::vector<RowRun> runs(const svid::AssignedRange& range,
                                           std::size_t rows_bytes_max = std::size_t{2} << 20) const;

    /// The path of whole chunks of the block, for an answer to GetChunks.
    ///
    /// Errors  std::invalid_argument for bytes that are not whole chunks of the block.
    /// Cost    the hash of at most two rows; what is above rows is in the tree.
    [[nodiscard]] std::vector<std::uint8_t> chunk_path(std::uint64_t offset,
                                                       std::uint64_t length) const;

    /// Where the time went, in seconds.
    struct Times
    {
        double code = 0;         ///< coding and hashing
        double fingerprint = 0;  ///< second pass
    };
    [[nodiscard]] const Times& times() const { return times_; }

  private:
    void code(const Effort& effort);
    void plant();
    void compute_z(const Effort& effort);

    std::span<const std::uint8_t> block_;
    svid::Params params_;
    svid::Header header_;
    svid::HeaderBytes header_bytes_{};
    std::optional<std::uint32_t> wrong_row_;
    Buffer parity_;
    std::vector<hash::ChainingValue> data_nodes_, parity_nodes_;
    std::unique_ptr<const merkle::RowTree> data_tree_, parity_tree_;
    std::vector<std::uint8_t> z_;
    Times times_;
};
}  // namespace mote::disperse

// ShareCheck: steps 4 to 7 for the rows one validator or sampler asked for.
//
// Z and rows arrive in any order and in pieces of any size. A row's bytes pass through its hash and
// its fingerprint and are forgotten; what stays is 32 + 16 bytes a row and Z. What fails in steps 4
// to 6 is dropped with its source, and another source may still deliver; a failure in step 7 is
// final, because by then Z and the row are both tied to the producer's signature.
//
//   check.open(header, params, bytes, requested, arena);
//   check.begin_source();                       // a peer
//   check.append_z(piece) ...                   // in order, until 16 k bytes are there
//   check.begin_rows({first, count, bytes, data_path, parity_path});
//   check.append_rows(piece) ...                // rows side by side, the last data row unpadded
//   check.verdict();
//
// Source  [SVID] section 9.
#pragma once

#include <span>

#include "base/arena.hpp"
#include "hash/blake3.hpp"
#include "merkle/row_tree.hpp"
#include "svid/fingerprint.hpp"
#include "svid/header.hpp"
#include "svid/verdict.hpp"

namespace mote::svid
{
/// The head of one message of rows.
struct RowsHead
{
    std::uint32_t first = 0, count = 0;
    std::uint64_t bytes = 0;  ///< how many bytes of rows follow
    Bytes data_path, parity_path;
};

class ShareCheck
{
  public:
    ShareCheck() noexcept = default;
    /// A copy would share its rows with the original.
    ShareCheck(const ShareCheck&) = delete;

    /// Bytes that open takes from its arena for `rows` requested rows.
    ///
    /// About 24 K + 16 KiB + 88 bytes a row: 113 KiB at 128 MiB and 13 rows.
    [[nodiscard]] static std::size_t memory_bytes(const Params& params, std::size_t rows) noexcept;

    /// Starts the check of a header that passed steps 1 to 3.
    ///
    /// Shape   requested: distinct row numbers below N, ascending.
    /// Errors  memory_too_small; invalid_argument for rows out of order or range.
    /// Memory  memory_bytes() from `arena`. `requested` is copied.
    Status open(const Header& header, const Params& params, const HeaderBytes& bytes,
                std::span<const std::uint32_t> requested, Arena& arena) noexcept;

    /// Another peer begins: what its predecessors got wrong in steps 4 to 6 counts no longer, and
    /// what they left unfinished is dropped.
    void begin_source() noexcept;

    /// Takes the next bytes of Z. Returns what is wrong with this Z, or none so far.
    Fault append_z(Bytes part) noexcept;

    /// A share handed over as a whole ends: a Z that is too short is wrong.
    Fault end_z() noexcept;

    /// Announces rows. A fault means that the message is dropped: append_rows ignores its bytes. One
    /// that is still arriving is dropped, too; end_rows before says that it was cut off.
    ///
    /// Memory  the paths are copied.
    Fault begin_rows(const RowsHead& head) noexcept;

    /// Takes the next bytes of the announced rows; checks the paths when the last one is there.
    Fault append_rows(Bytes part) noexcept;

    /// The announced rows end early: what is there of them is dropped as badly shaped.
    Fault end_rows() noexcept;

    [[nodiscard]] Verdict verdict() const noexcept;

    /// Whether a row passed steps 5 to 7.
    [[nodiscard]] bool holds(std::uint32_t number) const noexcept;

    /// Rows that passed steps 5 and 6.
    [[nodiscard]] std::uint32_t rows_verified() const noexcept { return verified_; }
    [[nodiscard]] std::uint32_t rows_requested() const noexcept { return requested_count_; }

  private:
    ShareCheck& operator=(const ShareCheck&) noexcept = default;  // open starts anew

    struct Row
    {
        field::Gf2_128 fingerprint;
        field::Gf2_128 expected;
        std::uint32_t number;
        bool verified;  // steps 5 and 6
        bool seen;      // delivered by the current source
    };

    [[nodiscard]] bool take_memory(const Params& params, std::size_t rows, Arena& arena) noexcept;
    Fault fail(Fault fault) noexcept;
    Fault drop_z() noexcept;
    [[nodiscard]] Fault check_shape(const RowsHead& head, std::uint32_t& slot) const noexcept;
    void start_row() noexcept;
    void finish_row() noexcept;
    [[nodiscard]] bool check_paths() const noexcept;
    [[nodiscard]] bool check_tree(std::uint32_t first, std::uint32_t end, std::uint32_t base,
                                  std::uint32_t rows, Bytes path, const Digest& root,
                                  std::uint32_t slot) const noexcept;
    void compute_expected() noexcept;
    void compare(Row& row) noexcept;
    [[nodiscard]] const Row* find(std::uint32_t number) const noexcept;

    Header header_;
    Params params_;
    Challenge* challenge_ = nullptr;
    // K elements as coding/symbol_code.hpp has them; the code's coefficients once Z is verified.
    std::uint8_t* z_ = nullptr;
    std::uint8_t* scratch_ = nullptr;
    Row* rows_ = nullptr;
    // Of the message being checked; they become the rows' own when its paths hold.
    hash::ChainingValue* values_ = nullptr;
    field::Gf2_128* fingerprints_ = nullptr;
    std::uint32_t requested_count_ = 0;
    std::uint32_t verified_ = 0;

    hash::Blake3 z_hash_;
    std::size_t z_received_ = 0;  // by the current source
    bool z_verified_ = false;

    // The message that is arriving.
    enum class Message : std::uint8_t
    {
        none,  // or one whose rest is ignored
        arriving,
        complete,  // its last byte was there; one more is wrong
    };
    Message message_ = Message::none;
    RowsHead head_;
    std::uint32_t slot_ = 0, done_ = 0;
    std::size_t row_received_ = 0;
    hash::Blake3Subtree row_hash_{0};
    Fingerprint row_fingerprint_;
    std::array<std::uint8_t, 32 * merkle::path_values_max> data_path_{}, parity_path_{};

    Fault lowest_ = Fault::none;  // of the current source, steps 4 to 6
    bool condemned_ = false;
    std::uint32_t condemned_row_ = 0;
};
}  // namespace mote::svid

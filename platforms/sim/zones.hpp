// Zones of a run: blocks that are really dispersed, and a stand-in for their execution proofs.
//
// Dispersal, shares and evidence are the real ones (producer/disperse, sdk/svid). No zone program has a
// prover yet, so a proof is *simulated*: the oracle hands out a proof of what the reference executor
// computed and remembers it, and verification asks the oracle whether it made a proof of exactly this
// public input and output. That is a proof system that is sound and complete, which is what the consensus
// assumes; input and output come from sdk/chain as for a real one.
//
//   state root after a block = DK("mote simulator state v1", root before || height u64 || data)
#pragma once

#include <memory>
#include <set>

#include "chain/statement_check.hpp"
#include "disperse/dispersal.hpp"
#include "sim/committees.hpp"
#include "svid/assignment.hpp"
#include "svid/verdict.hpp"

namespace mote::sim
{
/// A block of a zone with everything its producer knows of it.
struct ZoneBlock
{
    chain::ZoneHeader header;
    Digest hash{};
    Signature signature{};
    std::vector<std::uint8_t> data;
    std::unique_ptr<const disperse::Dispersal> dispersal;  ///< of data
    std::vector<svid::AssignedRange> ranges;               ///< of each member
    CommitteePtr committee;
    std::uint64_t epoch = 0;           ///< EW(window)
    mutable std::vector<bool> stored;  ///< by member: whose medium has its shares
};
using ZoneBlockPtr = std::shared_ptr<const ZoneBlock>;

/// What a producer decides.
struct ZoneBlockPlan
{
    chain::ZoneHeader header;  ///< all but data_bytes and data_commit
    std::vector<std::uint8_t> data;
    CommitteePtr committee;
    std::uint64_t epoch = 0;
    Digest assignment_seed{};
    Digest chain_id{};
    bool falsify_row = false;
};

/// Disperses and signs a block.
[[nodiscard]] ZoneBlockPtr make_zone_block(ZoneBlockPlan plan, const SignatureScheme& signatures,
                                           std::uint32_t key);

/// Bytes of one member's shares on the wire: rows, their paths and Z.
[[nodiscard]] std::size_t share_bytes(const ZoneBlock& block, std::uint32_t member);

/// Makes the checks of a member on its shares, steps 1 to 7: provisional if all of them hold, and with
/// the number of the row if one is not the code's.
///
/// Source  [SVID] section 9.
[[nodiscard]] svid::Verdict check_shares(const ZoneBlock& block, std::uint32_t member,
                                         const Digest& chain_id);

/// What a member shows of a row that is not the code's: all that check_bad_row needs.
struct BadRowMessage
{
    svid::HeaderBytes header{};
    std::uint32_t row = 0;
    std::vector<std::uint8_t> bytes, data_path, parity_path, z;
};
using BadRowPtr = std::shared_ptr<const BadRowMessage>;

[[nodiscard]] BadRowMessage show_row(const ZoneBlock& block, std::uint32_t row);
[[nodiscard]] Digest hash_of(const BadRowMessage& message);

/// Whether a row convicts whoever signed a zone header, for a committee with these stakes.
///
/// Source  [SVID] section 13.
[[nodiscard]] bool convicts(const BadRowMessage& message, const chain::ZoneHeader& header,
                            std::span<const std::uint64_t> stakes, const Digest& chain_id);

/// Rebuilds the data from the rows of these members; false if they are too few or do not lead to it.
[[nodiscard]] bool rebuild_from(const ZoneBlock& block, std::span<const std::uint32_t> members,
                                std::vector<std::uint8_t>& out);

[[nodiscard]] Digest genesis_state(std::uint32_t zone);
/// The reference executor.
[[nodiscard]] Digest execute(const Digest& before, const ZoneBlock& block);

/// A statement, what it is about, and a proof of it.
struct ProofPackage
{
    chain::Statement statement;
    std::vector<chain::ZoneHeader> headers;
    std::vector<std::vector<std::uint8_t>> svid_headers;  ///< empty for a void block
    Digest proof{};
};

class ProofOracle
{
  public:
    /// Proves a statement whose post_root is what execution gives.
    void prove(ProofPackage& package, const Digest& chain_id);
    /// Steps 1 to 4 of a VALID vote.
    ///
    /// Source  [CONSENSUS] section 3.4.
    [[nodiscard]] bool verify(const ProofPackage& package, const Digest& chain_id,
                              const chain::Calendar& calendar) const;

  private:
    std::set<Digest> proven_;
};

/// Bytes of a proof package on the wire, with a proof of typical size.
[[nodiscard]] std::size_t proof_bytes(const ProofPackage& package);
}  // namespace mote::sim

// Evidence: two signatures that one honest key never makes, or a dispersal that is not a code word.
//
// A piece is put into its order before it is hashed, the lower of two first, so that the same two
// signatures are the same piece. What the signatures and rows are worth is checked elsewhere.
//
// Source  [CONSENSUS] section 3.3.
#pragma once

#include "chain/digests.hpp"
#include "chain/headers.hpp"
#include "chain/tree.hpp"

namespace mote::chain
{
inline constexpr std::size_t evidence_max = 16;  ///< pieces per proposal

/// Two votes of one member in one view.
struct VoteEvidence
{
    struct Vote
    {
        std::uint8_t kind = 0;
        Digest block{};  ///< zero for nullify
        Signature signature{};
    };

    std::uint8_t tag = 1;
    std::uint64_t epoch = 0;
    std::uint64_t view = 0;
    std::uint32_t member = 0;
    std::array<Vote, 2> votes{};

    template <class Self, class On>
    static constexpr void fields(Self& s, On& on) noexcept
    {
        on(s.tag, s.epoch, s.view, s.member, s.votes[0].kind, s.votes[0].block,
           s.votes[0].signature, s.votes[1].kind, s.votes[1].block, s.votes[1].signature);
    }
};
static_assert(layout_bytes<VoteEvidence> == 279);

/// Two headers of one producer for one place.
struct HeaderEvidence
{
    std::uint8_t tag = 2;
    std::array<ZoneHeader, 2> headers{};
    std::array<Signature, 2> signatures{};

    template <class Self, class On>
    static constexpr void fields(Self& s, On& on) noexcept
    {
        on(s.tag);
        ZoneHeader::fields(s.headers[0], on);
        on(s.signatures[0]);
        ZoneHeader::fields(s.headers[1], on);
        on(s.signatures[1]);
    }
};
static_assert(layout_bytes<HeaderEvidence> == 593);

/// Two proposals of one leader for one view.
struct ProposalEvidence
{
    std::uint8_t tag = 3;
    std::uint64_t epoch = 0;
    std::uint64_t view = 0;
    std::array<Digest, 2> blocks{};
    std::array<Signature, 2> signatures{};

    template <class Self, class On>
    static constexpr void fields(Self& s, On& on) noexcept
    {
        on(s.tag, s.epoch, s.view, s.blocks[0], s.signatures[0], s.blocks[1], s.signatures[1]);
    }
};
static_assert(layout_bytes<ProposalEvidence> == 273);

/// A row that is not the code's, under a signed header.
struct BadRowEvidence
{
    std::uint8_t tag = 4;
    ZoneHeader header;
    Signature signature{};
    Digest bad_row{};  ///< H of the SVID BadRow message with its Z

    template <class Self, class On>
    static constexpr void fields(Self& s, On& on) noexcept
    {
        on(s.tag);
        ZoneHeader::fields(s.header, on);
        on(s.signature, s.bad_row);
    }
};
static_assert(layout_bytes<BadRowEvidence> == 329);

/// One piece of any kind; only the member that `kind` names has a value.
struct Evidence
{
    std::uint32_t kind = 1;
    VoteEvidence votes;
    HeaderEvidence headers;
    ProposalEvidence proposals;
    BadRowEvidence bad_row;
};

/// Gives the leaf of evidence_root.
///
/// Shape   kind: 1 to 4 (asserted).
[[nodiscard]] Digest leaf_hash_of(const Evidence& evidence) noexcept;

// Put the lower of the two first: by (kind, block), header hash, block.
void put_in_order(VoteEvidence& evidence) noexcept;
void put_in_order(HeaderEvidence& evidence) noexcept;
void put_in_order(ProposalEvidence& evidence) noexcept;

/// Whether one key may not make both votes in one view: two notarize or two finalize of different
/// blocks, or nullify and a finalize.
[[nodiscard]] bool conflicts(std::uint8_t first_kind, const Digest& first_block,
                             std::uint8_t second_kind, const Digest& second_block) noexcept;

// Whether what is signed conflicts: the right tag, in order, and one of the pairs above; equal zone,
// height, window and producer and different hashes; different blocks. Signatures are not looked at.
[[nodiscard]] bool convicts(const VoteEvidence& evidence) noexcept;
[[nodiscard]] bool convicts(const HeaderEvidence& evidence) noexcept;
[[nodiscard]] bool convicts(const ProposalEvidence& evidence) noexcept;
}  // namespace mote::chain

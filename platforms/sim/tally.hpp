// Tally: a relay's votes on one thing, and the certificate that comes out of them.
//
// Members are split into subnets; two relays collect the votes of each. A relay sends what it has of its
// subnets to the others as partials; partials of different subnets are disjoint and add up.
//
// Source  [CONSENSUS] section 9.
#pragma once

#include <map>
#include <optional>

#include "sim/committees.hpp"

namespace mote::sim
{
class Tally
{
  public:
    Tally(CommitteePtr committee, std::uint32_t subnets)
        : committee_(std::move(committee)), best_(subnets)
    {
    }

    /// Adds a vote that was verified; false if the member has voted.
    bool add(std::uint32_t member, const Signature& signature);
    /// Takes a verified partial if it covers more than the one before.
    bool add_partial(std::uint32_t subnet, Bytes signers, const Signature& sum);

    /// Whether there are enough seats.
    [[nodiscard]] bool complete() const noexcept;
    /// The bitmap and sum of everything.
    void sum(const SignatureScheme& scheme, std::vector<std::uint8_t>& signers,
             Signature& out) const;
    /// The same of one subnet's own votes; false if there is nothing new since the last time.
    bool take_partial(const SignatureScheme& scheme, std::uint32_t subnet,
                      std::vector<std::uint8_t>& signers, Signature& out);

    [[nodiscard]] const CommitteePtr& committee() const noexcept { return committee_; }
    [[nodiscard]] std::size_t votes() const noexcept { return votes_.size(); }
    bool certified = false;

  private:
    struct Part
    {
        std::vector<std::uint8_t> signers;
        Signature sum{};
        std::uint32_t seats = 0;
    };

    [[nodiscard]] std::uint32_t subnet_of(std::uint32_t member) const noexcept
    {
        return member % static_cast<std::uint32_t>(best_.size());
    }
    [[nodiscard]] bool in_part(std::uint32_t member) const;

    CommitteePtr committee_;
    std::map<std::uint32_t, Signature> votes_;
    std::vector<std::optional<Part>> best_;
    std::map<std::uint32_t, std::size_t> sent_;
    std::uint32_t seats_ = 0;  // of votes and best parts together
};
}  // namespace mote::sim

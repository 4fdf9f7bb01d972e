#include "sim/tally.hpp"

namespace mote::sim
{
namespace
{
void set_member(std::vector<std::uint8_t>& signers, const chain::Member& member)
{
    for (std::uint32_t seat = member.first_seat;
         seat < std::uint32_t{member.first_seat} + member.seats; ++seat)
        chain::set_seat(signers, seat);
}
}  // namespace

bool Tally::in_part(std::uint32_t member) const
{
    const std::optional<Part>& part = best_[subnet_of(member)];
    return part && chain::seat_set(part->signers, committee_->committee.member(member).first_seat);
}

bool Tally::add(std::uint32_t member, const Signature& signature)
{
    if (!votes_.emplace(member, signature).second)
        return false;
    if (!in_part(member))
        seats_ += committee_->committee.member(member).seats;
    return true;
}

bool Tally::add_partial(std::uint32_t subnet, Bytes signers, const Signature& sum)
{
    if (subnet >= best_.size() || signers.size() != (committee_->committee.seats + 7) / 8)
        return false;
    Part part{{signers.begin(), signers.end()}, sum, 0};
    const std::uint32_t before = best_[subnet] ? best_[subnet]->seats : 0;
    for (std::uint32_t i = 0; i < committee_->committee.members(); ++i)
    {
        const chain::Member member = committee_->committee.member(i);
        const std::uint32_t set = chain::count_seats(signers, member.first_seat, member.seats);
        if (set == 0)
            continue;
        if (set != member.seats || subnet_of(i) != subnet)
            return false;
        part.seats += set;
    }
    if (part.seats <= before)
        return false;
    // Single votes count beside the part that covers them not.
    const auto beside = [&]
    {
        std::uint32_t seats = 0;
        for (const auto& [member, signature] : votes_)
            if (subnet_of(member) == subnet && !in_part(member))
                seats += committee_->committee.member(member).seats;
        return seats;
    };
    seats_ -= before + beside();
    const std::uint32_t covered = part.seats;
    best_[subnet] = std::move(part);
    seats_ += covered + beside();
    return true;
}

bool Tally::complete() const noexcept
{
    return seats_ >= chain::quorum(committee_->committee.seats);
}

void Tally::sum(const SignatureScheme& scheme, std::vector<std::uint8_t>& signers,
                Signature& out) const
{
    signers.assign((committee_->committee.seats + 7) / 8, 0);
    std::vector<Weighted> parts;
    for (const std::optional<Part>& part : best_)
        if (part)
        {
            for (std::size_t i = 0; i < signers.size(); ++i)
                signers[i] = static_cast<std::uint8_t>(signers[i] | part->signers[i]);
            parts.push_back({&part->sum, 1});
        }
    for (const auto& [member, signature] : votes_)
        if (!in_part(member))
        {
            const chain::Member seats = committee_->committee.member(member);
            set_member(signers, seats);
            parts.push_back({&signature, seats.seats});
        }
    out = scheme.sum(parts);
}

bool Tally::take_partial(const SignatureScheme& scheme, std::uint32_t subnet,
                         std::vector<std::uint8_t>& signers, Signature& out)
{
    std::vector<Weighted> parts;
    signers.assign((committee_->committee.seats + 7) / 8, 0);
    for (const auto& [member, signature] : votes_)
        if (subnet_of(member) == subnet)
        {
            const chain::Member seats = committee_->committee.member(member);
            set_member(signers, seats);
            parts.push_back({&signature, seats.seats});
        }
    std::size_t& sent = sent_[subnet];
    if (parts.size() <= sent)
        return false;
    sent = parts.size();
    out = scheme.sum(parts);
    return true;
}
}  // namespace mote::sim

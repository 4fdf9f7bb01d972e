#include "client/account.hpp"

#include "chain/tree.hpp"

namespace mote::client
{
std::size_t account_memory_bytes(std::size_t state_proof_bytes) noexcept
{
    Arena counting(nullptr, 0);
    static_cast<void>(counting.take<state::Opened>(1));
    return counting.used() + Arena::alignment + state::open_memory_bytes(state_proof_bytes);
}

Status check_account(const chain::RootHeader& header, std::uint32_t zone, Bytes key,
                     const AccountProof& proof, Arena& arena, AccountAnswer& out,
                     AccountFault& fault) noexcept
{
    out = {};
    fault = AccountFault::none;
    AccountAnswer answer;
    const auto reject = [&](AccountFault why)
    {
        fault = why;
        return Status::rejected;
    };
    if (!decode(proof.leaf, answer.zone) || answer.zone.zone != zone)
        return reject(AccountFault::leaf);
    const std::uint32_t indices[1] = {proof.index};
    const auto leaf_at = [&](std::size_t) { return chain::leaf_hash(proof.leaf); };
    if (!chain::multiproof_holds(header.zone_table_root, proof.zones, indices, leaf_at, proof.path))
        return reject(AccountFault::path);
    const std::size_t mark = arena.used();
    auto* opened = arena.take<state::Opened>(1);
    if (opened == nullptr)
    {
        arena.release_to(mark);
        return Status::memory_too_small;
    }
    *opened = state::Opened{};
    state::Defect defect;
    const Status status =
        state::open_proof(proof.state, answer.zone.proven_root, arena, *opened, defect);
    if (status == Status::ok)
        answer.answer = state::answer(*opened, key, answer.value);
    arena.release_to(mark);
    if (status == Status::rejected)
        return reject(AccountFault::root);
    if (status == Status::malformed)
        fault = AccountFault::malformed;
    if (status != Status::ok)
        return status;
    if (answer.answer == state::Answer::unproven)
        return reject(AccountFault::unproven);
    out = answer;
    return Status::ok;
}
}  // namespace mote::client

// mote_state.hpp: owning handles of mote_state.h for hosted C++. Adds memory management, nothing else.
//
//   auto proof = mote::StateProof::open(root, height, bytes);
//   if (!proof) ...                                    // proof.status(), proof.verdict()
//   mote::StateAnswer answer = proof.lookup(key);
//   if (answer.present()) use(answer.value);
//   else if (answer.absent()) ...                      // else: this proof does not say
//
//   auto witness = mote::StateProof::open_witness(old_root, height - 1, bytes);
//   mote::StateOutcome outcome = mote::apply_block(witness, height, operations, operation_count);
//   if (outcome.accepted()) compare(outcome.root);
//
// Works without exceptions: a handle that could not be opened is empty and says why. An opened proof
// may be shared between threads.
#ifndef MOTE_MOTE_STATE_HPP
#define MOTE_MOTE_STATE_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include "mote/mote.hpp"
#include "mote/mote_state.h"

namespace mote
{
/// 32 bytes.
using StateRoot = std::array<std::uint8_t, MOTE_STATE_ROOT_BYTES>;

/// What a proof says about a key.
struct StateAnswer
{
    mote_status status = MOTE_INVALID_ARGUMENT;
    std::uint32_t answer = MOTE_STATE_UNPROVEN;
    View value;  ///< of a present key; lives as long as the proof

    [[nodiscard]] bool present() const noexcept { return answer == MOTE_STATE_PRESENT; }
    [[nodiscard]] bool absent() const noexcept { return answer == MOTE_STATE_ABSENT; }
    /// Another proof may say.
    [[nodiscard]] bool unproven() const noexcept { return answer == MOTE_STATE_UNPROVEN; }
};

/// What a call said about a block.
struct StateOutcome
{
    mote_status status = MOTE_INVALID_ARGUMENT;
    mote_state_verdict verdict{sizeof(mote_state_verdict), 0, 0, 0, 0};
    StateRoot root{};  ///< after the block; zeros unless accepted

    [[nodiscard]] bool accepted() const noexcept
    {
        return status == MOTE_OK && verdict.accepted == 1;
    }
    /// The witness is not enough.
    [[nodiscard]] bool rejected() const noexcept
    {
        return status == MOTE_OK && verdict.accepted == 0;
    }
    /// The block is void.
    [[nodiscard]] bool malformed() const noexcept { return status == MOTE_MALFORMED; }
};

/// A proof or witness that is under a root. Copies share one.
class StateProof
{
  public:
    /// `height`: of the root's block, or MOTE_STATE_NO_HEIGHT.
    static StateProof open(const StateRoot& root, std::uint64_t height, View proof)
    {
        return open_with(mote_state_proof_open, root, height, proof);
    }
    /// Against the root before the witness's block, with the height of that root.
    static StateProof open_witness(const StateRoot& root, std::uint64_t height, View witness)
    {
        return open_with(mote_state_witness_open, root, height, witness);
    }

    explicit operator bool() const noexcept { return object_ != nullptr; }
    [[nodiscard]] const mote_state_proof* get() const noexcept { return object_; }
    [[nodiscard]] mote_status status() const noexcept { return status_; }
    [[nodiscard]] const mote_state_verdict& verdict() const noexcept { return verdict_; }
    /// Well formed, and under another root.
    [[nodiscard]] bool rejected() const noexcept
    {
        return status_ == MOTE_OK && verdict_.accepted == 0;
    }
    [[nodiscard]] bool malformed() const noexcept { return status_ == MOTE_MALFORMED; }

    /// See mote_state_lookup().
    [[nodiscard]] StateAnswer lookup(View key) const noexcept
    {
        StateAnswer a;
        mote_span value{};
        a.status = mote_state_lookup(&a.answer, &value, object_, key.data, key.bytes);
        a.value = {value.data, value.bytes};
        return a;
    }
    /// See mote_state_lookup_after().
    [[nodiscard]] StateAnswer lookup_after(View key, std::uint64_t height) const noexcept
    {
        StateAnswer a;
        mote_span value{};
        a.status = mote_state_lookup_after(&a.answer, &value, object_, key.data, key.bytes, height);
        a.value = {value.data, value.bytes};
        return a;
    }

  private:
    static StateProof open_with(decltype(&mote_state_proof_open) open, const StateRoot& root,
                                std::uint64_t height, View proof)
    {
        StateProof result;
        std::size_t bytes = 0;
        result.status_ = mote_state_proof_size(&bytes, proof.bytes);
        if (result.status_ != MOTE_OK)
            return result;
        result.memory_ = std::make_shared<detail::Memory>(bytes);
        result.status_ = open(&result.object_, &result.verdict_, result.memory_->data.get(), bytes,
                              root.data(), height, proof.data, proof.bytes);
        return result;
    }

    mote_status status_ = MOTE_INVALID_ARGUMENT;
    mote_state_verdict verdict_{sizeof(mote_state_verdict), 0, 0, 0, 0};
    std::shared_ptr<detail::Memory> memory_;
    mote_state_proof* object_ = nullptr;
};

/// See mote_state_apply().
inline StateOutcome apply_block(const StateProof& witness, std::uint64_t height,
                                const mote_state_operation* operations, std::size_t operation_count)
{
    StateOutcome o;
    std::size_t bytes = 0;
    o.status = mote_state_apply_size(&bytes, witness.get(), operation_count);
    if (o.status != MOTE_OK)
        return o;
    const detail::Memory memory(bytes);
    o.status = mote_state_apply(o.root.data(), &o.verdict, memory.data.get(), bytes, witness.get(),
                                height, operations, operation_count);
    return o;
}
}  // namespace mote

#endif  // MOTE_MOTE_STATE_HPP

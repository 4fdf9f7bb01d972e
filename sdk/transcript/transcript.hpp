// Transcript: the conversation between prover and verifier, made deterministic by hashing it.
//
// A state of 32 bytes and a step counter. Every message is one hash of (state, counter, message),
// every challenge one hash of (state, counter), so a challenge depends on everything said before it
// and nothing can be moved, added or left out. Most messages come in two steps, a 32-byte label word
// and the content. Worked case: Transcript("Jolt") has the state 06ce2c10...e547 and 0 steps; after
// append_label("test") the state is a5440503...2135 and challenge() is 08cea0de...0dcd.
//
// Two decodings of the same 16 squeezed bytes exist and are not interchangeable: challenge() for the
// rounds of sumchecks, challenge_scalar() for nearly everything else.
//
// Source  [JOLT] crates/jolt-transcript/src/{digest,legacy}.rs; hash: [RFC7693].
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/bytes.hpp"
#include "field/bn254.hpp"
#include "port/observer.hpp"

namespace mote::transcript
{
using field::Fr;

class Transcript
{
  public:
    static constexpr std::size_t state_bytes = 32;
    static constexpr std::size_t label_bytes_max = 32;
    static constexpr std::size_t counted_label_bytes_max = 24;
    /// Length of the encoding of a commitment, an element of the target group.
    static constexpr std::size_t commitment_bytes = 384;

    /// Starts with the hash of `label`, padded with zeros to 32 bytes.
    ///
    /// Shape   label: at most 32 characters.
    /// Memory  observer: the caller's, must outlive this; on_transcript is called after every step.
    explicit Transcript(const char* label, const Observer* observer = nullptr) noexcept;

    /// Absorbs bytes as they are, without their length. No bytes are a step as well.
    ///
    /// Cost    one hash of 64 + message.size() bytes.
    void append(Bytes message) noexcept;

    /// Absorbs `label`, padded with zeros to 32 bytes.
    ///
    /// Shape   label: at most 32 characters.
    void append_label(const char* label) noexcept;

    /// Absorbs `label` padded to 24 bytes and then `count`, 8 bytes big-endian: one step.
    ///
    /// Shape   label: at most 24 characters.
    void append_label_with_count(const char* label, std::uint64_t count) noexcept;

    /// Absorbs 24 zero bytes and 8 bytes big-endian.
    void append_u64(std::uint64_t value) noexcept;

    /// Absorbs the canonical integer, 32 bytes big-endian.
    void append_field(const Fr& value) noexcept;

    /// The same for an element that is still in the encoding of a proof, without arithmetic.
    ///
    /// Shape   encoding: 32 bytes little-endian, below the modulus.
    void append_field(Bytes encoding) noexcept;

    /// append_label, append_u64.
    void labelled_u64(const char* label, std::uint64_t value) noexcept;

    /// append_label_with_count of the size, append: two steps also when there are no bytes.
    void labelled_bytes(const char* label, Bytes message) noexcept;

    /// append_label, append_field.
    void labelled_field(const char* label, const Fr& value) noexcept;
    void labelled_field(const char* label, Bytes encoding) noexcept;

    /// append_label_with_count of 384, then the encoding with all its bytes reversed.
    ///
    /// Shape   encoding: 384 bytes in the order of the proof.
    void commitment(const char* label, Bytes encoding) noexcept;

    /// Absorbs an element of a Dory proof: "dory_serde" with its size, then the encoding unreversed.
    ///
    /// Source  [JOLT] crates/jolt-dory/src/transcript.rs.
    void dory_element(Bytes encoding) noexcept;

    /// Squeezes a challenge of 125 bits: v / 2^128, v the little-endian integer of the 16 bytes with
    /// its three top bits cleared.
    ///
    /// Units   the limbs (0, 0, v mod 2^64, v >> 64) are the Montgomery form with radix 2^256.
    [[nodiscard]] Fr challenge() noexcept;

    /// Squeezes a challenge of 128 bits: the big-endian integer of the 16 bytes.
    [[nodiscard]] Fr challenge_scalar() noexcept;

    /// The state, 32 bytes; valid as long as this.
    [[nodiscard]] Bytes state() const noexcept { return {state_, state_bytes}; }

    /// Steps so far, messages and challenges.
    [[nodiscard]] std::uint32_t steps() const noexcept { return steps_; }

  private:
    void step(Bytes message) noexcept;

    std::uint8_t state_[state_bytes];
    std::uint32_t steps_ = 0;
    const Observer* observer_;
};
}  // namespace mote::transcript

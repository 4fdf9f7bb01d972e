// Keccak-256 and SHA3-256: one sponge, two paddings.
//
// What the EVM calls Keccak-256 is the submission to NIST's contest, whose padding starts with the
// byte 0x01; the standard that came of it, SHA3-256, starts with 0x06. All else is the same, and no
// digest of one is ever a digest of the other. The EVM sees Keccak-256 only.
//
// Worked cases, the empty message:
//     keccak_256({}) = c5d2460186f7233c 927e7db2dcc703c0 e500b653ca82273b 7bfad8045d85a470
//     sha3_256({})   = a7ffc6f8bf1ed766 51c14756a061d662 f580ff4de43b49fa 82d80a4b80f8434a
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/bytes.hpp"

namespace mote::hash
{
/// The 1600 bits that Keccak permutes: lane (x, y) of [FIPS202] is element x + 5 y, and byte i of the
/// state is byte i mod 8 of element i / 8, least significant first.
using KeccakState = std::array<std::uint64_t, 25>;

/// Applies the permutation Keccak-f[1600].
///
/// Errors  none.
/// Cost    24 rounds of about 150 operations on 64-bit words; 400 bytes of frame.
/// Timing  constant.
/// Source  [FIPS202] section 3.3 with w = 64, nr = 24.
void keccak_f1600(KeccakState& state) noexcept;

/// Hashes one message that arrives in parts; base of Keccak256 and Sha3_256.
///
/// Errors  none.
/// Memory  208 bytes, no pointers into the parts: bytes go straight into the state. Nothing is wiped.
/// Cost    one permutation per 136 bytes of (message + 1), rounded up.
/// Timing  depends on lengths only.
/// Source  [FIPS202] sections 4 and 6.1: capacity 512 bits, output 256 bits, which the first rate
///         block holds entirely.
class KeccakSponge256
{
  public:
    static constexpr std::size_t digest_bytes = 32;
    static constexpr std::size_t rate_bytes = 200 - 2 * digest_bytes;

    /// Appends `part` to the message.
    ///
    /// Shape   any length, also 0.
    void update(Bytes part) noexcept;

    /// Ends the message and writes its digest. Afterwards the object can only be assigned to.
    void finish(std::span<std::uint8_t, digest_bytes> digest) noexcept;

  protected:
    /// Units   padding: the first padding byte, that is the domain bits, then the first 1 of pad10*1.
    explicit KeccakSponge256(std::uint8_t padding) noexcept : padding_(padding) {}

  private:
    KeccakState state_ = {};
    std::uint32_t position_ = 0;  // bytes of the current block already in state_, < rate_bytes
    std::uint8_t padding_;
};

/// Keccak-256 as in Ethereum.
///
/// Source  [KECCAK] as submitted in round 3: no domain bits, so the padding byte is 0x01.
class Keccak256 : public KeccakSponge256
{
  public:
    Keccak256() noexcept : KeccakSponge256(0x01) {}
};

/// SHA3-256.
///
/// Source  [FIPS202] section 6.1: domain bits 01, so the padding byte is 0x06.
class Sha3_256 : public KeccakSponge256
{
  public:
    Sha3_256() noexcept : KeccakSponge256(0x06) {}
};

/// Hashes `message` with Keccak-256.
///
/// Errors  none.
[[nodiscard]] std::array<std::uint8_t, 32> keccak_256(Bytes message) noexcept;

/// Hashes `message` with SHA3-256.
///
/// Errors  none.
[[nodiscard]] std::array<std::uint8_t, 32> sha3_256(Bytes message) noexcept;
}  // namespace mote::hash

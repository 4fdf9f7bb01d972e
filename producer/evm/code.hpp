// Code as the interpreter runs it: decoded once, checked once for each basic block.
//
// Bytes become a row of 8-byte instructions. Push data is decoded, jumps to constants are resolved, code
// that nothing reaches is left out. A basic block starts at a JUMPDEST, or after an instruction that must
// see the exact gas (GAS, SSTORE, calls, creates) or may jump (JUMPI), and opens with a `block`
// instruction: it takes the static gas of the whole block and checks the stack for it, so that the others
// need no checks. A block that fails halts its frame, which loses all gas and all effects, so nobody can
// see that it failed earlier than instruction by instruction.
//
// Worked case: 6001 600101 00 (PUSH1 1, PUSH1 1, ADD, STOP) becomes
//     block gas 9, needs 0 items, grows by 2 | push 1 | push 1 | add | stop
//
// A traced form has a `trace` instruction and a block for each instruction, and nothing is fused.
#pragma once

#include <span>

#include "base/arena.hpp"
#include "evm/fork.hpp"
#include "evm/types.hpp"

namespace mote::evm
{
/// op in the low 8 bits; of a block also the items it needs (12 bits) and grows by (12 bits).
struct Instruction
{
    std::uint32_t head = 0;
    std::uint32_t argument = 0;  ///< pushed value, index of a word, target, gas or position

    [[nodiscard]] constexpr std::uint8_t op() const noexcept
    {
        return static_cast<std::uint8_t>(head);
    }
    [[nodiscard]] constexpr std::uint32_t needs() const noexcept { return (head >> 8) & 0xfff; }
    [[nodiscard]] constexpr std::uint32_t grows() const noexcept { return head >> 20; }
};
static_assert(sizeof(Instruction) == 8);

/// Which of 64 positions are jump destinations, and how many came before them.
struct Destinations
{
    std::uint64_t bits = 0;
    std::uint64_t before = 0;
};

struct Code
{
    Bytes raw;
    const Instruction* instructions = nullptr;
    const Destinations* destinations = nullptr;  ///< one for each started 64 bytes
    const std::uint32_t* targets = nullptr;      ///< instruction of each destination
    const Word* words = nullptr;                 ///< pushed values of more than 32 bits

    /// The instruction at a jump destination; nullptr if the position is none.
    [[nodiscard]] const Instruction* destination(std::uint64_t position) const noexcept
    {
        if (position >= raw.size())
            return nullptr;
        const Destinations& d = destinations[position / 64];
        const std::uint64_t bit = std::uint64_t{1} << (position % 64);
        if ((d.bits & bit) == 0)
            return nullptr;
        const auto index = d.before + static_cast<std::uint64_t>(std::popcount(d.bits & (bit - 1)));
        return instructions + targets[index];
    }
};

/// Analyses code. `raw` is kept as a view.
///
/// Errors  false if the arena is too small; then nothing is taken from it.
/// Memory  at most 25 bytes for each byte of code and 64 more; twice that for a traced form.
/// Cost    two passes over the code.
[[nodiscard]] bool analyse(Bytes raw, Fork fork, bool traced, Arena& arena, Code& out) noexcept;

/// Analysed codes by their hash, in memory of a fixed size; when it is full everything is forgotten.
class CodeCache
{
  public:
    /// Memory  the caller's, for the life of the cache.
    CodeCache(MutableBytes memory, Fork fork, bool traced) noexcept;

    /// The analysed form of `raw`, whose hash is `hash`; nullptr if it does not fit.
    ///
    /// Memory  stays valid until clear(). The bytes are copied, so `raw` may go away.
    [[nodiscard]] const Code* find(const Hash& hash, Bytes raw) noexcept;

    /// Forgets everything if less than `bytes` are left. Call it between transactions.
    void make_room(std::size_t bytes) noexcept;

    [[nodiscard]] Fork fork() const noexcept { return fork_; }
    [[nodiscard]] bool traced() const noexcept { return traced_; }
    /// Changes whenever codes were forgotten.
    [[nodiscard]] std::uint64_t generation() const noexcept { return generation_; }

  private:
    struct Entry
    {
        Hash hash;
        Code code;
    };
    void clear() noexcept;

    Arena arena_;
    std::size_t bytes_;
    Fork fork_;
    bool traced_;
    std::uint64_t generation_ = 0;
    Entry** slots_ = nullptr;
    std::size_t count_ = 0;
    std::size_t slot_count_ = 0;
};
}  // namespace mote::evm

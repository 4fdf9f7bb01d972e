// Recipes: what a call will touch, learned from what calls like it touched.
//
// The compiler of a contract lays out its storage by rule: an entry of a mapping is at keccak(key || base), of a
// mapping of mappings at keccak(key2 || keccak(key1 || base)), a field of a struct a little behind. So the
// accesses of a call are formulas of its calldata, its sender and constants, the same for every call of one
// function of one code:
//
//   transfer(to, amount) of a token:   slot keccak(sender || 0)      slot keccak(word 0 || 0)
//
// They are found backwards. A slot that is the digest of 64 bytes that the call hashed is a hash of two words, each of
// which is again a digest, a word of the calldata, the sender, the contract, or a constant. Where several
// sources have that value, each is a formula; the next calls show which is true.
//
// A recipe only decides how fast a block is executed. So a contract may lie as it likes: what it costs is bounded
// by the *_max below, and formulas that turn out wrong are forgotten.
#pragma once

#include <array>
#include <cstdint>
#include <list>
#include <span>
#include <unordered_map>
#include <vector>

#include "fafo/predicted.hpp"

namespace mote::fafo
{
using AddressBytes = std::array<std::uint8_t, 20>;
using WordBytes = std::array<std::uint8_t, 32>;

struct Call
{
    AddressBytes sender, to;
    WordBytes code_hash;  ///< of the code that runs for `to`
    std::span<const std::uint8_t> data;
};

/// What an executed transaction touched.
struct TrueAccess
{
    AddressBytes address;
    std::uint8_t kind;  ///< of StateKey
    WordBytes slot;     ///< big-endian, if it is one
    Mode mode;
};

/// What it hashed, 64 bytes at a time.
struct Preimage
{
    std::array<std::uint8_t, 64> input;
    WordBytes digest;
};

/// How a word comes about: steps on a stack.
struct Step
{
    enum class Kind : std::uint8_t
    {
        constant,
        sender,
        to,
        word,    ///< of the calldata, behind the selector
        hash,    ///< of the two topmost
        offset,  ///< added to the topmost
    };
    Kind kind;
    std::uint16_t number = 0;  ///< of the word; or the offset
    WordBytes value{};         ///< the constant

    friend bool operator==(const Step&, const Step&) noexcept = default;
};

struct Formula
{
    Step address;
    std::vector<Step> slot;  ///< empty where the key is none
    std::uint8_t kind;       ///< of StateKey
    Mode mode;
    std::uint32_t hits = 1, misses = 0;
};

class Recipes
{
  public:
    static constexpr std::size_t formulas_max = 48;   ///< of a recipe
    static constexpr std::size_t steps_max = 16;      ///< of a formula
    static constexpr std::size_t words_max = 16;      ///< of the calldata
    static constexpr std::size_t accesses_max = 128;  ///< of a transaction, that are looked at
    static constexpr std::size_t preimages_max = 128;

    /// Shape   recipes_max: what is kept; the one learned from longest ago makes room.
    /// Units   seed: secret, see hash_of.
    Recipes(std::size_t recipes_max, std::uint64_t seed);

    /// Learns from what a call touched, if it ran to its end. One thread at a time, while nobody predicts.
    void learn(const Call& call, std::span<const TrueAccess> accesses,
               std::span<const Preimage> preimages);

    /// Appends what a call will touch, each key once. Returns false if nothing is known of it yet. Several
    /// threads at once.
    ///
    /// Cost    a Keccak permutation for each hash of its formulas.
    [[nodiscard]] bool predict(const Call& call, std::vector<PredictedAccess>& out) const;

    struct Stats
    {
        std::uint64_t recipes = 0, formulas = 0;  ///< that are kept
        std::uint64_t learned = 0, forgotten = 0, evicted = 0;
    };
    [[nodiscard]] const Stats& stats() const { return stats_; }

  private:
    struct Recipe
    {
        std::vector<Formula> formulas;
        std::list<StateKey>::iterator age;
    };

    Recipe& recipe_of(const StateKey& key);

    std::size_t recipes_max_;
    std::unordered_map<StateKey, Recipe, SeededHash> recipes_;
    std::list<StateKey> ages_;  // newest first
    Stats stats_;
};

/// Every way, up to a limit, in which a word may come about; likelier ones first.
[[nodiscard]] std::vector<std::vector<Step>> explain(const WordBytes& value, const Call& call,
                                                     std::span<const Preimage> preimages);
/// The word that steps make of a call.
[[nodiscard]] WordBytes evaluate(std::span<const Step> steps, const Call& call);
}  // namespace mote::fafo

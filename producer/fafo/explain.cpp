// How words come about: explain() and evaluate().
#include <algorithm>
#include <cstring>

#include "base/assert.hpp"
#include "base/bytes.hpp"
#include "fafo/recipes.hpp"
#include "hash/keccak.hpp"

namespace mote::fafo
{
namespace
{
constexpr std::size_t ways_max = 4;
constexpr unsigned depth_max = 4;

using Ways = std::vector<std::vector<Step>>;

WordBytes word_of(const AddressBytes& address)
{
    WordBytes word = {};
    std::copy(address.begin(), address.end(), word.begin() + 12);
    return word;
}

std::size_t words_in(const Call& call)
{
    return call.data.size() <= 4 ? 0
                                 : std::min(Recipes::words_max, (call.data.size() - 4 + 31) / 32);
}

// Behind its end calldata is zero.
WordBytes word_at(const Call& call, std::size_t number)
{
    WordBytes word = {};
    const std::size_t at = 4 + 32 * number;
    if (at < call.data.size())
        std::memcpy(word.data(), call.data.data() + at,
                    std::min<std::size_t>(32, call.data.size() - at));
    return word;
}

// Below 2^32 are the numbers of a contract's variables, and rarely an argument.
bool is_small(const WordBytes& word)
{
    return std::all_of(word.begin(), word.end() - 4, [](std::uint8_t byte) { return byte == 0; });
}

// value - from, if it is from 1 to 2^16 - 1; else 0. A carry beyond 32 bits is not looked for: one digest in
// 2^16 at most has it.
std::uint16_t distance(const WordBytes& value, const WordBytes& from)
{
    if (!std::equal(value.begin(), value.begin() + 28, from.begin()))
        return 0;
    const std::uint32_t difference =
        load_be<std::uint32_t>(value.data() + 28) - load_be<std::uint32_t>(from.data() + 28);
    return difference < 1U << 16 ? static_cast<std::uint16_t>(difference) : std::uint16_t{0};
}

void add_offset(WordBytes& word, std::uint32_t offset)
{
    for (std::size_t i = 32; i-- > 0 && offset != 0; offset >>= 8)
    {
        offset += word[i];
        word[i] = static_cast<std::uint8_t>(offset);
    }
}

Ways sources(const WordBytes& value, const Call& call)
{
    Ways ways;
    if (is_small(value))
        ways.push_back({{Step::Kind::constant, 0, value}});
    for (std::size_t i = 0; i < words_in(call) && ways.size() < ways_max; ++i)
        if (word_at(call, i) == value)
            ways.push_back({{Step::Kind::word, static_cast<std::uint16_t>(i)}});
    if (word_of(call.sender) == value)
        ways.push_back({{Step::Kind::sender}});
    if (word_of(call.to) == value)
        ways.push_back({{Step::Kind::to}});
    // A large one that is also an argument is rarely a constant; if it is, the next call shows it.
    if (ways.empty())
        ways.push_back({{Step::Kind::constant, 0, value}});
    ways.resize(std::min(ways.size(), ways_max));
    return ways;
}

Ways ways_to(const WordBytes& value, const Call& call, std::span<const Preimage> preimages,
             unsigned depth);

Ways ways_to_digest(const Preimage& preimage, const Call& call, std::span<const Preimage> preimages,
                    unsigned depth)
{
    WordBytes left, right;
    std::copy_n(preimage.input.begin(), 32, left.begin());
    std::copy_n(preimage.input.begin() + 32, 32, right.begin());
    Ways ways;
    const Ways rights = ways_to(right, call, preimages, depth + 1);
    for (const std::vector<Step>& first : ways_to(left, call, preimages, depth + 1))
        for (const std::vector<Step>& second : rights)
            if (ways.size() < ways_max && first.size() + second.size() < Recipes::steps_max)
            {
                ways.push_back(first);
                ways.back().insert(ways.back().end(), second.begin(), second.end());
                ways.back().push_back({Step::Kind::hash});
            }
    return ways;
}

Ways ways_to(const WordBytes& value, const Call& call, std::span<const Preimage> preimages,
             unsigned depth)
{
    if (depth < depth_max && !is_small(value))
    {
        for (const Preimage& preimage : preimages)
            if (preimage.digest == value)
                return ways_to_digest(preimage, call, preimages, depth);
        for (const Preimage& preimage : preimages)
            if (const std::uint16_t offset = distance(value, preimage.digest); offset != 0)
            {
                Ways ways = ways_to_digest(preimage, call, preimages, depth);
                for (std::vector<Step>& steps : ways)
                    steps.push_back({Step::Kind::offset, offset});
                return ways;
            }
    }
    return sources(value, call);
}
}  // namespace

Ways explain(const WordBytes& value, const Call& call, std::span<const Preimage> preimages)
{
    return ways_to(value, call, preimages.first(std::min(preimages.size(), Recipes::preimages_max)),
                   0);
}

WordBytes evaluate(std::span<const Step> steps, const Call& call)
{
    std::array<WordBytes, Recipes::steps_max + 1> stack;
    std::size_t size = 0;
    for (const Step& step : steps)
        switch (step.kind)
        {
            case Step::Kind::constant:
                stack[size++] = step.value;
                break;
            case Step::Kind::sender:
                stack[size++] = word_of(call.sender);
                break;
            case Step::Kind::to:
                stack[size++] = word_of(call.to);
                break;
            case Step::Kind::word:
                stack[size++] = word_at(call, step.number);
                break;
            case Step::Kind::hash:
            {
                std::array<std::uint8_t, 64> input;
                --size;
                std::copy(stack[size - 1].begin(), stack[size - 1].end(), input.begin());
                std::copy(stack[size].begin(), stack[size].end(), input.begin() + 32);
                stack[size - 1] = hash::keccak_256(input);
                break;
            }
            case Step::Kind::offset:
                add_offset(stack[size - 1], step.number);
                break;
        }
    MOTE_ASSERT(size == 1);
    return stack[0];
}
}  // namespace mote::fafo

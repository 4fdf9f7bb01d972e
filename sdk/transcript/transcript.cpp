#include "transcript/transcript.hpp"

#include <cstring>

#include "base/assert.hpp"
#include "hash/blake2b.hpp"

namespace mote::transcript
{
namespace
{
/// Copies `label` to the front of a zeroed word of `Room` label bytes.
template <std::size_t Room>
void put_label(std::uint8_t* word, const char* label) noexcept
{
    std::size_t length = 0;
    while (length < Room && label[length] != '\0')
        ++length;
    MOTE_ASSERT(label[length] == '\0');
    std::memcpy(word, label, length);
}
}  // namespace

Transcript::Transcript(const char* label, const Observer* observer) noexcept : observer_(observer)
{
    std::uint8_t word[label_bytes_max] = {};
    put_label<label_bytes_max>(word, label);
    hash::Blake2b hasher(state_bytes);
    hasher.update(word);
    hasher.finish(state_);
}

void Transcript::step(Bytes message) noexcept
{
    // The counter is the last four bytes of a 32-byte big-endian word.
    std::uint8_t head[state_bytes + 32] = {};
    std::memcpy(head, state_, state_bytes);
    store_be(head + sizeof head - 4, steps_);

    hash::Blake2b hasher(state_bytes);
    hasher.update(head);
    hasher.update(message);
    hasher.finish(state_);
    ++steps_;
    if (observer_ != nullptr && observer_->on_transcript != nullptr)
        observer_->on_transcript(observer_->context, steps_, state_);
}

void Transcript::append(Bytes message) noexcept { step(message); }

void Transcript::append_label(const char* label) noexcept
{
    std::uint8_t word[32] = {};
    put_label<label_bytes_max>(word, label);
    step(word);
}

void Transcript::append_label_with_count(const char* label, std::uint64_t count) noexcept
{
    std::uint8_t word[32] = {};
    put_label<counted_label_bytes_max>(word, label);
    store_be(word + 24, count);
    step(word);
}

void Transcript::append_u64(std::uint64_t value) noexcept
{
    std::uint8_t word[32] = {};
    store_be(word + 24, value);
    step(word);
}

void Transcript::append_field(const Fr& value) noexcept
{
    std::uint8_t word[32];
    value.to_bytes_be(word);
    step(word);
}

void Transcript::append_field(Bytes encoding) noexcept
{
    std::uint8_t word[32];
    MOTE_ASSERT(encoding.size() == sizeof word);
    for (std::size_t i = 0; i < sizeof word; ++i)
        word[i] = encoding[sizeof word - 1 - i];
    step(word);
}

void Transcript::labelled_u64(const char* label, std::uint64_t value) noexcept
{
    append_label(label);
    append_u64(value);
}

void Transcript::labelled_bytes(const char* label, Bytes message) noexcept
{
    append_label_with_count(label, message.size());
    step(message);
}

void Transcript::labelled_field(const char* label, const Fr& value) noexcept
{
    append_label(label);
    append_field(value);
}

void Transcript::labelled_field(const char* label, Bytes encoding) noexcept
{
    append_label(label);
    append_field(encoding);
}

void Transcript::commitment(const char* label, Bytes encoding) noexcept
{
    MOTE_ASSERT(encoding.size() == commitment_bytes);
    std::uint8_t reversed[commitment_bytes];
    for (std::size_t i = 0; i < commitment_bytes; ++i)
        reversed[i] = encoding[commitment_bytes - 1 - i];
    append_label_with_count(label, commitment_bytes);
    step(reversed);
}

void Transcript::dory_element(Bytes encoding) noexcept
{
    append_label_with_count("dory_serde", encoding.size());
    step(encoding);
}

Fr Transcript::challenge() noexcept
{
    step({});
    const std::uint64_t high = load_le64(state_ + 8) & (~std::uint64_t{0} >> 3);
    return Fr::from_montgomery_256({0, 0, load_le64(state_), high});
}

Fr Transcript::challenge_scalar() noexcept
{
    step({});
    return Fr::from_u128(load_be<std::uint64_t>(state_ + 8), load_be<std::uint64_t>(state_));
}
}  // namespace mote::transcript

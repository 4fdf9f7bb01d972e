// The transcript against its published steps and against the definition of a step, hashed at once.
#include <catch2/catch.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "hash/blake2b.hpp"
#include "transcript/transcript.hpp"

namespace
{
using mote::Bytes;
using mote::field::Fr;
using mote::transcript::Transcript;
using Buffer = std::vector<std::uint8_t>;

std::string hex(Bytes bytes)
{
    std::string text;
    for (const std::uint8_t byte : bytes)
    {
        text += "0123456789abcdef"[byte >> 4];
        text += "0123456789abcdef"[byte & 15];
    }
    return text;
}

std::string hex(const Fr& x)
{
    std::uint8_t bytes[32];
    x.to_bytes_be(bytes);
    return hex(bytes);
}

Buffer text(const std::string& s, std::size_t room)
{
    Buffer out(s.begin(), s.end());
    out.resize(room);
    return out;
}

Buffer big_endian(std::uint64_t value, std::size_t bytes)
{
    Buffer out(bytes);
    for (std::size_t i = 0; i < 8 && i < bytes; ++i)
        out[bytes - 1 - i] = static_cast<std::uint8_t>(value >> (8 * i));
    return out;
}

Buffer pattern(std::size_t bytes)
{
    Buffer out;
    for (std::size_t i = 0; i < bytes; ++i)
        out.push_back(static_cast<std::uint8_t>(7 * i + 3));
    return out;
}

// The definition: state <- H(state || 28 zeros || counter || message), one array, one hash.
class Model
{
  public:
    explicit Model(const std::string& label) { set(text(label, 32)); }

    void append(const Buffer& message)
    {
        Buffer all(state.begin(), state.end());
        all.resize(all.size() + 28);
        const Buffer counter = big_endian(steps++, 4);
        all.insert(all.end(), counter.begin(), counter.end());
        all.insert(all.end(), message.begin(), message.end());
        set(all);
    }

    Buffer state;
    std::uint32_t steps = 0;

  private:
    void set(const Buffer& message)
    {
        const auto digest = mote::hash::blake2b_256(message);
        state.assign(digest.begin(), digest.end());
    }
};

void check_same(const Transcript& transcript, const Model& model)
{
    CHECK(hex(transcript.state()) == hex(model.state));
    CHECK(transcript.steps() == model.steps);
}

// v / 2^128 with v the first 16 bytes, little-endian, without its three top bits.
Fr challenge_of(const Buffer& state)
{
    Buffer v(state.begin(), state.begin() + 16);
    v[15] &= 0x1f;
    const Fr two_to_128 = Fr::from_u128(0, std::uint64_t{1} << 63).twice();
    return Fr::from_u128(mote::load_le64(v.data()), mote::load_le64(v.data() + 8)) *
           two_to_128.inverse();
}

// The 16 bytes as one big-endian integer.
Fr scalar_of(const Buffer& state)
{
    Fr value;
    for (std::size_t i = 0; i < 16; ++i)
        value = value * Fr::from_u64(256) + Fr::from_u64(state[i]);
    return value;
}
}  // namespace

// States and challenges computed by two other implementations of [JOLT] crates/jolt-transcript.
TEST_CASE("transcript reproduces the published first steps", "[transcript]")
{
    Transcript t("Jolt");
    CHECK(hex(t.state()) == "06ce2c10d1d2801c48c859d7cb16510476b0d48667d9562ed021b20d9a05e547");
    CHECK(t.steps() == 0);
    t.append_label("test");
    CHECK(hex(t.state()) == "a5440503b8f61e39e6f6c705813259133b7fff72dda3a951af51b2189d7f2135");
    CHECK(t.steps() == 1);
    CHECK(hex(t.challenge()) == "08cea0dec892d8ce40536c9e20b1bf6e8759d1595bcb79aa57fe06a417c90dcd");
    CHECK(hex(t.state()) == "23fead610852407725480058d02f982e0a2f6daff4aaa000ee6f2f5194d6acfe");
    CHECK(t.steps() == 2);
    CHECK(hex(t.challenge_scalar()) ==
          "00000000000000000000000000000000d2cc6d94acc4cf3369e9c34730794290");
    CHECK(hex(t.state()) == "d2cc6d94acc4cf3369e9c34730794290ac359befe44cb188fddb29bb3ee6caa4");
    CHECK(t.steps() == 3);
}

TEST_CASE("every form of message is one hash of state, counter and bytes", "[transcript]")
{
    Transcript t("a label of exactly 32 characters");
    Model m("a label of exactly 32 characters");
    check_same(t, m);

    // Lengths around the block of the hash, with the 64 bytes in front.
    for (const std::size_t bytes :
         {0U, 1U, 31U, 32U, 63U, 64U, 65U, 127U, 128U, 129U, 191U, 192U, 193U, 500U})
    {
        t.append(pattern(bytes));
        m.append(pattern(bytes));
        check_same(t, m);
    }

    t.append_label("");
    m.append(text("", 32));
    t.append_label("12345678901234567890123456789012");
    m.append(text("12345678901234567890123456789012", 32));
    check_same(t, m);

    const auto counted = [&](const std::string& label, std::uint64_t count)
    {
        Buffer word = text(label, 24);
        const Buffer tail = big_endian(count, 8);
        word.insert(word.end(), tail.begin(), tail.end());
        m.append(word);
    };
    t.append_label_with_count("123456789012345678901234", 0x0102030405060708);
    counted("123456789012345678901234", 0x0102030405060708);
    check_same(t, m);

    t.append_u64(0xfedcba9876543210);
    m.append(big_endian(0xfedcba9876543210, 32));
    check_same(t, m);

    const Fr x = -Fr::from_u64(5);
    Buffer x_be(32), x_le(32);
    x.to_bytes_be(x_be.data());
    x.to_bytes_le(x_le.data());
    t.append_field(x);
    m.append(x_be);
    t.append_field(Bytes(x_le));
    m.append(x_be);
    check_same(t, m);

    t.labelled_u64("u", 7);
    m.append(text("u", 32));
    m.append(big_endian(7, 32));
    t.labelled_bytes("none", {});
    counted("none", 0);
    m.append({});
    t.labelled_bytes("some", pattern(5));
    counted("some", 5);
    m.append(pattern(5));
    t.labelled_field("x", x);
    m.append(text("x", 32));
    m.append(x_be);
    t.labelled_field("x", Bytes(x_le));
    m.append(text("x", 32));
    m.append(x_be);
    check_same(t, m);

    const Buffer encoding = pattern(384);
    t.commitment("c", encoding);
    counted("c", 384);
    m.append(Buffer(encoding.rbegin(), encoding.rend()));
    check_same(t, m);

    for (const std::size_t bytes : {32U, 64U, 384U})
    {
        t.dory_element(pattern(bytes));
        counted("dory_serde", bytes);
        m.append(pattern(bytes));
        check_same(t, m);
    }
}

TEST_CASE("both challenges are the first half of the new state, decoded in two ways",
          "[transcript]")
{
    Transcript t("Jolt");
    Model m("Jolt");
    bool top_bits_seen = false;
    for (int i = 0; i < 64; ++i)
    {
        const Fr challenge = t.challenge();
        m.append({});
        CHECK(challenge == challenge_of(m.state));
        top_bits_seen = top_bits_seen || m.state[15] >= 0x20;
        const Fr scalar = t.challenge_scalar();
        m.append({});
        CHECK(scalar == scalar_of(m.state));
    }
    check_same(t, m);
    CHECK(top_bits_seen);  // or the test has not seen them cleared
}

TEST_CASE("observer sees every step with its number and the state after it", "[transcript]")
{
    struct Seen
    {
        std::vector<std::uint32_t> steps;
        std::vector<std::string> states;
    } seen;
    mote::Observer observer;
    observer.context = &seen;
    observer.on_transcript = [](void* context, std::uint32_t steps, const std::uint8_t* state)
    {
        static_cast<Seen*>(context)->steps.push_back(steps);
        static_cast<Seen*>(context)->states.push_back(hex(Bytes(state, 32)));
    };
    Transcript t("Jolt", &observer);
    CHECK(seen.steps.empty());
    t.labelled_bytes("l", pattern(3));
    const std::string before = hex(t.state());
    static_cast<void>(t.challenge());
    CHECK(seen.steps == std::vector<std::uint32_t>{1, 2, 3});
    CHECK(seen.states[1] == before);
    CHECK(seen.states[2] == hex(t.state()));
}

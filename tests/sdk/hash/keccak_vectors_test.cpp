#include <catch2/catch.hpp>

#include "hash/keccak.hpp"
#include "hash_support.hpp"
#include "keccak_model.hpp"

using namespace hash_test;
using mote::Bytes;
using mote::hash::Keccak256;
using mote::hash::keccak_256;
using mote::hash::keccak_f1600;
using mote::hash::KeccakState;
using mote::hash::Sha3_256;
using mote::hash::sha3_256;

namespace
{
using Lanes = KeccakModel::Lanes;

KeccakState to_state(const Lanes& lanes)
{
    KeccakState state;
    for (std::size_t x = 0; x < 5; ++x)
        for (std::size_t y = 0; y < 5; ++y)
            state[x + 5 * y] = lanes[x][y];
    return state;
}

Lanes to_lanes(const KeccakState& state)
{
    Lanes lanes;
    for (std::size_t x = 0; x < 5; ++x)
        for (std::size_t y = 0; y < 5; ++y)
            lanes[x][y] = state[x + 5 * y];
    return lanes;
}

// Reads the file with the intermediate values. Everything it holds is read in order; a heading that
// is not where it should be throws.
class IntermediateValues
{
  public:
    IntermediateValues() : lines_(read_vectors("KeccakF-1600-IntermediateValues.txt")) {}

    std::string line()
    {
        for (std::string text; std::getline(lines_, text);)
        {
            while (!text.empty() && (text.back() == ' ' || text.back() == '\r'))
                text.pop_back();
            if (!text.empty())
                return text;
        }
        return {};
    }

    void expect(const std::string& heading)
    {
        const std::string found = line();
        if (found != heading)
            throw std::runtime_error("expected '" + heading + "', found '" + found + "'");
    }

    std::uint64_t value_after(const std::string& name, int base)
    {
        const std::string found = line();
        if (found.rfind(name + " =", 0) != 0)
            throw std::runtime_error("expected '" + name + "', found '" + found + "'");
        return std::stoull(found.substr(name.size() + 2), nullptr, base);
    }

    Lanes lanes()
    {
        Lanes out;
        for (std::size_t y = 0; y < 5; ++y)
        {
            std::istringstream row(line());
            for (std::size_t x = 0; x < 5; ++x)
            {
                std::string word;
                if (!(row >> word) || word.size() != 16)
                    throw std::runtime_error("five lanes expected");
                out[x][y] = std::stoull(word, nullptr, 16);
            }
        }
        return out;
    }

    // 200 bytes; each lane least significant byte first.
    KeccakState bytes()
    {
        std::istringstream row(line());
        ByteVector out;
        for (std::string word; row >> word;)
            out.push_back(from_hex(word).at(0));
        if (out.size() != 200)
            throw std::runtime_error("200 bytes expected");
        KeccakState state;
        for (std::size_t i = 0; i < 25; ++i)
            state[i] = mote::load_le64(out.data() + 8 * i);
        return state;
    }

  private:
    std::istringstream lines_;
};

// The model with the constants of the file, which it leaves at the first example.
KeccakModel read_model(IntermediateValues& file)
{
    KeccakModel model;
    file.expect("+++ The round constants +++");
    for (unsigned i = 0; i < 24; ++i)
    {
        const std::string number = (i < 10 ? "0" : "") + std::to_string(i);
        model.round_constants[i] = file.value_after("RC[" + number + "][0][0]", 16);
    }
    file.expect("+++ The rho offsets +++");
    for (std::size_t y = 0; y < 5; ++y)
        for (std::size_t x = 0; x < 5; ++x)
            model.rho_offsets[x][y] = static_cast<unsigned>(file.value_after(
                "RhoOffset[" + std::to_string(x) + "][" + std::to_string(y) + "]", 10));
    return model;
}

template <typename Hash, typename OneShot>
void check_records(const char* name, std::size_t count, OneShot one_shot)
{
    const std::vector<Record> records = parse_records(read_vectors(name));
    REQUIRE(records.size() == count);
    for (const Record& record : records)
    {
        INFO(name << ": " << record.message.size() << " bytes");
        REQUIRE(to_hex(one_shot(record.message)) == record.digest);

        Hash hash;
        update_in_pieces(hash, record.message, 1);
        std::array<std::uint8_t, 32> digest;
        hash.finish(digest);
        REQUIRE(to_hex(digest) == record.digest);
    }
}

// The sponge of [FIPS202] section 4 over the model, with the padding written out in bytes.
std::string model_digest(const KeccakModel& model, Bytes message, std::uint8_t padding)
{
    ByteVector padded(message.begin(), message.end());
    padded.push_back(padding);
    while (padded.size() % 136 != 0)
        padded.push_back(0);
    padded.back() |= 0x80;

    KeccakState state = {};
    for (std::size_t block = 0; block < padded.size(); block += 136)
    {
        for (std::size_t i = 0; i < 17; ++i)
            state[i] ^= mote::load_le64(padded.data() + block + 8 * i);
        state = to_state(model.permute(to_lanes(state)));
    }
    ByteVector digest(32);
    for (std::size_t i = 0; i < 4; ++i)
        mote::store_le(digest.data() + 8 * i, state[i]);
    return to_hex(digest);
}
}  // namespace

TEST_CASE("Keccak-f[1600] vectors: final states, and every step of the model")
{
    IntermediateValues file;
    const KeccakModel model = read_model(file);

    KeccakState state = {};
    for (int example = 0; example < 2; ++example)
    {
        file.expect(example == 0 ? "+++ Example with the all-zero input +++"
                                 : "+++ Example taking the previous output as input +++");
        file.expect("Input of permutation:");
        REQUIRE(file.bytes() == state);
        file.expect("Same, with lanes as 64-bit words:");
        Lanes lanes = file.lanes();
        REQUIRE(to_state(lanes) == state);

        for (std::size_t round = 0; round < 24; ++round)
        {
            INFO("example " << example << ", round " << round);
            file.expect("--- Round " + std::to_string(round) + " ---");
            file.expect("After theta:");
            lanes = model.theta(lanes);
            REQUIRE(lanes == file.lanes());
            file.expect("After rho:");
            lanes = model.rho(lanes);
            REQUIRE(lanes == file.lanes());
            file.expect("After pi:");
            lanes = model.pi(lanes);
            REQUIRE(lanes == file.lanes());
            file.expect("After chi:");
            lanes = model.chi(lanes);
            REQUIRE(lanes == file.lanes());
            file.expect("After iota:");
            lanes = model.iota(lanes, round);
            REQUIRE(lanes == file.lanes());
        }

        file.expect("State after permutation:");
        const KeccakState expected = file.bytes();
        REQUIRE(expected == to_state(lanes));
        keccak_f1600(state);
        REQUIRE(state == expected);
    }
    REQUIRE(file.line().empty());
}

TEST_CASE("Keccak-f[1600] is the model, on random and one-bit states")
{
    IntermediateValues file;
    const KeccakModel model = read_model(file);

    std::mt19937_64 random(4);
    for (int i = 0; i < 300; ++i)
    {
        KeccakState state;
        for (std::uint64_t& lane : state)
            lane = random();
        const KeccakState expected = to_state(model.permute(to_lanes(state)));
        keccak_f1600(state);
        REQUIRE(state == expected);
    }
    for (std::size_t bit = 0; bit < 1600; ++bit)
    {
        KeccakState state = {};
        state[bit / 64] = std::uint64_t{1} << (bit % 64);
        const KeccakState expected = to_state(model.permute(to_lanes(state)));
        keccak_f1600(state);
        REQUIRE(state == expected);
    }
}

TEST_CASE("Keccak-256 and SHA3-256 of every length up to three blocks are those of the model")
{
    IntermediateValues file;
    const KeccakModel model = read_model(file);
    const ByteVector message = pattern(410);
    for (std::size_t n = 0; n <= message.size(); ++n)
    {
        const Bytes part = Bytes(message).first(n);
        REQUIRE(to_hex(keccak_256(part)) == model_digest(model, part, 0x01));
        REQUIRE(to_hex(sha3_256(part)) == model_digest(model, part, 0x06));
    }
}

TEST_CASE("Keccak-256 vectors: messages of many lengths")
{
    check_records<Keccak256>("keccak256.vec", 197, keccak_256);
}

TEST_CASE("SHA3-256 vectors: the short messages of the Keccak team")
{
    check_records<Sha3_256>("ShortMsgKAT_SHA3-256.txt", 188, sha3_256);
}

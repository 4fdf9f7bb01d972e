#include "openings/dory_proof.hpp"

#include <catch2/catch.hpp>

#include "sdk/jolt/bundle_support.hpp"

using namespace mote;
using namespace mote::test;
using openings::decode_dory_proof;
using openings::DoryProof;
using openings::FirstMessage;
using openings::SecondMessage;

namespace
{
Buffer u32(std::uint32_t v)
{
    Buffer out(4);
    for (std::size_t i = 0; i < 4; ++i)
        out[i] = static_cast<std::uint8_t>(v >> (8 * i));
    return out;
}

/// A blob in which no two elements begin alike: each element's bytes count up from a number that
/// is its own.
struct Blob
{
    Buffer bytes;
    std::uint32_t next = 1;

    std::size_t put(std::size_t size)
    {
        const std::size_t at = bytes.size();
        for (std::size_t i = 0; i < size; ++i)
            bytes.push_back(i < 4 ? static_cast<std::uint8_t>(next >> (8 * i)) : std::uint8_t{0});
        ++next;
        return at;
    }
    void add(const Buffer& b) { bytes.insert(bytes.end(), b.begin(), b.end()); }
};

constexpr std::size_t hiding_sizes[] = {64, 32, 64 + 32 + 96, 384 + 64, 4 * 384 + 32 + 64 + 96};

Buffer blob_of(std::uint32_t rounds, bool final_message, std::uint32_t hiding_mask)
{
    Blob b;
    b.put(384);
    b.put(384);
    b.put(32);
    b.add(u32(rounds));
    for (std::uint32_t i = 0; i < rounds; ++i)
        for (const std::size_t size : {384U, 384U, 384U, 384U, 32U, 64U})
            b.put(size);
    for (std::uint32_t i = 0; i < rounds; ++i)
        for (const std::size_t size : {384U, 384U, 32U, 32U, 64U, 64U})
            b.put(size);
    b.add({static_cast<std::uint8_t>(final_message ? 1 : 0)});
    if (final_message)
    {
        b.put(32);
        b.put(64);
    }
    b.add(u32(123));
    b.add(u32(0xfffffffe));
    for (std::size_t i = 0; i < 5; ++i)
    {
        const bool present = (hiding_mask >> i & 1) != 0;
        b.add({static_cast<std::uint8_t>(present ? 1 : 0)});
        if (present)
            b.put(hiding_sizes[i]);
    }
    return b.bytes;
}

std::uint32_t number(Bytes element) { return load_le32(element.data()); }
}  // namespace

TEST_CASE("Accessors give each element, for every number of rounds")
{
    for (std::uint32_t rounds = 0; rounds <= 64; ++rounds)
    {
        const Buffer bytes = blob_of(rounds, true, 0);
        REQUIRE(bytes.size() ==
                18 + 384 * (2 + 6 * rounds) + 32 * (2 + 3 * rounds) + 64 * (1 + 3 * rounds));
        const ExactBytes blob{Bytes(bytes)};
        DoryProof p;
        Report report;
        REQUIRE(decode_dory_proof(blob, 1000, 64, p, report) == Status::ok);
        REQUIRE(p.rounds == rounds);
        REQUIRE(p.nu == 123);
        REQUIRE(p.sigma == 0xfffffffe);
        std::uint32_t next = 1;
        REQUIRE(number(p.vmv_c) == next++);
        REQUIRE(number(p.vmv_d2) == next++);
        REQUIRE(number(p.vmv_e1) == next++);
        const std::size_t first_sizes[] = {384, 384, 384, 384, 32, 64};
        const std::size_t second_sizes[] = {384, 384, 32, 32, 64, 64};
        for (std::uint32_t i = 0; i < rounds; ++i)
            for (std::uint8_t name = 0; name < 6; ++name)
            {
                const Bytes element = p.first(i, static_cast<FirstMessage>(name));
                REQUIRE(element.size() == first_sizes[name]);
                REQUIRE(number(element) == next++);
                REQUIRE(p.offset_of(element) ==
                        1000 + static_cast<std::uint64_t>(element.data() - blob.begin()));
            }
        for (std::uint32_t i = 0; i < rounds; ++i)
            for (std::uint8_t name = 0; name < 6; ++name)
            {
                const Bytes element = p.second(i, static_cast<SecondMessage>(name));
                REQUIRE(element.size() == second_sizes[name]);
                REQUIRE(number(element) == next++);
            }
        REQUIRE(number(p.final_e1) == next++);
        REQUIRE(number(p.final_e2) == next++);
        REQUIRE(p.final_e1.size() == 32);
        REQUIRE(p.final_e2.size() == 64);
    }
}

TEST_CASE("More rounds than the format has are malformed, more than the setup has rejected")
{
    Report report;
    DoryProof p;
    for (const std::uint32_t rounds : {65U, 66U, 0x80000000U, UINT32_MAX})
    {
        Buffer bytes = blob_of(0, true, 0);
        std::copy_n(u32(rounds).begin(), 4, bytes.begin() + 800);
        REQUIRE(decode_dory_proof(bytes, 5, 64, p, report) == Status::malformed);
        REQUIRE(report.reason == Reason::too_many_elements);
        REQUIRE(report.field == Field::dory_rounds);
        REQUIRE(report.offset == 805);
    }
    for (const std::uint32_t rounds_max : {0U, 9U, 10U, 64U, UINT32_MAX})
    {
        const Buffer bytes = blob_of(10, true, 0);
        const Status status = decode_dory_proof(bytes, 5, rounds_max, p, report);
        if (rounds_max >= 10)
        {
            REQUIRE(status == Status::ok);
            continue;
        }
        REQUIRE(status == Status::rejected);
        REQUIRE(report.stage == Stage::dory);
        REQUIRE(report.reason == Reason::opening_shape);
        REQUIRE(report.field == Field::dory_rounds);
        REQUIRE(report.index == 10);
        REQUIRE(report.offset == 805);
        REQUIRE(p.rounds == 0);
        REQUIRE(p.blob.data() == nullptr);
    }
}

TEST_CASE("Fields of a hiding proof, or no final message, are rejected once all of it parsed")
{
    for (std::uint32_t mask = 0; mask < 32; ++mask)
        for (const bool final_message : {false, true})
        {
            const Buffer bytes = blob_of(3, final_message, mask);
            DoryProof p;
            Report report;
            const Status status = decode_dory_proof(bytes, 0, 64, p, report);
            if (mask == 0 && final_message)
            {
                REQUIRE(status == Status::ok);
                continue;
            }
            REQUIRE(status == Status::rejected);
            REQUIRE(report.stage == Stage::dory);
            REQUIRE(report.reason == Reason::opening_mode);
            REQUIRE(report.field == (mask != 0 ? Field::hiding_fields : Field::final_message));
            REQUIRE(bytes[report.offset] == (mask != 0 ? 1 : 0));
            if (mask != 0)
                REQUIRE(report.index == static_cast<std::uint32_t>(__builtin_ctz(mask)));
            REQUIRE(p.blob.data() == nullptr);

            // Malformed first: every cut, and one byte more.
            for (std::size_t cut = 0; cut < bytes.size(); cut += cut + 3000 < bytes.size() ? 57 : 1)
                if (decode_dory_proof(ExactBytes(Bytes(bytes).first(cut)), 0, 64, p, report) !=
                        Status::malformed ||
                    report.reason != Reason::truncated || report.offset > cut)
                    FAIL("cut at " << cut);
            Buffer longer = bytes;
            longer.push_back(0);
            REQUIRE(decode_dory_proof(longer, 0, 64, p, report) == Status::malformed);
            REQUIRE(report.reason == Reason::trailing_bytes);
            REQUIRE(report.field == Field::joint_opening_proof);
            REQUIRE(report.offset == bytes.size());
        }
}

TEST_CASE("Scalars of hiding fields are canonical too")
{
    for (std::uint32_t i = 2; i < 5; ++i)
    {
        Buffer bytes = blob_of(1, true, 1U << i);
        const std::size_t scalars = i == 3 ? 2 : 3;
        const std::size_t end = bytes.size() - (4 - i);  // the options behind it
        for (std::size_t k = 0; k < scalars; ++k)
        {
            Buffer changed = bytes;
            const std::size_t at = end - 32 * (scalars - k);
            std::copy(fr_modulus_be.rbegin(), fr_modulus_be.rend(),
                      changed.begin() + static_cast<std::ptrdiff_t>(at));
            DoryProof p;
            Report report;
            REQUIRE(decode_dory_proof(changed, 0, 64, p, report) == Status::malformed);
            REQUIRE(report.reason == Reason::field_not_canonical);
            REQUIRE(report.field == Field::hiding_fields);
            REQUIRE(report.index == i);
            REQUIRE(report.offset == at);
        }
    }
}

TEST_CASE("A cut message is named by its round")
{
    const Buffer bytes = blob_of(4, true, 0);
    for (std::uint32_t round = 0; round < 4; ++round)
    {
        const std::size_t first = 804 + DoryProof::first_bytes * round;
        const std::size_t second =
            804 + 4 * DoryProof::first_bytes + DoryProof::second_bytes * round;
        const std::pair<std::size_t, Field> places[] = {{first, Field::d1_left},
                                                        {second, Field::c_plus}};
        for (const auto& [at, field] : places)
        {
            DoryProof p;
            Report report;
            REQUIRE(decode_dory_proof(Bytes(bytes).first(at + 100), 7, 64, p, report) ==
                    Status::malformed);
            REQUIRE(report.field == field);
            REQUIRE(report.index == round);
            REQUIRE(report.offset == 7 + at);
        }
    }
}

TEST_CASE("Upstream's opening proofs, transparent and hiding")
{
    for (const char* name :
         {"muldiv", "committed-muldiv", "zk-muldiv", "zk-committed-muldiv", "zk-advice-consumer"})
    {
        const BundleEdit bundle(read_bundle(name));
        const Range range = bundle.content("proof.opening#");
        const std::size_t size = static_cast<std::size_t>(bundle.value("proof.opening#"));
        const Bytes blob = Bytes(bundle.bytes()).subspan(range.offset, size);
        DoryProof p;
        Report report;
        const Status status = decode_dory_proof(blob, range.offset, 10, p, report);
        const bool hiding = std::string(name).rfind("zk", 0) == 0;
        REQUIRE(status == (hiding ? Status::rejected : Status::ok));
        if (hiding)
        {
            REQUIRE(report.reason == Reason::opening_mode);
            REQUIRE(report.field == Field::hiding_fields);
            REQUIRE(report.index == 0);
            REQUIRE(report.offset == bundle.leaf("proof.opening.e2?").offset);
        }
    }
}

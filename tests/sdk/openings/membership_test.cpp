// GtBatch: whatever is added comes out again, or is named: field, index and offset of the culprit.
#include "openings/membership.hpp"

#include <catch2/catch.hpp>

#include "curve/pairing.hpp"
#include "sdk/jolt/bundle_support.hpp"

using namespace mote;
using namespace mote::test;
using openings::GtBatch;

namespace
{
/// Elements of GT: ht of the real setup and its powers.
std::vector<Buffer> members(std::size_t count)
{
    const Buffer bundle = read_bundle("committed-muldiv");
    jolt::BundleParts parts;
    Report report;
    REQUIRE(jolt::split_bundle(bundle, parts, report) == Status::ok);
    const Bytes setup = parts.setup.bytes;
    curve::Gt x;
    REQUIRE(curve::decode_fq12(setup.data() + setup.size() - 8 - 384, x.value) == Reason::none);
    REQUIRE(curve::in_gt(x.value));
    std::vector<Buffer> out;
    curve::Gt power = x;
    for (std::size_t i = 0; i < count; ++i, power = power * x)
    {
        out.emplace_back(384);
        curve::encode(power.value, out.back().data());
    }
    return out;
}

/// An element of the cyclotomic subgroup whose order is not r: only the second test sees it.
Buffer cyclotomic_but_wrong()
{
    curve::Fq12 x = curve::Fq12::one();
    Buffer two(384, 0);
    two[0] = 2;
    two[32 * 7] = 3;
    two[32 * 4] = 5;
    REQUIRE(curve::decode_fq12(two.data(), x) == Reason::none);
    // x^((p^6 - 1)(p^2 + 1))
    const curve::Fq12 y = x.conjugate() * x.inverse();
    const curve::Fq12 z = y.frobenius<2>() * y;
    REQUIRE(curve::in_cyclotomic_subgroup(z));
    REQUIRE(!curve::in_gt(z));
    Buffer out(384);
    curve::encode(z, out.data());
    return out;
}

struct Memory
{
    explicit Memory(std::size_t capacity)
        : bytes(GtBatch::memory_bytes(capacity)), memory(bytes / sizeof(std::max_align_t) + 1)
    {
    }
    std::size_t bytes;
    std::vector<std::max_align_t> memory;
};

// Around the size from which batches are tested together, and those of real proofs.
const std::size_t sizes[] = {1, 2, 3, 4, 5, 7, 8, 9, 12, 16, 17, 33, 85};
}  // namespace

TEST_CASE("Members come out as they were, in order")
{
    const std::vector<Buffer> all = members(85);
    for (const std::size_t n : sizes)
    {
        Memory m(n);
        Arena arena(m.memory.data(), m.bytes);
        GtBatch batch(arena, n);
        Report report;
        for (std::size_t i = 0; i < n; ++i)
        {
            REQUIRE(batch.count() == i);
            REQUIRE(batch.add(all[i], Field::chi, static_cast<std::uint32_t>(i), i, report) ==
                    Status::ok);
        }
        const std::size_t used = arena.used();
        REQUIRE(batch.check(arena, report) == Status::ok);
        REQUIRE(arena.used() == used);
        REQUIRE(arena.used() <= m.bytes);
        for (std::size_t i = 0; i < n; ++i)
        {
            Buffer encoding(384);
            curve::encode(batch.elements()[i].value, encoding.data());
            REQUIRE(encoding == all[i]);
        }
    }
}

TEST_CASE(
    "The first culprit is named, wherever it stands, with memory for the fast test or without")
{
    const std::vector<Buffer> all = members(85);
    Buffer not_cyclotomic(384, 0);
    not_cyclotomic[0] = 2;
    const Buffer zero(384, 0), wrong = cyclotomic_but_wrong();
    Buffer inverse_of_wrong(384);
    {
        curve::Fq12 x;
        REQUIRE(curve::decode_fq12(wrong.data(), x) == Reason::none);
        curve::encode(x.conjugate(), inverse_of_wrong.data());
    }
    for (const std::size_t n : sizes)
        for (const Buffer* culprit :
             std::initializer_list<const Buffer*>{&not_cyclotomic, &zero, &wrong})
            for (const std::size_t at : {std::size_t{0}, n / 2, n - 1})
                for (const bool scratch : {true, false})
                {
                    Memory m(n);
                    Arena arena(m.memory.data(), m.bytes);
                    GtBatch batch(arena, n);
                    Report report;
                    for (std::size_t i = 0; i < n; ++i)
                    {
                        // Two that cancel each other are still two that are wrong.
                        const Buffer& encoding = i == at ? *culprit
                                                 : i == n - 1 && culprit == &wrong
                                                     ? inverse_of_wrong
                                                     : all[i];
                        REQUIRE(batch.add(encoding, i == at ? Field::c_plus : Field::chi,
                                          static_cast<std::uint32_t>(i + 7), 1000 + i * 384,
                                          report) == Status::ok);
                    }
                    Arena none(nullptr, 0);
                    REQUIRE(batch.check(scratch ? arena : none, report) == Status::malformed);
                    REQUIRE(report.stage == Stage::decode);
                    REQUIRE(report.reason == Reason::not_in_subgroup);
                    REQUIRE(report.field == Field::c_plus);
                    REQUIRE(report.index == at + 7);
                    REQUIRE(report.offset == 1000 + at * 384);
                }
}

TEST_CASE("An encoding that is not canonical is named when it is added, and is not in")
{
    const std::vector<Buffer> all = members(3);
    Memory m(3);
    Arena arena(m.memory.data(), m.bytes);
    GtBatch batch(arena, 3);
    Report report;
    REQUIRE(batch.add(all[0], Field::chi, 0, 0, report) == Status::ok);
    for (std::size_t coordinate = 0; coordinate < 12; ++coordinate)
    {
        Buffer bad = all[1];
        std::fill_n(bad.begin() + static_cast<std::ptrdiff_t>(32 * coordinate), 32,
                    std::uint8_t{0xff});
        REQUIRE(batch.add(bad, Field::ht, 5, 77, report) == Status::malformed);
        REQUIRE(report.reason == Reason::field_not_canonical);
        REQUIRE(report.field == Field::ht);
        REQUIRE(report.index == 5);
        REQUIRE(report.offset == 77);
        REQUIRE(batch.count() == 1);
    }
    REQUIRE(batch.add(all[1], Field::chi, 1, 0, report) == Status::ok);
    REQUIRE(batch.check(arena, report) == Status::ok);
}

TEST_CASE("Beyond the capacity there is no room, and without memory there is no capacity")
{
    const std::vector<Buffer> all = members(3);
    Report report;
    {
        Memory m(2);
        Arena arena(m.memory.data(), m.bytes);
        GtBatch batch(arena, 2);
        REQUIRE(batch.add(all[0], Field::chi, 0, 0, report) == Status::ok);
        REQUIRE(batch.add(all[1], Field::chi, 1, 0, report) == Status::ok);
        REQUIRE(batch.add(all[2], Field::chi, 2, 0, report) == Status::memory_too_small);
        REQUIRE(batch.count() == 2);
        REQUIRE(batch.check(arena, report) == Status::ok);
    }
    for (const std::size_t bytes : {std::size_t{0}, sizeof(curve::Gt), 2 * sizeof(curve::Gt)})
    {
        Memory m(2);
        Arena arena(m.memory.data(), bytes);
        GtBatch batch(arena, 2);
        REQUIRE(batch.add(all[0], Field::chi, 0, 0, report) == Status::memory_too_small);
        REQUIRE(batch.count() == 0);
    }
    {
        Memory m(0);
        Arena arena(m.memory.data(), m.bytes);
        GtBatch batch(arena, 0);
        REQUIRE(batch.add(all[0], Field::chi, 0, 0, report) == Status::memory_too_small);
        REQUIRE(batch.check(arena, report) == Status::ok);
    }
}

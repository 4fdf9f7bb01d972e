// Setups: the real one loads, and with any one thing about it changed it does not.
#include "openings/dory_setup.hpp"

#include <catch2/catch.hpp>

#include "curve/encoding.hpp"
#include "hash/sha256.hpp"
#include "sdk/jolt/bundle_support.hpp"

using namespace mote;
using namespace mote::test;
using openings::DorySetup;
using openings::load_dory_setup;

namespace
{
constexpr std::size_t gt = 384;
constexpr const char* real_digest =
    "0728fc290a3913f6f185e8162ac65d28b68d3d589dab26ad423715bccbe7620f";

Buffer real_setup(const char* name = "committed-muldiv")
{
    const Buffer bundle = read_bundle(name);
    jolt::BundleParts parts;
    Report report;
    static_cast<void>(jolt::split_bundle(bundle, parts, report));
    return Buffer(parts.setup.bytes.begin(), parts.setup.bytes.end());
}

std::string hex(Bytes bytes)
{
    static const char digits[] = "0123456789abcdef";
    std::string out;
    for (const std::uint8_t b : bytes)
    {
        out += digits[b >> 4];
        out += digits[b & 15];
    }
    return out;
}

/// Positions in a setup of m + 1 entries a vector, from the format.
struct Layout
{
    std::size_t m;
    [[nodiscard]] std::size_t vector(std::size_t v) const { return v * (8 + (m + 1) * gt); }
    [[nodiscard]] std::size_t element(std::size_t v, std::size_t k) const
    {
        return vector(v) + 8 + k * gt;
    }
    [[nodiscard]] std::size_t g1_0() const { return vector(5); }
    [[nodiscard]] std::size_t g2_0() const { return g1_0() + 32; }
    [[nodiscard]] std::size_t h1() const { return g2_0() + 64; }
    [[nodiscard]] std::size_t h2() const { return h1() + 32; }
    [[nodiscard]] std::size_t ht() const { return h2() + 64; }
    [[nodiscard]] std::size_t max_log_n() const { return ht() + gt; }
    [[nodiscard]] std::size_t end() const { return max_log_n() + 8; }
};
enum : std::size_t
{
    delta_1l,
    delta_1r,
    delta_2l,
    delta_2r,
    chi
};
constexpr Field fields[] = {Field::delta_1l, Field::delta_1r, Field::delta_2l, Field::delta_2r,
                            Field::chi};

struct Loaded
{
    Status status = Status::invalid_argument;
    Report report;
    DorySetup setup;
    std::vector<std::max_align_t> memory;
};

Loaded load(const Buffer& blob, const std::uint8_t* expected = nullptr)
{
    Loaded out;
    const ExactBytes exact{Bytes(blob)};
    std::size_t bytes = 0;
    out.status = openings::dory_setup_bytes(exact, bytes, out.report);
    if (out.status != Status::ok)
    {
        REQUIRE(bytes == 0);
        // The size function and the loader agree on what has no size.
        Report report;
        DorySetup setup;
        Arena none(nullptr, 0);
        REQUIRE(load_dory_setup(exact, expected, none, setup, report) == out.status);
        REQUIRE(report.reason == out.report.reason);
        return out;
    }
    out.memory.resize(bytes / sizeof(std::max_align_t) + 1);
    Arena arena(out.memory.data(), bytes);
    out.status = load_dory_setup(exact, expected, arena, out.setup, out.report);
    REQUIRE(arena.used() <= bytes);
    return out;
}

Buffer get(const Buffer& blob, std::size_t at, std::size_t size)
{
    const auto first = blob.begin() + static_cast<std::ptrdiff_t>(at);
    return Buffer(first, first + static_cast<std::ptrdiff_t>(size));
}

void put(Buffer& blob, std::size_t at, const Buffer& bytes)
{
    std::copy(bytes.begin(), bytes.end(), blob.begin() + static_cast<std::ptrdiff_t>(at));
}

void exchange(Buffer& blob, std::size_t a, std::size_t b, std::size_t size)
{
    const Buffer x = get(blob, a, size), y = get(blob, b, size);
    REQUIRE(x != y);
    put(blob, a, y);
    put(blob, b, x);
}

void expect(const Buffer& blob, Status status, Reason reason, Field field, std::size_t index,
            std::size_t offset)
{
    const Loaded l = load(blob);
    INFO("field " << static_cast<int>(l.report.field) << " index " << l.report.index << " offset "
                  << l.report.offset << " reason " << static_cast<int>(l.report.reason));
    REQUIRE(l.status == status);
    REQUIRE(l.report.reason == reason);
    REQUIRE(l.report.field == field);
    REQUIRE(l.report.index == index);
    REQUIRE(l.report.offset == offset);
    REQUIRE(l.report.stage == (status == Status::malformed ? Stage::decode : Stage::setup));
}
}  // namespace

TEST_CASE("The setup of the transparent bundles loads, and is one")
{
    const Buffer blob = real_setup();
    REQUIRE(real_setup("muldiv") == blob);
    std::uint8_t digest[32];
    openings::dory_setup_digest(blob, digest);
    REQUIRE(hex(digest) == real_digest);

    const Loaded l = load(blob, digest);
    REQUIRE(l.status == Status::ok);
    REQUIRE(l.report.reason == Reason::none);
    REQUIRE(hex(l.setup.digest) == real_digest);
    const Layout at{l.setup.m};
    REQUIRE(at.end() == blob.size());
    // Every element is the one at its place, and the relations hold as written.
    for (std::size_t k = 0; k <= at.m; ++k)
    {
        const std::pair<const curve::Gt*, std::size_t> vectors[] = {
            {l.setup.chi, chi}, {l.setup.delta_1r, delta_1r}, {l.setup.delta_2r, delta_2r}};
        for (const auto& [elements, v] : vectors)
        {
            Buffer encoding(gt);
            curve::encode(elements[k].value, encoding.data());
            REQUIRE(encoding == get(blob, at.element(v, k), gt));
        }
    }
    REQUIRE(curve::pairing(l.setup.g1_0, l.setup.g2_0) == l.setup.chi[0]);
    REQUIRE(curve::pairing(l.setup.h1, l.setup.h2) == *l.setup.ht);
    REQUIRE(l.setup.delta_1r[0] == curve::Gt{});
    REQUIRE(l.setup.delta_2r[0] == curve::Gt{});
    // The lines belong to their points.
    const curve::PairingTerm terms[] = {{l.setup.g1_0, {}, &l.setup.g2_0_lines},
                                        {l.setup.h1, {}, &l.setup.h2_lines}};
    REQUIRE(curve::pairing_product(terms, 1) == l.setup.chi[0]);
    REQUIRE(curve::pairing_product(terms + 1, 1) == *l.setup.ht);
}

TEST_CASE("The setup of the hiding bundles loads, too, and is another")
{
    const Loaded l = load(real_setup("zk-muldiv"));
    REQUIRE(l.status == Status::ok);
    REQUIRE(hex(l.setup.digest) ==
            "3f503122b3d2ddbbeba5876cb11e2d94550a2e8d92fa3788ad9765a971efb5d6");
}

TEST_CASE("A digest that is not expected is rejected before anything else is looked at")
{
    Buffer blob = real_setup();
    std::uint8_t digest[32];
    openings::dory_setup_digest(blob, digest);
    for (const bool damaged : {false, true})
    {
        if (damaged)
            blob[blob.size() / 2] ^= 1;
        else
            digest[31] ^= 0x80;
        const Loaded l = load(blob, digest);
        REQUIRE(l.status == Status::rejected);
        REQUIRE(l.report.stage == Stage::setup);
        REQUIRE(l.report.reason == Reason::unexpected_setup);
        REQUIRE(l.report.field == Field::dory_setup);
    }
}

TEST_CASE("Lengths: cut, longer, and vectors of another length")
{
    const Buffer blob = real_setup();
    const std::size_t m = load_le64(blob.data()) - 1;
    const Layout at{m};
    for (std::size_t cut = 0; cut < blob.size();
         cut += cut < 20 || cut + 20 > blob.size() ? 1 : 701)
    {
        const Loaded l =
            load(Buffer(blob.begin(), blob.begin() + static_cast<std::ptrdiff_t>(cut)));
        REQUIRE(l.status == Status::malformed);
        REQUIRE(l.report.reason == Reason::truncated);
        REQUIRE(l.report.field == (cut < 8 ? Field::delta_1l : Field::dory_setup));
        REQUIRE(l.report.offset <= cut);
    }
    for (const std::size_t more : {1U, 8U, 384U})
    {
        Buffer longer = blob;
        longer.insert(longer.end(), more, 0);
        expect(longer, Status::malformed, Reason::trailing_bytes, Field::dory_setup, 0,
               blob.size());
    }
    for (const std::uint64_t length : {std::uint64_t{0}, std::uint64_t{DorySetup::m_max} + 2,
                                       std::uint64_t{1} << 32, UINT64_MAX - 1, UINT64_MAX})
    {
        Buffer changed = blob;
        store_le(changed.data(), length);
        expect(changed, Status::malformed, Reason::too_many_elements, Field::delta_1l, 0, 0);
    }
    for (std::size_t v = 1; v < 5; ++v)
        for (const std::uint64_t length :
             {std::uint64_t{0}, std::uint64_t{m}, std::uint64_t{m} + 2, UINT64_MAX})
        {
            Buffer changed = blob;
            store_le(changed.data() + at.vector(v), length);
            expect(changed, Status::rejected, Reason::setup_lengths, fields[v], 0, at.vector(v));
        }
    for (const std::uint64_t n : {std::uint64_t{0}, 2 * std::uint64_t{m} - 1,
                                  2 * std::uint64_t{m} + 1, std::uint64_t{m}, UINT64_MAX})
    {
        Buffer changed = blob;
        store_le(changed.data() + at.max_log_n(), n);
        expect(changed, Status::rejected, Reason::setup_lengths, Field::max_log_n, 0,
               at.max_log_n());
    }
}

TEST_CASE("Each relation matters: elements of the group in the wrong place")
{
    const Buffer blob = real_setup();
    const std::size_t m = load_le64(blob.data()) - 1;
    const Layout at{m};
    const auto reject_relation = [&](const Buffer& changed, std::size_t v, std::size_t k)
    { expect(changed, Status::rejected, Reason::setup_relation, fields[v], k, at.element(v, k)); };
    SECTION("delta_1l and delta_2l are chi shifted by one")
    {
        for (const std::size_t v : {std::size_t{delta_1l}, std::size_t{delta_2l}})
            for (std::size_t k = 0; k <= m; ++k)
            {
                Buffer changed = blob;
                put(changed, at.element(v, k), get(blob, at.ht(), gt));
                reject_relation(changed, v, k);
                changed = blob;
                changed[at.element(v, k) + 100] ^= 1;
                reject_relation(changed, v, k);
            }
        Buffer changed = blob;
        exchange(changed, at.element(delta_1l, 2), at.element(delta_1l, 3), gt);
        reject_relation(changed, delta_1l, 2);
    }
    SECTION("chi")
    {
        for (std::size_t k = 0; k < m; ++k)
        {
            Buffer changed = blob;
            exchange(changed, at.element(chi, k), at.element(chi, k + 1), gt);
            reject_relation(changed, delta_1l, k + 1);
        }
        // With both deltas consistent, the first of chi still has to be e(g1_0, g2_0).
        Buffer changed = blob;
        const Buffer ht = get(blob, at.ht(), gt);
        for (const std::size_t place :
             {at.element(chi, 0), at.element(delta_1l, 1), at.element(delta_2l, 1)})
            put(changed, place, ht);
        reject_relation(changed, chi, 0);
    }
    SECTION("delta_1r and delta_2r begin with one")
    {
        for (const std::size_t v : {std::size_t{delta_1r}, std::size_t{delta_2r}})
        {
            Buffer changed = blob;
            exchange(changed, at.element(v, 0), at.element(v, 1), gt);
            reject_relation(changed, v, 0);
        }
    }
    SECTION("ht is e(h1, h2)")
    {
        Buffer changed = blob;
        put(changed, at.ht(), get(blob, at.element(chi, 0), gt));
        expect(changed, Status::rejected, Reason::setup_relation, Field::ht, 0, at.ht());
    }
    SECTION("generators exchanged, negated or at infinity")
    {
        Buffer changed = blob;
        exchange(changed, at.g1_0(), at.h1(), 32);
        reject_relation(changed, chi, 0);
        changed = blob;
        exchange(changed, at.g2_0(), at.h2(), 64);
        reject_relation(changed, chi, 0);
        for (const auto& [place, size] : {std::pair<std::size_t, std::size_t>{at.g1_0(), 32},
                                          {at.g2_0(), 64},
                                          {at.h1(), 32},
                                          {at.h2(), 64}})
        {
            const bool first = place < at.h1();
            for (const bool infinity : {false, true})
            {
                changed = blob;
                if (infinity)
                {
                    Buffer zero(size, 0);
                    zero.back() = 0x40;
                    put(changed, place, zero);
                }
                else
                    changed[place + size - 1] ^= 0x80;
                expect(changed, Status::rejected, Reason::setup_relation,
                       first ? Field::chi : Field::ht, 0, first ? at.element(chi, 0) : at.ht());
            }
        }
    }
}

TEST_CASE("Elements that are none, at every place that is decoded")
{
    const Buffer blob = real_setup();
    const std::size_t m = load_le64(blob.data()) - 1;
    const Layout at{m};
    // GT: entries that no comparison of encodings covers, so that decoding must find them.
    struct Place
    {
        std::size_t offset, index;
        Field field;
    };
    std::vector<Place> places;
    for (const std::size_t k : {std::size_t{1}, m / 2, m})
    {
        places.push_back({at.element(delta_1r, k), k, Field::delta_1r});
        places.push_back({at.element(delta_2r, k), k, Field::delta_2r});
    }
    places.push_back({at.element(chi, m), m, Field::chi});
    places.push_back({at.ht(), 0, Field::ht});
    for (const Place& p : places)
    {
        Buffer changed = blob;
        put(changed, p.offset + 32 * 5, Buffer(32, 0xff));
        expect(changed, Status::malformed, Reason::field_not_canonical, p.field, p.index, p.offset);
        changed = blob;
        changed[p.offset] ^= 1;
        expect(changed, Status::malformed, Reason::not_in_subgroup, p.field, p.index, p.offset);
    }
    const std::pair<std::size_t, Field> points[] = {{at.g1_0(), Field::g1_0},
                                                    {at.g2_0(), Field::g2_0},
                                                    {at.h1(), Field::h1},
                                                    {at.h2(), Field::h2}};
    for (const auto& [offset, field] : points)
    {
        const std::size_t size = field == Field::g1_0 || field == Field::h1 ? 32 : 64;
        Buffer changed = blob;
        changed[offset + size - 1] |= 0xc0;
        expect(changed, Status::malformed, Reason::illegal_point_flags, field, 0, offset);
        Buffer infinity(size, 0);
        infinity[0] = 1;
        infinity[size - 1] = 0x40;
        changed = blob;
        put(changed, offset, infinity);
        expect(changed, Status::malformed, Reason::infinity_with_coordinate, field, 0, offset);
        changed = blob;
        put(changed, offset, Buffer(size, 0x3f));
        expect(changed, Status::malformed, Reason::field_not_canonical, field, 0, offset);
        // x = 0, 1, 2, ...: some is on no curve, and for G2 none is in the subgroup by chance.
        bool off_curve = false, outside = false;
        for (std::uint8_t x = 0; x < 20; ++x)
        {
            Buffer small(size, 0);
            small[0] = x;
            changed = blob;
            put(changed, offset, small);
            const Loaded l = load(changed);
            REQUIRE(l.status != Status::ok);
            if (l.status != Status::malformed)
                continue;
            REQUIRE(l.report.field == field);
            REQUIRE(l.report.offset == offset);
            off_curve = off_curve || l.report.reason == Reason::not_on_curve;
            outside = outside || l.report.reason == Reason::not_in_subgroup;
            if (off_curve && (outside || size == 32))
                break;
        }
        REQUIRE(off_curve);
        REQUIRE(outside == (size == 64));
    }
}

TEST_CASE("Too little memory for a setup: it says so")
{
    const Buffer blob = real_setup();
    std::size_t bytes = 0;
    Report report;
    REQUIRE(openings::dory_setup_bytes(blob, bytes, report) == Status::ok);
    std::vector<std::max_align_t> memory(bytes / sizeof(std::max_align_t) + 1);
    const std::size_t elements = (3 * (load_le64(blob.data())) + 1) * sizeof(curve::Gt);
    for (const std::size_t less : {std::size_t{0}, std::size_t{16}, elements / 2, elements})
    {
        Arena arena(memory.data(), less);
        DorySetup setup;
        REQUIRE(load_dory_setup(blob, nullptr, arena, setup, report) == Status::memory_too_small);
    }
}

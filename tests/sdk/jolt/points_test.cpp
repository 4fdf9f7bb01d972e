// Points from challenges: the worked cases, the definition for all phase splits, and why stage 2 needs
// only one address point.
#include "jolt/points.hpp"

#include <catch2/catch.hpp>
#include <vector>

using namespace mote::jolt;

namespace
{
using Elements = std::vector<Fr>;

Elements numbered(std::uint64_t count)
{
    Elements out;
    for (std::uint64_t i = 0; i < count; ++i)
        out.push_back(Fr::from_u64(1000 + i));
    return out;
}

Elements picked(std::initializer_list<std::uint64_t> indices)
{
    Elements out;
    for (const std::uint64_t i : indices)
        out.push_back(Fr::from_u64(1000 + i));
    return out;
}

Elements slice(const Elements& from, std::size_t begin, std::size_t count)
{
    const auto first = from.begin() + static_cast<std::ptrdiff_t>(begin);
    return {first, first + static_cast<std::ptrdiff_t>(count)};
}

Elements reversed(const Elements& x) { return {x.rbegin(), x.rend()}; }

Elements join(Elements a, const Elements& b)
{
    a.insert(a.end(), b.begin(), b.end());
    return a;
}
}  // namespace

TEST_CASE("read-write challenges are sorted into address and cycle", "[jolt]")
{
    Elements address(3), cycle(4);
    split_read_write({4, 3, 3, 1}, numbered(7), address.data(), cycle.data());
    CHECK(address == picked({6, 5, 3}));
    CHECK(cycle == picked({4, 2, 1, 0}));

    // By definition: phases A, B, C, D; address = rev(D) rev(B), cycle = rev(C) rev(A).
    for (std::uint32_t t = 0; t <= 5; ++t)
        for (std::uint32_t k = 0; k <= 5; ++k)
            for (std::uint32_t p1 = 0; p1 <= t; ++p1)
                for (std::uint32_t p2 = 0; p2 <= k; ++p2)
                {
                    const Elements raw = numbered(t + k);
                    const Elements a = slice(raw, 0, p1), b = slice(raw, p1, p2),
                                   c = slice(raw, p1 + p2, t - p1), d = slice(raw, p2 + t, k - p2);
                    address.assign(k, Fr());
                    cycle.assign(t, Fr());
                    split_read_write({t, k, p1, p2}, raw, address.data(), cycle.data());
                    REQUIRE(address == join(reversed(d), reversed(b)));
                    REQUIRE(cycle == join(reversed(c), reversed(a)));

                    // The address-only members see the batch from p1 on and skip t - p1 challenges
                    // after the first p2; their address is the same one.
                    const Elements alone = slice(raw, p1, t + k - p1);
                    const std::size_t gap = t - p1;
                    REQUIRE(reversed(join(slice(alone, 0, p2), slice(alone, p2 + gap, k - p2))) ==
                            address);
                }
}

TEST_CASE("address chunks are whole, with zeros in front", "[jolt]")
{
    Elements chunk(4);
    address_chunk(numbered(5), 4, 0, chunk.data());
    CHECK(chunk == Elements{Fr(), Fr(), Fr(), Fr::from_u64(1000)});
    address_chunk(numbered(5), 4, 1, chunk.data());
    CHECK(chunk == picked({1, 2, 3, 4}));

    for (const std::uint32_t bits : {4U, 8U})
        for (std::uint64_t n = 1; n <= 40; ++n)
        {
            const std::uint64_t pieces = (n + bits - 1) / bits;
            Elements all;
            for (std::uint32_t i = 0; i < pieces; ++i)
            {
                Elements piece(bits);
                address_chunk(numbered(n), bits, i, piece.data());
                all = join(all, piece);
            }
            REQUIRE(all == join(Elements(pieces * bits - n), numbered(n)));
        }
}

TEST_CASE("point buffers keep or reverse the order", "[jolt]")
{
    PointBuffer<6> buffer;
    buffer.assign(numbered(6));
    CHECK(Elements(Point(buffer).begin(), Point(buffer).end()) == numbered(6));
    buffer.assign_reversed(numbered(4));
    CHECK(Elements(Point(buffer).begin(), Point(buffer).end()) == picked({3, 2, 1, 0}));
    buffer.assign_reversed({});
    CHECK(Point(buffer).empty());
}

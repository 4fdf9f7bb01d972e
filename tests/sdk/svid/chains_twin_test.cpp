// Both ways of chaining, in every width, give the fingerprints of the model.
#include <catch2/catch.hpp>
#include <random>
#include <vector>

#include "svid/chains.hpp"
#include "tools/effort.hpp"
#include "tools/emulated_plane.hpp"
#include "tools/svid_model.hpp"

using namespace mote::svid;
using mote::field::Gf2_128;
using ByteVector = std::vector<std::uint8_t>;

namespace
{
ByteVector random_bytes(std::size_t bytes, std::mt19937& random)
{
    ByteVector out(bytes);
    for (std::uint8_t& b : out)
        b = static_cast<std::uint8_t>(random());
    return out;
}

svid_model::Element element_of(const Gf2_128& x)
{
    std::uint8_t bytes[16];
    x.store(bytes);
    return svid_model::element_of(bytes, bytes + 8);
}

template <class Some>
Gf2_128 fingerprint_with(Gf2_128 rho, const ByteVector& row, std::size_t steps_at_once)
{
    const Some chains(rho);
    typename Some::Sums sums{};
    const std::size_t steps = row.size() / Some::step_bytes;
    for (std::size_t done = 0; done < steps; done += steps_at_once)
        chains.steps(sums, row.data() + done * Some::step_bytes,
                     std::min(steps_at_once, steps - done));
    Gf2_128 sum;
    for (const Gf2_128& chain : Some::in_order(sums))
        sum = sum * rho ^ chain;
    return sum;
}

template <class Some>
void check_chains()
{
    static_assert(Some::step_bytes == 16 * Some::words);
    std::mt19937 random(9);
    for (const std::size_t row_bytes : {1024U, 2048U, 8192U})
    {
        if (mote::test::emulated && row_bytes > 2048)
            continue;
        const ByteVector row = random_bytes(row_bytes, random);
        const Gf2_128 rho = Gf2_128::load(random_bytes(16, random).data());
        const svid_model::Element expected =
            svid_model::fingerprint(element_of(rho), row, row_bytes);
        for (const std::size_t at_once : {std::size_t{1}, std::size_t{3}, row_bytes})
            CHECK(element_of(fingerprint_with<Some>(rho, row, at_once)) == expected);
    }
    // Every symbol at its own place: one word at a time.
    const Gf2_128 rho = Gf2_128::load(random_bytes(16, random).data());
    mote::test::Thinned thinned(11);
    for (std::size_t i = 0; i < 1024; ++i)
    {
        if (!thinned.next())
            continue;
        ByteVector one(1024);
        one[i] = static_cast<std::uint8_t>(1 + random() % 255);
        REQUIRE(element_of(fingerprint_with<Some>(rho, one, 100)) ==
                svid_model::fingerprint(element_of(rho), one, one.size()));
    }
}
}  // namespace

TEST_CASE("chains through tables") { check_chains<TableChains>(); }

TEST_CASE("chains in 64 lanes, emulated") { check_chains<LaneChains<svid_test::EmulatedPlane>>(); }

TEST_CASE("the chains of this build") { check_chains<Chains>(); }

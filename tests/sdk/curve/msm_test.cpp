#include "curve/msm.hpp"
#include "curve_support.hpp"

using namespace curve_test;
using namespace mote::curve;

namespace
{
template <class Point, class Accumulator>
void check_sums(const std::vector<Point>& pool, std::size_t (*scratch_bytes)(std::size_t))
{
    Random random(141);
    for (const std::size_t count : std::initializer_list<std::size_t>{0, 1, 2, 3, 8, 17})
    {
        std::vector<Point> points;
        std::vector<Fr> scalars;
        Accumulator expected;
        for (std::size_t i = 0; i < count; ++i)
        {
            points.push_back(pool[random() % pool.size()]);
            const Fr edges[] = {Fr::zero(),       Fr::one(),   -Fr::one(),
                                Fr::one().half(), random.fr(), random.fr()};
            scalars.push_back(edges[random() % std::size(edges)]);
            expected += multiply_vartime(points[i], scalars[i].to_integer());
        }
        const std::size_t bytes = scratch_bytes(count);
        Memory memory(bytes);
        mote::Arena arena = memory.arena();
        Accumulator out = pool[1];
        REQUIRE(multiply(points.data(), scalars.data(), count, arena, out) == mote::Status::ok);
        CHECK(out == expected);
        CHECK(arena.used() == 0);
        CHECK(memory.guard_intact());
        if (count == 0)
            continue;
        // All but what alignment may have cost is needed.
        Memory small(bytes - 8 * mote::Arena::alignment - 16);
        mote::Arena small_arena = small.arena();
        CHECK(multiply(points.data(), scalars.data(), count, small_arena, out) ==
              mote::Status::memory_too_small);
        CHECK(out == expected);
        CHECK(small_arena.used() == 0);
        CHECK(small.guard_intact());
    }
}

/// Two that cancel, equal ones, a negative pair and infinity: the additions inside meet every case.
template <class Point>
std::vector<Point> pool_of(const Point& a, const Point& b)
{
    return {Point{}, a, -a, b, -b, a};
}
}  // namespace

TEST_CASE("Multi-scalar multiplication in G1 agrees with double and add")
{
    Random random(142);
    for (int i = 0; i < 4; ++i)
        check_sums<G1, G1Jacobian>(pool_of(i == 0 ? g1_generator : random.g1(), random.g1()),
                                   g1_msm_scratch_bytes);
}

TEST_CASE("Multi-scalar multiplication in G2 agrees with double and add")
{
    Random random(143);
    for (int i = 0; i < 4; ++i)
        check_sums<G2, G2Jacobian>(pool_of(i == 0 ? g2_generator : random.g2(), random.g2()),
                                   g2_msm_scratch_bytes);
}

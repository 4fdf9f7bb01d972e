#include "curve/torus.hpp"
#include "curve_support.hpp"

using namespace curve_test;
using namespace mote::curve;

namespace
{
Fq12 monic(const Fq6& a) { return {a, Fq6::one()}; }
Fq12 from_half(const Fq6& a) { return {a, Fq6::zero()}; }
bool same_class(const Fq12& x, const Fq12& y) { return x.c0 * y.c1 == y.c0 * x.c1; }

Fq6 class_of(const Fq12& x)
{
    Fq6 out, scratch;
    bool is_one = true;
    const Fq12* const element = &x;
    to_torus(&out, &is_one, &element, 1, &scratch);
    CHECK_FALSE(is_one);
    return out;
}
}  // namespace

TEST_CASE("Torus: a monic factor multiplies like the element it stands for")
{
    Random random(41);
    for (int i = 0; i < 20; ++i)
    {
        const Fq12 f = random.fq12();
        const Fq6 a = i == 0 ? Fq6::zero() : random.fq6();
        CHECK(multiply_by_monic(f, a) == f * monic(a));
        CHECK(multiply_by_monic(from_half(f.c0), a) == from_half(f.c0) * monic(a));
    }
}

TEST_CASE("Torus: classes go through the Frobenius map as their elements do")
{
    Random random(42);
    for (int i = 0; i < 4; ++i)
    {
        const Fq6 a = i == 0 ? Fq6::zero() : random.fq6();
        const Fq12 p1 = power_plain(monic(a), Fq::modulus), p2 = power_plain(p1, Fq::modulus);
        CHECK(same_class(p1, monic(torus_frobenius(a))));
        CHECK(same_class(p2, monic(torus_frobenius_2(a))));
        CHECK(torus_frobenius(torus_frobenius(a)) == torus_frobenius_2(a));
    }
    const Fq12 g = random.cyclotomic();
    CHECK(class_of(g.conjugate()) == -class_of(g));
    CHECK(class_of(g.frobenius<1>()) == torus_frobenius(class_of(g)));
}

TEST_CASE("Torus: conversion of several elements, ones among them")
{
    Random random(43);
    for (std::size_t count = 0; count < 7; ++count)
        for (unsigned ones = 0; ones < (1U << count); ++ones)
        {
            std::vector<Fq12> elements;
            std::vector<const Fq12*> pointers(count);
            for (std::size_t i = 0; i < count; ++i)
                elements.push_back(((ones >> i) & 1) != 0 ? Fq12::one() : random.fq12());
            for (std::size_t i = 0; i < count; ++i)
                pointers[i] = &elements[i];
            std::vector<Fq6> out(count), scratch(count);
            bool is_one[8] = {};
            to_torus(out.data(), is_one, pointers.data(), count, scratch.data());
            for (std::size_t i = 0; i < count; ++i)
            {
                CHECK(is_one[i] == (((ones >> i) & 1) != 0));
                CHECK(out[i] * elements[i].c1 == (is_one[i] ? Fq6::zero() : elements[i].c0));
                CHECK(out[i].is_zero() == is_one[i]);
            }
        }
}

TEST_CASE("Torus: any member of a class gives the square of its cyclotomic element")
{
    Random random(44);
    for (int i = 0; i < 10; ++i)
    {
        const Fq12 g = random.cyclotomic();
        CHECK(from_torus_squared(g) == g * g);
        CHECK(from_torus_squared(monic(class_of(g))) == g * g);
        CHECK(from_torus_squared(g * from_half(random.fq6())) == g * g);
        CHECK(from_torus_squared(from_half(random.fq6())) == Fq12::one());
    }
    CHECK(from_torus_squared(Fq12::one()) == Fq12::one());
}

// A plane of 64 bytes for machines without AVX-512.
#pragma once

#include <algorithm>
#include <array>

#include "tools/svid_model.hpp"

namespace svid_test
{
/// The interface of coding/arch/plane_gfni.hpp, with the model's products: the width of 64 bytes is
/// tested on every machine.
struct EmulatedPlane
{
    static constexpr std::size_t bytes = 64;
    struct Vector
    {
        std::array<std::uint8_t, bytes> element;
    };
    using Split = Vector;
    using Factor = Vector;

    static Vector load(const std::uint8_t* p) noexcept
    {
        Vector v;
        std::copy_n(p, bytes, v.element.begin());
        return v;
    }
    static void store(std::uint8_t* p, const Vector& v) noexcept
    {
        std::copy_n(v.element.begin(), bytes, p);
    }
    static void stream(std::uint8_t* p, const Vector& v) noexcept { store(p, v); }
    static Vector add(const Vector& a, const Vector& b) noexcept
    {
        Vector sum;
        for (std::size_t i = 0; i < bytes; ++i)
            sum.element[i] = a.element[i] ^ b.element[i];
        return sum;
    }
    static Factor factor(std::uint8_t c) noexcept
    {
        Factor out;
        out.element.fill(c);
        return out;
    }
    static constexpr std::size_t factor_bytes = 1;
    static void store_factor(std::uint8_t* p, std::uint8_t c) noexcept { *p = c; }
    static Factor load_factor(const std::uint8_t* p) noexcept { return factor(*p); }
    static Split split(const Vector& v) noexcept { return v; }
    static Vector multiply(const Split& s, const Factor& factor) noexcept
    {
        const auto& times = svid_model::byte_products();
        Vector product;
        for (std::size_t i = 0; i < bytes; ++i)
            product.element[i] = times[s.element[i]][factor.element[i]];
        return product;
    }
};
}  // namespace svid_test

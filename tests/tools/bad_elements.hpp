// Encodings of group elements that must not be where they are put.
//
// changes_of() takes a good encoding and returns what an attacker would write in its place: other
// elements of the group, which decode, and bytes that are no element of it for each reason there is.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "curve/encoding.hpp"
#include "curve/gt.hpp"
#include "tools/bundle_edit.hpp"

namespace mote::test
{
struct ElementChange
{
    const char* name;
    Buffer encoding;
    /// What is wrong with the encoding; none: it is an element, only another one.
    Reason reason = Reason::none;
};

/// The order of the base field, least significant byte first.
inline const Buffer fq_modulus_le{0x47, 0xfd, 0x7c, 0xd8, 0x16, 0x8c, 0x20, 0x3c, 0x8d, 0xca, 0x71,
                                  0x68, 0x91, 0x6a, 0x81, 0x97, 0x5d, 0x58, 0x81, 0x81, 0xb6, 0x45,
                                  0x50, 0xb8, 0x29, 0xa0, 0x31, 0xe1, 0x72, 0x4e, 0x64, 0x30};

/// An element of the cyclotomic subgroup, of order p^4 - p^2 + 1 or a large part of it, not r.
inline const curve::Fq12& cyclotomic_non_member()
{
    static const curve::Fq12 found = []
    {
        curve::Fq12 x = curve::Fq12::one();
        x.c0.c1.c0 = field::Fq::from_u64(5);
        x.c1.c2.c1 = field::Fq::from_u64(7);
        const curve::Fq12 y = x.conjugate() * x.inverse();  // x^(p^6 - 1)
        const curve::Fq12 z = y.frobenius<2>() * y;         // y^(p^2 + 1)
        if (!curve::in_cyclotomic_subgroup(z) || curve::in_gt(z))
            throw std::logic_error("not the element it should be");
        return z;
    }();
    return found;
}

inline Buffer encoded(const curve::Fq12& x)
{
    Buffer out(curve::gt_bytes);
    curve::encode(x, out.data());
    return out;
}

/// Adds one to a little-endian number; flags in the last byte stay out of reach.
inline void increment(Buffer& bytes)
{
    for (std::uint8_t& byte : bytes)
        if (++byte != 0)
            return;
}

inline std::vector<ElementChange> changes_of_gt(const Buffer& good)
{
    curve::Fq12 x;
    if (curve::decode_fq12(good.data(), x) != Reason::none)
        throw std::logic_error("not a good element");
    std::vector<ElementChange> out{
        {"identity", encoded(curve::Fq12::one())},
        {"inverse", encoded(x.conjugate())},
        {"square", encoded(x.square())},
        {"negated", encoded({-x.c0, -x.c1}), Reason::not_in_subgroup},
        {"cyclotomic", encoded(cyclotomic_non_member()), Reason::not_in_subgroup},
        {"times cyclotomic", encoded(x * cyclotomic_non_member()), Reason::not_in_subgroup},
        {"zero", Buffer(curve::gt_bytes, 0), Reason::not_in_subgroup},
    };
    Buffer changed = good;
    changed[100] ^= 4;
    out.push_back({"bit flipped", changed, Reason::not_in_subgroup});
    changed = good;
    std::copy(fq_modulus_le.begin(), fq_modulus_le.end(), changed.end() - 32);
    out.push_back({"coordinate = p", changed, Reason::field_not_canonical});
    changed = good;
    std::fill(changed.begin(), changed.begin() + 32, std::uint8_t{0xff});
    out.push_back({"coordinate = 2^256 - 1", changed, Reason::field_not_canonical});
    return out;
}

/// Points: one list for both groups, whose encodings differ in length only.
template <typename Point, typename Decode>
std::vector<ElementChange> changes_of_point(const Buffer& good, Decode decode)
{
    const std::size_t last = good.size() - 1;
    Buffer infinity(good.size(), 0);
    infinity[last] = 0x40;
    std::vector<ElementChange> out;
    if (good != infinity)
    {
        Buffer negated = good;
        negated[last] ^= 0x80;
        out = {{"infinity", infinity}, {"negated", negated}};
    }

    Buffer x = good;
    x[last] &= 0x3f;
    Point point;
    const auto search = [&](auto wanted)
    {
        do
            increment(x);
        while (!wanted(decode(x.data(), point)));
        return x;
    };
    out.push_back({"not on the curve",
                   search([](Reason reason) { return reason == Reason::not_on_curve; }),
                   Reason::not_on_curve});
    if constexpr (std::is_same_v<Point, curve::G2>)
        out.push_back({"not in the subgroup",
                       search([&](Reason reason)
                              { return reason == Reason::none && !curve::in_subgroup(point); }),
                       Reason::not_in_subgroup});

    Buffer changed = good;
    changed[last] |= 0xc0;
    out.push_back({"both flags", changed, Reason::illegal_point_flags});
    changed = infinity;
    changed[last] |= 0x80;
    out.push_back({"minus infinity", changed, Reason::illegal_point_flags});
    changed = infinity;
    changed[0] = 1;
    out.push_back({"infinity with x", changed, Reason::infinity_with_coordinate});
    changed = good;
    std::copy(fq_modulus_le.begin(), fq_modulus_le.end(), changed.end() - 32);
    out.push_back({"x = p", changed, Reason::field_not_canonical});
    return out;
}

inline std::vector<ElementChange> changes_of(const Leaf& leaf, const Buffer& good)
{
    switch (leaf.kind)
    {
        case LeafKind::gt:
        case LeafKind::bare_gt:
            return changes_of_gt(good);
        case LeafKind::g1:
        case LeafKind::bare_g1:
            return changes_of_point<curve::G1>(good, &curve::decode_g1);
        case LeafKind::bare_g2:
            return changes_of_point<curve::G2>(good, &curve::decode_g2_on_curve);
        default:
            throw std::logic_error("no group element");
    }
}
}  // namespace mote::test

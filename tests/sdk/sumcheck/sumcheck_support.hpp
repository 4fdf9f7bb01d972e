// What the sumcheck tests share: repeatable random elements and the encoding of round polynomials.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "sumcheck/views.hpp"

namespace sumcheck_test
{
using mote::field::Fr;
using mote::sumcheck::RoundsView;
using Elements = std::vector<Fr>;
using Rounds = std::vector<Elements>;

class Random
{
  public:
    explicit Random(std::uint64_t seed) : engine_(seed) {}

    std::uint64_t below(std::uint64_t bound) { return engine_() % bound; }
    Fr element()
    {
        const Fr two_to_128 = Fr::from_u128(0, std::uint64_t{1} << 63).twice();
        const std::uint64_t a = engine_(), b = engine_(), c = engine_(), d = engine_();
        return Fr::from_u128(a, b) + two_to_128 * Fr::from_u128(c, d);
    }
    Elements elements(std::size_t count)
    {
        Elements out;
        while (out.size() < count)
            out.push_back(element());
        return out;
    }

  private:
    std::mt19937_64 engine_;
};

// A varint as the proof has it: one byte up to 250, else 251 and two bytes.
inline void put_count(std::vector<std::uint8_t>& out, std::size_t count)
{
    if (count < 251)
    {
        out.push_back(static_cast<std::uint8_t>(count));
        return;
    }
    out.push_back(251);
    out.push_back(static_cast<std::uint8_t>(count & 0xff));
    out.push_back(static_cast<std::uint8_t>(count >> 8));
}

// Round polynomials as a proof has them, in memory of exactly their size.
class EncodedRounds
{
  public:
    explicit EncodedRounds(const Rounds& rounds, RoundsView::Form form, std::uint64_t offset = 1000)
    {
        for (const Elements& round : rounds)
        {
            starts.push_back(offset + bytes_.size());
            put_count(bytes_, round.size());
            for (const Fr& x : round)
            {
                bytes_.resize(bytes_.size() + 32);
                x.to_bytes_le(bytes_.data() + bytes_.size() - 32);
            }
        }
        bytes_.shrink_to_fit();
        view.form = form;
        view.rounds = static_cast<std::uint32_t>(rounds.size());
        view.bytes = bytes_;
        view.offset = offset;
    }
    EncodedRounds(const EncodedRounds&) = delete;
    EncodedRounds& operator=(const EncodedRounds&) = delete;

    RoundsView view;
    std::vector<std::uint64_t> starts;  // offset of each round

  private:
    std::vector<std::uint8_t> bytes_;
};
}  // namespace sumcheck_test

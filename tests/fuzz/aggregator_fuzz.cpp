// Streams of votes, partials and time against an aggregator.
//
// Signatures are numbers here, so that the fuzzer can make good and bad ones: a member's is a hash of
// member and digest, a sum is a sum modulo 2^64. Whatever comes in, what goes out has to be right: every
// certificate has a quorum of whole members and adds up, every partial adds up inside its subnet, every
// piece of evidence convicts, and only those who sent wrong ones are named.
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "consensus/aggregator.hpp"

namespace
{
using namespace mote;
using namespace mote::consensus;

void check(bool condition)
{
    if (!condition)
        std::abort();
}

constexpr std::uint32_t members = 13;
constexpr chain::Digest chain_id = {4};

std::uint64_t signature_of(std::uint32_t member, const chain::Digest& digest)
{
    std::array<std::uint8_t, 36> bytes;
    std::memcpy(bytes.data(), digest.data(), 32);
    store_le(bytes.data() + 32, member);
    return load_le64(hash::blake3(bytes).data()) | 1;
}

struct Committee13
{
    std::array<std::uint8_t, members * chain::member_bytes> list{};
    chain::Committee committee;

    Committee13()
    {
        std::uint16_t first = 0;
        for (std::uint32_t i = 0; i < members; ++i)
        {
            const auto seats = static_cast<std::uint16_t>(1 + i % 3);
            chain::encode_to(MutableBytes(list).subspan(i * chain::member_bytes),
                             chain::Member{i, {}, first, seats});
            first = static_cast<std::uint16_t>(first + seats);
        }
        check(open_committee(list, committee));
    }
};
const Committee13& committee()
{
    static const Committee13 c;
    return c;
}

template <class T>
std::uint64_t number(const T& value)
{
    return load_le64(value.bytes.data());
}
template <class T>
void set(T& value, std::uint64_t to)
{
    value.bytes = {};
    store_le(value.bytes.data(), to);
}

VoteScheme scheme()
{
    VoteScheme s;
    s.decode = [](void*, const chain::Signature& bytes, SignaturePoint& out)
    {
        set(out, load_le64(bytes.data()));
        return bytes[95] == 0;
    };
    s.encode = [](void*, const SignaturePoint& point, chain::Signature& out)
    {
        out = {};
        store_le(out.data(), number(point));
    };
    s.clear = [](void*, SignatureSum& sum) { set(sum, 0); };
    s.add = [](void*, SignatureSum& sum, const SignaturePoint& point, std::uint32_t times)
    { set(sum, number(sum) + times * number(point)); };
    s.finish = [](void*, const SignatureSum& sum, SignaturePoint& out) { set(out, number(sum)); };
    s.verify_votes = [](void*, const chain::Digest& digest, std::span<const BatchedVote> votes)
    {
        check(!votes.empty());
        std::uint64_t left = 0, right = 0;
        for (const BatchedVote& vote : votes)
        {
            check(vote.factor != 0 && vote.member < members);
            left += vote.factor * number(*vote.signature);
            right += vote.factor * signature_of(vote.member, digest);
        }
        return left == right;
    };
    s.verify_sum = [](void*, const chain::Digest& digest, const SignaturePoint& sum, Bytes signers)
    {
        std::uint64_t expected = 0;
        for (std::uint32_t i = 0; i < members; ++i)
        {
            const chain::Member m = committee().committee.member(i);
            if (chain::seat_set(signers, m.first_seat))
                expected += m.seats * signature_of(i, digest);
        }
        return expected == number(sum);
    };
    return s;
}

/// The rest of the input, with zeros behind it.
class Input
{
  public:
    explicit Input(Bytes bytes) : rest_(bytes) {}
    [[nodiscard]] bool empty() const { return rest_.empty(); }
    std::uint8_t byte()
    {
        if (rest_.empty())
            return 0;
        const std::uint8_t value = rest_[0];
        rest_ = rest_.subspan(1);
        return value;
    }

  private:
    Bytes rest_;
};

constexpr std::uint32_t honest_peer = 1, lying_peer = 2;

/// Places of a vote or partial from three bytes.
void place(Input& in, Family family, chain::Certificate& c)
{
    const std::uint8_t a = in.byte();
    c.kind = static_cast<Kind>(a % 8);
    c.epoch = 5 + (a >> 6) / 3;
    c.zone = family == Family::zone ? 3 : (a >> 4) % 4 / 3;
    c.view_or_height = in.byte() % 64;
    if (c.kind != Kind::nullify)
        c.subject[0] = static_cast<std::uint8_t>(1 + in.byte() % 3);
}

void check_output(const AggregatorOutput& out, const AggregatorConfig& config)
{
    const chain::Certificate& c = out.certificate;
    switch (out.kind)
    {
        case AggregatorOutputKind::certificate:
            check(check_members(c, committee().committee) == chain::CertificateFault::none);
            break;
        case AggregatorOutputKind::partial:
            for (std::uint32_t i = 0; i < members; ++i)
            {
                const chain::Member m = committee().committee.member(i);
                const std::uint32_t set = chain::count_seats(c.signers, m.first_seat, m.seats);
                check(set == 0 || (set == m.seats && i % config.subnets == out.subnet));
            }
            break;
        case AggregatorOutputKind::evidence:
            check(convicts(out.evidence));
            for (const chain::VoteEvidence::Vote& vote : out.evidence.votes)
            {
                chain::Certificate signed_one;
                signed_one.kind = static_cast<Kind>(vote.kind);
                signed_one.epoch = out.evidence.epoch;
                signed_one.view_or_height = out.evidence.view;
                signed_one.subject = vote.block;
                check(load_le64(vote.signature.data()) ==
                      signature_of(out.evidence.member, signed_digest(chain_id, signed_one)));
            }
            return;
        case AggregatorOutputKind::offender:
            check(out.offender.peer == lying_peer);
            return;
    }
    SignaturePoint point;
    set(point, load_le64(c.signature.data()));
    check(c.epoch == config.epoch && c.zone == config.zone);
    check(scheme().verify_sum(nullptr, signed_digest(chain_id, c), point, c.signers));
}

bool known(Kind kind) { return kind >= Kind::notarize && kind <= Kind::ckpt; }
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    Input in({data, size});
    AggregatorConfig config;
    config.chain_id = chain_id;
    config.committee = committee().committee;
    config.family = static_cast<Family>(in.byte() % 3);
    config.epoch = 5;
    config.zone = config.family == Family::zone ? 3 : 0;
    config.subnets = 1 + in.byte() % 4;
    config.served = in.byte();
    config.slots = 8;
    config.entropy[0] = 1;
    alignas(16) static std::array<std::uint8_t, 65536> memory;
    check(Aggregator::memory_bytes(config) <= memory.size());
    Arena arena(memory.data(), Aggregator::memory_bytes(config));
    Aggregator aggregator;
    check(aggregator.open(config, scheme(), arena) == Status::ok);
    std::uint64_t now = 0, current = 0;
    while (!in.empty())
    {
        const std::uint8_t op = in.byte();
        const bool lies = (op & 8) != 0;
        chain::Certificate c;
        switch (op % 8)
        {
            case 0:
            case 1:
            case 2:
            {
                place(in, config.family, c);
                wire::VoteMessage vote;
                vote.kind = c.kind;
                vote.epoch = c.epoch;
                vote.view_or_height = c.view_or_height;
                vote.zone = c.zone;
                vote.subject = c.subject;
                vote.member = in.byte() % (members + 1);
                std::uint64_t good = 0;
                if (known(c.kind))
                    good = signature_of(vote.member, signed_digest(chain_id, c));
                store_le(vote.signature.data(), good + (lies ? 1 + in.byte() % 2 : 0));
                vote.signature[95] = lies && (op & 16) != 0 ? 1 : 0;
                static_cast<void>(aggregator.on_vote(vote, lies ? lying_peer : honest_peer, now));
                break;
            }
            case 3:
            case 4:
            {
                place(in, config.family, c);
                wire::PartialMessage partial;
                partial.subnet = in.byte() % (config.subnets + 1);
                std::array<std::uint8_t, 4> signers{};
                const std::uint32_t low = in.byte(), mask = low | std::uint32_t{in.byte()} << 8;
                std::uint64_t sum = 0;
                const chain::Digest digest =
                    known(c.kind) ? signed_digest(chain_id, c) : chain::Digest{};
                for (std::uint32_t i = 0; i < members; ++i)
                {
                    if ((mask >> i & 1) == 0 || i % config.subnets != partial.subnet)
                        continue;
                    const chain::Member m = committee().committee.member(i);
                    for (std::uint32_t s = 0; s < m.seats; ++s)
                        chain::set_seat(signers, std::uint32_t{m.first_seat} + s);
                    sum += m.seats * signature_of(i, digest);
                }
                if (lies)
                {
                    sum += in.byte() % 2;
                    signers[in.byte() % 4] ^= in.byte();
                }
                const std::size_t length = (committee().committee.seats + 7) / 8;
                partial.certificate = c;
                partial.certificate.signers = Bytes(signers).first(length - (mask >> 15));
                store_le(partial.certificate.signature.data(), sum);
                static_cast<void>(
                    aggregator.on_partial(partial, lies ? lying_peer : honest_peer, now));
                break;
            }
            case 5:
                now += in.byte();
                aggregator.tick(now);
                check(aggregator.deadline_ms() > now);
                break;
            case 6:
                current += in.byte() % 4;
                aggregator.advance(current);
                break;
            case 7:
                place(in, config.family, c);
                aggregator.on_certificate(c);
                break;
        }
        if ((op & 32) != 0)
            continue;
        AggregatorOutput out;
        for (int count = 0; aggregator.next(out); ++count)
        {
            check(count < 1000);
            check_output(out, config);
        }
    }
    return 0;
}

// Streams of headers and certificates, some certified, against a follower.
//
// A header is one of those that were taken, with fields changed as the input says; the certificate is of a
// committee of one member whose signature the input grants or refuses. What has to hold: the height only
// rises, nothing is taken that was refused a signature, a FAULT has evidence that contradicts itself, and
// answers come from below it.
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "client/follower.hpp"

namespace
{
using namespace mote;
using namespace mote::client;

void check(bool condition)
{
    if (!condition)
        std::abort();
}

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

constexpr chain::Calendar calendar{4, 2, 2};

/// The committee's commitment for a number, of one member with one seat.
struct One
{
    chain::Digest root{};
    chain::PublicKey agg_pk{};
    chain::Digest commitment{};

    explicit One(std::uint8_t number)
    {
        root[0] = number;
        agg_pk[0] = 0x80;
        commitment = chain::committee_commitment(1, 1, root, agg_pk);
    }
};

chain::Digest committee(std::uint8_t choice)
{
    return choice % 4 == 3 ? chain::Digest{} : One(choice % 4).commitment;
}

void change(chain::RootHeader& h, Input& in)
{
    const std::uint8_t field = in.byte(), value = in.byte();
    switch (field % 16)
    {
        case 0:
            h.height += value % 8;
            break;
        case 1:
            h.height -= value % 3;
            break;
        case 2:
            h.epoch += value % 3;
            break;
        case 3:
            h.view += value % 8;
            break;
        case 4:
            h.time_ms += value;
            break;
        case 5:
            h.time_ms -= value;
            break;
        case 6:
            h.root_committee = committee(value);
            break;
        case 7:
            h.next_root_committee = committee(value);
            break;
        case 8:
            h.ckpt_committee = committee(value);
            break;
        case 9:
            h.next_ckpt_committee = committee(value);
            break;
        case 10:
            h.next_set[0] = value % 3;
            break;
        case 11:
            h.parent[0] = value;
            break;
        case 12:
            h.randao[0] = value;
            break;
        case 13:
            h.flags = value % 3;
            break;
        case 14:
            h.version = 1 + value % 2;
            break;
        default:
            h.zones_root[0] = value % 2;
            break;
    }
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    Input in({data, size});
    static const std::unique_ptr<Follower> follower = std::make_unique<Follower>();
    FollowerConfig config;
    config.calendar = calendar;
    config.trust_period_ms = 500;
    chain::RootHeader start;
    start.height = in.byte() % 16;
    start.epoch = calendar.epoch(start.height);
    start.view = start.height;
    start.time_ms = 1000;
    start.root_committee = committee(0);
    start.ckpt_committee = committee(1);
    for (std::uint8_t changes = in.byte() % 4; changes > 0; --changes)
        change(start, in);
    std::uint64_t now = 1000 + in.byte();
    if (follower->start(config, start, {start.height, hash_of(start)}, {now, true},
                        static_cast<Vouched>(in.byte() % 3)) != Status::ok)
    {
        check(follower->phase() == FollowerPhase::closed && follower->newest() == nullptr);
        return 0;
    }
    chain::RootHeader last = start;
    while (!in.empty())
    {
        const std::uint8_t op = in.byte();
        const Certified* const before = follower->newest();
        const std::uint64_t height = before == nullptr ? 0 : before->header.height;
        if (op % 8 == 7)
        {
            now += in.byte();
            follower->on_clock({now, (op & 8) != 0});
            if ((op & 16) != 0)
                follower->confirm();
            continue;
        }
        if (op % 8 == 6)
        {
            chain::Notice notice;
            notice.kind = in.byte() % 8;
            notice.activation_epoch = in.byte() % 8;
            notice.value[0] = in.byte() % 4;
            chain::EpochSet set;
            set.notice_root = chain::root_of(std::span<const chain::Notice>(&notice, 1));
            static_cast<void>(follower->on_epoch_set(set, {&notice, 1}));
            continue;
        }
        chain::RootHeader header = last;
        for (std::uint8_t changes = op % 8; changes > 0; --changes)
            change(header, in);
        if ((op & 8) != 0)
            header.epoch = calendar.epoch(header.height);
        const One one(in.byte() % 4);
        const std::uint8_t seat = 1;
        chain::FollowerCertificate follows;
        follows.seats = follows.members = 1;
        follows.members_root = one.root;
        follows.agg_pk = one.agg_pk;
        follows.certificate.kind = (op & 16) != 0 ? chain::Kind::ckpt : chain::Kind::finalize;
        follows.certificate.epoch = (op & 16) != 0 ? calendar.period(header.epoch) : header.epoch;
        follows.certificate.view_or_height = (op & 16) != 0 ? header.height : header.view;
        follows.certificate.subject = hash_of(header);
        follows.certificate.signers = Bytes(&seat, 1);
        bool granted = (op & 32) != 0;
        const chain::SignatureCheck signatures = {
            &granted, [](void* context, const chain::Digest&, const chain::Signature&,
                         const chain::SignerKeys&) { return *static_cast<bool*>(context); }};
        const FollowerPhase phase = follower->phase();
        const FollowFault fault =
            follower->take(header, follows, {now, (op & 64) != 0}, signatures);
        const Certified* const after = follower->newest();
        if (fault == FollowFault::none)
        {
            check(granted && after != nullptr && after->header == header);
            check(header.height > height || before == nullptr);
            last = header;
        }
        else if (fault == FollowFault::conflict)
        {
            check(granted && follower->phase() == FollowerPhase::fault);
            const auto& evidence = follower->evidence();
            check(chain::contradiction(evidence[0].header, evidence[1].header, calendar) !=
                  chain::Contradiction::none);
            check(after == nullptr || (after->header.height < evidence[0].header.height &&
                                       after->header.height < evidence[1].header.height));
        }
        else
            check(phase != FollowerPhase::following || after == nullptr || before == nullptr ||
                  after->header == before->header);
        if (phase == FollowerPhase::fault)
            check(fault == FollowFault::closed && follower->phase() == FollowerPhase::fault);
    }
    return 0;
}

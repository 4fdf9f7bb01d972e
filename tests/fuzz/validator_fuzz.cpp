// A validator whose host and peers do anything: the input is a program of events, messages of a good chain and
// of liars among them, any byte of them changed, writes that are confirmed late, never or wrongly.
//
// Signatures are judged by a rule of thumb, so that liars get further than they could. Besides the sanitizers the
// target checks what no event may change: no vote against R5, none before a record was flushed, a final chain
// that only grows, actions within their bound, and the same actions from the same log.
#include <cstdlib>
#include <map>
#include <optional>

#include "sdk/client/client_support.hpp"

namespace client_test
{
namespace
{
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
    std::size_t word() { return byte() | std::size_t{byte()} << 8; }
    Bytes take(std::size_t bytes)
    {
        const Bytes out = rest_.first(std::min(bytes, rest_.size()));
        rest_ = rest_.subspan(out.size());
        return out;
    }

  private:
    Bytes rest_;
};

/// Messages of a small chain, made once.
struct Pool
{
    Pool()
    {
        const auto box = world.open_epoch(0, world.genesis.randao);
        const auto genesis = genesis_state(world);
        const Maker first(world, genesis->state, *box);
        OwnedState next, unused;
        Made a = first.start(1, 0), b = first.start(1, 0), c = first.start(2, 0);
        first.add_tip(a, zone_a, world.chain_id);
        first.finish(a, next.state.zones);
        b.header.time_ms += 7;
        first.finish(b, unused.state.zones);
        first.finish(c, unused.state.zones);
        next.state.header = a.header;
        next.state.hash = hash_of(a.header);
        const Maker second(world, next.state, *box);
        Made d = second.start(2, 1), e = second.start(3, 1);
        second.add_tip(d, zone_b, world.chain_id, 2);
        second.add_statement(d, zone_a, 1);
        second.finish(d, unused.state.zones);
        second.finish(e, unused.state.zones);
        for (const Made* made : {&a, &b, &c, &d, &e})
        {
            messages.push_back(proposal_bytes(*made));
            const Digest hash = hash_of(made->header);
            for (const Kind kind : {Kind::notarize, Kind::finalize})
                messages.push_back(certificate_bytes(world.certify(kind, 0, made->view, 0, hash)));
        }
        for (std::uint64_t view = 1; view <= 3; ++view)
            messages.push_back(certificate_bytes(world.certify(Kind::nullify, 0, view, 0, {})));
        for (const Made::Update& update : {a.updates[0], d.updates[0]})
        {
            wire::SignedZoneHeader header;
            header.header = update.update.tip;
            header.signature = update.update.tip_signature;
            header.is_signed = true;
            messages.push_back(message_bytes(MessageKind::zone_header, header,
                                             wire::zone_header_message_bytes_max));
            messages.push_back(certificate_bytes(update.avail));
        }
        Evidence evidence;
        evidence.kind = 3;
        evidence.proposals.view = 1;
        evidence.proposals.blocks = {hash_of(a.header), hash_of(b.header)};
        evidence.proposals.signatures = {a.signature, b.signature};
        put_in_order(evidence.proposals);
        messages.push_back(
            message_bytes(MessageKind::evidence, evidence, wire::evidence_message_bytes_max));
        ByteVector proof(1 + 252 + 200 + 176 + 9);
        proof[0] = static_cast<std::uint8_t>(MessageKind::proof);
        const auto statement = mote::chain::encode(d.updates[1].update.statement);
        std::copy(statement.begin(), statement.end(), proof.begin() + 1);
        messages.push_back(proof);
    }

    World world;
    std::vector<ByteVector> messages;
};

const Pool& pool()
{
    static const Pool made;
    return made;
}

bool sign_cheaply(void*, const Digest& digest, Signature& out)
{
    for (std::size_t i = 0; i < out.size(); ++i)
        out[i] = digest[i % digest.size()];
    return true;
}

bool judge_cheaply(void*, const Digest& digest, const Signature& signature,
                   const mote::chain::SignerKeys&)
{
    return ((signature[95] ^ digest[0]) & 7) != 0;
}

class Run
{
  public:
    explicit Run(Bytes program) : input_(program)
    {
        const VoteRecord record = first_record();
        setup_ = setup_of(pool().world, 3, record);
        setup_.signer = {nullptr, sign_cheaply};
        setup_.signatures = {nullptr, judge_cheaply};
        setup_.limits.held_bytes = 4096;
        setup_.mode = input_.byte() % 2 == 0 ? VoteMode::exact : VoteMode::reserve;
        owned_.emplace(setup_);
        for (int i = 0; i < 256 && !input_.empty(); ++i)
            one(input_.byte());
        replay();
    }

  private:
    void one(std::uint8_t op)
    {
        Event event;
        event.now_ms = now_;
        ByteVector bytes;
        switch (op % 14)
        {
            case 0:
                event.kind = EventKind::entropy;
                bytes.assign(32, op);
                break;
            case 1:
                return answer_lists();
            case 2:
            case 3:
            case 4:
                bytes = pick();
                break;
            case 5:
            {
                bytes = pick();
                const std::size_t at = input_.word();
                bytes[at % bytes.size()] ^= input_.byte();
                break;
            }
            case 6:
            case 7:
                event.kind = EventKind::flushed;
                event.id = op % 2 == 0 ? token_ : input_.byte();
                flushing_ = event.id == token_ && token_ != 0;
                break;
            case 8:
                now_ += input_.word();
                event.now_ms = now_;
                break;
            case 9:
                event.kind = EventKind::verified;
                event.id = jobs_.empty() ? input_.byte() : jobs_[op % jobs_.size()];
                event.ok = op / 14 % 2 == 0;
                break;
            case 10:
                event.kind = EventKind::clock;
                event.ok = true;
                event.wall_ms = genesis_ms + input_.word();
                break;
            case 11:
                event.kind = op / 14 % 4 == 0   ? EventKind::write_failed
                             : op / 14 % 2 == 0 ? EventKind::sleep
                                                : EventKind::wake;
                break;
            case 12:
            {
                event.kind = EventKind::message;
                const Bytes raw = input_.take(input_.byte());
                bytes.assign(raw.begin(), raw.end());
                break;
            }
            default:
                event.kind = EventKind::fetched;
                event.id = fetches_.empty() ? input_.byte() : fetches_[op % fetches_.size()];
                bytes = pick();
                break;
        }
        if (op % 14 >= 2 && op % 14 <= 5)
            event.kind = EventKind::message;
        event.bytes = bytes;
        step(event);
    }

    ByteVector pick() { return pool().messages[input_.byte() % pool().messages.size()]; }

    void answer_lists()
    {
        for (const auto& [id, list] : std::exchange(lists_, {}))
        {
            Event event;
            event.kind = EventKind::fetched;
            event.now_ms = now_;
            event.id = id;
            event.bytes = list;
            step(event);
        }
    }

    void step(const Event& event)
    {
        ByteVector bytes(encoded_bytes(event));
        std::size_t written = 0;
        check(encode(event, bytes, written) == Status::ok);
        log_.push_back(bytes);
        const std::uint64_t before = owned_->validator.final_header().height;
        const std::span<const Action> actions = owned_->validator.step(event);
        check(actions.size() <= 48);
        for (const Action& action : actions)
        {
            absorb(action, hash_);
            take(action);
        }
        check(owned_->validator.final_header().height >= before);
        flushing_ = false;
    }

    void take(const Action& action)
    {
        switch (action.kind)
        {
            case ActionKind::write_and_flush:
                check(action.bytes.size() == record_bytes && action.offset % 4096 == 0);
                token_ = action.id;
                break;
            case ActionKind::fetch:
                if (action.fetch.kind == FetchKind::list)
                    lists_.emplace_back(action.id, list_of(pool().world, action.fetch));
                else
                    fetches_.push_back(action.id);
                break;
            case ActionKind::verify:
                jobs_.push_back(action.id);
                break;
            case ActionKind::send:
                if (action.bytes[0] == static_cast<std::uint8_t>(MessageKind::vote))
                    take_vote(action.bytes.subspan(1));
                break;
            case ActionKind::set_deadline:
            case ActionKind::report:
                break;
        }
    }

    /// R5, on the wire.
    void take_vote(Bytes body)
    {
        wire::VoteMessage vote;
        wire::Drop why = wire::Drop::none;
        check(wire::decode(body, vote, why) == Status::ok);
        if (vote.kind > Kind::finalize)
            return;
        check(vote.epoch == 0);
        Seen& seen = votes_[vote.view_or_height];
        std::optional<std::pair<Kind, Digest>>& place =
            vote.kind == Kind::notarize ? seen.first : seen.second;
        if (!place)
        {
            // Nothing new without a record, except inside a reservation.
            check(flushing_ || setup_.mode == VoteMode::reserve);
            check(vote.kind != Kind::notarize || !seen.second);
            place = {vote.kind, vote.subject};
        }
        check(place->first == vote.kind && place->second == vote.subject);
        check(vote.view_or_height >= newest_view_);
        newest_view_ = vote.view_or_height;
    }

    /// The same setup and the same events give the same actions.
    void replay()
    {
        Owned again(setup_);
        mote::hash::Blake3 hash;
        for (const ByteVector& bytes : log_)
        {
            Bytes log = bytes;
            Event event;
            check(decode(log, event) == Status::ok && log.empty());
            for (const Action& action : again.validator.step(event))
                absorb(action, hash);
        }
        Digest first, second;
        hash_.finish(first);
        hash.finish(second);
        check(first == second);
    }

    struct Seen
    {
        std::optional<std::pair<Kind, Digest>> first, second;
    };

    Input input_;
    Setup setup_;
    std::optional<Owned> owned_;
    std::uint64_t now_ = 1, token_ = 0, newest_view_ = 0;
    bool flushing_ = false;
    std::vector<std::pair<std::uint64_t, Bytes>> lists_;
    std::vector<std::uint64_t> fetches_, jobs_;
    std::map<std::uint64_t, Seen> votes_;
    std::vector<ByteVector> log_;
    mote::hash::Blake3 hash_;
};
}  // namespace
}  // namespace client_test

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t bytes)
{
    client_test::Run run(mote::Bytes(data, bytes));
    return 0;
}

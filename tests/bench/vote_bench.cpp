// From a proposal in to a signature out, over a real file: what a voter needs of a view's time.
//
//   bench_vote [--folder DIR] [--votes N] [--json FILE]
//
// Each view has two votes. A certificate of the view before arrives: it is verified (2,048 seats, all of
// them set), and FINALIZE goes out. A proposal arrives: its leader's signature and its place are checked,
// and NOTARIZE goes out. (Its parent's certificate is the one that was verified; certificates of zones
// come on top.) In exact mode the record is flushed before each of both; in reserve mode once in 64 views.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "bench/device_of.hpp"
#include "chain/certificate.hpp"
#include "chain/headers.hpp"
#include "consensus/root_voter.hpp"
#include "curve/bls12_381_hash_to_curve.hpp"
#include "posix/store/record_file.hpp"
#include "signature/secret_key.hpp"
#include "signature/verify.hpp"

namespace
{
using namespace mote;
using consensus::ActionKind;
using consensus::Actions;
using consensus::Kind;
using Clock = std::chrono::steady_clock;

constexpr std::uint32_t seats = 2048;

void require(bool condition, const char* what)
{
    if (!condition)
    {
        std::fprintf(stderr, "bench_vote: %s\n", what);
        std::exit(1);
    }
}

double milliseconds(Clock::time_point from, Clock::time_point to)
{
    return std::chrono::duration<double, std::milli>(to - from).count();
}

chain::Signature encoded(const signature::Signature& signature)
{
    chain::Signature out;
    signature::encode(signature, out);
    return out;
}

/// A committee of keys k * 2^i: as good as random ones for sums, and what all of them sign is known.
class Network
{
  public:
    Network()
    {
        const std::uint8_t seed[32] = {1, 6, 1, 8};
        require(key_.derive_master(seed) == Status::ok, "no key");
        chain_id_.fill(7);
        curve::bls12_381::G1Jacobian p = key_.public_key();
        list_.resize(seats * chain::member_bytes);
        for (std::uint32_t i = 0; i < seats; ++i)
        {
            keys_.push_back(p.to_affine());
            chain::Member member{i, {}, static_cast<std::uint16_t>(i), 1};
            signature::encode(keys_.back(), member.public_key);
            const auto bytes = chain::encode(member);
            std::copy(bytes.begin(), bytes.end(), list_.begin() + i * chain::member_bytes);
            p = p.twice();
        }
        require(chain::open_committee(list_, committee_), "no committee");
        bitmap_.assign(seats / 8, 0xff);
    }

    [[nodiscard]] const chain::Digest& chain_id() const { return chain_id_; }
    [[nodiscard]] const signature::SecretKey& key() const { return key_; }
    [[nodiscard]] const signature::PublicKey& leader() const { return keys_[0]; }

    [[nodiscard]] chain::Certificate certify(std::uint64_t view, const chain::Digest& block) const
    {
        chain::Certificate out;
        out.view_or_height = view;
        out.subject = block;
        out.signers = bitmap_;
        curve::bls12_381::G2Jacobian one = key_.sign(chain::signed_digest(chain_id_, out)), sum;
        for (std::uint32_t i = 0; i < seats; ++i)
        {
            sum += one;
            one = one.twice();
        }
        out.signature = encoded(sum.to_affine());
        return out;
    }

    [[nodiscard]] bool verify(const chain::Certificate& certificate)
    {
        const chain::SignatureCheck check = {this, &Network::verify_sum};
        return chain::verify(certificate, committee_, chain_id_, check) ==
               chain::CertificateFault::none;
    }

  private:
    static bool verify_sum(void* context, const chain::Digest& digest,
                           const chain::Signature& bytes, const chain::SignerKeys& signers)
    {
        auto& self = *static_cast<Network*>(context);
        std::vector<std::uint16_t> weights(seats);
        for (std::uint32_t i = 0; i < seats; ++i)
            weights[i] = chain::seat_set(signers.signers, i) ? 1 : 0;
        Arena arena(self.memory_.data(), self.memory_.size() * sizeof(Word));
        signature::PublicKey sum;
        signature::Signature signature;
        return signature::sum_keys(self.keys_, weights, arena, sum) == Status::ok &&
               signature::decode_signature(bytes, signature) == Reason::none &&
               signature::verify(sum, digest, signature);
    }

    struct alignas(16) Word
    {
        std::uint8_t bytes[16];
    };
    signature::SecretKey key_;
    chain::Digest chain_id_{};
    std::vector<signature::PublicKey> keys_;
    std::vector<std::uint8_t> list_, bitmap_;
    chain::Committee committee_;
    std::vector<Word> memory_ =
        std::vector<Word>(signature::sum_keys_scratch_bytes() / sizeof(Word) + 1);
};

/// What arrives in a view.
struct View
{
    chain::RootHeader header;
    chain::Digest block{};
    chain::Signature leader_signature{};
    chain::Certificate certificate;  ///< notarization of the block
};

std::vector<View> make_views(const Network& network, std::size_t count)
{
    std::vector<View> views(count + 1);
    for (std::size_t v = 1; v <= count; ++v)
    {
        View& view = views[v];
        view.header.height = view.header.view = v;
        view.header.parent = views[v - 1].block;
        view.header.parent_view = v - 1;
        view.block = chain::hash_of(view.header);
        view.leader_signature = encoded(
            network.key().sign(chain::proposal_digest(network.chain_id(), 0, v, view.block)));
        view.certificate = network.certify(v, view.block);
    }
    return views;
}

struct Times
{
    std::vector<double> notarize, finalize, flush;
};

/// The host's loop around a voter: writes, flushes and signs what it is told to.
class Host
{
  public:
    Host(const Network& network, consensus::RootVoter& voter, posix::RecordFile& file, Times& times)
        : network_(network), voter_(voter), file_(file), times_(times)
    {
    }

    /// Carries out one event's actions until the vote is signed.
    void run(Actions actions)
    {
        signed_ = false;
        for (bool more = true; more;)
        {
            more = false;
            for (const consensus::Action& action : actions)
                if (action.kind == ActionKind::sign)
                    sign(action.step);
                else if (action.kind == ActionKind::write)
                {
                    const auto start = Clock::now();
                    require(file_.write(action.step.offset, action.step.record), "cannot write");
                    times_.flush.push_back(milliseconds(start, Clock::now()));
                    actions = voter_.flushed(action.step.token, 0);
                    more = true;
                    break;
                }
        }
        require(signed_, "no vote");
    }

  private:
    void sign(const consensus::Step& step)
    {
        const consensus::Vote& vote = step.permit().vote();
        const chain::Digest digest = chain::root_vote_digest(network_.chain_id(), vote.epoch,
                                                             vote.view, vote.kind, vote.block);
        const chain::Signature out = encoded(network_.key().sign(digest));
        signed_ = (out[0] & 0x80) != 0;
    }

    const Network& network_;
    consensus::RootVoter& voter_;
    posix::RecordFile& file_;
    Times& times_;
    bool signed_ = false;
};

Times run(Network& network, const std::vector<View>& views, const std::string& path,
          consensus::VoteMode mode)
{
    chain::PublicKey key;
    signature::encode(network.leader(), key);
    const consensus::KeyName name = consensus::key_name(network.chain_id(), key);
    static_cast<void>(std::remove(path.c_str()));
    posix::RecordFile::create(path, name);
    posix::RecordFile file(path, name);
    consensus::Voter opened;
    require(opened.open(file.record(), name, mode) == Status::ok, "no voter");
    consensus::RootVoter voter(opened, {}, {}, {}, 0);
    static_cast<void>(voter.on_genesis(0));
    Times times;
    Host host(network, voter, file, times);
    for (std::size_t v = 1; v < views.size(); ++v)
    {
        const View& view = views[v];
        auto start = Clock::now();
        consensus::Place place;
        place.view = place.header_view = v;
        place.height = view.header.height;
        place.block = chain::hash_of(view.header);
        place.parent = view.header.parent;
        place.parent_view = place.parent_height = v - 1;
        if (v > 1)
        {
            place.has_certificate = true;
            place.certificate_view = v - 1;
            place.certificate_block = views[v - 1].block;
        }
        signature::Signature leader;
        const bool valid =
            signature::decode_signature(view.leader_signature, leader) == Reason::none &&
            signature::verify(network.leader(),
                              chain::proposal_digest(network.chain_id(), 0, v, place.block),
                              leader);
        host.run(voter.on_proposal(place, valid, 0));
        times.notarize.push_back(milliseconds(start, Clock::now()));

        start = Clock::now();
        require(network.verify(view.certificate), "a certificate does not verify");
        host.run(voter.on_certificate(Kind::notarize, 0, v, view.block, v, 0));
        times.finalize.push_back(milliseconds(start, Clock::now()));
    }
    static_cast<void>(std::remove(path.c_str()));
    return times;
}

double at(std::vector<double> times, double share)
{
    if (times.empty())
        return 0;
    std::sort(times.begin(), times.end());
    const auto index = static_cast<std::size_t>(share * static_cast<double>(times.size() - 1));
    return times[index];
}

void show(const char* mode, const Times& times, FILE* json)
{
    struct Row
    {
        const char* name;
        const std::vector<double>& times;
    };
    for (const Row& row : {Row{"proposal to NOTARIZE", times.notarize},
                           Row{"certificate to FINALIZE", times.finalize},
                           Row{"write and flush in it", times.flush}})
    {
        std::printf("%-8s %-24s %6zu %8.3f %8.3f %8.3f\n", mode, row.name, row.times.size(),
                    at(row.times, 0.5), at(row.times, 0.99), at(row.times, 1));
        if (json != nullptr)
            std::fprintf(json,
                         "{\"mode\": \"%s\", \"what\": \"%s\", \"count\": %zu, "
                         "\"median_ms\": %.4f, \"p99_ms\": %.4f, \"max_ms\": %.4f}\n",
                         mode, row.name, row.times.size(), at(row.times, 0.5), at(row.times, 0.99),
                         at(row.times, 1));
    }
}
}  // namespace

int main(int argc, char** argv)
{
    std::string folder = "build/bench-vote";
    std::size_t votes = 300;
    const char* json_file = nullptr;
    for (int i = 1; i + 1 < argc; i += 2)
    {
        const std::string name = argv[i];
        if (name == "--folder")
            folder = argv[i + 1];
        else if (name == "--votes")
            votes = std::strtoull(argv[i + 1], nullptr, 10);
        else if (name == "--json")
            json_file = argv[i + 1];
        else
            require(false, "options are --folder DIR, --votes N and --json FILE");
    }
    require(votes > 0 && votes < 3600, "--votes is 1 to 3599");
    try
    {
        posix::make_folder(folder);
        FILE* const json = json_file != nullptr ? std::fopen(json_file, "w") : nullptr;
        Network network;
        const std::vector<View> views = make_views(network, votes);
        std::printf("record in %s: %s\n", folder.c_str(), ::bench::device_of(folder).c_str());
        std::printf("%-8s %-24s %6s %8s %8s %8s   (ms)\n", "mode", "", "count", "median", "p99",
                    "max");
        show("exact", run(network, views, folder + "/record", consensus::VoteMode::exact), json);
        show("reserve", run(network, views, folder + "/record", consensus::VoteMode::reserve),
             json);
        if (json != nullptr)
            std::fclose(json);
    }
    catch (const std::exception& error)
    {
        require(false, error.what());
    }
    return 0;
}

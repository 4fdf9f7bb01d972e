// The C++ handles: they open, share, verify, and when they cannot they are empty and say why.
#include <catch2/catch.hpp>

#include "base/status.hpp"
#include "mote/mote.hpp"
#include "sdk/abi/abi_support.hpp"

using mote::Reason;
using namespace mote::test;

namespace
{
mote::View view(mote_span s) { return {s.data, s.bytes}; }

bool has_reason(const mote::Outcome& o, Reason reason)
{
    return o.verdict.reason == static_cast<std::uint32_t>(reason);
}
}  // namespace

TEST_CASE("An outcome that nobody filled accepts nothing")
{
    const mote::Outcome o;
    REQUIRE(o.status == MOTE_INVALID_ARGUMENT);
    REQUIRE(o.verdict.struct_size == sizeof(mote_verdict));
    REQUIRE(!o.accepted());
    REQUIRE(!o.rejected());
    REQUIRE(!o.malformed());
}

TEST_CASE("Handles open and verify, and keep alive what they need")
{
    const OpenBundle b("committed-muldiv");
    std::unique_ptr<mote::Verifier> verifier;
    {
        const auto key = mote::ProgramKey::open(view(b.parts.key), b.parts.key_digest);
        const auto setup = mote::DorySetup::open(view(b.parts.setup), b.parts.setup_digest);
        REQUIRE(key);
        REQUIRE(setup);
        REQUIRE(key.outcome().accepted());
        REQUIRE(setup.outcome().accepted());
        const mote_jolt_key_info info = key.describe();
        REQUIRE(info.committed == 1);
        REQUIRE(std::memcmp(info.digest, b.parts.key_digest, 32) == 0);
        verifier = std::make_unique<mote::Verifier>(key, setup);
    }  // the verifier's copies are the last
    std::size_t bytes = verifier->memory_bytes();
    REQUIRE(bytes > 10000);
    REQUIRE(bytes <= std::size_t{2} << 20);

    mote_public_io io = b.io();
    for (int i = 0; i < 2; ++i)
    {
        const mote::Outcome good = verifier->verify(io, view(b.parts.proof));
        REQUIRE(good.accepted());
        REQUIRE((!good.rejected() && !good.malformed()));
        io.panic = 1;
        const mote::Outcome bad = verifier->verify(io, view(b.parts.proof));
        REQUIRE(bad.rejected());
        REQUIRE((!bad.accepted() && !bad.malformed()));
        io.panic = 0;
        const mote::Outcome cut =
            verifier->verify(io, {b.parts.proof.data, b.parts.proof.bytes - 1});
        REQUIRE(cut.malformed());
        REQUIRE((!cut.accepted() && !cut.rejected()));
        const mote::Outcome none = verifier->verify(io, {nullptr, 1});
        REQUIRE(none.status == MOTE_INVALID_ARGUMENT);
        REQUIRE((!none.accepted() && !none.rejected() && !none.malformed()));
    }
}

TEST_CASE("Handles pass on trusted advice and observers")
{
    const OpenBundle b("muldiv");
    mote::Verifier verifier(mote::ProgramKey::open(view(b.parts.key), b.parts.key_digest),
                            mote::DorySetup::open(view(b.parts.setup), b.parts.setup_digest));
    int calls = 0;
    mote_observer observer{};
    observer.struct_size = sizeof observer;
    observer.context = &calls;
    observer.on_stage = [](void* context, std::uint32_t) { ++*static_cast<int*>(context); };
    REQUIRE(verifier.verify(b.io(), view(b.parts.proof), nullptr, &observer).accepted());
    REQUIRE(calls > 10);
    // Any element of the group: this program takes no advice.
    const std::uint8_t* const ht = b.parts.setup.data + b.parts.setup.bytes - 8 - MOTE_GT_BYTES;
    REQUIRE(verifier.verify(b.io(), view(b.parts.proof), ht).rejected());
}

TEST_CASE("A handle that cannot be opened is empty and says why")
{
    const OpenBundle b("committed-muldiv");
    std::uint8_t digest[32] = {};
    const auto other_key = mote::ProgramKey::open(view(b.parts.key), digest);
    REQUIRE(!other_key);
    REQUIRE(other_key.get() == nullptr);
    REQUIRE(other_key.outcome().rejected());
    REQUIRE(has_reason(other_key.outcome(), Reason::unexpected_program));

    const auto other_revision =
        mote::ProgramKey::open(view(b.parts.key), b.parts.key_digest, "jolt-0");
    REQUIRE(!other_revision);
    REQUIRE(has_reason(other_revision.outcome(), Reason::unknown_revision));

    const auto cut_key =
        mote::ProgramKey::open({b.parts.key.data, b.parts.key.bytes - 1}, b.parts.key_digest);
    REQUIRE(!cut_key);
    REQUIRE(cut_key.outcome().malformed());

    const auto no_digest = mote::ProgramKey::open(view(b.parts.key), nullptr);
    REQUIRE(!no_digest);
    REQUIRE(no_digest.outcome().status == MOTE_INVALID_ARGUMENT);
    REQUIRE(!no_digest.outcome().accepted());

    const auto no_key = mote::ProgramKey::open({nullptr, 5}, b.parts.key_digest);
    REQUIRE(!no_key);
    REQUIRE(no_key.outcome().status == MOTE_INVALID_ARGUMENT);

    const auto other_setup = mote::DorySetup::open(view(b.parts.setup), digest);
    REQUIRE(!other_setup);
    REQUIRE(other_setup.outcome().rejected());
    REQUIRE(has_reason(other_setup.outcome(), Reason::unexpected_setup));

    const auto no_setup = mote::DorySetup::open({}, b.parts.setup_digest);
    REQUIRE(!no_setup);
    REQUIRE(no_setup.outcome().malformed());

    const auto no_setup_digest = mote::DorySetup::open(view(b.parts.setup), nullptr);
    REQUIRE(!no_setup_digest);
    REQUIRE(no_setup_digest.outcome().status == MOTE_INVALID_ARGUMENT);
    REQUIRE(!no_setup_digest.outcome().accepted());
}

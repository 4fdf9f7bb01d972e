// Every bit of every proof and witness of the vectors is changed: none of them opens.
//
// A bit decides something or must be zero: the format has no byte that nobody looks at.
#include <catch2/catch.hpp>

#include "sdk/state/state_support.hpp"
#include "tools/effort.hpp"

using namespace mote::state;
using namespace state_test;

namespace
{
void check_every_bit(const Octets& good, const Digest& root, bool witness,
                     mote::test::Thinned& thinned)
{
    Memory memory(open_memory_bytes(good.size()));
    const auto open = [&](Bytes bytes, Defect& defect)
    {
        mote::Arena arena = memory.arena();
        Opened opened;
        const Status status = witness ? open_witness(bytes, root, arena, opened, defect)
                                      : open_proof(bytes, root, arena, opened, defect);
        REQUIRE((status == Status::ok) == (opened.section_count != 0));
        return status;
    };
    Defect defect;
    REQUIRE(open(good, defect) == Status::ok);
    for (std::size_t bit = 0; bit < 8 * good.size(); ++bit)
    {
        if (!thinned.next())
            continue;
        Octets changed = good;
        changed[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
        const Status status = open(changed, defect);
        REQUIRE((status == Status::malformed || status == Status::rejected));
        REQUIRE((status == Status::rejected) == (defect.fault == Fault::root));
        REQUIRE(defect.offset <= changed.size());
    }
    for (std::size_t n = 0; n < good.size(); n += thinned.next() ? 1 : 5)
        REQUIRE(open(Bytes(good).first(n), defect) == Status::malformed);
    Octets longer = good;
    longer.push_back(0);
    REQUIRE(open(longer, defect) == Status::malformed);
    REQUIRE(defect.fault == Fault::trailing);
    REQUIRE(defect.offset == good.size());
}
}  // namespace

TEST_CASE("no bit of a proof can be changed")
{
    mote::test::Thinned thinned;
    const Json file = read("proofs.json");
    for (const Json& item : file["proofs"])
        check_every_bit(unhex(item["proof"]), digest(item["root"]), false, thinned);
}

TEST_CASE("no bit of a witness can be changed")
{
    mote::test::Thinned thinned(9);
    for (const Json& item : read("witnesses.json"))
        check_every_bit(unhex(item["witness"]), digest(item["old_root"]), true, thinned);
}

// Each documented answer of the decoders, on bundles changed for the purpose.
#include "jolt/decode.hpp"

#include <catch2/catch.hpp>

#include "bundle_support.hpp"
#include "program_support.hpp"

using namespace mote;
using namespace mote::test;

namespace
{
const char* const sumcheck_paths[] = {"s1_uniskip", "s1", "s2_uniskip", "s2",  "s3",
                                      "s4",         "s5", "s6a",        "s6b", "s7"};

Buffer committed_sumcheck(std::size_t rounds)
{
    Writer w;
    w.varint(1);
    w.varint(rounds);
    for (std::size_t i = 0; i < rounds; ++i)
    {
        w.varint(32);
        w.raw(Buffer(32, 3));
        w.varint(i == 0 ? 300 : 3);
    }
    w.varint(2);
    for (int i = 0; i < 2; ++i)
    {
        w.varint(32);
        w.raw(Buffer(32, 4));
    }
    return w.bytes;
}

bool is_empty(const jolt::Proof& proof)
{
    return proof.joint_opening_proof.data() == nullptr && proof.commitments.rd_inc.count == 0 &&
           proof.trace_length == 0 && proof.claims.stage1.outer.count == 0;
}
}  // namespace

TEST_CASE("Hiding and packed proofs are answered by their first bytes")
{
    struct Case
    {
        Buffer bytes;
        Reason reason;
        Field field;
        std::uint64_t offset;
    };
    for (const Case& c : {Case{{1}, Reason::unsupported_hiding, Field::protocol_zk, 70},
                          Case{{1, 9, 9}, Reason::unsupported_hiding, Field::protocol_zk, 70},
                          Case{{0, 1}, Reason::unsupported_packed, Field::protocol_commitment, 71}})
    {
        jolt::Proof proof;
        Report report;
        REQUIRE(jolt::decode_proof(c.bytes, 70, proof, report) == Status::rejected);
        REQUIRE(report.stage == Stage::config);
        REQUIRE(report.reason == c.reason);
        REQUIRE(report.field == c.field);
        REQUIRE(report.offset == c.offset);
        REQUIRE(is_empty(proof));
    }
    // The header of a whole proof.
    const BundleEdit bundle(read_bundle("muldiv"));
    Decoded d = decode_all(bundle.with_u64("proof.packing.variant", 1));
    REQUIRE(d.status == Status::rejected);
    REQUIRE(d.report.reason == Reason::unsupported_packed);
    REQUIRE(d.report.offset == bundle.leaf("proof.packing.variant").offset);
    REQUIRE(d.key.status == Status::ok);
    d = decode_all(bundle.with_u64("proof.zk.variant", 1));
    REQUIRE(d.report.reason == Reason::unsupported_hiding);
    REQUIRE(d.parts.proof.offset == bundle.range("proof").offset);
    REQUIRE(d.parts.proof.bytes.size() == bundle.bytes().size() - d.parts.proof.offset);
}

TEST_CASE("A sumcheck in the form of a hiding proof is not clear")
{
    const BundleEdit bundle(read_bundle("committed-muldiv"));
    for (std::uint32_t i = 0; i < jolt::sumcheck_count; ++i)
        for (const std::size_t rounds : {std::size_t{0}, std::size_t{1}, std::size_t{9}})
        {
            const std::string path = std::string("proof.sumchecks.") + sumcheck_paths[i];
            const Range range = bundle.range(path);
            const Buffer changed = bundle.with_bytes(range, committed_sumcheck(rounds));
            const Decoded d = decode_all(changed);
            REQUIRE(d.status == Status::rejected);
            REQUIRE(d.report.stage == Stage::config);
            REQUIRE(d.report.reason == Reason::not_clear);
            REQUIRE(d.report.field == field_of(path));
            REQUIRE(d.report.offset == range.offset);

            const Bytes bytes = Bytes(changed).subspan(
                bundle.range("proof").offset,
                bundle.range("proof").size - range.size + committed_sumcheck(rounds).size());
            jolt::Proof proof;
            Report report;
            REQUIRE(jolt::decode_proof(bytes, 0, proof, report) == Status::rejected);
            REQUIRE(report.reason == Reason::not_clear);
            REQUIRE(is_empty(proof));

            // The walk itself fills the view; bytes that do not parse come first all the same.
            jolt::BincodeReader in(bytes, 0, report);
            REQUIRE(jolt::read_proof(in, proof) == Status::rejected);
            REQUIRE(in.remaining() == 0);
            REQUIRE(proof.sumchecks[i].form == jolt::RoundsView::Form::committed);
            REQUIRE(proof.sumchecks[i].rounds == rounds);
            REQUIRE(proof.sumchecks[i].bytes.empty());
            REQUIRE(jolt::decode_proof(bytes.first(bytes.size() - 1), 0, proof, report) ==
                    Status::malformed);
            REQUIRE(report.reason == Reason::truncated);
        }
}

TEST_CASE("Of several sumchecks that are not clear the first is reported")
{
    const BundleEdit bundle(read_bundle("committed-muldiv"));
    const BundleEdit one(
        bundle.with_bytes(bundle.range("proof.sumchecks.s2"), committed_sumcheck(3)));
    const Decoded d =
        decode_all(one.with_bytes(one.range("proof.sumchecks.s6a"), committed_sumcheck(3)));
    REQUIRE(d.status == Status::rejected);
    REQUIRE(d.report.reason == Reason::not_clear);
    REQUIRE(d.report.field == Field::sumcheck_2);
    REQUIRE(d.report.offset == bundle.range("proof.sumchecks.s2").offset);
}

TEST_CASE("Behind rounds without coefficients the index is still the round")
{
    const BundleEdit bundle(read_bundle("committed-muldiv"));
    const Range range = bundle.range("proof.sumchecks.s3");
    const Decoded d = decode_all(bundle.with_bytes(range, {0, 1, 4, 0, 0, 0, 255}));
    REQUIRE(d.status == Status::malformed);
    REQUIRE(d.report.reason == Reason::illegal_varint);
    REQUIRE(d.report.field == Field::sumcheck_3);
    REQUIRE(d.report.index == 3);
    REQUIRE(d.report.offset == range.offset + 6);
}

TEST_CASE("A committed sumcheck has to parse")
{
    const BundleEdit bundle(read_bundle("committed-muldiv"));
    const Range range = bundle.range("proof.sumchecks.s4");
    const Buffer good = committed_sumcheck(3);
    const auto with = [&](std::size_t at, std::uint8_t value)
    {
        Buffer changed = good;
        changed[at] = value;
        return decode_all(bundle.with_bytes(range, changed));
    };
    const Decoded length = with(2, 31);  // behind variant and number of rounds
    REQUIRE(length.status == Status::malformed);
    REQUIRE(length.report.reason == Reason::wrong_element_length);
    REQUIRE(length.report.field == Field::sumcheck_4);
    REQUIRE(length.report.index == 0);
    const Decoded second = with(2 + 33 + 3, 33);
    REQUIRE(second.report.reason == Reason::wrong_element_length);
    REQUIRE(second.report.index == 1);
    const Decoded wide = with(2 + 33, 252);  // the degree, 300
    REQUIRE(wide.status == Status::malformed);
}

TEST_CASE("Claims in the form of a hiding proof are not clear, whatever follows")
{
    const BundleEdit bundle(read_bundle("muldiv"));
    const Decoded d = decode_all(bundle.with_u64("proof.claims.variant", 1));
    REQUIRE(d.status == Status::rejected);
    REQUIRE(d.report.stage == Stage::config);
    REQUIRE(d.report.reason == Reason::not_clear);
    REQUIRE(d.report.field == Field::claims);
    REQUIRE(d.report.offset == bundle.leaf("proof.claims.variant").offset);
}

TEST_CASE("Rounds of any shape are walked through: none, empty, long")
{
    const BundleEdit bundle(read_bundle("committed-muldiv"));
    const std::vector<std::vector<std::size_t>> shapes = {
        {}, {0}, {0, 0, 0}, {1, 0, 2}, {250, 251, 252}, {300}, {65535, 1}, {65536, 3}};
    for (const auto& shape : shapes)
    {
        Writer w;
        w.varint(0);
        w.varint(1);
        w.varint(shape.size());
        std::uint64_t next = 1;
        for (const std::size_t count : shape)
        {
            w.varint(count);
            for (std::size_t i = 0; i < count; ++i)
                w.fixed(next++, 32);
        }
        const Decoded d =
            decode_all(bundle.with_bytes(bundle.range("proof.sumchecks.s3"), w.bytes));
        REQUIRE(d.status == Status::ok);
        const jolt::RoundsView& view =
            d.proof.sumchecks[static_cast<std::uint32_t>(jolt::Sumcheck::stage3)];
        REQUIRE(view.rounds == shape.size());
        jolt::RoundsCursor cursor(view);
        next = 1;
        for (const std::size_t count : shape)
        {
            const jolt::FrView coefficients = cursor.next();
            REQUIRE(coefficients.count == count);
            for (std::uint32_t i = 0; i < coefficients.count; ++i)
                if (!(coefficients[i] == jolt::Fr::from_u64(next++)))
                    FAIL("coefficient " << i);
        }
        REQUIRE(cursor.offset() == view.offset + view.bytes.size());
    }
}

TEST_CASE("Optional claims are present when their byte says so")
{
    const BundleEdit bundle(read_bundle("committed-muldiv"));
    Buffer one(32, 0);
    one[0] = 1;
    const auto changed = [&](const std::string& path)
    {
        const BundleEdit other(bundle.value(path + "?") == 1 ? bundle.without_option(path)
                                                             : bundle.with_option(path, one));
        Decoded d = decode_all(other.bytes());
        REQUIRE(d.status == Status::ok);
        return d.proof.claims;
    };
    const auto toggled = [](const jolt::Maybe<jolt::Fr>& claim, bool was_present)
    {
        REQUIRE(claim.present != was_present);
        if (claim.present)
            REQUIRE(claim.value == jolt::Fr::one());
    };
    const std::string claims = "proof.claims.";
    toggled(changed(claims + "s4.ram.untrusted").stage4.ram_val_check.untrusted_advice, false);
    toggled(changed(claims + "s4.ram.trusted").stage4.ram_val_check.trusted_advice, false);
    toggled(changed(claims + "s4.ram.image").stage4.ram_val_check.program_image, true);
    toggled(changed(claims + "s6b.trusted").stage6b.trusted_advice, false);
    toggled(changed(claims + "s6b.untrusted").stage6b.untrusted_advice, false);
    toggled(changed(claims + "s6b.image").stage6b.program_image, true);
    toggled(changed(claims + "s7.trusted").stage7.trusted_advice, false);
    toggled(changed(claims + "s7.untrusted").stage7.untrusted_advice, false);
    REQUIRE_FALSE(changed(claims + "s6b.bcr").stage6b.bytecode_reduction.present);
    REQUIRE_FALSE(changed(claims + "s7.bcr").stage7.bytecode_chunks.present);
}

TEST_CASE("A device says what it says; advice is passed over")
{
    const BundleEdit bundle(read_bundle("muldiv"));
    const Buffer long_input(300, 7);
    const BundleEdit a(bundle.with_content("device.inputs", long_input));
    const BundleEdit b(a.with_content("device.trusted_advice", Buffer(70000, 1)));
    const BundleEdit c(b.with_content("device.untrusted_advice", Buffer(3, 2)));
    const BundleEdit e(c.with_content("device.outputs", {}));
    const BundleEdit f(e.with_u64("device.panic", 1));
    const BundleEdit g(f.with_u64("device.memory_layout.io_end", UINT64_MAX));
    const Decoded d = decode_all(g.bytes());
    REQUIRE(d.status == Status::ok);
    REQUIRE(d.io.inputs.size() == 300);
    REQUIRE(d.io.inputs.data() == g.bytes().data() + g.content("device.inputs").offset);
    REQUIRE(d.io.outputs.empty());
    REQUIRE(d.io.panic);
    REQUIRE(d.io.memory_layout.io_end == UINT64_MAX);
    REQUIRE_FALSE(d.io.memory_layout == d.key.key.memory_layout);
}

TEST_CASE("The last fields of a proof")
{
    const BundleEdit bundle(read_bundle("muldiv"));
    Buffer bytes = bundle.with_u64("proof.order.variant", 1);
    const char* const names[] = {"rw_config.p1",
                                 "rw_config.p2",
                                 "rw_config.q1",
                                 "rw_config.q2",
                                 "one_hot_config.log_k_chunk",
                                 "one_hot_config.virtual_log_k_chunk"};
    for (std::uint64_t i = 0; i < 6; ++i)
        bytes = BundleEdit(bytes).with_u64(std::string("proof.") + names[i], 250 + i);
    bytes = BundleEdit(bytes).with_u64("proof.trace_length", UINT64_MAX);
    bytes = BundleEdit(bytes).with_u64("proof.ram_K", std::uint64_t{1} << 63);
    const Decoded d = decode_all(bytes);
    REQUIRE(d.status == Status::ok);
    REQUIRE(d.proof.trace_order == jolt::TraceOrder::address_major);
    REQUIRE(d.proof.ram_phase1 == 250);
    REQUIRE(d.proof.ram_phase2 == 251);
    REQUIRE(d.proof.registers_phase1 == 252);
    REQUIRE(d.proof.registers_phase2 == 253);
    REQUIRE(d.proof.log_k_chunk == 254);
    REQUIRE(d.proof.lookups_ra_virtual_log_k_chunk == 255);
    REQUIRE(d.proof.trace_length == UINT64_MAX);
    REQUIRE(d.proof.ram_k == std::uint64_t{1} << 63);
}

TEST_CASE("The tool: what is taken out and put back gives the bundle again, lengths included")
{
    for (const char* name : transparent_bundles)
    {
        const BundleEdit bundle(read_bundle(name));
        // A vector of 32, one whose length grows to two bytes, a nested one, fixed lengths in blobs.
        for (const char* path :
             {"proof.commitments.instruction_ra", "proof.sumchecks.s5", "proof.sumchecks.s5[130]",
              "proof.claims.s7.hw.ram_ra", "preprocessing.dory_setup.chi"})
        {
            const std::size_t n = bundle.count(path);
            for (const std::size_t i : {std::size_t{0}, n / 2, n - 1})
            {
                const std::string element = std::string(path) + "[" + std::to_string(i) + "]";
                const Buffer content = bundle.copy(bundle.range(element));
                const BundleEdit less(bundle.without_element(path, i));
                REQUIRE(less.canonical());
                REQUIRE(less.count(path) == n - 1);
                REQUIRE(less.bytes().size() + content.size() == bundle.bytes().size());
                REQUIRE(less.with_element(path, i, content) == bundle.bytes());
            }
        }
        BundleEdit longer(bundle.bytes());
        for (std::size_t n = longer.count("proof.sumchecks.s5"); n < 253; ++n)
            longer = BundleEdit(longer.with_element("proof.sumchecks.s5", n, {0}));
        REQUIRE(longer.canonical());
        REQUIRE(decode_all(longer.bytes()).proof.sumchecks[6].rounds == 253);
        const BundleEdit swapped(
            bundle.with_swapped("proof.commitments.rd_inc", "proof.commitments.bytecode_ra[1]"));
        REQUIRE(swapped.copy(swapped.range("proof.commitments.rd_inc")) ==
                bundle.copy(bundle.range("proof.commitments.bytecode_ra[1]")));
        REQUIRE(swapped.with_swapped("proof.commitments.rd_inc",
                                     "proof.commitments.bytecode_ra[1]") == bundle.bytes());
        const BundleEdit absent(bundle.without_option("proof.opening.final"));
        REQUIRE(absent.canonical());
        REQUIRE(absent.with_option("proof.opening.final",
                                   bundle.copy({bundle.leaf("proof.opening.final.e1").offset,
                                                32 + 64})) == bundle.bytes());
        REQUIRE(decode_all(absent.bytes()).report.reason == Reason::opening_mode);
    }
}

// The five bundles of upstream: where everything is and what it says.
#include "jolt/bundle.hpp"

#include <catch2/catch.hpp>

#include "bundle_support.hpp"
#include "hash/blake2b.hpp"
#include "hash/sha256.hpp"

using namespace mote;
using namespace mote::test;
using jolt::Fr;
using jolt::FrView;

namespace
{
struct Headline
{
    const char* name;
    std::size_t bytes;
    bool hiding, full;
    std::uint64_t bytecode_len, image_words;
    const char *inputs, *outputs;
    std::uint64_t device_offset, proof_offset;
    std::uint64_t tail_offset;  // of the trusted advice option, the last part
    const char* setup_sha256;
    const char* digest;     // first bytes
    const char* leaf_list;  // Blake2b-256 of "offset size path\n" of every leaf
};

// Values from upstream's own decoding. The lists of leaves were written by an independent reader in
// Python; only their hash is kept.
constexpr const char* transparent_setup =
    "0728fc290a3913f6f185e8162ac65d28b68d3d589dab26ad423715bccbe7620f";
constexpr const char* hiding_setup =
    "3f503122b3d2ddbbeba5876cb11e2d94550a2e8d92fa3788ad9765a971efb5d6";
constexpr Headline headlines[] = {
    {"muldiv", 187'031, false, true, 4096, 1129, "090503", "0f", 123'519, 123'616, 187'030,
     transparent_setup, "e5d29b70951d1139",
     "f5b314984f1190620f305be14a887e43fafeade4944881c35433470d3593f3b6"},
    {"committed-muldiv", 95'151, false, false, 4096, 1129, "090503", "0f", 23'053, 23'150, 95'150,
     transparent_setup, "3e4e384b3bb0afa8",
     "97f2285a582fac431585473daea00aafe106b5aa46a734a52f26c3f8597c266e"},
    {"zk-muldiv", 190'735, true, true, 4096, 1129, "090503", "0f", 124'649, 124'746, 190'734,
     hiding_setup, "b8705b80464ef62c",
     "39468180103723393436e3de38e6a693e64c9b6bbdaf0ba52c4fbf3aa5e83374"},
    {"zk-committed-muldiv", 98'474, true, false, 4096, 1129, "090503", "0f", 24'143, 24'240, 98'473,
     hiding_setup, "86b08c10226c2bfe",
     "cf10404320ef48d5f076727bc4eef24aada5a787ea0144e8170e5e2a64614e69"},
    {"zk-advice-consumer", 236'437, true, true, 8192, 1223, "0c", "1a", 168'721, 168'818, 236'049,
     hiding_setup, "887da9c336f82eff",
     "b10e9c32c889ee1ed4fab0ae87ff8a07cc8b88bb7ce795e48497b5f8feb636ae"},
};

std::string hex(Bytes bytes)
{
    std::string out;
    for (const std::uint8_t b : bytes)
    {
        out += "0123456789abcdef"[b >> 4];
        out += "0123456789abcdef"[b & 15];
    }
    return out;
}

std::string sha256_hex(Bytes bytes)
{
    std::uint8_t digest[32];
    hash::Sha256 h;
    h.update(bytes);
    h.finish(digest);
    return hex(digest);
}

/// A leaf's field element, read without the decoder.
Fr fr_at(const BundleEdit& bundle, const std::string& path)
{
    Fr x;
    REQUIRE(bundle.leaf(path).kind == LeafKind::fr);
    REQUIRE(Fr::from_bytes_le(bundle.bytes().data() + bundle.leaf(path).offset, x));
    return x;
}
}  // namespace

TEST_CASE("Headline values of the five bundles")
{
    for (const Headline& h : headlines)
    {
        INFO(h.name);
        const Buffer bundle = read_bundle(h.name);
        REQUIRE(bundle.size() == h.bytes);
        const Decoded d = decode_all(bundle);
        REQUIRE(d.status == (h.hiding ? Status::rejected : Status::ok));
        if (h.hiding)
        {
            REQUIRE(d.report.stage == Stage::config);
            REQUIRE(d.report.reason == Reason::unsupported_hiding);
            REQUIRE(d.report.field == Field::protocol_zk);
            REQUIRE(d.report.offset == h.proof_offset);
        }

        REQUIRE(d.parts.key.offset == 0);
        REQUIRE(sha256_hex(d.parts.setup.bytes) == h.setup_sha256);
        REQUIRE(d.parts.setup.bytes.size() == 21'744);
        REQUIRE(d.parts.generators.bytes.size() == (h.hiding ? 1 + 1 + 32 * 33 + 33 : 1));
        REQUIRE(d.parts.device.offset == h.device_offset);
        REQUIRE(d.parts.proof.offset == h.proof_offset);
        for (const jolt::Section* s :
             {&d.parts.key, &d.parts.setup, &d.parts.generators, &d.parts.device, &d.parts.proof})
            REQUIRE(s->bytes.data() == bundle.data() + s->offset);
        REQUIRE(d.parts.device.offset + d.parts.device.bytes.size() == d.parts.proof.offset);

        REQUIRE(d.key.status == Status::ok);
        REQUIRE(d.key.key.full == h.full);
        REQUIRE(d.key.key.bytecode_len == h.bytecode_len);
        REQUIRE(d.key.key.image_words == h.image_words);
        REQUIRE(d.key.key.entry_address == 0x80000000);
        REQUIRE(d.key.key.max_padded_trace_length == 65536);
        REQUIRE(d.key.key.chunk_count == (h.full ? 0 : 2));
        REQUIRE(hex(d.key.key.digest).substr(0, 16) == h.digest);

        REQUIRE(hex(d.io.inputs) == h.inputs);
        REQUIRE(hex(d.io.outputs) == h.outputs);
        REQUIRE_FALSE(d.io.panic);
        REQUIRE(d.io.memory_layout == d.key.key.memory_layout);
        REQUIRE(d.io.memory_layout.heap_size == 0x2000000);

        if (h.hiding)
        {
            REQUIRE(d.parts.proof.bytes.size() == bundle.size() - h.proof_offset);
            REQUIRE(d.parts.trusted_advice.bytes.empty());
            continue;
        }
        REQUIRE(d.parts.proof.offset + d.parts.proof.bytes.size() == h.tail_offset);
        REQUIRE(d.parts.trusted_advice.bytes.empty());

        const jolt::Proof& p = d.proof;
        REQUIRE(p.trace_length == 512);
        REQUIRE(p.ram_k == 8192);
        REQUIRE(p.ram_phase1 == 9);
        REQUIRE(p.ram_phase2 == 13);
        REQUIRE(p.registers_phase1 == 9);
        REQUIRE(p.registers_phase2 == 7);
        REQUIRE(p.log_k_chunk == 4);
        REQUIRE(p.lookups_ra_virtual_log_k_chunk == 16);
        REQUIRE(p.trace_order == jolt::TraceOrder::cycle_major);
        REQUIRE(p.commitments.rd_inc.count == 1);
        REQUIRE(p.commitments.ram_inc.count == 1);
        REQUIRE(p.commitments.instruction_ra.count == 32);
        REQUIRE(p.commitments.ram_ra.count == 4);
        REQUIRE(p.commitments.bytecode_ra.count == 3);
        REQUIRE(p.untrusted_advice_commitment.count == 0);
        REQUIRE(d.dory.rounds == (h.full ? 7 : 10));
        REQUIRE(d.dory.nu == (h.full ? 6 : 10));
        REQUIRE(d.dory.sigma == d.dory.rounds);
        REQUIRE(p.joint_opening_proof.size() == (h.full ? 19'058 : 26'834));

        const std::uint32_t rounds[] = {1, 10, 1, 22, 9, 16, 137, 12, h.full ? 9U : 16U, 4};
        for (std::uint32_t i = 0; i < jolt::sumcheck_count; ++i)
            REQUIRE(p.sumchecks[i].rounds == rounds[i]);
    }
}

TEST_CASE("Offsets of the stages, the opening proof and the claims")
{
    struct Offsets
    {
        const char* name;
        std::uint64_t stages, dory, untrusted, tail;
    };
    // Of the first byte of each; the views begin behind lengths and variants.
    for (const Offsets& o : {Offsets{"muldiv", 139'488, 159'867, 178'928, 187'017},
                             Offsets{"committed-muldiv", 39'022, 59'856, 86'693, 95'137}})
    {
        const BundleEdit bundle(read_bundle(o.name));
        const Decoded d = decode_all(bundle.bytes());
        REQUIRE(d.status == Status::ok);
        REQUIRE(d.proof.sumchecks[0].offset == o.stages + 3);  // two variants, one length
        REQUIRE(d.proof.joint_opening_offset == o.dory + 3);
        REQUIRE(d.proof.joint_opening_offset + d.proof.joint_opening_proof.size() == o.untrusted);
        REQUIRE(bundle.leaf("proof.trace_length").offset == o.tail);
        REQUIRE(d.dory.offset_of(d.dory.blob) == o.dory + 3);
    }
}

TEST_CASE("An independent reader finds the same leaves at the same places")
{
    for (const Headline& h : headlines)
    {
        INFO(h.name);
        const BundleEdit bundle(read_bundle(h.name), ProgramDetail::all);
        REQUIRE(bundle.canonical());
        std::string list;
        for (const Leaf& leaf : bundle.leaves())
            list += std::to_string(leaf.offset) + " " + std::to_string(leaf.size) + " " +
                    leaf.path + "\n";
        const auto digest = hash::blake2b_256(
            Bytes(reinterpret_cast<const std::uint8_t*>(list.data()), list.size()));
        REQUIRE(hex(digest) == h.leaf_list);
        REQUIRE(bundle.range("device").offset == h.device_offset);
        REQUIRE(bundle.range("proof").offset == h.proof_offset);
        REQUIRE(bundle.range("trusted_commitment").offset == h.tail_offset);
    }
}

TEST_CASE("Views of commitments and rounds lie on the leaves of their name")
{
    for (const char* name : transparent_bundles)
    {
        const BundleEdit bundle(read_bundle(name));
        const Decoded d = decode_all(bundle.bytes());
        REQUIRE(d.status == Status::ok);
        const std::uint8_t* base = bundle.bytes().data();
        const auto at = [&](const std::string& path) { return base + bundle.content(path).offset; };

        const auto& c = d.proof.commitments;
        REQUIRE(c.rd_inc[0].data() == at("proof.commitments.rd_inc"));
        REQUIRE(c.ram_inc[0].data() == at("proof.commitments.ram_inc"));
        const std::pair<const char*, const jolt::GtView*> families[] = {
            {"instruction_ra", &c.instruction_ra},
            {"ram_ra", &c.ram_ra},
            {"bytecode_ra", &c.bytecode_ra}};
        for (const auto& [family, view] : families)
        {
            const std::string path = std::string("proof.commitments.") + family;
            REQUIRE(view->count == bundle.count(path));
            for (std::uint32_t i = 0; i < view->count; ++i)
            {
                REQUIRE((*view)[i].data() == at(path + "[" + std::to_string(i) + "]"));
                REQUIRE((*view)[i].size() == 384);
            }
        }

        const char* const sumchecks[] = {"s1_uniskip", "s1", "s2_uniskip", "s2",  "s3",
                                         "s4",         "s5", "s6a",        "s6b", "s7"};
        for (std::uint32_t i = 0; i < jolt::sumcheck_count; ++i)
        {
            const std::string path = std::string("proof.sumchecks.") + sumchecks[i];
            const jolt::RoundsView& view = d.proof.sumchecks[i];
            const bool uniskip = i == 0 || i == 2;
            REQUIRE(view.form ==
                    (uniskip ? jolt::RoundsView::Form::full : jolt::RoundsView::Form::compressed));
            REQUIRE(view.rounds == bundle.count(path));
            REQUIRE(base + view.offset == view.bytes.data());
            jolt::RoundsCursor cursor(view);
            for (std::uint32_t round = 0; round < view.rounds; ++round)
            {
                const std::string round_path = path + "[" + std::to_string(round) + "]";
                REQUIRE(cursor.offset() == bundle.leaf(round_path + "#").offset);
                const FrView coefficients = cursor.next();
                REQUIRE(coefficients.count == bundle.count(round_path));
                if (coefficients.count > 0)
                    REQUIRE(coefficients.data == at(round_path + "[0]"));
            }
            REQUIRE(cursor.offset() == view.offset + view.bytes.size());
        }

        using openings::FirstMessage;
        using openings::SecondMessage;
        REQUIRE(d.dory.vmv_c.data() == at("proof.opening.vmv_c"));
        REQUIRE(d.dory.vmv_d2.data() == at("proof.opening.vmv_d2"));
        REQUIRE(d.dory.vmv_e1.data() == at("proof.opening.vmv_e1"));
        REQUIRE(d.dory.final_e1.data() == at("proof.opening.final.e1"));
        REQUIRE(d.dory.final_e2.data() == at("proof.opening.final.e2"));
        const std::pair<const char*, FirstMessage> firsts[] = {
            {"d1_left", FirstMessage::d1_left}, {"d1_right", FirstMessage::d1_right},
            {"d2_left", FirstMessage::d2_left}, {"d2_right", FirstMessage::d2_right},
            {"e1_beta", FirstMessage::e1_beta}, {"e2_beta", FirstMessage::e2_beta}};
        const std::pair<const char*, SecondMessage> seconds[] = {
            {"c_plus", SecondMessage::c_plus},   {"c_minus", SecondMessage::c_minus},
            {"e1_plus", SecondMessage::e1_plus}, {"e1_minus", SecondMessage::e1_minus},
            {"e2_plus", SecondMessage::e2_plus}, {"e2_minus", SecondMessage::e2_minus}};
        for (std::uint32_t round = 0; round < d.dory.rounds; ++round)
        {
            const std::string number = "[" + std::to_string(round) + "].";
            for (const auto& [message, id] : firsts)
            {
                const std::string path = "proof.opening.first" + number + message;
                REQUIRE(d.dory.first(round, id).data() == at(path));
                REQUIRE(d.dory.first(round, id).size() == bundle.leaf(path).size);
                REQUIRE(d.dory.offset_of(d.dory.first(round, id)) == bundle.leaf(path).offset);
            }
            for (const auto& [message, id] : seconds)
            {
                const std::string path = "proof.opening.second" + number + message;
                REQUIRE(d.dory.second(round, id).data() == at(path));
                REQUIRE(d.dory.second(round, id).size() == bundle.leaf(path).size);
            }
        }
    }
}

TEST_CASE("Every claim has the value of the leaf of its name")
{
    for (const char* name : transparent_bundles)
    {
        const BundleEdit bundle(read_bundle(name));
        const Decoded d = decode_all(bundle.bytes());
        REQUIRE(d.status == Status::ok);
        const jolt::Claims& c = d.proof.claims;
        std::size_t seen = 0;
        const auto same = [&](const std::string& path, const Fr& value)
        {
            INFO(path);
            ++seen;
            REQUIRE(value == fr_at(bundle, "proof.claims." + path));
        };
        const auto same_option = [&](const std::string& path, const jolt::Maybe<Fr>& value)
        {
            INFO(path);
            REQUIRE(value.present == (bundle.value("proof.claims." + path + "?") == 1));
            if (value.present)
                same(path, value.value);
        };
        const auto same_vector = [&](const std::string& path, const FrView& view)
        {
            INFO(path);
            REQUIRE(view.count == bundle.count("proof.claims." + path));
            for (std::uint32_t i = 0; i < view.count; ++i)
                same(path + "[" + std::to_string(i) + "]", view[i]);
        };
        const auto same_one_hot = [&](const std::string& path, const jolt::OneHotClaims& view)
        {
            same_vector(path + ".instruction_ra", view.instruction_ra);
            same_vector(path + ".bytecode_ra", view.bytecode_ra);
            same_vector(path + ".ram_ra", view.ram_ra);
        };

        using jolt::Outer;
        same("s1.uniskip", c.stage1.uniskip);
        REQUIRE(c.stage1.outer.count == jolt::outer_count);
#define SAME_OUTER(member) same("s1.outer." #member, c.stage1[Outer::member])
        SAME_OUTER(left_instruction_input);
        SAME_OUTER(right_instruction_input);
        SAME_OUTER(product);
        SAME_OUTER(should_branch);
        SAME_OUTER(pc);
        SAME_OUTER(unexpanded_pc);
        SAME_OUTER(imm);
        SAME_OUTER(ram_address);
        SAME_OUTER(rs1_value);
        SAME_OUTER(rs2_value);
        SAME_OUTER(rd_write_value);
        SAME_OUTER(ram_read_value);
        SAME_OUTER(ram_write_value);
        SAME_OUTER(left_lookup_operand);
        SAME_OUTER(right_lookup_operand);
        SAME_OUTER(next_unexpanded_pc);
        SAME_OUTER(next_pc);
        SAME_OUTER(next_is_virtual);
        SAME_OUTER(next_is_first_in_sequence);
        SAME_OUTER(lookup_output);
        SAME_OUTER(should_jump);
        SAME_OUTER(add_operands);
        SAME_OUTER(subtract_operands);
        SAME_OUTER(multiply_operands);
        SAME_OUTER(load);
        SAME_OUTER(store);
        SAME_OUTER(jump);
        SAME_OUTER(write_lookup_output_to_rd);
        SAME_OUTER(virtual_instruction);
        same("s1.outer.assert", c.stage1[Outer::assert_flag]);
        SAME_OUTER(do_not_update_unexpanded_pc);
        SAME_OUTER(advice);
        SAME_OUTER(is_compressed);
        SAME_OUTER(is_first_in_sequence);
        SAME_OUTER(is_last_in_sequence);

#define SAME(group, view, member) same(group "." #member, view.member)
        const auto& s2 = c.stage2;
        same("s2.uniskip", s2.uniskip);
        SAME("s2.rw", s2.ram_read_write, val);
        SAME("s2.rw", s2.ram_read_write, ra);
        SAME("s2.rw", s2.ram_read_write, inc);
        SAME("s2.prod", s2.product_remainder, left_instruction_input);
        SAME("s2.prod", s2.product_remainder, right_instruction_input);
        SAME("s2.prod", s2.product_remainder, jump_flag);
        SAME("s2.prod", s2.product_remainder, write_lookup_output_to_rd);
        SAME("s2.prod", s2.product_remainder, lookup_output);
        SAME("s2.prod", s2.product_remainder, branch_flag);
        SAME("s2.prod", s2.product_remainder, next_is_noop);
        SAME("s2.prod", s2.product_remainder, virtual_instruction);
        SAME("s2.icr", s2.instruction_claim_reduction, lookup_output);
        SAME("s2.icr", s2.instruction_claim_reduction, left_lookup_operand);
        SAME("s2.icr", s2.instruction_claim_reduction, right_lookup_operand);
        SAME("s2.icr", s2.instruction_claim_reduction, left_instruction_input);
        SAME("s2.icr", s2.instruction_claim_reduction, right_instruction_input);
        same("s2.raf.ram_ra", s2.ram_raf_ram_ra);
        same("s2.out.val_final", s2.output_val_final);

        const auto& s3 = c.stage3;
        SAME("s3.shift", s3.shift, unexpanded_pc);
        SAME("s3.shift", s3.shift, pc);
        SAME("s3.shift", s3.shift, is_virtual);
        SAME("s3.shift", s3.shift, is_first_in_sequence);
        SAME("s3.shift", s3.shift, is_noop);
        SAME("s3.inp", s3.instruction_input, left_operand_is_rs1);
        SAME("s3.inp", s3.instruction_input, rs1_value);
        SAME("s3.inp", s3.instruction_input, left_operand_is_pc);
        SAME("s3.inp", s3.instruction_input, unexpanded_pc);
        SAME("s3.inp", s3.instruction_input, right_operand_is_rs2);
        SAME("s3.inp", s3.instruction_input, rs2_value);
        SAME("s3.inp", s3.instruction_input, right_operand_is_imm);
        SAME("s3.inp", s3.instruction_input, imm);
        SAME("s3.reg", s3.registers_claim_reduction, rd_write_value);
        SAME("s3.reg", s3.registers_claim_reduction, rs1_value);
        SAME("s3.reg", s3.registers_claim_reduction, rs2_value);

        const auto& s4 = c.stage4;
        SAME("s4.reg", s4.registers_read_write, registers_val);
        SAME("s4.reg", s4.registers_read_write, rs1_ra);
        SAME("s4.reg", s4.registers_read_write, rs2_ra);
        SAME("s4.reg", s4.registers_read_write, rd_wa);
        SAME("s4.reg", s4.registers_read_write, rd_inc);
        same_option("s4.ram.untrusted", s4.ram_val_check.untrusted_advice);
        same_option("s4.ram.trusted", s4.ram_val_check.trusted_advice);
        same_option("s4.ram.image", s4.ram_val_check.program_image);
        SAME("s4.ram", s4.ram_val_check, ram_ra);
        SAME("s4.ram", s4.ram_val_check, ram_inc);

        same_vector("s5.lookup.table_flags", c.stage5.lookup_table_flags);
        same_vector("s5.lookup.instruction_ra", c.stage5.instruction_ra);
        same("s5.lookup.raf_flag", c.stage5.instruction_raf_flag);
        same("s5.rra.ram_ra", c.stage5.ram_ra);
        same("s5.rve.rd_inc", c.stage5.rd_inc);
        same("s5.rve.rd_wa", c.stage5.rd_wa);

        same("s6a.bc.intermediate", c.stage6a.bytecode_intermediate);
        same_vector("s6a.bc.val_stages", c.stage6a.val_stages);
        same("s6a.bool.intermediate", c.stage6a.booleanity_intermediate);

        const auto& s6b = c.stage6b;
        same_vector("s6b.bc.bytecode_ra", s6b.bytecode_ra);
        same_one_hot("s6b.bool", s6b.booleanity);
        same("s6b.hb.ram_hamming_weight", s6b.ram_hamming_weight);
        same_vector("s6b.rrv.ram_ra", s6b.ram_ra);
        same_vector("s6b.irv.committed_instruction_ra", s6b.committed_instruction_ra);
        same("s6b.inc.ram_inc", s6b.ram_inc);
        same("s6b.inc.rd_inc", s6b.rd_inc);
        same_option("s6b.trusted", s6b.trusted_advice);
        same_option("s6b.untrusted", s6b.untrusted_advice);
        REQUIRE(s6b.bytecode_reduction.present == (bundle.value("proof.claims.s6b.bcr?") == 1));
        if (s6b.bytecode_reduction.present)
        {
            same_option("s6b.bcr.intermediate", s6b.bytecode_reduction.value.intermediate);
            same_vector("s6b.bcr.chunks", s6b.bytecode_reduction.value.chunks);
        }
        same_option("s6b.image", s6b.program_image);

        same_one_hot("s7.hw", c.stage7.hamming_weight);
        same_option("s7.trusted", c.stage7.trusted_advice);
        same_option("s7.untrusted", c.stage7.untrusted_advice);
        REQUIRE(c.stage7.bytecode_chunks.present == (bundle.value("proof.claims.s7.bcr?") == 1));
        if (c.stage7.bytecode_chunks.present)
            same_vector("s7.bcr.chunks", c.stage7.bytecode_chunks.value);
        same_option("s7.image", c.stage7.program_image);

        // No claim was forgotten.
        const auto is_claim = [](const Leaf& leaf)
        { return leaf.kind == LeafKind::fr && leaf.path.rfind("proof.claims.", 0) == 0; };
        REQUIRE(seen == static_cast<std::size_t>(std::count_if(bundle.leaves().begin(),
                                                               bundle.leaves().end(), is_claim)));
    }
}

TEST_CASE("Every row, word and commitment of a key has the value of the leaf of its name")
{
    for (const Headline& h : headlines)
    {
        INFO(h.name);
        BundleEdit bundle(read_bundle(h.name), ProgramDetail::all);
        Buffer key_bytes = bundle.bytes();
        key_bytes.resize(bundle.leaf("preprocessing.digest").offset + 32);
        LoadedKey loaded = load_key(key_bytes);
        REQUIRE(loaded.status == Status::ok);
        // Nothing of the key may point into the bytes it came from.
        std::fill(key_bytes.begin(), key_bytes.end(), std::uint8_t{0xa5});
        key_bytes.clear();
        key_bytes.shrink_to_fit();

        const jolt::ProgramKey& key = loaded.key;
        const std::string program = "preprocessing.program.";
        REQUIRE(key.revision == &jolt::default_revision());
        REQUIRE(key.entry_address == bundle.value(program + "entry_address"));
        REQUIRE(key.min_bytecode_address == bundle.value(program + "min_bytecode_address"));
        const std::uint64_t layout[] = {
            key.memory_layout.program_size,
            key.memory_layout.max_trusted_advice_size,
            key.memory_layout.trusted_advice_start,
            key.memory_layout.trusted_advice_end,
            key.memory_layout.max_untrusted_advice_size,
            key.memory_layout.untrusted_advice_start,
            key.memory_layout.untrusted_advice_end,
            key.memory_layout.max_input_size,
            key.memory_layout.max_output_size,
            key.memory_layout.input_start,
            key.memory_layout.input_end,
            key.memory_layout.output_start,
            key.memory_layout.output_end,
            key.memory_layout.stack_size,
            key.memory_layout.stack_end,
            key.memory_layout.heap_size,
            key.memory_layout.heap_end,
            key.memory_layout.panic,
            key.memory_layout.termination,
            key.memory_layout.io_end,
        };
        const char* const layout_names[] = {"program_size",
                                            "max_trusted_advice_size",
                                            "trusted_advice_start",
                                            "trusted_advice_end",
                                            "max_untrusted_advice_size",
                                            "untrusted_advice_start",
                                            "untrusted_advice_end",
                                            "max_input_size",
                                            "max_output_size",
                                            "input_start",
                                            "input_end",
                                            "output_start",
                                            "output_end",
                                            "stack_size",
                                            "stack_end",
                                            "heap_size",
                                            "heap_end",
                                            "panic",
                                            "termination",
                                            "io_end"};
        for (std::size_t i = 0; i < 20; ++i)
            REQUIRE(layout[i] == bundle.value(program + "memory_layout." + layout_names[i]));

        if (!h.full)
        {
            REQUIRE(key.rows == nullptr);
            REQUIRE(key.words == nullptr);
            REQUIRE(key.chunk_count == bundle.count(program + "chunk_commitments"));
            REQUIRE(key.entry_bytecode_index == bundle.value(program + "entry_bytecode_index"));
            const auto same = [&](const std::uint8_t* encoding, const std::string& path)
            {
                const Buffer expected = bundle.copy(bundle.content(path));
                REQUIRE(expected.size() == 384);
                REQUIRE(std::equal(expected.begin(), expected.end(), encoding));
            };
            for (std::uint32_t i = 0; i < key.chunk_count; ++i)
                same(key.chunk_encodings + 384 * i,
                     program + "chunk_commitments[" + std::to_string(i) + "]");
            same(key.image_encoding, program + "image_commitment");
            continue;
        }

        REQUIRE(key.chunk_encodings == nullptr);
        REQUIRE(key.image_encoding == nullptr);
        REQUIRE(key.bytecode_len == bundle.count(program + "rows"));
        REQUIRE(key.image_words == bundle.count(program + "words"));
        // The entry address is the first of RAM, so its slot is 1.
        REQUIRE(key.entry_bytecode_index == bundle.value(program + "pc_map[1][0].index"));
        for (std::uint64_t i = 0; i < key.image_words; ++i)
            REQUIRE(key.words[i] == bundle.value(program + "words[" + std::to_string(i) + "]"));
        std::size_t differing = 0;
        for (std::uint64_t i = 0; i < key.bytecode_len; ++i)
        {
            const jolt::Row& row = key.rows[i];
            const std::string path = program + "rows[" + std::to_string(i) + "].";
            const auto option = [&](const std::string& name)
            { return bundle.value(path + name + "?") == 1; };
            const auto register_of = [&](const std::string& name) -> std::uint64_t
            { return option(name) ? bundle.value(path + name) : 0xff; };
            const std::uint64_t zigzag = bundle.value(path + "imm");
            const bool wide = bundle.leaf(path + "imm").size == 17;
            const std::uint64_t sign = zigzag % 2 == 0 ? 0 : UINT64_MAX;
            const bool same =
                row.kind < key.revision->kind_count &&
                key.revision->kinds[row.kind].tag == bundle.value(path + "kind") &&
                row.address == bundle.value(path + "address") && row.rs1 == register_of("rs1") &&
                row.rs2 == register_of("rs2") && row.rd == register_of("rd") &&
                (wide || (row.imm_lo == ((zigzag >> 1) ^ sign) && row.imm_hi == sign)) &&
                row.has_virtual_sequence_remaining == option("vsr") &&
                (!option("vsr") || row.virtual_sequence_remaining == bundle.value(path + "vsr")) &&
                row.is_first_in_sequence == (bundle.value(path + "is_first_in_sequence") == 1) &&
                row.is_compressed == (bundle.value(path + "is_compressed") == 1);
            differing += same ? 0 : 1;
        }
        REQUIRE(differing == 0);
    }
}

TEST_CASE("Untrusted and trusted advice commitments are found where they are")
{
    // No transparent bundle has advice, so it is put in.
    const BundleEdit bundle(read_bundle("committed-muldiv"));
    const Buffer commitment = bundle.copy(bundle.range("proof.commitments.rd_inc"));
    const BundleEdit untrusted(bundle.with_option("proof.untrusted_commitment", commitment));
    const BundleEdit both(untrusted.with_option("trusted_commitment", commitment));
    const Decoded d = decode_all(both.bytes());
    REQUIRE(d.status == Status::ok);
    REQUIRE(d.proof.untrusted_advice_commitment.count == 1);
    REQUIRE(d.proof.untrusted_advice_commitment[0].data() ==
            both.bytes().data() + both.content("proof.untrusted_commitment").offset);
    REQUIRE(d.parts.trusted_advice.bytes.size() == 384);
    REQUIRE(d.parts.trusted_advice.offset == both.content("trusted_commitment").offset);
    REQUIRE(d.parts.trusted_advice.bytes.data() ==
            both.bytes().data() + d.parts.trusted_advice.offset);
    REQUIRE(equal_vartime(d.parts.trusted_advice.bytes, Bytes(commitment).subspan(3)));
}

// What the decoders do with bundles that are not quite right: every cut, every change of the bytes
// that give the structure, every length and every number out of range.
//
// Two oracles. For changes whose effect is known, the report must name the reason, the field, the
// index and the offset. For all others an independent reader (tools/bundle_edit.hpp) decides whether
// the bytes are a canonical bundle, and the decoders must agree with it in both directions.
#include <catch2/catch.hpp>
#include <random>

#include "bundle_support.hpp"
#include "tools/effort.hpp"

using namespace mote;
using namespace mote::test;

namespace
{
/// Leaves the decoders look at: all but the setup, which is decoded with its group elements.
bool is_decoded(const Leaf& leaf) { return leaf.path.rfind("preprocessing.dory_setup.", 0) != 0; }

/// A report on one leaf, which begins at `offset` in the changed bundle.
void require_report(const Decoded& d, Reason reason, const Leaf& leaf, std::uint32_t index)
{
    INFO(leaf.path);
    REQUIRE(d.status == Status::malformed);
    REQUIRE(d.report.stage == Stage::decode);
    REQUIRE(static_cast<int>(d.report.reason) == static_cast<int>(reason));
    REQUIRE(static_cast<int>(d.report.field) == static_cast<int>(field_of(leaf.path)));
    REQUIRE(d.report.offset == leaf.offset);
    REQUIRE(d.report.index == index);
}

/// Compares the decoders with the independent reader.
void require_agreement(const Buffer& changed)
{
    const Decoded d = decode_all(changed);
    if (d.status == Status::rejected && d.report.stage == Stage::config)
    {
        // Not a transparent proof: what follows the header is another format.
        REQUIRE((d.report.reason == Reason::unsupported_hiding ||
                 d.report.reason == Reason::unsupported_packed ||
                 d.report.reason == Reason::not_clear));
        return;
    }
    REQUIRE((d.status == Status::malformed) != is_canonical_bundle(changed));
    REQUIRE(d.status != Status::memory_too_small);
    if (d.status != Status::ok)
    {
        REQUIRE(d.report.reason != Reason::none);
        REQUIRE(d.report.field != Field::none);
        REQUIRE(d.report.offset <= changed.size());
    }
}

/// The leaves of a bundle, of the program's tens of thousands only a sample.
std::vector<Leaf> sampled_leaves(const BundleEdit& bundle)
{
    std::vector<Leaf> out;
    std::size_t skipped = 0;
    for (const Leaf& leaf : bundle.leaves())
    {
        const bool is_row = leaf.path.find(".rows[") != std::string::npos ||
                            leaf.path.find(".pc_map[") != std::string::npos ||
                            leaf.path.find(".words[") != std::string::npos;
        if (is_decoded(leaf) && (!is_row || ++skipped % 199 == 1))
            out.push_back(leaf);
    }
    return out;
}
}  // namespace

TEST_CASE("A bundle cut anywhere is truncated, and the report names the leaf that is cut")
{
    const BundleEdit bundle(read_bundle("committed-muldiv"), ProgramDetail::all);
    const auto indices = report_indices(bundle);
    std::vector<Leaf> leaves;
    for (const Leaf& leaf : bundle.leaves())
        if (is_decoded(leaf) && leaf.path.rfind("proof.opening.", 0) != 0)
            leaves.push_back(leaf);

    std::size_t current = 0;
    Thinned some;
    for (std::size_t cut = 0; cut < bundle.bytes().size(); ++cut)
    {
        if (!some.next())
            continue;
        while (current + 1 < leaves.size() && leaves[current + 1].offset <= cut)
            ++current;
        const ExactBytes bytes(Bytes(bundle.bytes()).first(cut));
        jolt::BundleParts parts;
        Report report;
        if (jolt::split_bundle(bytes, parts, report) != Status::malformed)
            FAIL("cut at " << cut);
        if (report.stage != Stage::decode || report.reason != Reason::truncated ||
            !parts.key.bytes.empty())
            FAIL("cut at " << cut);

        // The leaf that is cut, or the length of a vector it is in that the rest cannot hold.
        const auto leaf = std::find_if(leaves.begin(), leaves.end(),
                                       [&](const Leaf& l) { return l.offset == report.offset; });
        if (leaf == leaves.end() || report.field != field_of(leaf->path) ||
            report.index != indices.at(leaf->offset))
            FAIL("cut at " << cut << ": offset " << report.offset);
        const bool is_cut_leaf = leaf->offset == leaves[current].offset;
        const std::string vector = leaf->path.substr(0, leaf->path.size() - 1);
        const bool is_around =
            leaf->path.back() == '#' && leaves[current].path.compare(0, vector.size(), vector) == 0;
        if (!is_cut_leaf && !is_around)
            FAIL("cut at " << cut << " in " << leaves[current].path << ": " << leaf->path);
    }
}

TEST_CASE("Each part of a bundle cut anywhere is truncated")
{
    const Buffer bundle = read_bundle("committed-muldiv");
    const Decoded d = decode_all(bundle);
    REQUIRE(d.status == Status::ok);
    const auto every_cut = [](const jolt::Section& section, auto decode)
    {
        Thinned some;
        for (std::size_t cut = 0; cut < section.bytes.size(); ++cut)
        {
            if (!some.next())
                continue;
            const ExactBytes bytes(section.bytes.first(cut));
            Report report;
            const Status status = decode(bytes, section.offset, report);
            if (status != Status::malformed || report.reason != Reason::truncated ||
                report.offset < section.offset || report.offset > section.offset + cut)
                FAIL("cut at " << cut);
        }
        Report report;
        REQUIRE(decode(section.bytes, section.offset, report) == Status::ok);
    };
    every_cut(d.parts.key,
              [](Bytes bytes, std::uint64_t offset, Report& report)
              {
                  LoadedKey loaded = load_key(bytes, offset);
                  report = loaded.report;
                  return loaded.status;
              });
    every_cut(d.parts.device,
              [](Bytes bytes, std::uint64_t offset, Report& report)
              {
                  jolt::PublicIo io;
                  return jolt::decode_device(bytes, offset, io, report);
              });
    every_cut(d.parts.proof,
              [](Bytes bytes, std::uint64_t offset, Report& report)
              {
                  jolt::Proof proof;
                  return jolt::decode_proof(bytes, offset, proof, report);
              });
    every_cut({d.proof.joint_opening_proof, d.proof.joint_opening_offset},
              [](Bytes bytes, std::uint64_t offset, Report& report)
              {
                  openings::DoryProof proof;
                  return openings::decode_dory_proof(bytes, offset, 64, proof, report);
              });
}

TEST_CASE("A full key cut anywhere is truncated")
{
    const Buffer bundle = read_bundle("muldiv");
    const Decoded d = decode_all(bundle);
    const Bytes key = d.parts.key.bytes;
    for (std::size_t cut = 0; cut < key.size(); cut += cut + 2000 < key.size() ? 97 : 1)
    {
        const ExactBytes bytes(key.first(cut));
        std::size_t memory = 1;
        Report report;
        if (jolt::program_key_bytes(bytes, 0, memory, report) != Status::malformed ||
            report.reason != Reason::truncated || memory != 0)
            FAIL("cut at " << cut);
    }
}

TEST_CASE("A byte too many is reported where it is")
{
    for (const char* name : transparent_bundles)
    {
        const BundleEdit bundle(read_bundle(name));
        const Decoded d = decode_all(bundle.bytes());
        Buffer longer = bundle.bytes();
        longer.push_back(0);
        Decoded changed = decode_all(longer);
        REQUIRE(changed.status == Status::malformed);
        REQUIRE(changed.report.reason == Reason::trailing_bytes);
        REQUIRE(changed.report.field == Field::bundle);
        REQUIRE(changed.report.offset == bundle.bytes().size());

        const auto with_one_more = [](Bytes bytes)
        {
            Buffer out(bytes.begin(), bytes.end());
            out.push_back(0);
            return out;
        };
        Report report;
        jolt::Proof proof;
        REQUIRE(jolt::decode_proof(with_one_more(d.parts.proof.bytes), 5, proof, report) ==
                Status::malformed);
        REQUIRE(report.reason == Reason::trailing_bytes);
        REQUIRE(report.field == Field::proof_end);
        REQUIRE(report.offset == 5 + d.parts.proof.bytes.size());
        REQUIRE(proof.joint_opening_proof.data() == nullptr);

        jolt::PublicIo io;
        REQUIRE(jolt::decode_device(with_one_more(d.parts.device.bytes), 5, io, report) ==
                Status::malformed);
        REQUIRE(report.reason == Reason::trailing_bytes);
        REQUIRE(report.offset == 5 + d.parts.device.bytes.size());

        const LoadedKey key = load_key(with_one_more(d.parts.key.bytes), 5);
        REQUIRE(key.status == Status::malformed);
        REQUIRE(key.report.reason == Reason::trailing_bytes);
        REQUIRE(key.report.field == Field::program_key);
        REQUIRE(key.report.offset == 5 + d.parts.key.bytes.size());

        // Inside the opening proof, whose length goes along.
        const Range opening = bundle.content("proof.opening#");
        const std::size_t end = opening.offset + d.proof.joint_opening_proof.size();
        changed = decode_all(bundle.with_bytes({end - 1, 1}, {0, 0}));
        REQUIRE(changed.status == Status::malformed);
        REQUIRE(changed.report.reason == Reason::trailing_bytes);
        REQUIRE(changed.report.field == Field::joint_opening_proof);
        REQUIRE(changed.report.offset == end);
    }
}

TEST_CASE("Every varint in every longer form is refused")
{
    for (const char* name : transparent_bundles)
    {
        const BundleEdit bundle(read_bundle(name), ProgramDetail::all);
        const auto indices = report_indices(bundle);
        std::size_t tried = 0;
        for (const Leaf& leaf : sampled_leaves(bundle))
        {
            if (!leaf.has_varint())
                continue;
            const std::size_t width = bundle.varint_size(leaf.offset);
            const std::size_t width_max = leaf.kind == LeafKind::u16       ? 2
                                          : leaf.kind == LeafKind::variant ? 4
                                          : leaf.kind == LeafKind::i128    ? 16
                                                                           : 8;
            const std::uint64_t value = bundle.varint_value(leaf.offset);
            for (const std::size_t wide : {2U, 4U, 8U, 16U})
            {
                if (wide + 1 <= width)
                    continue;
                ++tried;
                require_report(
                    decode_all(
                        bundle.with_bytes({leaf.offset, width}, encode_wide_varint(value, wide))),
                    wide <= width_max ? Reason::non_minimal_varint : Reason::illegal_varint, leaf,
                    indices.at(leaf.offset));
            }
            require_report(decode_all(bundle.with_bytes({leaf.offset, 1}, {255})),
                           Reason::illegal_varint, leaf, indices.at(leaf.offset));
        }
        REQUIRE(tried > 1000);
    }
}

TEST_CASE("Every length out of range is refused, at the length")
{
    for (const char* name : transparent_bundles)
    {
        const BundleEdit bundle(read_bundle(name), ProgramDetail::all);
        const auto indices = report_indices(bundle);
        std::size_t tried = 0;
        for (const Leaf& leaf : sampled_leaves(bundle))
        {
            if (!leaf.has_length())
                continue;
            const bool element = leaf.is_group_element();
            const std::size_t width = bundle.varint_size(leaf.offset);
            const std::uint64_t value = bundle.varint_value(leaf.offset);
            std::vector<std::uint64_t> lengths{
                UINT32_MAX,     std::uint64_t{1} << 32,           (std::uint64_t{1} << 32) + value,
                UINT64_MAX,     std::uint64_t{1} << 63,           UINT64_MAX / 32 + 1,
                UINT64_MAX - 8, (std::uint64_t{1} << 61) + value, bundle.bytes().size()};
            if (element)
                lengths.insert(lengths.end(), {0, value - 1, value + 1, value / 2});
            for (const std::uint64_t length : lengths)
            {
                ++tried;
                require_report(
                    decode_all(bundle.with_bytes({leaf.offset, width}, encode_varint(length))),
                    element ? Reason::wrong_element_length : Reason::truncated, leaf,
                    indices.at(leaf.offset));
            }
        }
        REQUIRE(tried > 1000);

        for (const std::uint64_t rounds :
             {std::uint64_t{65}, std::uint64_t{UINT32_MAX}, std::uint64_t{1} << 31})
            require_report(decode_all(bundle.with_u64("proof.opening.first#", rounds)),
                           Reason::too_many_elements, bundle.leaf("proof.opening.first#"), 0);
    }
}

TEST_CASE("Every group element of another length is refused")
{
    const BundleEdit bundle(read_bundle("committed-muldiv"));
    const auto indices = report_indices(bundle);
    for (const Leaf& leaf : bundle.leaves())
    {
        if (leaf.kind != LeafKind::gt)
            continue;
        const Buffer content = bundle.copy(bundle.content(leaf.path));
        for (const std::size_t size : {std::size_t{0}, std::size_t{32}, std::size_t{383},
                                       std::size_t{385}, std::size_t{768}})
        {
            Buffer resized = content;
            resized.resize(size);
            require_report(decode_all(bundle.with_content(leaf.path, resized)),
                           Reason::wrong_element_length, leaf, indices.at(leaf.offset));
        }
    }
}

TEST_CASE("Every bool, option and variant knows two values")
{
    for (const char* name : transparent_bundles)
    {
        const BundleEdit bundle(read_bundle(name), ProgramDetail::all);
        const auto indices = report_indices(bundle);
        for (const Leaf& leaf : sampled_leaves(bundle))
        {
            const Range here{leaf.offset, leaf.size};
            const std::uint32_t index = indices.at(leaf.offset);
            if (leaf.kind == LeafKind::boolean || leaf.kind == LeafKind::option)
            {
                for (const int value : {2, 3, 127, 128, 251, 255})
                {
                    const Decoded d =
                        decode_all(bundle.with_bytes(here, {static_cast<std::uint8_t>(value)}));
                    // The options of hiding fields have one index for each.
                    const bool hiding = field_of(leaf.path) == Field::hiding_fields;
                    require_report(d, Reason::illegal_bool, leaf, hiding ? d.report.index : index);
                }
            }
            if (leaf.kind == LeafKind::variant)
                for (const std::uint64_t value :
                     {std::uint64_t{2}, std::uint64_t{3}, std::uint64_t{250}, std::uint64_t{251},
                      std::uint64_t{65536}, std::uint64_t{UINT32_MAX}})
                    require_report(decode_all(bundle.with_bytes(here, encode_varint(value))),
                                   Reason::illegal_variant, leaf, index);
        }
    }
}

TEST_CASE("Every field element is below the modulus")
{
    const Buffer modulus(fr_modulus_be.rbegin(), fr_modulus_be.rend());
    Buffer largest = modulus, above = modulus;
    largest[0] -= 1;
    above[0] += 1;
    for (const char* name : transparent_bundles)
    {
        const BundleEdit bundle(read_bundle(name));
        const auto indices = report_indices(bundle);
        std::size_t tried = 0;
        for (const Leaf& leaf : bundle.leaves())
        {
            if (leaf.kind != LeafKind::fr)
                continue;
            ++tried;
            for (const Buffer& value : {modulus, above, Buffer(32, 0xff)})
                require_report(decode_all(bundle.with_leaf(leaf.path, value)),
                               Reason::field_not_canonical, leaf, indices.at(leaf.offset));
            const Decoded d = decode_all(bundle.with_leaf(leaf.path, largest));
            REQUIRE(d.status == Status::ok);
        }
        REQUIRE(tried > 800);
    }
}

TEST_CASE("Every single bit of the structure: the decoders agree with an independent reader")
{
    for (const char* name : transparent_bundles)
    {
        const BundleEdit bundle(read_bundle(name), ProgramDetail::all);
        require_agreement(bundle.bytes());
        // Of the larger bundle only some of what the smaller one does not have: rows, slots, words.
        const bool only_program = std::string(name) == "muldiv";
        std::size_t skipped = 0;
        Thinned some;
        for (const Leaf& leaf : sampled_leaves(bundle))
        {
            if (only_program &&
                (leaf.path.rfind("preprocessing.program.", 0) != 0 || ++skipped % 10 != 0))
                continue;
            std::size_t bytes = 0;
            if (leaf.has_varint())
                bytes = bundle.varint_size(leaf.offset);
            else if (leaf.kind == LeafKind::option || leaf.kind == LeafKind::boolean ||
                     leaf.kind == LeafKind::fixed_length32)
                bytes = leaf.size;
            for (std::size_t bit = 0; bit < 8 * bytes; ++bit)
            {
                if (!some.next())
                    continue;
                Buffer changed = bundle.bytes();
                changed[leaf.offset + bit / 8] ^= static_cast<std::uint8_t>(1 << (bit % 8));
                INFO(leaf.path << ", bit " << bit);
                require_agreement(changed);
            }
        }
    }
}

TEST_CASE("Random damage: the decoders agree with an independent reader")
{
    std::mt19937 random(20260806);
    const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random()) % n; };
    for (const char* name : transparent_bundles)
    {
        const BundleEdit bundle(read_bundle(name));
        const Range setup = bundle.range("preprocessing.dory_setup");
        const int rounds =
            (std::string(name) == "muldiv" ? 250 : 2000) / (emulated              ? 20
                                                            : effort_stride() > 1 ? 4
                                                                                  : 1);
        const auto position = [&]
        {
            std::size_t at = 0;
            do
                at = below(bundle.bytes().size());
            while (at >= setup.offset && at < setup.offset + setup.size);
            return at;
        };
        for (int round = 0; round < rounds; ++round)
        {
            Buffer changed = bundle.bytes();
            const auto at = [&](std::size_t i)
            { return changed.begin() + static_cast<std::ptrdiff_t>(i); };
            const std::size_t where = position();
            switch (below(4))
            {
                case 0:  // one byte
                    changed[where] = static_cast<std::uint8_t>(random());
                    break;
                case 1:  // some bytes taken out; never a part of the setup
                    if (where > setup.offset)
                        changed.erase(at(where),
                                      at(std::min(changed.size(), where + 1 + below(40))));
                    break;
                case 2:  // some bytes put in
                    if (where > setup.offset)
                        changed.insert(at(where), 1 + below(40),
                                       static_cast<std::uint8_t>(random()));
                    break;
                default:  // a structural leaf with a value of another one
                {
                    const auto& leaves = bundle.leaves();
                    const Leaf& from = leaves[below(leaves.size())];
                    const Leaf& to = leaves[below(leaves.size())];
                    if (is_decoded(from) && is_decoded(to))
                        changed = bundle.with_bytes({to.offset, to.size},
                                                    bundle.copy({from.offset, from.size}));
                    break;
                }
            }
            INFO(name << " " << round);
            require_agreement(changed);
        }
    }
}

// The whole verifier over changed copies of real bundles.
//
// Random bytes nearly always stop in the decoder, so an input says how to change a good bundle:
//
//   byte 0 mod 8   0, 1  patches of the proof of the full or the committed bundle, but not of its
//                        group elements: most of the bytes, and slow to find wrong
//                  2     the rest is a proof, for the key of the full bundle
//                  3     the rest is a bundle
//                  4, 5  patches of a whole bundle; its key and setup are believed
//                  6, 7  edits of a whole bundle that keep its structure whole
//   a patch        24-bit offset (modulo the number of bytes), then the new byte
//   an edit        which leaf (2 bytes), what (1), with what (2); at most four of them
//
// Besides what the sanitizers see: a "no" is complete and points into the bytes, and nothing is
// accepted but what means the same as the original.
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <string>

#include "tools/bundle_edit.hpp"
#include "tools/cached_verifier.hpp"

namespace
{
using namespace mote;
using namespace mote::test;

void check(bool condition)
{
    if (!condition)
        std::abort();
}

struct Original
{
    explicit Original(const char* name)
        : verifier(read_file(std::string(MOTE_TEST_VECTORS "/jolt/") + name)),
          edit(verifier.bundle())
    {
        const std::size_t proof = static_cast<std::size_t>(verifier.parts().proof.offset);
        for (const Leaf& leaf : edit.leaves())
            if (leaf.path.rfind("proof.", 0) == 0 && !leaf.is_group_element())
                for (std::size_t i = 0; i < leaf.size; ++i)
                    plain.push_back(leaf.offset - proof + i);
    }
    CachedVerifier verifier;
    BundleEdit edit;
    std::vector<std::size_t> plain;  ///< positions in the proof outside of group elements
};

const Original& original(bool committed)
{
    static const Original full("muldiv-bundle.bin"), other("committed-muldiv-bundle.bin");
    return committed ? other : full;
}

/// Patches `from`, at the positions in `plain` only if there are any.
Buffer patched(Bytes from, Bytes patches, const std::vector<std::size_t>& plain = {})
{
    Buffer content(from.begin(), from.end());
    for (std::size_t i = 0; i + 4 <= patches.size(); i += 4)
    {
        const std::size_t at =
            patches[i] | std::size_t{patches[i + 1]} << 8 | std::size_t{patches[i + 2]} << 16;
        content[plain.empty() ? at % content.size() : plain[at % plain.size()]] = patches[i + 3];
    }
    return content;
}

std::uint64_t odd_number(std::uint64_t value, std::uint32_t choice)
{
    const std::uint64_t numbers[] = {0,
                                     1,
                                     value + 1,
                                     value - 1,
                                     value / 2,
                                     value * 2,
                                     value + (std::uint64_t{1} << 32),
                                     UINT32_MAX,
                                     std::uint64_t{1} << 63,
                                     UINT64_MAX,
                                     std::uint64_t{1} << (choice >> 4) % 64,
                                     choice};
    return numbers[choice % std::size(numbers)];
}

/// Makes one edit; throws where it has no meaning.
Buffer edited(const BundleEdit& edit, std::uint32_t where, std::uint32_t what, std::uint32_t with)
{
    const std::vector<Leaf>& leaves = edit.leaves();
    const Leaf& leaf = leaves[where % leaves.size()];
    const Leaf& other = leaves[with % leaves.size()];
    const std::string trunk = leaf.path.substr(0, leaf.path.size() - 1);
    switch (what % 8)
    {
        case 0:  // a byte of the content
        {
            const Range at = edit.content(leaf.path);
            if (at.size == 0)
                throw std::runtime_error("empty");
            return edit.with_byte_added(leaf.path, (with >> 8) % at.size,
                                        static_cast<std::uint8_t>(with));
        }
        case 1:  // a number or a length
            if (leaf.kind == LeafKind::fr || leaf.is_group_element())
                throw std::runtime_error("no number");
            return edit.with_u64(leaf.path, odd_number(edit.value(leaf.path), with));
        case 2:  // an element less
            if (leaf.kind != LeafKind::length || edit.count(trunk) == 0)
                throw std::runtime_error("nothing there");
            return edit.without_element(trunk, with % edit.count(trunk));
        case 3:  // an element twice
        {
            if (leaf.kind != LeafKind::length || edit.count(trunk) == 0)
                throw std::runtime_error("nothing there");
            const std::string i = std::to_string(with % edit.count(trunk));
            return edit.with_element(trunk, 0, edit.copy(edit.range(trunk + "[" + i + "]")));
        }
        case 4:  // the content of another leaf
            return edit.with_content(leaf.path, edit.copy(edit.content(other.path)));
        case 5:  // two leaves exchanged
            if (leaf.path == other.path)
                throw std::runtime_error("the same");
            return edit.with_swapped(leaf.path, other.path);
        case 6:  // an option the other way
            if (leaf.kind != LeafKind::option)
                throw std::runtime_error("no option");
            return edit.value(leaf.path) == 0
                       ? edit.with_option(trunk, edit.copy(edit.content(other.path)))
                       : edit.without_option(trunk);
        default:  // neutral elements
        {
            Buffer content(edit.content(leaf.path).size, 0);
            if (content.empty())
                throw std::runtime_error("empty");
            if (leaf.kind == LeafKind::gt || leaf.kind == LeafKind::bare_gt)
                content.front() = 1;
            else if (leaf.is_group_element())
                content.back() = 0x40;
            else
                content.front() = static_cast<std::uint8_t>(with);
            return edit.with_content(leaf.path, content);
        }
    }
}

Buffer edited(const BundleEdit& from, Bytes edits)
{
    Buffer bundle = from.bytes();
    for (std::size_t i = 0; i + 5 <= edits.size() && i < 20; i += 5)
    {
        try
        {
            const std::uint32_t where = edits[i] | std::uint32_t{edits[i + 1]} << 8;
            const std::uint32_t with = edits[i + 3] | std::uint32_t{edits[i + 4]} << 8;
            bundle = i == 0 ? edited(from, where, edits[i + 2], with)
                            : edited(BundleEdit(bundle), where, edits[i + 2], with);
        }
        catch (const std::exception&)
        {
            // An edit that cannot be made, or no structure left to edit.
        }
    }
    return bundle;
}

Bytes without_zeros(Bytes outputs)
{
    while (!outputs.empty() && outputs.back() == 0)
        outputs = outputs.first(outputs.size() - 1);
    return outputs;
}

/// Whether an accepted bundle says what the original says.
bool means_the_same(Bytes bundle, const CachedVerifier& from)
{
    Report report;
    jolt::BundleParts parts;
    jolt::PublicIo io;
    if (jolt::split_bundle(bundle, parts, report) != Status::ok ||
        jolt::decode_device(parts.device.bytes, 0, io, report) != Status::ok)
        return false;
    // A setup that is believed may differ in elements no proof of this size uses.
    return equal_vartime(parts.key.bytes, from.parts().key.bytes) &&
           equal_vartime(parts.proof.bytes, from.parts().proof.bytes) &&
           equal_vartime(parts.trusted_advice.bytes, from.parts().trusted_advice.bytes) &&
           equal_vartime(io.inputs, from.io().inputs) &&
           equal_vartime(without_zeros(io.outputs), without_zeros(from.io().outputs)) &&
           io.panic == from.io().panic && io.memory_layout == from.io().memory_layout;
}

void try_proof(const CachedVerifier& v, Bytes proof)
{
    const Verdict verdict = v.verify_proof(v.key(), v.setup(), v.io(), proof,
                                           v.parts().trusted_advice.bytes, Path::shortest);
    if (verdict.status == Status::ok)
        check(equal_vartime(proof, v.parts().proof.bytes));
    else
        check(is_plain_no(verdict, proof.size()));
}

void try_bundle(Bytes bundle, Pins pins)
{
    const CachedVerifier& v = original(!bundle.empty() && bundle[0] == 1).verifier;
    const Verdict verdict = v.verify(bundle, Path::shortest, pins);
    if (verdict.status == Status::ok)
        check(means_the_same(bundle, v));
    else
        check(is_plain_no(verdict, bundle.size()));
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t bytes)
{
    if (bytes == 0)
        return 0;
    const Bytes rest{data + 1, bytes - 1};
    const unsigned mode = data[0] % 8;
    const Original& base = original(mode % 2 == 1);
    switch (mode)
    {
        case 0:
        case 1:
            try_proof(base.verifier, patched(base.verifier.parts().proof.bytes, rest, base.plain));
            break;
        case 2:
            try_proof(original(false).verifier, rest);
            break;
        case 3:
            try_bundle(rest, Pins::from_bundle);
            break;
        case 4:
        case 5:
            try_bundle(patched(base.verifier.bundle(), rest), Pins::from_bundle);
            break;
        default:
            try_bundle(edited(base.edit, rest), Pins::given);
            break;
    }
    return 0;
}

// BundleEdit: a bundle as a list of named parts, and variants of it with one part changed.
//
// Tests of what a verifier must not accept start from a good bundle and change one thing. This finds
// the thing by name and keeps lengths around it right, so that a variant is malformed only if that
// is what the test is about. It is a second description of the format, written apart from the
// decoder in sdk/ and more simply: it walks over any bytes, throws where they end too early, and
// otherwise only notes whether all is canonical.
//
//     BundleEdit bundle(read_file(path));
//     bundle.leaf("proof.trace_length").offset;
//     bundle.with_u64("proof.trace_length", 1024);
//     bundle.without_element("proof.sumchecks.s3", 0);                  // one round less
//     bundle.with_element("proof.sumchecks.s3[0]", 3, std::vector<std::uint8_t>(32));
//     bundle.with_content("proof.commitments.rd_inc", other_384_bytes);
//
// A path ends in "#" for the length of a vector, "?" for an option byte, ".variant" for the choice
// of an enum; a clear sumcheck has two choices, the second (full or compressed) is ".variant/2". All
// functions return a new bundle and leave this one as it is.
//
// Names    proof.zk proof.packing proof.commitments.{rd_inc ram_inc instruction_ra[] ram_ra[]
//          bytecode_ra[]} proof.sumchecks.{s1_uniskip s1 s2_uniskip s2 s3 s4 s5 s6a s6b s7}[][]
//          proof.opening.{vmv_c ... first[].d1_left ... final.e1 nu sigma e2 y_com ...}
//          proof.untrusted_commitment proof.claims.s1.outer.left_instruction_input ...
//          proof.{trace_length ram_K rw_config.p1 ... one_hot_config.log_k_chunk ... order}
//          preprocessing.program.* preprocessing.digest preprocessing.dory_setup.*
//          preprocessing.pedersen_setup.* device.* trusted_commitment
#pragma once

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace mote::test
{
using Buffer = std::vector<std::uint8_t>;

inline Buffer read_file(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    if (!file)
        throw std::runtime_error("cannot open " + path);
    return Buffer(std::istreambuf_iterator<char>(file), {});
}

/// How a part is encoded.
enum class LeafKind
{
    u16,
    u64,
    i128,         // varints
    length,       // varint in front of a vector
    blob_length,  // varint in front of a byte string with a structure of its own
    variant,      // varint
    byte_string,  // varint and that many bytes
    g1,
    gt,  // varint 32 or 384 and that many bytes
    option,
    boolean,
    fr,
    digest,
    bare_g1,
    bare_g2,
    bare_gt,
    fixed8,
    fixed32,
    fixed64,  // little-endian
    fixed_length32,
    fixed_length64,
};

struct Leaf
{
    std::string path;
    std::size_t offset;
    std::size_t size;
    LeafKind kind;

    /// Whether it begins with a varint.
    [[nodiscard]] bool has_varint() const { return kind <= LeafKind::gt; }
    /// Whether that varint counts what follows.
    [[nodiscard]] bool has_length() const
    {
        return kind == LeafKind::length || kind == LeafKind::blob_length ||
               kind == LeafKind::byte_string || kind == LeafKind::g1 || kind == LeafKind::gt;
    }
    [[nodiscard]] bool is_group_element() const
    {
        return kind == LeafKind::g1 || kind == LeafKind::gt || kind == LeafKind::bare_g1 ||
               kind == LeafKind::bare_g2 || kind == LeafKind::bare_gt;
    }
};

struct Range
{
    std::size_t offset = 0;
    std::size_t size = 0;
};

/// The minimal varint of `value`.
inline Buffer encode_varint(std::uint64_t value)
{
    const int width = value < 251 ? 0 : value >> 16 == 0 ? 2 : value >> 32 == 0 ? 4 : 8;
    if (width == 0)
        return {static_cast<std::uint8_t>(value)};
    Buffer out{static_cast<std::uint8_t>(width == 2 ? 251 : width == 4 ? 252 : 253)};
    for (int i = 0; i < width; ++i)
        out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
    return out;
}

/// A varint of a given width in bytes (2, 4, 8 or 16), minimal or not.
inline Buffer encode_wide_varint(std::uint64_t value, std::size_t width)
{
    Buffer out{static_cast<std::uint8_t>(width == 2   ? 251
                                         : width == 4 ? 252
                                         : width == 8 ? 253
                                                      : 254)};
    for (std::size_t i = 0; i < width; ++i)
        out.push_back(i < 8 ? static_cast<std::uint8_t>(value >> (8 * i)) : std::uint8_t{0});
    return out;
}

/// The order of the scalar field, most significant byte first.
inline const Buffer fr_modulus_be{0x30, 0x64, 0x4e, 0x72, 0xe1, 0x31, 0xa0, 0x29, 0xb8, 0x50, 0x45,
                                  0xb6, 0x81, 0x81, 0x58, 0x5d, 0x28, 0x33, 0xe8, 0x48, 0x79, 0xb9,
                                  0x70, 0x91, 0x43, 0xe1, 0xf5, 0x93, 0xf0, 0x00, 0x00, 0x01};

/// Which leaves are listed; the whole bundle is walked over in any case.
enum class ProgramDetail
{
    nothing,       ///< none: only canonical() is wanted
    without_rows,  ///< no rows, pc_map and words: tens of thousands of leaves nobody edits one by one
    all,
};

class BundleEdit
{
  public:
    explicit BundleEdit(Buffer bytes, ProgramDetail detail = ProgramDetail::without_rows)
        : bytes_(std::move(bytes)), detail_(detail), recording_(detail != ProgramDetail::nothing)
    {
        walk_bundle();
        for (std::size_t i = 0; i < leaves_.size(); ++i)
            if (!index_.emplace(leaves_[i].path, i).second)
                index_.emplace(leaves_[i].path + "/2", i);
    }

    [[nodiscard]] const Buffer& bytes() const { return bytes_; }
    /// Whether every part, listed or not, has its one canonical form: minimal varints, bool and
    /// option bytes 0 or 1, choices that exist, field elements below the modulus, group elements of
    /// the right length, as many rows as code_size says, known instruction kinds.
    [[nodiscard]] bool canonical() const { return canonical_; }
    [[nodiscard]] const std::vector<Leaf>& leaves() const { return leaves_; }
    [[nodiscard]] bool has(const std::string& path) const { return index_.count(path) != 0; }
    [[nodiscard]] const Leaf& leaf(const std::string& path) const
    {
        const auto found = index_.find(path);
        if (found == index_.end())
            throw std::runtime_error("no leaf " + path);
        return leaves_[found->second];
    }
    /// Everything below `path`, with its length, option byte or variant.
    [[nodiscard]] Range range(const std::string& path) const
    {
        std::size_t begin = bytes_.size(), end = 0;
        for (const Leaf& leaf : leaves_)
            if (is_below(leaf.path, path))
            {
                begin = std::min(begin, leaf.offset);
                end = std::max(end, leaf.offset + leaf.size);
            }
        if (begin >= end)
            throw std::runtime_error("nothing below " + path);
        return {begin, end - begin};
    }
    [[nodiscard]] Buffer copy(Range r) const
    {
        const auto first = bytes_.begin() + static_cast<std::ptrdiff_t>(r.offset);
        return Buffer(first, first + static_cast<std::ptrdiff_t>(r.size));
    }
    /// A leaf without its length prefix, if it has one.
    [[nodiscard]] Range content(const std::string& path) const
    {
        const Leaf& l = leaf(path);
        const bool prefixed = l.has_length();
        const std::size_t prefix = prefixed ? varint_size(l.offset) : 0;
        return {l.offset + prefix, l.size - prefix};
    }
    /// The value of an integer, length, option, bool or variant.
    [[nodiscard]] std::uint64_t value(const std::string& path) const
    {
        const Leaf& l = leaf(path);
        return l.has_varint() ? varint_value(l.offset) : fixed_value(l.offset, l.size);
    }
    /// Elements of the vector `path`.
    [[nodiscard]] std::size_t count(const std::string& path) const
    {
        return static_cast<std::size_t>(value(path + "#"));
    }

    /// Puts `replacement` in the place of whatever is in `where`.
    [[nodiscard]] Buffer with_bytes(Range where, Buffer replacement) const
    {
        return spliced({{where, std::move(replacement)}});
    }
    /// Replaces a leaf including its prefix.
    [[nodiscard]] Buffer with_leaf(const std::string& path, Buffer replacement) const
    {
        const Leaf& l = leaf(path);
        return with_bytes({l.offset, l.size}, std::move(replacement));
    }
    /// Replaces the content of a group element, byte string or field element; a prefix follows.
    [[nodiscard]] Buffer with_content(const std::string& path, const Buffer& replacement) const
    {
        Buffer all = leaf(path).has_length() ? encode_varint(replacement.size()) : Buffer{};
        all.insert(all.end(), replacement.begin(), replacement.end());
        return with_leaf(path, std::move(all));
    }
    /// Replaces an integer, length, option, bool or variant.
    [[nodiscard]] Buffer with_u64(const std::string& path, std::uint64_t v) const
    {
        const Leaf& l = leaf(path);
        if (l.has_varint())
            return with_leaf(path, encode_varint(v));
        if (l.size > sizeof v)
            throw std::runtime_error(path + " is no number");
        Buffer fixed;
        for (std::size_t i = 0; i < l.size; ++i)
            fixed.push_back(static_cast<std::uint8_t>(v >> (8 * i)));
        return with_leaf(path, std::move(fixed));
    }
    /// Adds `delta` to byte `index` of the content of a leaf, modulo 256.
    [[nodiscard]] Buffer with_byte_added(const std::string& path, std::size_t index,
                                         std::uint8_t delta) const
    {
        Buffer out = bytes_;
        std::uint8_t& byte = out[content(path).offset + index];
        byte = static_cast<std::uint8_t>(byte + delta);
        return out;
    }
    /// Takes element `i` out of the vector `path`.
    [[nodiscard]] Buffer without_element(const std::string& path, std::size_t i) const
    {
        return spliced({length_splice(path, count(path) - 1),
                        {range(path + "[" + std::to_string(i) + "]"), {}}});
    }
    /// Puts the encoding `element` in front of element `i` (or behind the last one).
    [[nodiscard]] Buffer with_element(const std::string& path, std::size_t i, Buffer element) const
    {
        const std::size_t n = count(path);
        const Range at = i < n ? range(path + "[" + std::to_string(i) + "]") : range(path);
        const std::size_t position = i < n ? at.offset : at.offset + at.size;
        return spliced({length_splice(path, n + 1), {{position, 0}, std::move(element)}});
    }
    /// Exchanges two parts.
    [[nodiscard]] Buffer with_swapped(const std::string& a, const std::string& b) const
    {
        const Range ra = range(a), rb = range(b);
        return spliced({{ra, copy(rb)}, {rb, copy(ra)}});
    }
    /// Makes the option `path` absent.
    [[nodiscard]] Buffer without_option(const std::string& path) const
    {
        return with_bytes(range(path), {0});
    }
    /// Makes the option `path` present with the encoding `value`.
    [[nodiscard]] Buffer with_option(const std::string& path, const Buffer& value_bytes) const
    {
        Buffer all{1};
        all.insert(all.end(), value_bytes.begin(), value_bytes.end());
        return with_bytes(range(path), std::move(all));
    }

    [[nodiscard]] std::size_t varint_size(std::size_t offset) const
    {
        const std::uint8_t first = bytes_.at(offset);
        if (first < 251)
            return 1;
        if (first == 255)
            throw std::runtime_error("illegal varint");
        return 1 + (std::size_t{2} << (first - 251));
    }
    [[nodiscard]] std::uint64_t varint_value(std::size_t offset) const
    {
        const std::size_t size = varint_size(offset);  // of 128 bits the lower half
        return size == 1 ? bytes_[offset] : fixed_value(offset + 1, size - 1);
    }

  private:
    struct Splice
    {
        Range where;
        Buffer replacement;
    };

    static bool is_below(const std::string& path, const std::string& root)
    {
        if (path.compare(0, root.size(), root) != 0)
            return false;
        if (path.size() == root.size())
            return true;
        const char next = path[root.size()];
        return next == '.' || next == '[' || next == '#' || next == '?';
    }

    [[nodiscard]] Splice length_splice(const std::string& path, std::uint64_t n) const
    {
        const Leaf& l = leaf(path + "#");
        Buffer encoded = encode_varint(n);
        if (l.kind == LeafKind::fixed_length32 || l.kind == LeafKind::fixed_length64)
        {
            encoded.assign(l.size, 0);
            for (std::size_t i = 0; i < l.size; ++i)
                encoded[i] = static_cast<std::uint8_t>(n >> (8 * i));
        }
        return {{l.offset, l.size}, std::move(encoded)};
    }

    /// Applies splices that do not overlap, and keeps the lengths of the blobs they are in right.
    [[nodiscard]] Buffer spliced(std::vector<Splice> splices) const
    {
        const std::size_t edits = splices.size();
        for (const Leaf& l : leaves_)
        {
            if (l.kind != LeafKind::blob_length)
                continue;
            const std::size_t begin = l.offset + l.size;
            const std::size_t size = static_cast<std::size_t>(varint_value(l.offset));
            std::size_t changed = size;
            for (std::size_t i = 0; i < edits; ++i)
                if (splices[i].where.offset >= begin && splices[i].where.offset < begin + size)
                    changed = changed - splices[i].where.size + splices[i].replacement.size();
            if (changed != size)
                splices.push_back({{l.offset, l.size}, encode_varint(changed)});
        }
        std::sort(splices.begin(), splices.end(),
                  [](const Splice& a, const Splice& b) { return a.where.offset < b.where.offset; });
        Buffer out;
        std::size_t at = 0;
        const auto append = [&](std::size_t from, std::size_t to)
        {
            out.insert(out.end(), bytes_.begin() + static_cast<std::ptrdiff_t>(from),
                       bytes_.begin() + static_cast<std::ptrdiff_t>(to));
        };
        for (const Splice& s : splices)
        {
            append(at, s.where.offset);
            out.insert(out.end(), s.replacement.begin(), s.replacement.end());
            at = s.where.offset + s.where.size;
        }
        append(at, bytes_.size());
        return out;
    }

    [[nodiscard]] std::uint64_t fixed_value(std::size_t offset, std::size_t size) const
    {
        std::uint64_t v = 0;
        for (std::size_t i = std::min<std::size_t>(size, 8); i-- > 0;)
            v = v << 8 | bytes_.at(offset + i);
        return v;
    }

    // The walk: one function for each structure of the format, in wire order.

    template <typename Body>
    void in(const std::string& name, Body body)
    {
        if (!recording_)
            return body();
        const std::size_t length = path_.size();
        path_ += path_.empty() ? name : "." + name;
        body();
        path_.resize(length);
    }

    void add(const std::string& suffix, std::size_t size, LeafKind kind)
    {
        if (size > bytes_.size() - at_)
            throw std::runtime_error("cut off in " + path_ + suffix);
        canonical_ = canonical_ && is_canonical(kind, size);
        if (recording_)
            leaves_.push_back({path_ + suffix, at_, size, kind});
        at_ += size;
    }
    [[nodiscard]] bool is_canonical(LeafKind kind, std::size_t size) const
    {
        const Leaf here{"", at_, size, kind};
        if (here.has_varint())
        {
            const std::size_t width = varint_size(at_);
            if (width == 17)  // 128 bits: the upper half is not zero
                return kind == LeafKind::i128 && fixed_value(at_ + 9, 8) != 0;
            const std::uint64_t v = varint_value(at_);
            if (encode_varint(v).size() != width)
                return false;
            switch (kind)
            {
                case LeafKind::u16:
                    return v <= 0xffff;
                case LeafKind::variant:
                    return v <= 1;  // every enum of the format has two variants
                case LeafKind::g1:
                    return v == 32;
                case LeafKind::gt:
                    return v == 384;
                default:
                    return true;
            }
        }
        if (kind == LeafKind::option || kind == LeafKind::boolean)
            return bytes_[at_] <= 1;
        if (kind == LeafKind::fr)
            return std::lexicographical_compare(
                std::make_reverse_iterator(bytes_.begin() + static_cast<std::ptrdiff_t>(at_ + 32)),
                std::make_reverse_iterator(bytes_.begin() + static_cast<std::ptrdiff_t>(at_)),
                fr_modulus_be.begin(), fr_modulus_be.end());
        return true;
    }
    /// The tags of all instruction kinds.
    static bool is_known_tag(std::uint64_t tag)
    {
        constexpr std::pair<int, int> ranges[] = {
            {0x00, 0x00}, {0x02, 0x0d}, {0x14, 0x16}, {0x19, 0x19}, {0x1c, 0x1c},
            {0x1f, 0x1f}, {0x22, 0x24}, {0x28, 0x28}, {0x2c, 0x2f}, {0x34, 0x34},
            {0x36, 0x37}, {0x61, 0x6d}, {0x70, 0x88}};
        return std::any_of(std::begin(ranges), std::end(ranges),
                           [&](const auto& r)
                           {
                               return tag >= static_cast<std::uint64_t>(r.first) &&
                                      tag <= static_cast<std::uint64_t>(r.second);
                           });
    }
    void leaf_of(const std::string& name, std::size_t size, LeafKind kind)
    {
        in(name, [&] { add("", size, kind); });
    }
    void varint(const std::string& name, LeafKind kind) { leaf_of(name, varint_size(at_), kind); }
    void u64(const std::string& name) { varint(name, LeafKind::u64); }
    void boolean(const std::string& name) { leaf_of(name, 1, LeafKind::boolean); }
    void fr(const std::string& name) { leaf_of(name, 32, LeafKind::fr); }
    /// A length and that many bytes.
    void prefixed_here(LeafKind kind)
    {
        const std::uint64_t length = varint_value(at_);
        if (length > bytes_.size())
            throw std::runtime_error("cut off in " + path_);
        add("", varint_size(at_) + static_cast<std::size_t>(length), kind);
    }
    void prefixed(const std::string& name, LeafKind kind)
    {
        in(name, [&] { prefixed_here(kind); });
    }
    void g1(const std::string& name) { prefixed(name, LeafKind::g1); }
    void gt(const std::string& name) { prefixed(name, LeafKind::gt); }
    std::uint64_t variant()
    {
        const std::uint64_t v = varint_value(at_);
        add(path_.empty() ? "variant" : ".variant", varint_size(at_), LeafKind::variant);
        return v;
    }

    template <typename Body>
    void elements(std::uint64_t n, Body body)
    {
        for (std::uint64_t i = 0; i < n; ++i)
        {
            if (!recording_)
            {
                body();
                continue;
            }
            const std::size_t length = path_.size();
            path_ += "[" + std::to_string(i) + "]";
            body();
            path_.resize(length);
        }
    }
    template <typename Body>
    void vector_here(Body body)
    {
        const std::uint64_t n = varint_value(at_);
        add("#", varint_size(at_), LeafKind::length);
        elements(n, body);
    }
    template <typename Body>
    void vector(const std::string& name, Body body)
    {
        in(name, [&] { vector_here(body); });
    }
    template <typename Body>
    void option(const std::string& name, Body body)
    {
        in(name,
           [&]
           {
               const bool present = bytes_.at(at_) != 0;
               add("?", 1, LeafKind::option);
               if (present)
                   body();
           });
    }
    void fr_here() { add("", 32, LeafKind::fr); }
    void g1_here() { prefixed_here(LeafKind::g1); }
    void gt_here() { prefixed_here(LeafKind::gt); }
    void fr_vector(const std::string& name)
    {
        vector(name, [&] { fr_here(); });
    }
    void fr_option(const std::string& name)
    {
        option(name, [&] { fr_here(); });
    }
    void gt_vector(const std::string& name)
    {
        vector(name, [&] { gt_here(); });
    }
    void g1_vector(const std::string& name)
    {
        vector(name, [&] { g1_here(); });
    }
    void frs(const std::string& names)
    {
        each_name(names, [&](const std::string& n) { fr(n); });
    }
    template <typename Body>
    static void each_name(const std::string& names, Body body)
    {
        std::size_t at = 0;
        while (at < names.size())
        {
            const std::size_t end = std::min(names.find(' ', at), names.size());
            body(names.substr(at, end - at));
            at = end + 1;
        }
    }

    void walk_layout()
    {
        in("memory_layout",
           [&]
           {
               each_name(
                   "program_size max_trusted_advice_size trusted_advice_start "
                   "trusted_advice_end max_untrusted_advice_size untrusted_advice_start "
                   "untrusted_advice_end max_input_size max_output_size input_start "
                   "input_end output_start output_end stack_size stack_end heap_size "
                   "heap_end panic termination io_end",
                   [&](const std::string& n) { u64(n); });
           });
    }

    void walk_row()
    {
        canonical_ = canonical_ && is_known_tag(varint_value(at_));
        varint("kind", LeafKind::u16);
        u64("address");
        for (const char* name : {"rs1", "rs2", "rd"})
            option(name, [&] { add("", 1, LeafKind::fixed8); });
        varint("imm", LeafKind::i128);
        option("vsr", [&] { add("", varint_size(at_), LeafKind::u16); });
        boolean("is_first_in_sequence");
        boolean("is_compressed");
    }

    void walk_full_program()
    {
        const std::uint64_t code_size = varint_value(at_);
        u64("code_size");
        canonical_ = canonical_ && varint_value(at_) == code_size;
        const bool before = recording_;
        recording_ = detail_ == ProgramDetail::all;
        vector("rows", [&] { walk_row(); });
        vector("pc_map",
               [&]
               {
                   vector_here(
                       [&]
                       {
                           varint("vsr", LeafKind::u16);
                           u64("index");
                       });
               });
        recording_ = before;
        u64("entry_address");
        u64("min_bytecode_address");
        recording_ = detail_ == ProgramDetail::all;
        vector("words", [&] { add("", varint_size(at_), LeafKind::u64); });
        recording_ = before;
        walk_layout();
        u64("max_padded_trace_length");
    }

    void walk_committed_program()
    {
        each_name(
            "entry_address min_bytecode_address entry_bytecode_index "
            "program_image_len_words bytecode_len",
            [&](const std::string& n) { u64(n); });
        walk_layout();
        u64("max_padded_trace_length");
        gt_vector("chunk_commitments");
        gt("image_commitment");
    }

    /// A byte string with a structure of its own.
    template <typename Body>
    void blob(const std::string& name, Body body)
    {
        in(name,
           [&]
           {
               const std::uint64_t size = varint_value(at_);
               if (size > bytes_.size())
                   throw std::runtime_error("cut off in " + path_);
               add("#", varint_size(at_), LeafKind::blob_length);
               const std::size_t end = at_ + static_cast<std::size_t>(size);
               body();
               if (at_ != end)
                   throw std::runtime_error("length of " + path_);
           });
    }

    void bare(const std::string& names, std::size_t size, LeafKind kind)
    {
        each_name(names, [&](const std::string& n) { leaf_of(n, size, kind); });
    }
    void bare_g1(const std::string& names) { bare(names, 32, LeafKind::bare_g1); }
    void bare_g2(const std::string& names) { bare(names, 64, LeafKind::bare_g2); }
    void bare_gt(const std::string& names) { bare(names, 384, LeafKind::bare_gt); }

    void walk_setup()
    {
        each_name("delta_1l delta_1r delta_2l delta_2r chi",
                  [&](const std::string& name)
                  {
                      in(name,
                         [&]
                         {
                             const std::uint64_t n = fixed_value(at_, 8);
                             add("#", 8, LeafKind::fixed_length64);
                             elements(n, [&] { add("", 384, LeafKind::bare_gt); });
                         });
                  });
        bare_g1("g1_0");
        bare_g2("g2_0");
        bare_g1("h1");
        bare_g2("h2");
        bare_gt("ht");
        leaf_of("max_log_n", 8, LeafKind::fixed64);
    }

    void walk_preprocessing()
    {
        in("program",
           [&]
           {
               if (variant() == 0)
                   walk_full_program();
               else
                   walk_committed_program();
           });
        leaf_of("digest", 32, LeafKind::digest);
        blob("dory_setup", [&] { walk_setup(); });
        option("pedersen_setup",
               [&]
               {
                   g1_vector("message_generators");
                   g1("blinding_generator");
               });
    }

    void walk_device()
    {
        each_name("inputs trusted_advice untrusted_advice outputs",
                  [&](const std::string& n) { prefixed(n, LeafKind::byte_string); });
        boolean("panic");
        walk_layout();
    }

    void walk_sumcheck()
    {
        if (variant() == 0)
        {
            variant();
            vector_here([&] { vector_here([&] { fr_here(); }); });
            return;
        }
        vector("rounds",
               [&]
               {
                   g1("commitment");
                   u64("degree");
               });
        g1_vector("output_claims");
    }

    void walk_opening()
    {
        bare_gt("vmv_c vmv_d2");
        bare_g1("vmv_e1");
        std::uint64_t rounds = 0;
        in("first",
           [&]
           {
               rounds = fixed_value(at_, 4);
               add("#", 4, LeafKind::fixed_length32);
               elements(rounds,
                        [&]
                        {
                            bare_gt("d1_left d1_right d2_left d2_right");
                            bare_g1("e1_beta");
                            bare_g2("e2_beta");
                        });
           });
        in("second",
           [&]
           {
               elements(rounds,
                        [&]
                        {
                            bare_gt("c_plus c_minus");
                            bare_g1("e1_plus e1_minus");
                            bare_g2("e2_plus e2_minus");
                        });
           });
        option("final",
               [&]
               {
                   bare_g1("e1");
                   bare_g2("e2");
               });
        leaf_of("nu", 4, LeafKind::fixed32);
        leaf_of("sigma", 4, LeafKind::fixed32);
        option("e2", [&] { add("", 64, LeafKind::bare_g2); });
        option("y_com", [&] { add("", 32, LeafKind::bare_g1); });
        option("sigma1",
               [&]
               {
                   bare_g2("a1");
                   bare_g1("a2");
                   frs("z1 z2 z3");
               });
        option("sigma2",
               [&]
               {
                   bare_gt("a");
                   frs("z1 z2");
               });
        option("scalar_product",
               [&]
               {
                   bare_gt("p1 p2 q r");
                   bare_g1("e1");
                   bare_g2("e2");
                   frs("r1 r2 r3");
               });
    }

    void walk_one_hot()
    {
        fr_vector("instruction_ra");
        fr_vector("bytecode_ra");
        fr_vector("ram_ra");
    }

    void walk_claims()
    {
        in("s1",
           [&]
           {
               fr("uniskip");
               in("outer",
                  [&]
                  {
                      frs("left_instruction_input right_instruction_input product should_branch pc "
                          "unexpanded_pc imm ram_address rs1_value rs2_value rd_write_value "
                          "ram_read_value ram_write_value left_lookup_operand "
                          "right_lookup_operand next_unexpanded_pc next_pc next_is_virtual "
                          "next_is_first_in_sequence lookup_output should_jump add_operands "
                          "subtract_operands multiply_operands load store jump "
                          "write_lookup_output_to_rd virtual_instruction assert "
                          "do_not_update_unexpanded_pc advice is_compressed "
                          "is_first_in_sequence is_last_in_sequence");
                  });
           });
        in("s2",
           [&]
           {
               fr("uniskip");
               in("rw", [&] { frs("val ra inc"); });
               in("prod",
                  [&]
                  {
                      frs("left_instruction_input right_instruction_input jump_flag "
                          "write_lookup_output_to_rd lookup_output branch_flag next_is_noop "
                          "virtual_instruction");
                  });
               in("icr",
                  [&]
                  {
                      frs("lookup_output left_lookup_operand right_lookup_operand "
                          "left_instruction_input right_instruction_input");
                  });
               in("raf", [&] { fr("ram_ra"); });
               in("out", [&] { fr("val_final"); });
           });
        in("s3",
           [&]
           {
               in("shift",
                  [&] { frs("unexpanded_pc pc is_virtual is_first_in_sequence is_noop"); });
               in("inp",
                  [&]
                  {
                      frs("left_operand_is_rs1 rs1_value left_operand_is_pc unexpanded_pc "
                          "right_operand_is_rs2 rs2_value right_operand_is_imm imm");
                  });
               in("reg", [&] { frs("rd_write_value rs1_value rs2_value"); });
           });
        in("s4",
           [&]
           {
               in("reg", [&] { frs("registers_val rs1_ra rs2_ra rd_wa rd_inc"); });
               in("ram",
                  [&]
                  {
                      fr_option("untrusted");
                      fr_option("trusted");
                      fr_option("image");
                      frs("ram_ra ram_inc");
                  });
           });
        in("s5",
           [&]
           {
               in("lookup",
                  [&]
                  {
                      fr_vector("table_flags");
                      fr_vector("instruction_ra");
                      fr("raf_flag");
                  });
               in("rra", [&] { fr("ram_ra"); });
               in("rve", [&] { frs("rd_inc rd_wa"); });
           });
        in("s6a",
           [&]
           {
               in("bc",
                  [&]
                  {
                      fr("intermediate");
                      fr_vector("val_stages");
                  });
               in("bool", [&] { fr("intermediate"); });
           });
        in("s6b",
           [&]
           {
               in("bc", [&] { fr_vector("bytecode_ra"); });
               in("bool", [&] { walk_one_hot(); });
               in("hb", [&] { fr("ram_hamming_weight"); });
               in("rrv", [&] { fr_vector("ram_ra"); });
               in("irv", [&] { fr_vector("committed_instruction_ra"); });
               in("inc", [&] { frs("ram_inc rd_inc"); });
               fr_option("trusted");
               fr_option("untrusted");
               option("bcr",
                      [&]
                      {
                          fr_option("intermediate");
                          fr_vector("chunks");
                      });
               fr_option("image");
           });
        in("s7",
           [&]
           {
               in("hw", [&] { walk_one_hot(); });
               fr_option("trusted");
               fr_option("untrusted");
               option("bcr", [&] { fr_vector("chunks"); });
               fr_option("image");
           });
    }

    void walk_vector_opening()
    {
        fr_vector("combined_vector");
        fr("combined_blinding");
    }

    void walk_blindfold()
    {
        each_name(
            "auxiliary_row random_round random_output_claim_row random_auxiliary_row "
            "random_error_row random_eval",
            [&](const std::string& n) { g1_vector(n + "_commitments"); });
        fr("random_u");
        g1_vector("cross_term_error_row_commitments");
        vector("outer_sumcheck", [&] { vector_here([&] { fr_here(); }); });
        frs("az_rx bz_rx cz_rx");
        vector("inner_sumcheck", [&] { vector_here([&] { fr_here(); }); });
        in("witness_opening", [&] { walk_vector_opening(); });
        in("error_opening", [&] { walk_vector_opening(); });
        fr_vector("folded_eval_outputs");
        fr_vector("folded_eval_blindings");
        vector("folded_eval_output_openings", [&] { walk_vector_opening(); });
        vector("folded_eval_blinding_openings", [&] { walk_vector_opening(); });
    }

    void walk_proof()
    {
        in("zk", [&] { variant(); });
        in("packing", [&] { variant(); });
        in("commitments",
           [&]
           {
               gt("rd_inc");
               gt("ram_inc");
               gt_vector("instruction_ra");
               gt_vector("ram_ra");
               gt_vector("bytecode_ra");
           });
        in("sumchecks",
           [&]
           {
               each_name("s1_uniskip s1 s2_uniskip s2 s3 s4 s5 s6a s6b s7",
                         [&](const std::string& n) { in(n, [&] { walk_sumcheck(); }); });
           });
        blob("opening", [&] { walk_opening(); });
        option("untrusted_commitment", [&] { gt_here(); });
        in("claims",
           [&]
           {
               if (variant() == 0)
                   walk_claims();
               else
                   walk_blindfold();
           });
        u64("trace_length");
        u64("ram_K");
        in("rw_config", [&] { bare("p1 p2 q1 q2", 1, LeafKind::fixed8); });
        in("one_hot_config", [&] { bare("log_k_chunk virtual_log_k_chunk", 1, LeafKind::fixed8); });
        in("order", [&] { variant(); });
    }

    void walk_bundle()
    {
        in("preprocessing", [&] { walk_preprocessing(); });
        in("device", [&] { walk_device(); });
        in("proof", [&] { walk_proof(); });
        option("trusted_commitment", [&] { gt_here(); });
        if (at_ != bytes_.size())
            throw std::runtime_error("bytes after the bundle");
    }

    Buffer bytes_;
    ProgramDetail detail_;
    std::vector<Leaf> leaves_;
    std::unordered_map<std::string, std::size_t> index_;
    std::size_t at_ = 0;
    std::string path_;
    bool recording_;  // whether the leaves that are walked over are listed
    bool canonical_ = true;
};
}  // namespace mote::test

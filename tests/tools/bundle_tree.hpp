// tree::Bundle: a transparent bundle as plain structs that a test edits, and its encoding.
//
// A third description of the format beside the decoder in sdk/ and tools/bundle_edit.hpp: values, not
// views, so that a change is an assignment and several changes can be combined.
//
//     tree::Bundle bundle = tree::decode(read_file(path));
//     bundle.proof.sumchecks[4].rounds.pop_back();
//     verify(tree::encode(bundle));
//
// decode() throws where the bytes end too early or hold what a transparent bundle does not; encode()
// writes whatever is in the tree, right or wrong, in its minimal form, with lengths that fit. The
// claims are walked over by their fields: arity() counts these, fields() takes them apart.
//
// Source  docs/formats/jolt-bundle.md; [JOLT] crates/jolt-verifier/src/proof.rs.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace mote::test::tree
{
using Octets = std::vector<std::uint8_t>;
using Scalar = std::array<std::uint8_t, 32>;
using Scalars = std::vector<Scalar>;

struct Stage1Claims
{
    Scalar uniskip;
    std::array<Scalar, 35> outer;
};
struct RamReadWriteClaims
{
    Scalar val, ra, inc;
};
struct ProductClaims
{
    Scalar left_instruction_input, right_instruction_input, jump_flag, write_lookup_output_to_rd,
        lookup_output, branch_flag, next_is_noop, virtual_instruction;
};
struct InstructionReductionClaims
{
    Scalar lookup_output, left_lookup_operand, right_lookup_operand, left_instruction_input,
        right_instruction_input;
};
struct Stage2Claims
{
    Scalar uniskip;
    RamReadWriteClaims ram_read_write;
    ProductClaims product;
    InstructionReductionClaims instruction;
    Scalar ram_ra, val_final;
};
struct ShiftClaims
{
    Scalar unexpanded_pc, pc, is_virtual, is_first_in_sequence, is_noop;
};
struct InstructionInputClaims
{
    Scalar left_is_rs1, rs1_value, left_is_pc, unexpanded_pc, right_is_rs2, rs2_value, right_is_imm,
        imm;
};
struct RegisterReductionClaims
{
    Scalar rd_write_value, rs1_value, rs2_value;
};
struct Stage3Claims
{
    ShiftClaims shift;
    InstructionInputClaims input;
    RegisterReductionClaims registers;
};
struct RegisterReadWriteClaims
{
    Scalar val, rs1_ra, rs2_ra, rd_wa, rd_inc;
};
struct RamValClaims
{
    std::optional<Scalar> untrusted, trusted, image;
    Scalar ram_ra, ram_inc;
};
struct Stage4Claims
{
    RegisterReadWriteClaims registers;
    RamValClaims ram;
};
struct Stage5Claims
{
    Scalars table_flags, instruction_ra;
    Scalar raf_flag, ram_ra, rd_inc, rd_wa;
};
struct Stage6aClaims
{
    Scalar bytecode;
    Scalars val_stages;
    Scalar booleanity;
};
struct OneHotClaims
{
    Scalars instruction_ra, bytecode_ra, ram_ra;
};
struct BytecodeReductionClaims
{
    std::optional<Scalar> intermediate;
    Scalars chunks;
};
struct Stage6bClaims
{
    Scalars bytecode_ra;
    OneHotClaims booleanity;
    Scalar hamming_weight;
    Scalars ram_ra, committed_instruction_ra;
    Scalar ram_inc, rd_inc;
    std::optional<Scalar> trusted, untrusted;
    std::optional<BytecodeReductionClaims> bytecode_reduction;
    std::optional<Scalar> image;
};
struct Stage7Claims
{
    OneHotClaims hamming_weight;
    std::optional<Scalar> trusted, untrusted;
    std::optional<Scalars> chunks;
    std::optional<Scalar> image;
};
struct Claims
{
    Stage1Claims s1;
    Stage2Claims s2;
    Stage3Claims s3;
    Stage4Claims s4;
    Stage5Claims s5;
    Stage6aClaims s6a;
    Stage6bClaims s6b;
    Stage7Claims s7;
};

struct Sumcheck
{
    std::uint64_t form = 1;  ///< 0 full, 1 compressed
    std::vector<Scalars> rounds;
    bool committed = false;  ///< the form of hiding proofs: each round a point and a degree
};

struct Opening
{
    Octets c, d2, e1;
    std::vector<std::array<Octets, 6>> first, second;  ///< as many
    std::optional<std::array<Octets, 2>> final_message;
    std::uint32_t nu = 0, sigma = 0;
    std::array<std::optional<Octets>, 5> hiding;
};
inline constexpr std::array<std::size_t, 6> first_sizes{384, 384, 384, 384, 32, 64};
inline constexpr std::array<std::size_t, 6> second_sizes{384, 384, 32, 32, 64, 64};
inline constexpr std::array<std::size_t, 2> final_sizes{32, 64};
inline constexpr std::array<std::size_t, 5> hiding_sizes{64, 32, 192, 448, 1728};

struct Proof
{
    std::uint64_t zk = 0, packing = 0;
    Octets rd_inc, ram_inc;
    std::array<std::vector<Octets>, 3> families;  ///< instruction_ra, ram_ra, bytecode_ra
    std::array<Sumcheck, 10> sumchecks;
    Opening opening;
    std::optional<Octets> untrusted;
    Claims claims;
    std::uint64_t trace_length = 0, ram_k = 0;
    std::array<std::uint8_t, 4> phases{};
    std::array<std::uint8_t, 2> one_hot{};
    std::uint64_t order = 0;
};

using Layout = std::array<std::uint64_t, 20>;

struct Device
{
    Octets inputs, trusted_advice, untrusted_advice, outputs;
    std::uint8_t panic = 0;
    Layout layout{};
};

struct Wide
{
    std::uint64_t low = 0, high = 0;  ///< zigzag
};
struct Row
{
    std::uint64_t kind = 0, address = 0;
    std::array<std::optional<std::uint8_t>, 3> registers;  ///< rs1, rs2, rd
    Wide imm;
    std::optional<std::uint64_t> vsr;
    std::uint8_t is_first_in_sequence = 0, is_compressed = 0;
};
struct Program
{
    bool committed = false;
    // full
    std::uint64_t code_size = 0;
    std::vector<Row> rows;
    std::vector<std::vector<std::pair<std::uint64_t, std::uint64_t>>> pc_map;
    std::vector<std::uint64_t> words;
    // committed
    std::uint64_t entry_index = 0, image_words = 0, bytecode_len = 0;
    std::vector<Octets> chunks;
    Octets image;
    // both
    std::uint64_t entry_address = 0, min_address = 0, max_trace_length = 0;
    Layout layout{};
};
struct Setup
{
    std::array<std::vector<Octets>, 5> tables;  ///< delta_1l, delta_1r, delta_2l, delta_2r, chi
    std::array<Octets, 5> points;               ///< g1_0, g2_0, h1, h2, ht
    std::uint64_t max_log_n = 0;
};
inline constexpr std::array<std::size_t, 5> point_sizes{32, 64, 32, 64, 384};

struct Bundle
{
    Program program;
    Scalar digest{};
    Setup setup;
    Device device;
    Proof proof;
    std::optional<Octets> trusted;
};

// ------------------------------------------------------------------ fields of an aggregate

template <typename T>
struct IsOptional : std::false_type
{
};
template <typename T>
struct IsOptional<std::optional<T>> : std::true_type
{
};

struct Anything
{
    template <typename T>
        requires(!IsOptional<T>::value)  // which converts by itself
    operator T() const;
};
template <typename T, std::size_t... I>
constexpr bool takes(std::index_sequence<I...>)
{
    return requires { T{(static_cast<void>(I), Anything{})...}; };
}
/// How many fields a struct of claims has.
template <typename T, std::size_t N = 12>
constexpr std::size_t arity()
{
    if constexpr (N == 0 || takes<T>(std::make_index_sequence<N>{}))
        return N;
    else
        return arity<T, N - 1>();
}
/// References to the fields of a struct, in order.
template <typename T>
auto fields(T& t)
{
    constexpr std::size_t n = arity<std::remove_const_t<T>>();
    static_assert(n == 2 || n == 3 || n == 5 || n == 6 || n == 8 || n == 11);
    if constexpr (n == 2)
    {
        auto& [a, b] = t;
        return std::tie(a, b);
    }
    else if constexpr (n == 3)
    {
        auto& [a, b, c] = t;
        return std::tie(a, b, c);
    }
    else if constexpr (n == 5)
    {
        auto& [a, b, c, d, e] = t;
        return std::tie(a, b, c, d, e);
    }
    else if constexpr (n == 6)
    {
        auto& [a, b, c, d, e, f] = t;
        return std::tie(a, b, c, d, e, f);
    }
    else if constexpr (n == 8)
    {
        auto& [a, b, c, d, e, f, g, h] = t;
        return std::tie(a, b, c, d, e, f, g, h);
    }
    else
    {
        auto& [a, b, c, d, e, f, g, h, i, j, k] = t;
        return std::tie(a, b, c, d, e, f, g, h, i, j, k);
    }
}

// ------------------------------------------------------------------ reading and writing

/// Both directions have one description, each(): a Reader assigns, a Writer appends.
class Reader
{
  public:
    static constexpr bool reading = true;
    explicit Reader(const Octets& bytes) : bytes_(bytes) {}

    void raw(Octets& out, std::size_t n)
    {
        need(n);
        const auto first = bytes_.begin() + static_cast<std::ptrdiff_t>(at_);
        out.assign(first, first + static_cast<std::ptrdiff_t>(n));
        at_ += n;
    }
    void octet(std::uint8_t& out)
    {
        need(1);
        out = bytes_[at_++];
    }
    void scalar(Scalar& out)
    {
        for (std::uint8_t& byte : out)
            octet(byte);
    }
    void fixed(std::uint64_t& out, std::size_t n)
    {
        out = 0;
        for (std::size_t i = 0; i < n; ++i)
        {
            std::uint8_t byte = 0;
            octet(byte);
            out |= std::uint64_t{byte} << (8 * i);
        }
    }
    void wide(Wide& out)
    {
        std::uint8_t first = 0;
        octet(first);
        out = {first, 0};
        if (first < 251)
            return;
        if (first == 255)
            throw std::runtime_error("illegal varint");
        fixed(out.low, first == 254 ? 8 : std::size_t{2} << (first - 251));
        if (first == 254)
            fixed(out.high, 8);
    }
    void varint(std::uint64_t& out)
    {
        Wide w;
        wide(w);
        if (w.high != 0)
            throw std::runtime_error("number too large");
        out = w.low;
    }
    void need(std::uint64_t n) const
    {
        if (n > bytes_.size() - at_)
            throw std::runtime_error("cut off");
    }
    [[nodiscard]] std::size_t at() const { return at_; }
    [[nodiscard]] bool finished() const { return at_ == bytes_.size(); }

  private:
    const Octets& bytes_;
    std::size_t at_ = 0;
};

class Writer
{
  public:
    static constexpr bool reading = false;
    Octets bytes;

    void raw(const Octets& in, std::size_t) { bytes.insert(bytes.end(), in.begin(), in.end()); }
    void octet(std::uint8_t in) { bytes.push_back(in); }
    void scalar(const Scalar& in) { bytes.insert(bytes.end(), in.begin(), in.end()); }
    void fixed(std::uint64_t in, std::size_t n)
    {
        for (std::size_t i = 0; i < n; ++i)
            octet(static_cast<std::uint8_t>(in >> (8 * i)));
    }
    void wide(const Wide& in)
    {
        if (in.high != 0)
        {
            octet(254);
            fixed(in.low, 8);
            fixed(in.high, 8);
            return;
        }
        const std::uint64_t v = in.low;
        if (v < 251)
            octet(static_cast<std::uint8_t>(v));
        else if (v <= UINT16_MAX)
            octet(251), fixed(v, 2);
        else if (v <= UINT32_MAX)
            octet(252), fixed(v, 4);
        else
            octet(253), fixed(v, 8);
    }
    void varint(std::uint64_t in) { wide({in, 0}); }
};

template <typename Io, typename T, typename Each>
void sequence(Io& io, T& items, std::uint64_t n, Each each)
{
    if constexpr (Io::reading)
    {
        io.need(n);  // an item has at least a byte
        items.resize(static_cast<std::size_t>(n));
    }
    for (auto& item : items)
        each(item);
}
template <typename Io, typename T, typename Each>
void vector(Io& io, T& items, Each each)
{
    std::uint64_t n = items.size();
    io.varint(n);
    sequence(io, items, n, each);
}
template <typename Io, typename T, typename Each>
void option(Io& io, T& item, Each each)
{
    std::uint8_t present = item.has_value() ? 1 : 0;
    io.octet(present);
    if constexpr (Io::reading)
    {
        if (present > 1)
            throw std::runtime_error("illegal option");
        if (present == 1)
            item.emplace();
    }
    if (item.has_value())
        each(*item);
}
/// A length and that many bytes.
template <typename Io, typename T>
void prefixed(Io& io, T& bytes)
{
    std::uint64_t n = bytes.size();
    io.varint(n);
    io.raw(bytes, static_cast<std::size_t>(n));
}
template <typename Io>
void constant(Io& io, std::uint64_t value)
{
    std::uint64_t found = value;
    io.varint(found);
    if (found != value)
        throw std::runtime_error("not a transparent bundle");
}

template <typename Io, typename T>
void each_claim(Io& io, T& claims)
{
    using Plain = std::remove_const_t<T>;
    const auto next = [&](auto& part) { each_claim(io, part); };
    if constexpr (std::is_same_v<Plain, Scalar>)
        io.scalar(claims);
    else if constexpr (std::is_same_v<Plain, std::array<Scalar, 35>>)
        for (auto& claim : claims)
            io.scalar(claim);
    else if constexpr (std::is_same_v<Plain, Scalars>)
        vector(io, claims, next);
    else if constexpr (IsOptional<Plain>::value)
        option(io, claims, next);
    else
        std::apply([&](auto&... part) { (next(part), ...); }, fields(claims));
}

inline void write_committed(Writer& io, const Sumcheck& sumcheck)
{
    io.varint(1);
    io.varint(sumcheck.rounds.size());
    Octets infinity(32, 0);
    infinity.back() = 0x40;
    for (const Scalars& round : sumcheck.rounds)
    {
        prefixed(io, infinity);
        io.varint(round.size());
    }
    io.varint(0);
}

template <typename Io, typename T>
void each_opening(Io& io, T& opening)
{
    io.raw(opening.c, 384);
    io.raw(opening.d2, 384);
    io.raw(opening.e1, 32);
    std::uint64_t rounds = opening.first.size();
    io.fixed(rounds, 4);
    const auto messages = [&](auto& all, const std::array<std::size_t, 6>& sizes)
    {
        sequence(io, all, rounds,
                 [&](auto& message)
                 {
                     for (std::size_t i = 0; i < 6; ++i)
                         io.raw(message[i], sizes[i]);
                 });
    };
    messages(opening.first, first_sizes);
    messages(opening.second, second_sizes);
    option(io, opening.final_message,
           [&](auto& message)
           {
               for (std::size_t i = 0; i < 2; ++i)
                   io.raw(message[i], final_sizes[i]);
           });
    std::uint64_t nu = opening.nu, sigma = opening.sigma;
    io.fixed(nu, 4);
    io.fixed(sigma, 4);
    if constexpr (Io::reading)
    {
        opening.nu = static_cast<std::uint32_t>(nu);
        opening.sigma = static_cast<std::uint32_t>(sigma);
    }
    for (std::size_t i = 0; i < hiding_sizes.size(); ++i)
        option(io, opening.hiding[i], [&](auto& bytes) { io.raw(bytes, hiding_sizes[i]); });
}

/// A length and a part of that length.
template <typename Io, typename T, typename Each>
void blob(Io& io, T& part, Each body)
{
    if constexpr (Io::reading)
    {
        std::uint64_t n = 0;
        io.varint(n);
        const std::size_t begin = io.at();
        body(io, part);
        if (io.at() - begin != n)
            throw std::runtime_error("length of a blob");
    }
    else
    {
        Writer inner;
        body(inner, part);
        prefixed(io, inner.bytes);
    }
}

template <typename Io, typename T>
void each_proof(Io& io, T& proof)
{
    io.varint(proof.zk);
    io.varint(proof.packing);
    prefixed(io, proof.rd_inc);
    prefixed(io, proof.ram_inc);
    for (auto& family : proof.families)
        vector(io, family, [&](auto& element) { prefixed(io, element); });
    for (auto& sumcheck : proof.sumchecks)
    {
        if constexpr (!Io::reading)
            if (sumcheck.committed)
            {
                write_committed(io, sumcheck);
                continue;
            }
        constant(io, 0);
        io.varint(sumcheck.form);
        vector(io, sumcheck.rounds,
               [&](auto& round) { vector(io, round, [&](auto& c) { io.scalar(c); }); });
    }
    blob(io, proof.opening, [](auto& inner, auto& opening) { each_opening(inner, opening); });
    option(io, proof.untrusted, [&](auto& element) { prefixed(io, element); });
    constant(io, 0);
    each_claim(io, proof.claims);
    io.varint(proof.trace_length);
    io.varint(proof.ram_k);
    for (auto& phase : proof.phases)
        io.octet(phase);
    for (auto& chunk : proof.one_hot)
        io.octet(chunk);
    io.varint(proof.order);
}

template <typename Io, typename T>
void each_device(Io& io, T& device)
{
    prefixed(io, device.inputs);
    prefixed(io, device.trusted_advice);
    prefixed(io, device.untrusted_advice);
    prefixed(io, device.outputs);
    io.octet(device.panic);
    for (auto& field : device.layout)
        io.varint(field);
}

template <typename Io, typename T>
void each_program(Io& io, T& program)
{
    std::uint64_t mode = program.committed ? 1 : 0;
    io.varint(mode);
    if constexpr (Io::reading)
        program.committed = mode == 1;
    const auto number = [&](auto& n) { io.varint(n); };
    if (!program.committed)
    {
        number(program.code_size);
        vector(io, program.rows,
               [&](auto& row)
               {
                   number(row.kind);
                   number(row.address);
                   for (auto& name : row.registers)
                       option(io, name, [&](auto& value) { io.octet(value); });
                   io.wide(row.imm);
                   option(io, row.vsr, number);
                   io.octet(row.is_first_in_sequence);
                   io.octet(row.is_compressed);
               });
        vector(io, program.pc_map,
               [&](auto& entry)
               {
                   vector(io, entry,
                          [&](auto& pair)
                          {
                              number(pair.first);
                              number(pair.second);
                          });
               });
    }
    number(program.entry_address);
    number(program.min_address);
    if (program.committed)
    {
        number(program.entry_index);
        number(program.image_words);
        number(program.bytecode_len);
    }
    else
        vector(io, program.words, number);
    for (auto& field : program.layout)
        number(field);
    number(program.max_trace_length);
    if (program.committed)
    {
        vector(io, program.chunks, [&](auto& element) { prefixed(io, element); });
        prefixed(io, program.image);
    }
}

template <typename Io, typename T>
void each_setup(Io& io, T& setup)
{
    for (auto& table : setup.tables)
    {
        std::uint64_t n = table.size();
        io.fixed(n, 8);
        sequence(io, table, n, [&](auto& element) { io.raw(element, 384); });
    }
    for (std::size_t i = 0; i < point_sizes.size(); ++i)
        io.raw(setup.points[i], point_sizes[i]);
    io.fixed(setup.max_log_n, 8);
}

template <typename Io, typename T>
void each_bundle(Io& io, T& bundle)
{
    each_program(io, bundle.program);
    io.scalar(bundle.digest);
    blob(io, bundle.setup, [](auto& inner, auto& setup) { each_setup(inner, setup); });
    constant(io, 0);  // no Pedersen generators
    each_device(io, bundle.device);
    each_proof(io, bundle.proof);
    option(io, bundle.trusted, [&](auto& element) { prefixed(io, element); });
}

inline Bundle decode(const Octets& bytes)
{
    Reader io(bytes);
    Bundle bundle;
    each_bundle(io, bundle);
    if (!io.finished())
        throw std::runtime_error("bytes after the bundle");
    return bundle;
}
inline Octets encode(const Bundle& bundle)
{
    Writer io;
    each_bundle(io, bundle);
    return io.bytes;
}
inline Octets encode(const Proof& proof)
{
    Writer io;
    each_proof(io, proof);
    return io.bytes;
}
}  // namespace mote::test::tree

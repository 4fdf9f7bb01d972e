#include "jolt/bytecode_fold.hpp"

#include "base/assert.hpp"
#include "jolt/revisions/jolt_69eea119.hpp"
#include "poly/eq.hpp"
#include "poly/multilinear.hpp"
#include "poly/word_dot.hpp"

namespace mote::jolt
{
namespace
{
using jolt_69eea119::bit;
using jolt_69eea119::CircuitFlag;
using jolt_69eea119::InstructionFlag;
namespace lanes = jolt_69eea119::lanes;

constexpr std::uint32_t register_count = lanes::rd.count;
constexpr std::uint32_t register_bits = 7;
static_assert(register_count == 1u << register_bits);

// The parts of a row, or sums of parts: all v_s are linear in them.
struct Parts
{
    // Lanes from `first` on: one value each. The lanes below are the registers, weighted and summed.
    static constexpr std::uint32_t first = lanes::address.first;
    static constexpr std::uint32_t count = 64;
    static_assert(lanes::single_operand.first - first < count);

    Fr rs1, rs2, rd;
    Fr lane[count];

    [[nodiscard]] Fr& operator[](std::uint32_t index) noexcept { return lane[index - first]; }
    [[nodiscard]] const Fr& operator[](std::uint32_t index) const noexcept
    {
        return lane[index - first];
    }
    [[nodiscard]] const Fr& operator[](CircuitFlag flag) const noexcept
    {
        return (*this)[lanes::circuit_flags.first + static_cast<std::uint32_t>(flag)];
    }
    [[nodiscard]] const Fr& operator[](InstructionFlag flag) const noexcept
    {
        return (*this)[lanes::instruction_flags.first + static_cast<std::uint32_t>(flag)];
    }

    // Adds `weight` to the lane of every flag and of the table.
    void add_flags(const RowFlags& flags, const Fr& weight) noexcept
    {
        for (std::uint32_t f = 0; f < lanes::circuit_flags.count; ++f)
            if (((flags.circuit >> f) & 1) != 0)
                (*this)[lanes::circuit_flags.first + f] += weight;
        for (std::uint32_t f = 0; f < lanes::instruction_flags.count; ++f)
            if (((flags.instruction >> f) & 1) != 0)
                (*this)[lanes::instruction_flags.first + f] += weight;
        if (flags.lookup_table != InstructionKind::no_table)
            (*this)[lanes::lookup_tables.first + flags.lookup_table] += weight;
        if (is_single_operand(flags.circuit))
            (*this)[lanes::single_operand.first] += weight;
    }
};

// v_1 ... v_5 as in the header.
void evaluate_stages(const Parts& p, const BytecodeChallenges& c, Fr (&v)[5]) noexcept
{
    const Fr &address = p[lanes::address.first], &imm = p[lanes::imm.first];
    const Fr *b1 = c.beta_powers_1, *b2 = c.beta_powers_2, *b3 = c.beta_powers_3,
             *b4 = c.beta_powers_4, *b5 = c.beta_powers_5;

    v[0] = address + b1[1] * imm;
    for (std::uint32_t f = 0; f < lanes::circuit_flags.count; ++f)
        v[0] += b1[2 + f] * p[lanes::circuit_flags.first + f];

    v[1] = p[CircuitFlag::jump] + b2[1] * p[InstructionFlag::branch] +
           b2[2] * p[CircuitFlag::write_lookup_output_to_rd] +
           b2[3] * p[CircuitFlag::virtual_instruction];

    v[2] = imm + b3[1] * address + b3[2] * p[InstructionFlag::left_operand_is_rs1_value] +
           b3[3] * p[InstructionFlag::left_operand_is_pc] +
           b3[4] * p[InstructionFlag::right_operand_is_rs2_value] +
           b3[5] * p[InstructionFlag::right_operand_is_imm] + b3[6] * p[InstructionFlag::is_noop] +
           b3[7] * p[CircuitFlag::virtual_instruction] +
           b3[8] * p[CircuitFlag::is_first_in_sequence];

    v[3] = p.rd + b4[1] * p.rs1 + b4[2] * p.rs2;

    v[4] = p.rd + b5[1] * p[lanes::single_operand.first];
    for (std::uint32_t t = 0; t < lanes::lookup_tables.count; ++t)
        v[4] += b5[2 + t] * p[lanes::lookup_tables.first + t];
}

// What a row adds to the flags of its kind, as a number below dynamic_count.
constexpr std::uint32_t dynamic_count = 12;

std::uint32_t dynamic_index(const Row& row) noexcept
{
    std::uint32_t sequence = 0;
    if (row.has_virtual_sequence_remaining)
        sequence = row.virtual_sequence_remaining == 0 ? 1 : 2;
    return sequence + 3u * static_cast<std::uint32_t>(row.is_compressed) +
           6u * static_cast<std::uint32_t>(row.is_first_in_sequence);
}

std::uint16_t dynamic_flags(std::uint32_t index) noexcept
{
    constexpr std::uint16_t of_sequence[3] = {
        0, bit(CircuitFlag::virtual_instruction) | bit(CircuitFlag::is_last_in_sequence),
        bit(CircuitFlag::virtual_instruction) | bit(CircuitFlag::do_not_update_unexpanded_pc)};
    const unsigned flags = of_sequence[index % 3] |
                           ((index / 3) % 2 != 0 ? bit(CircuitFlag::is_compressed) : 0u) |
                           (index / 6 != 0 ? bit(CircuitFlag::is_first_in_sequence) : 0u);
    return static_cast<std::uint16_t>(flags);
}

constexpr std::uint32_t noop_kind = 0;

RowFlags kind_flags(const Revision& revision, std::uint32_t kind, std::uint32_t dynamic) noexcept
{
    MOTE_ASSERT(kind < revision.kind_count);
    const InstructionKind& k = revision.kinds[kind];
    RowFlags flags{k.circuit_flags, k.instruction_flags, k.lookup_table};
    if (kind != noop_kind)
        flags.circuit |= dynamic_flags(dynamic);
    return flags;
}

Fr dot_registers(const Fr* a, const Fr* b) noexcept
{
    static_assert(register_count % 4 == 0);
    Fr sum;
    for (std::uint32_t r = 0; r < register_count; r += 4)
    {
        const Fr* const x[4] = {&a[r], &a[r + 1], &a[r + 2], &a[r + 3]};
        const Fr* const y[4] = {&b[r], &b[r + 1], &b[r + 2], &b[r + 3]};
        sum += Fr::dot(x, y);
    }
    return sum;
}

// Weights of the rows are an outer product: row = high * 2^low_bits + low.
struct Split
{
    std::uint32_t high_bits, low_bits;
};

Split split_rows(std::size_t log_rows) noexcept
{
    const auto bits = static_cast<std::uint32_t>(log_rows);
    return {bits / 2, bits - bits / 2};
}
}  // namespace

RowFlags row_flags(const Revision& revision, const Row& row) noexcept
{
    return kind_flags(revision, row.kind, dynamic_index(row));
}

bool is_single_operand(std::uint16_t circuit_flags) noexcept
{
    return (circuit_flags & jolt_69eea119::single_operand_flags) != 0;
}

void BytecodeChallenges::set(const Fr (&beta)[5]) noexcept
{
    poly::powers(beta[0], beta_powers_1);
    poly::powers(beta[1], beta_powers_2);
    poly::powers(beta[2], beta_powers_3);
    poly::powers(beta[3], beta_powers_4);
    poly::powers(beta[4], beta_powers_5);
}

std::uint64_t fold_bytecode_scratch(const Revision& revision, std::uint64_t bytecode_len) noexcept
{
    const Split split = split_rows(ceil_log2(bytecode_len));
    return (std::uint64_t{1} << split.high_bits) + (std::uint64_t{1} << split.low_bits) +
           std::uint64_t{dynamic_count} * revision.kind_count + std::uint64_t{4} * register_count;
}

void fold_bytecode(const ProgramKey& key, std::span<const Fr> b_point,
                   const BytecodeChallenges& challenges, std::span<const Fr> a_reg,
                   std::span<Fr> scratch, Fr (&out)[5]) noexcept
{
    const Revision& revision = *key.revision;
    MOTE_ASSERT(key.full && b_point.size() < 64 &&
                key.bytecode_len == std::uint64_t{1} << b_point.size());
    MOTE_ASSERT(a_reg.size() == register_bits);
    MOTE_ASSERT(scratch.size() >= fold_bytecode_scratch(revision, key.bytecode_len));

    const Split split = split_rows(b_point.size());
    const std::size_t high_count = std::size_t{1} << split.high_bits;
    const std::size_t low_count = std::size_t{1} << split.low_bits;
    const std::size_t kind_buckets = std::size_t{dynamic_count} * revision.kind_count;
    Fr* const high = scratch.data();
    Fr* const low = high + high_count;
    Fr* const register_weight = low + low_count;
    Fr* const of_kind = register_weight + register_count;
    Fr* const of_rd = of_kind + kind_buckets;
    Fr* const of_rs1 = of_rd + register_count;
    Fr* const of_rs2 = of_rs1 + register_count;

    poly::eq_table(b_point.first(split.high_bits), high);
    poly::eq_table(b_point.last(split.low_bits), low);
    for (std::size_t i = 0; i < kind_buckets + std::size_t{3} * register_count; ++i)
        of_kind[i] = Fr::zero();
    std::uint16_t dynamic_seen[256] = {};  // per kind, which combinations occur
    static_assert(dynamic_count <= 16);

    Fr address, imm;  // both / 2^256, see WordDot
    const Row* row = key.rows;
    for (std::size_t i = 0; i < high_count; ++i)
    {
        poly::WordDot block_address, block_imm;
        Fr block_noop;
        for (std::size_t j = 0; j < low_count; ++j, ++row)
        {
            MOTE_ASSERT(row->kind < revision.kind_count);
            block_address.add(low[j], row->address);
            block_imm.add_signed(low[j], row->imm_lo, row->imm_hi);
            const bool has_register =
                row->rd < register_count || row->rs1 < register_count || row->rs2 < register_count;
            if (row->kind == noop_kind && !has_register)
            {
                block_noop += low[j];
                continue;
            }
            const Fr weight = high[i] * low[j];
            const std::uint32_t dynamic = dynamic_index(*row);
            of_kind[std::size_t{row->kind} * dynamic_count + dynamic] += weight;
            dynamic_seen[row->kind] =
                static_cast<std::uint16_t>(dynamic_seen[row->kind] | (1u << dynamic));
            if (row->rd < register_count)
                of_rd[row->rd] += weight;
            if (row->rs1 < register_count)
                of_rs1[row->rs1] += weight;
            if (row->rs2 < register_count)
                of_rs2[row->rs2] += weight;
        }
        address += high[i] * block_address.scaled();
        imm += high[i] * block_imm.scaled();
        of_kind[noop_kind] += high[i] * block_noop;
    }
    dynamic_seen[noop_kind] |= 1;

    Parts parts;
    parts[lanes::address.first] = poly::WordDot::descale(address);
    parts[lanes::imm.first] = poly::WordDot::descale(imm);
    for (std::uint32_t kind = 0; kind < revision.kind_count; ++kind)
        for (std::uint32_t dynamic = 0; dynamic < dynamic_count; ++dynamic)
            if (((dynamic_seen[kind] >> dynamic) & 1) != 0)
                parts.add_flags(kind_flags(revision, kind, dynamic),
                                of_kind[std::size_t{kind} * dynamic_count + dynamic]);
    poly::eq_table(a_reg, register_weight);
    parts.rd = dot_registers(register_weight, of_rd);
    parts.rs1 = dot_registers(register_weight, of_rs1);
    parts.rs2 = dot_registers(register_weight, of_rs2);
    evaluate_stages(parts, challenges, out);
}

Fr fold_lanes(const BytecodeChallenges& challenges, const Fr& eta, std::span<const Fr> a_reg,
              std::span<const Fr> lane_point) noexcept
{
    MOTE_ASSERT(a_reg.size() == register_bits &&
                lane_point.size() == jolt_69eea119::log_lane_count);
    static_assert(lanes::rs1.first == 0 && lanes::rs2.first == register_count &&
                  lanes::rd.first == 2 * register_count &&
                  lanes::address.first == 3 * register_count);

    // The first two coordinates choose among rs1, rs2, rd and the rest. Over a register's lanes the
    // sum of eq(a_reg, r) eq(lane_point, r) is eq of the two points.
    const Fr both = lane_point[0] * lane_point[1];
    const Fr registers = poly::eq(a_reg, lane_point.last(register_bits));
    Parts parts;
    parts.rs1 = (Fr::one() - lane_point[0] - lane_point[1] + both) * registers;
    parts.rs2 = (lane_point[1] - both) * registers;
    parts.rd = (lane_point[0] - both) * registers;
    // Of the rest only the lower half of the lanes is used.
    poly::eq_table(lane_point.last(register_bits - 1), parts.lane);
    const Fr rest = both - both * lane_point[2];
    for (Fr& weight : parts.lane)
        weight *= rest;

    Fr v[5];
    evaluate_stages(parts, challenges, v);
    return poly::fold(eta, v);
}
}  // namespace mote::jolt

#include "jolt/r1cs.hpp"

#include "base/assert.hpp"
#include "poly/lagrange.hpp"

namespace mote::jolt
{
namespace
{
// A sparse linear form over (1, 2^64, the 35 inputs) with small coefficients, and just enough
// arithmetic to write the rows as equations.
constexpr std::uint8_t column_one = 0, column_two_to_64 = 1, column_first = 2;
constexpr std::size_t column_count = column_first + outer_count;

struct Form
{
    struct Term
    {
        std::uint8_t column;
        std::int8_t coefficient;
    };
    static constexpr std::size_t terms_max = 5;

    Term terms[terms_max]{};
    std::uint8_t count = 0;

    constexpr Form() = default;
    constexpr Form(int constant) { append({column_one, static_cast<std::int8_t>(constant)}); }
    constexpr explicit Form(Term term) { append(term); }

    constexpr void append(Term term) { terms[count++] = term; }

    friend constexpr Form operator*(int factor, Form form)
    {
        for (std::size_t i = 0; i < form.count; ++i)
            form.terms[i].coefficient =
                static_cast<std::int8_t>(factor * form.terms[i].coefficient);
        return form;
    }
    friend constexpr Form operator+(Form a, const Form& b)
    {
        for (std::size_t i = 0; i < b.count; ++i)
            a.append(b.terms[i]);
        return a;
    }
    friend constexpr Form operator-(const Form& a, const Form& b) { return a + -1 * b; }
};

struct R1csRow
{
    Form guard, relation;
};

// The names of the rows file.
#define MOTE_COLUMN(name) \
    constexpr Form name { Form::Term{column_first + static_cast<std::uint8_t>(Outer::name), 1} }
namespace rows_69eea119
{
MOTE_COLUMN(left_instruction_input);
MOTE_COLUMN(right_instruction_input);
MOTE_COLUMN(product);
MOTE_COLUMN(should_branch);
MOTE_COLUMN(pc);
MOTE_COLUMN(unexpanded_pc);
MOTE_COLUMN(imm);
MOTE_COLUMN(ram_address);
MOTE_COLUMN(rs1_value);
MOTE_COLUMN(rs2_value);
MOTE_COLUMN(rd_write_value);
MOTE_COLUMN(ram_read_value);
MOTE_COLUMN(ram_write_value);
MOTE_COLUMN(left_lookup_operand);
MOTE_COLUMN(right_lookup_operand);
MOTE_COLUMN(next_unexpanded_pc);
MOTE_COLUMN(next_pc);
MOTE_COLUMN(next_is_virtual);
MOTE_COLUMN(next_is_first_in_sequence);
MOTE_COLUMN(lookup_output);
MOTE_COLUMN(should_jump);
MOTE_COLUMN(add_operands);
MOTE_COLUMN(subtract_operands);
MOTE_COLUMN(multiply_operands);
MOTE_COLUMN(load);
MOTE_COLUMN(store);
MOTE_COLUMN(jump);
MOTE_COLUMN(write_lookup_output_to_rd);
MOTE_COLUMN(virtual_instruction);
MOTE_COLUMN(assert_flag);
MOTE_COLUMN(do_not_update_unexpanded_pc);
MOTE_COLUMN(advice);
MOTE_COLUMN(is_compressed);
MOTE_COLUMN(is_last_in_sequence);  // no row uses is_first_in_sequence
constexpr Form two_to_64{Form::Term{column_two_to_64, 1}};

constexpr R1csRow rows[] = {
#define MOTE_R1CS_ROW(row, guard, relation) {guard, relation},
#define MOTE_R1CS_GROUP(group, ...)
#include "jolt/revisions/jolt_69eea119_r1cs.inc"
#undef MOTE_R1CS_ROW
#undef MOTE_R1CS_GROUP
};

#define MOTE_R1CS_ROW(row, guard, relation)
#define MOTE_R1CS_GROUP(group, ...) constexpr std::uint8_t group_##group[] = {__VA_ARGS__};
#include "jolt/revisions/jolt_69eea119_r1cs.inc"
#undef MOTE_R1CS_ROW
#undef MOTE_R1CS_GROUP

// Every row is in one group, once.
constexpr bool is_partition() noexcept
{
    std::uint32_t seen = 0, count = 0;
    for (const std::uint8_t row : group_0)
        seen |= 1u << row, ++count;
    for (const std::uint8_t row : group_1)
        seen |= 1u << row, ++count;
    return count == sizeof(rows) / sizeof(rows[0]) && seen == (1u << count) - 1;
}
static_assert(is_partition());
}  // namespace rows_69eea119
#undef MOTE_COLUMN

// coefficient * x by additions.
Fr times_small(int coefficient, const Fr& x) noexcept
{
    Fr sum;
    for (int bit = 7; bit-- > 0;)
    {
        sum = sum.twice();
        if ((((coefficient < 0 ? -coefficient : coefficient) >> bit) & 1) != 0)
            sum += x;
    }
    return coefficient < 0 ? -sum : sum;
}

Fr evaluate(const Form& form, const Fr (&z)[column_count]) noexcept
{
    Fr sum;
    for (std::size_t i = 0; i < form.count; ++i)
    {
        const auto [column, coefficient] = form.terms[i];
        if (coefficient == 1)
            sum += z[column];
        else if (coefficient == -1)
            sum -= z[column];
        else
            sum += times_small(coefficient, z[column]);
    }
    return sum;
}

// Adds a group's rows, weighted by their position in it.
template <std::size_t Count, std::size_t Basis>
void add_group(const std::uint8_t (&group)[Count], const Fr (&basis)[Basis], const Fr& selector,
               const Fr (&z)[column_count], Fr& az, Fr& bz) noexcept
{
    static_assert(Count <= Basis);
    Fr a, b;
    for (std::size_t i = 0; i < Count; ++i)
    {
        const R1csRow& row = rows_69eea119::rows[group[i]];
        a += basis[i] * evaluate(row.guard, z);
        b += basis[i] * evaluate(row.relation, z);
    }
    az += selector * a;
    bz += selector * b;
}
}  // namespace

void evaluate_outer_constraints(const Stage1Claims& claims, const Fr& r_u, const Fr& r_s, Fr& az,
                                Fr& bz) noexcept
{
    MOTE_ASSERT(claims.outer.count == outer_count);
    Fr z[column_count];
    z[column_one] = Fr::one();
    z[column_two_to_64] = Fr::from_u128(0, 1);
    for (std::uint32_t i = 0; i < outer_count; ++i)
        z[column_first + i] = claims.outer[i];

    Fr basis[10];
    poly::lagrange(r_u, basis);
    az = bz = Fr::zero();
    add_group(rows_69eea119::group_0, basis, Fr::one() - r_s, z, az, bz);
    add_group(rows_69eea119::group_1, basis, r_s, z, az, bz);
}
}  // namespace mote::jolt

#include "jolt/r1cs.hpp"

#include <array>
#include <initializer_list>
#include <utility>
#include <vector>

#include "../poly/poly_support.hpp"

using namespace mote::jolt;
using namespace poly_test;

namespace
{
using Inputs = std::array<Fr, outer_count>;

Fr& at(Inputs& z, Outer name) { return z[static_cast<std::size_t>(name)]; }

struct AzBz
{
    Fr az, bz;
};

AzBz evaluate(const Inputs& z, const Fr& r_u, const Fr& r_s)
{
    std::vector<std::uint8_t> bytes(32 * z.size());
    for (std::size_t i = 0; i < z.size(); ++i)
        z[i].to_bytes_le(bytes.data() + 32 * i);
    Stage1Claims claims;
    claims.outer = {bytes.data(), outer_count};
    AzBz result;
    evaluate_outer_constraints(claims, r_u, r_s, result.az, result.bz);
    return result;
}

// The rows as they are printed in the description of the protocol.
std::vector<AzBz> printed_rows(const Inputs& z)
{
    const auto v = [&z](Outer name) { return z[static_cast<std::size_t>(name)]; };
    using O = Outer;
    const Fr one = small(1), two = small(2), four = small(4), two_to_64 = Fr::from_u128(0, 1);
    const Fr load = v(O::load), store = v(O::store);
    const Fr add = v(O::add_operands), sub = v(O::subtract_operands), mul = v(O::multiply_operands);
    const Fr left_lookup = v(O::left_lookup_operand), right_lookup = v(O::right_lookup_operand);
    const Fr left_input = v(O::left_instruction_input), right_input = v(O::right_instruction_input);
    const Fr keep = v(O::do_not_update_unexpanded_pc), compressed = v(O::is_compressed);
    const Fr pc = v(O::unexpanded_pc), next_pc = v(O::next_unexpanded_pc);
    return {
        {load + store, v(O::ram_address) - v(O::rs1_value) - v(O::imm)},
        {one - load - store, v(O::ram_address)},
        {load, v(O::ram_read_value) - v(O::ram_write_value)},
        {load, v(O::ram_read_value) - v(O::rd_write_value)},
        {store, v(O::rs2_value) - v(O::ram_write_value)},
        {add + sub + mul, left_lookup},
        {one - add - sub - mul, left_lookup - left_input},
        {add, right_lookup - left_input - right_input},
        {sub, right_lookup - left_input + right_input - two_to_64},
        {mul, right_lookup - v(O::product)},
        {one - add - sub - mul - v(O::advice), right_lookup - right_input},
        {v(O::assert_flag), v(O::lookup_output) - one},
        {v(O::write_lookup_output_to_rd), v(O::rd_write_value) - v(O::lookup_output)},
        {v(O::jump), v(O::rd_write_value) - pc - four + two * compressed},
        {v(O::should_jump), next_pc - v(O::lookup_output)},
        {v(O::should_branch), next_pc - pc - v(O::imm)},
        {one - v(O::should_branch) - v(O::jump),
         next_pc - pc - four + four * keep + two * compressed},
        {v(O::virtual_instruction) - v(O::is_last_in_sequence), v(O::next_pc) - v(O::pc) - one},
        {v(O::next_is_virtual) - v(O::next_is_first_in_sequence), one - keep},
    };
}

const std::vector<std::size_t> groups[2] = {{1, 2, 3, 4, 5, 6, 11, 14, 17, 18},
                                            {0, 7, 8, 9, 10, 12, 13, 15, 16}};

// Rows whose product does not vanish. A node of the domain and a bit for r_s single out one row.
std::vector<std::size_t> violated(const Inputs& z)
{
    std::vector<bool> bad(19);
    for (std::size_t g = 0; g < 2; ++g)
        for (std::size_t i = 0; i < groups[g].size(); ++i)
        {
            const AzBz row = evaluate(z, small(static_cast<std::int64_t>(i) - 4),
                                      small(static_cast<std::int64_t>(g)));
            bad[groups[g][i]] = !(row.az * row.bz).is_zero();
        }
    std::vector<std::size_t> list;
    for (std::size_t row = 0; row < bad.size(); ++row)
        if (bad[row])
            list.push_back(row);
    return list;
}

Inputs cycle(std::initializer_list<std::pair<Outer, Fr>> values)
{
    Inputs z{};
    for (const auto& [name, value] : values)
        at(z, name) = value;
    return z;
}

struct Example
{
    const char* name;
    Inputs z;
    // A change of one input, and the rows it must break.
    std::vector<std::pair<Outer, std::vector<std::size_t>>> broken_by;
};

std::vector<Example> examples()
{
    using O = Outer;
    const Fr one = small(1), pc = Fr::from_u64(0x80000040), next = pc + small(4);
    const Fr a = Fr::from_u64(0xfedcba9876543210), b = Fr::from_u64(0x0123456789abcdef);
    const Fr two_to_64 = Fr::from_u128(0, 1);
    std::vector<Example> list;
    list.push_back({"ADD",
                    cycle({{O::left_instruction_input, a},
                           {O::right_instruction_input, b},
                           {O::product, a * b},
                           {O::pc, small(7)},
                           {O::next_pc, small(8)},
                           {O::unexpanded_pc, pc},
                           {O::next_unexpanded_pc, next},
                           {O::rs1_value, a},
                           {O::rs2_value, b},
                           {O::right_lookup_operand, a + b},
                           {O::lookup_output, a + b},
                           {O::rd_write_value, a + b},
                           {O::add_operands, one},
                           {O::write_lookup_output_to_rd, one}}),
                    {{O::ram_address, {1}},
                     {O::left_lookup_operand, {5}},
                     {O::right_lookup_operand, {7}},
                     {O::left_instruction_input, {7}},
                     {O::rd_write_value, {12}},
                     {O::lookup_output, {12}},
                     {O::next_unexpanded_pc, {16}},
                     {O::next_is_virtual, {18}},
                     {O::virtual_instruction, {}},
                     {O::subtract_operands, {6, 8, 10}},
                     {O::is_compressed, {16}}}});
    list.push_back({"SUB in the middle of a sequence",
                    cycle({{O::left_instruction_input, a},
                           {O::right_instruction_input, b},
                           {O::product, a * b},
                           {O::pc, small(7)},
                           {O::next_pc, small(8)},
                           {O::unexpanded_pc, pc},
                           {O::next_unexpanded_pc, pc},
                           {O::right_lookup_operand, two_to_64 + a - b},
                           {O::lookup_output, a - b},
                           {O::rd_write_value, a - b},
                           {O::subtract_operands, one},
                           {O::virtual_instruction, one},
                           {O::do_not_update_unexpanded_pc, one},
                           {O::next_is_virtual, one},
                           {O::write_lookup_output_to_rd, one}}),
                    {{O::next_pc, {17}},
                     {O::pc, {17}},
                     {O::right_instruction_input, {8}},
                     {O::do_not_update_unexpanded_pc, {16, 18}},
                     {O::next_unexpanded_pc, {16}}}});
    list.push_back({"MUL, compressed, last in a sequence",
                    cycle({{O::left_instruction_input, a},
                           {O::right_instruction_input, b},
                           {O::product, a * b},
                           {O::pc, small(7)},
                           {O::next_pc, small(100)},
                           {O::unexpanded_pc, pc},
                           {O::next_unexpanded_pc, pc + small(2)},
                           {O::right_lookup_operand, a * b},
                           {O::lookup_output, b},
                           {O::rd_write_value, b},
                           {O::multiply_operands, one},
                           {O::virtual_instruction, one},
                           {O::is_last_in_sequence, one},
                           {O::is_compressed, one},
                           {O::write_lookup_output_to_rd, one}}),
                    {{O::product, {9}},
                     {O::is_last_in_sequence, {17}},
                     {O::advice, {10}},
                     {O::is_compressed, {16}}}});
    list.push_back({"LD",
                    cycle({{O::imm, small(-16)},
                           {O::pc, small(7)},
                           {O::unexpanded_pc, pc},
                           {O::next_unexpanded_pc, next},
                           {O::rs1_value, small(0x1010)},
                           {O::ram_address, small(0x1000)},
                           {O::ram_read_value, a},
                           {O::ram_write_value, a},
                           {O::rd_write_value, a},
                           {O::load, one}}),
                    {{O::ram_address, {0}},
                     {O::imm, {0}},
                     {O::rs1_value, {0}},
                     {O::ram_write_value, {2}},
                     {O::rd_write_value, {3}},
                     {O::ram_read_value, {2, 3}},
                     {O::left_lookup_operand, {6}},
                     {O::right_lookup_operand, {10}}}});
    list.push_back({"SD",
                    cycle({{O::imm, small(16)},
                           {O::unexpanded_pc, pc},
                           {O::next_unexpanded_pc, next},
                           {O::rs1_value, small(0x1000)},
                           {O::rs2_value, b},
                           {O::ram_address, small(0x1010)},
                           {O::ram_read_value, a},
                           {O::ram_write_value, b},
                           {O::store, one}}),
                    {{O::ram_address, {0}}, {O::ram_write_value, {4}}, {O::rs2_value, {4}}}});
    list.push_back({"JAL",
                    cycle({{O::left_instruction_input, pc},
                           {O::right_instruction_input, small(-64)},
                           {O::product, pc * small(-64)},
                           {O::imm, small(-64)},
                           {O::unexpanded_pc, pc},
                           {O::next_unexpanded_pc, pc - small(64)},
                           {O::right_lookup_operand, pc - small(64)},
                           {O::lookup_output, pc - small(64)},
                           {O::rd_write_value, next},
                           {O::should_jump, one},
                           {O::add_operands, one},
                           {O::jump, one}}),
                    {{O::rd_write_value, {13}},
                     {O::next_unexpanded_pc, {14}},
                     {O::jump, {16}},
                     {O::is_compressed, {13}}}});
    list.push_back({"BEQ taken",
                    cycle({{O::left_instruction_input, a},
                           {O::right_instruction_input, a},
                           {O::product, a * a},
                           {O::imm, small(32)},
                           {O::unexpanded_pc, pc},
                           {O::next_unexpanded_pc, pc + small(32)},
                           {O::left_lookup_operand, a},
                           {O::right_lookup_operand, a},
                           {O::lookup_output, one},
                           {O::should_branch, one}}),
                    {{O::next_unexpanded_pc, {15}},
                     {O::imm, {15}},
                     {O::left_lookup_operand, {6}},
                     {O::right_lookup_operand, {10}},
                     {O::should_branch, {16}}}});
    list.push_back({"assertion",
                    cycle({{O::left_instruction_input, a},
                           {O::right_instruction_input, b},
                           {O::left_lookup_operand, a},
                           {O::right_lookup_operand, b},
                           {O::lookup_output, one},
                           {O::unexpanded_pc, pc},
                           {O::next_unexpanded_pc, next},
                           {O::assert_flag, one}}),
                    {{O::lookup_output, {11}}}});
    list.push_back({"advice",
                    cycle({{O::right_lookup_operand, b},
                           {O::lookup_output, b},
                           {O::rd_write_value, b},
                           {O::unexpanded_pc, pc},
                           {O::next_unexpanded_pc, next},
                           {O::advice, one},
                           {O::write_lookup_output_to_rd, one}}),
                    {{O::right_lookup_operand, {}}, {O::advice, {10}}}});
    list.push_back({"NoOp padding",
                    cycle({{O::do_not_update_unexpanded_pc, one}}),
                    {{O::next_unexpanded_pc, {16}}, {O::do_not_update_unexpanded_pc, {16}}}});
    return list;
}
}  // namespace

TEST_CASE("r1cs: consistent cycles satisfy every row, changes break the rows that speak of them")
{
    for (const Example& example : examples())
    {
        INFO(example.name);
        CHECK(violated(example.z).empty());
        for (const auto& [input, rows] : example.broken_by)
        {
            INFO("input " << static_cast<int>(input));
            Inputs changed = example.z;
            at(changed, input) += small(3);
            CHECK(violated(changed) == rows);
        }
    }
}

TEST_CASE("r1cs: at a node and a bit the evaluation is one row")
{
    Random random(1);
    Inputs z;
    for (Fr& x : z)
        x = random.element();
    const std::vector<AzBz> rows = printed_rows(z);
    for (std::size_t g = 0; g < 2; ++g)
        for (std::size_t i = 0; i < 10; ++i)
        {
            const AzBz got = evaluate(z, small(static_cast<std::int64_t>(i) - 4),
                                      small(static_cast<std::int64_t>(g)));
            const AzBz expected = i < groups[g].size() ? rows[groups[g][i]] : AzBz{};
            INFO("group " << g << " position " << i);
            CHECK(got.az == expected.az);
            CHECK(got.bz == expected.bz);
        }
}

TEST_CASE("r1cs: elsewhere it is the weighted sum of the rows")
{
    Random random(2);
    for (int repeat = 0; repeat < 10; ++repeat)
    {
        Inputs z;
        for (Fr& x : z)
            x = random.element();
        const Fr r_u = random.element(), r_s = random.element();
        const std::vector<AzBz> rows = printed_rows(z);
        Fr az, bz;
        for (std::size_t g = 0; g < 2; ++g)
            for (std::size_t i = 0; i < groups[g].size(); ++i)
            {
                Fr weight = g == 0 ? Fr::one() - r_s : r_s;
                for (std::int64_t j = 0; j < 10; ++j)
                    if (j != static_cast<std::int64_t>(i))
                        weight *= (r_u - small(j - 4)) *
                                  small(static_cast<std::int64_t>(i) - j).inverse();
                az += weight * rows[groups[g][i]].az;
                bz += weight * rows[groups[g][i]].bz;
            }
        const AzBz got = evaluate(z, r_u, r_s);
        CHECK(got.az == az);
        CHECK(got.bz == bz);
    }
}

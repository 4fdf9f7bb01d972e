#include "jolt/bytecode_fold.hpp"

#include <array>
#include <vector>

#include "../poly/poly_support.hpp"

using namespace mote::jolt;
using namespace poly_test;

namespace
{
using Five = std::array<Fr, 5>;

const Revision& revision() { return *find_revision("jolt-69eea119", 13); }

// Flags by number, typed from the description of the protocol.
enum Circuit
{
    AddOperands,
    SubtractOperands,
    MultiplyOperands,
    Load,
    Store,
    Jump,
    WriteLookupOutputToRD,
    VirtualInstruction,
    Assert,
    DoNotUpdateUnexpandedPC,
    Advice,
    IsCompressed,
    IsFirstInSequence,
    IsLastInSequence
};
enum Instruction
{
    LeftOperandIsPC,
    RightOperandIsImm,
    LeftOperandIsRs1Value,
    RightOperandIsRs2Value,
    Branch,
    IsNoop
};

// A row taken apart, in plain containers.
struct PlainRow
{
    Fr address, imm;
    std::array<bool, 14> circuit{};
    std::array<bool, 6> instruction{};
    std::array<bool, 40> table{};
    bool single_operand = false;
    unsigned rs1 = 255, rs2 = 255, rd = 255;
};

PlainRow take_apart(const Row& row)
{
    PlainRow plain;
    plain.address = Fr::from_u64(row.address);
    plain.imm = Fr::from_u128(row.imm_lo, row.imm_hi);
    if (row.imm_hi >> 63 != 0)
        plain.imm -= Fr::from_u128(0, std::uint64_t{1} << 63).twice();
    const InstructionKind& kind = revision().kinds[row.kind];
    for (unsigned f = 0; f < 14; ++f)
        plain.circuit[f] = ((kind.circuit_flags >> f) & 1) != 0;
    for (unsigned f = 0; f < 6; ++f)
        plain.instruction[f] = ((kind.instruction_flags >> f) & 1) != 0;
    if (kind.tag != 0)
    {
        if (row.has_virtual_sequence_remaining)
        {
            plain.circuit[VirtualInstruction] = true;
            if (row.virtual_sequence_remaining == 0)
                plain.circuit[IsLastInSequence] = true;
            else
                plain.circuit[DoNotUpdateUnexpandedPC] = true;
        }
        if (row.is_compressed)
            plain.circuit[IsCompressed] = true;
        if (row.is_first_in_sequence)
            plain.circuit[IsFirstInSequence] = true;
    }
    if (kind.lookup_table != InstructionKind::no_table)
        plain.table[kind.lookup_table] = true;
    plain.single_operand = plain.circuit[AddOperands] || plain.circuit[SubtractOperands] ||
                           plain.circuit[MultiplyOperands] || plain.circuit[Advice];
    plain.rs1 = row.rs1;
    plain.rs2 = row.rs2;
    plain.rd = row.rd;
    return plain;
}

Fr power(const Fr& base, unsigned exponent)
{
    Fr result = Fr::one();
    for (unsigned i = 0; i < exponent; ++i)
        result *= base;
    return result;
}

// v_1 ... v_5 term by term.
Five stage_values(const PlainRow& row, const Fr (&beta)[5], const Elements& a_reg)
{
    const auto flag = [](bool is_set) { return is_set ? Fr::one() : Fr::zero(); };
    const auto e = [&](unsigned r) { return r < 128 ? chi(a_reg, r) : Fr::zero(); };
    Five v;
    v[0] = row.address + beta[0] * row.imm;
    for (unsigned f = 0; f < 14; ++f)
        v[0] += power(beta[0], 2 + f) * flag(row.circuit[f]);
    v[1] = flag(row.circuit[Jump]) + beta[1] * flag(row.instruction[Branch]) +
           power(beta[1], 2) * flag(row.circuit[WriteLookupOutputToRD]) +
           power(beta[1], 3) * flag(row.circuit[VirtualInstruction]);
    v[2] = row.imm + beta[2] * row.address +
           power(beta[2], 2) * flag(row.instruction[LeftOperandIsRs1Value]) +
           power(beta[2], 3) * flag(row.instruction[LeftOperandIsPC]) +
           power(beta[2], 4) * flag(row.instruction[RightOperandIsRs2Value]) +
           power(beta[2], 5) * flag(row.instruction[RightOperandIsImm]) +
           power(beta[2], 6) * flag(row.instruction[IsNoop]) +
           power(beta[2], 7) * flag(row.circuit[VirtualInstruction]) +
           power(beta[2], 8) * flag(row.circuit[IsFirstInSequence]);
    v[3] = e(row.rd) + beta[3] * e(row.rs1) + power(beta[3], 2) * e(row.rs2);
    v[4] = e(row.rd) + beta[4] * flag(row.single_operand);
    for (unsigned t = 0; t < 40; ++t)
        v[4] += power(beta[4], 2 + t) * flag(row.table[t]);
    return v;
}

// The 512 lanes of a committed row.
Elements lanes_of(const PlainRow& row)
{
    Elements lanes(512);
    if (row.rs1 < 128)
        lanes[row.rs1] = Fr::one();
    if (row.rs2 < 128)
        lanes[128 + row.rs2] = Fr::one();
    if (row.rd < 128)
        lanes[256 + row.rd] = Fr::one();
    lanes[384] = row.address;
    lanes[385] = row.imm;
    for (unsigned f = 0; f < 14; ++f)
        lanes[386 + f] = Fr::from_u64(row.circuit[f]);
    for (unsigned f = 0; f < 6; ++f)
        lanes[400 + f] = Fr::from_u64(row.instruction[f]);
    for (unsigned t = 0; t < 40; ++t)
        lanes[406 + t] = Fr::from_u64(row.table[t]);
    lanes[446] = Fr::from_u64(row.single_operand);
    return lanes;
}

std::uint8_t random_register(Random& random)
{
    constexpr std::uint8_t special[] = {0, 127, 128, 129, 200, 254, 255};
    return random.below(3) == 0 ? special[random.below(sizeof(special))]
                                : static_cast<std::uint8_t>(random.below(128));
}

Row random_row(Random& random, std::uint8_t kind)
{
    Row row{};
    row.kind = kind;
    row.address = random.below(4) == 0 ? 0 : random.word() >> random.below(64);
    switch (random.below(5))
    {
        case 0:
            break;
        case 1:
            row.imm_lo = random.below(4096);
            break;
        case 2:
            row.imm_lo = ~random.below(4096);
            row.imm_hi = ~std::uint64_t{0};
            break;
        case 3:
            row.imm_hi = std::uint64_t{1} << 63;
            break;
        default:
            row.imm_lo = random.word();
            row.imm_hi = random.word();
    }
    row.rs1 = random_register(random);
    row.rs2 = random_register(random);
    row.rd = random_register(random);
    row.has_virtual_sequence_remaining = random.below(2) == 0;
    row.virtual_sequence_remaining =
        static_cast<std::uint16_t>(random.below(2) == 0 ? 0 : random.word());
    row.is_first_in_sequence = random.below(2) == 0;
    row.is_compressed = random.below(2) == 0;
    return row;
}

Row padding_row()
{
    Row row{};
    row.rs1 = row.rs2 = row.rd = Row::no_register;
    return row;
}

struct Challenges
{
    Fr beta[5];
    BytecodeChallenges powers;

    explicit Challenges(Random& random)
    {
        for (Fr& b : beta)
            b = random.element();
        powers.set(beta);
    }
};

Five fold(const std::vector<Row>& rows, const Elements& b_point, const Challenges& challenges,
          const Elements& a_reg)
{
    ProgramKey key;
    key.revision = &revision();
    key.full = true;
    key.bytecode_len = rows.size();
    key.rows = rows.data();
    Elements scratch(fold_bytecode_scratch(revision(), rows.size()), small(12345));
    Fr out[5];
    fold_bytecode(key, b_point, challenges.powers, a_reg, scratch, out);
    return {out[0], out[1], out[2], out[3], out[4]};
}

Five naive_fold(const std::vector<Row>& rows, const Elements& b_point, const Challenges& challenges,
                const Elements& a_reg)
{
    Five sum;
    for (std::size_t i = 0; i < rows.size(); ++i)
    {
        const Five v = stage_values(take_apart(rows[i]), challenges.beta, a_reg);
        for (std::size_t s = 0; s < 5; ++s)
            sum[s] += chi(b_point, i) * v[s];
    }
    return sum;
}

void check_fold(Random& random, const std::vector<Row>& rows, std::size_t log_rows)
{
    REQUIRE(rows.size() == std::size_t{1} << log_rows);
    const Challenges challenges(random);
    const Elements a_reg = random.elements(7), b_point = random.elements(log_rows);
    CHECK(fold(rows, b_point, challenges, a_reg) == naive_fold(rows, b_point, challenges, a_reg));
}

Elements corner(std::uint64_t index, std::size_t n)
{
    Elements r;
    for (std::size_t i = n; i-- > 0;)
        r.push_back(Fr::from_u64((index >> i) & 1));
    return r;
}
}  // namespace

TEST_CASE("bytecode fold: powers of the stage challenges")
{
    Random random(1);
    const Challenges c(random);
    const auto check = [&](const Fr& base, const Fr* powers, unsigned count)
    {
        for (unsigned i = 0; i < count; ++i)
            CHECK(powers[i] == power(base, i));
    };
    check(c.beta[0], c.powers.beta_powers_1, 16);
    check(c.beta[1], c.powers.beta_powers_2, 4);
    check(c.beta[2], c.powers.beta_powers_3, 9);
    check(c.beta[3], c.powers.beta_powers_4, 3);
    check(c.beta[4], c.powers.beta_powers_5, 42);
}

TEST_CASE("bytecode fold: flags of a row are those of its kind and its own")
{
    Random random(2);
    for (std::uint32_t kind = 0; kind < revision().kind_count; ++kind)
        for (int repeat = 0; repeat < 40; ++repeat)
        {
            const Row row = random_row(random, static_cast<std::uint8_t>(kind));
            const PlainRow plain = take_apart(row);
            const RowFlags flags = row_flags(revision(), row);
            unsigned circuit = 0, instruction = 0, table = 255;
            for (unsigned f = 0; f < 14; ++f)
                circuit |= static_cast<unsigned>(plain.circuit[f]) << f;
            for (unsigned f = 0; f < 6; ++f)
                instruction |= static_cast<unsigned>(plain.instruction[f]) << f;
            for (unsigned t = 0; t < 40; ++t)
                if (plain.table[t])
                    table = t;
            CHECK(flags.circuit == circuit);
            CHECK(flags.instruction == instruction);
            CHECK(flags.lookup_table == table);
            CHECK(is_single_operand(flags.circuit) == plain.single_operand);
        }
}

TEST_CASE("bytecode fold: a NoOp row has no flags of its own but keeps its other parts")
{
    Random random(3);
    Row row = random_row(random, 0);
    row.has_virtual_sequence_remaining = row.is_compressed = row.is_first_in_sequence = true;
    const RowFlags flags = row_flags(revision(), row);
    CHECK(flags.circuit == 0x200);
    CHECK(flags.instruction == 0x20);
    CHECK(flags.lookup_table == InstructionKind::no_table);

    row.address = 77;
    row.imm_lo = 5;
    row.imm_hi = 0;
    row.rd = 3;
    row.rs1 = 4;
    row.rs2 = 200;
    check_fold(random, {row, row}, 1);
    check_fold(random, {padding_row(), row}, 1);
}

TEST_CASE("bytecode fold: random programs of all kinds and flags, with padding")
{
    Random random(4);
    for (std::size_t log_rows = 0; log_rows <= 9; ++log_rows)
        for (int repeat = 0; repeat < (log_rows < 7 ? 12 : 2); ++repeat)
        {
            std::vector<Row> rows;
            const std::size_t size = std::size_t{1} << log_rows;
            const std::size_t used = random.below(size + 1);
            while (rows.size() < used)
                rows.push_back(random_row(
                    random, static_cast<std::uint8_t>(random.below(revision().kind_count))));
            while (rows.size() < size)
                rows.push_back(padding_row());
            check_fold(random, rows, log_rows);
        }
}

TEST_CASE("bytecode fold: every kind with every combination of its own flags")
{
    Random random(5);
    std::vector<Row> rows;
    for (std::uint32_t kind = 0; kind < revision().kind_count; ++kind)
        for (unsigned choice = 0; choice < 12; ++choice)
        {
            Row row = random_row(random, static_cast<std::uint8_t>(kind));
            row.has_virtual_sequence_remaining = choice % 3 != 0;
            row.virtual_sequence_remaining = choice % 3 == 1 ? 0 : 0x8000;
            row.is_compressed = choice / 3 % 2 != 0;
            row.is_first_in_sequence = choice / 6 != 0;
            rows.push_back(row);
        }
    while (rows.size() < 1024)
        rows.push_back(padding_row());
    check_fold(random, rows, 10);
}

TEST_CASE("bytecode fold: rows of padding alone")
{
    Random random(6);
    const Challenges c(random);
    const Elements a_reg = random.elements(7), b_point = random.elements(6);
    const Five v = fold(std::vector<Row>(64, padding_row()), b_point, c, a_reg);
    CHECK(v == Five{power(c.beta[0], 11), Fr::zero(), power(c.beta[2], 6), Fr::zero(), Fr::zero()});
}

TEST_CASE("bytecode fold: at the bits of a row number the fold is that row")
{
    Random random(7);
    std::vector<Row> rows;
    while (rows.size() < 32)
        rows.push_back(
            random_row(random, static_cast<std::uint8_t>(random.below(revision().kind_count))));
    const Challenges c(random);
    const Elements a_reg = random.elements(7);
    for (std::size_t i = 0; i < rows.size(); ++i)
        CHECK(fold(rows, corner(i, 5), c, a_reg) ==
              stage_values(take_apart(rows[i]), c.beta, a_reg));
}

TEST_CASE("bytecode fold: scratch size is what the documentation says")
{
    CHECK(fold_bytecode_scratch(revision(), 4096) == 1456);
    CHECK(fold_bytecode_scratch(revision(), 1) == 2 + 12 * 68 + 4 * 128);
    CHECK(fold_bytecode_scratch(revision(), std::uint64_t{1} << 32) ==
          2 * 65536 + 12 * 68 + 4 * 128);
}

TEST_CASE("bytecode fold: lanes dotted with their weights are the folded stage values of a row")
{
    Random random(8);
    const Challenges c(random);
    const Fr eta = random.element();
    const Elements a_reg = random.elements(7);
    Elements weights;
    for (std::uint64_t lane = 0; lane < 512; ++lane)
        weights.push_back(fold_lanes(c.powers, eta, a_reg, corner(lane, 9)));
    for (std::uint64_t lane = 447; lane < 512; ++lane)
        CHECK(weights[lane] == Fr::zero());

    for (std::uint32_t kind = 0; kind < revision().kind_count; ++kind)
        for (int repeat = 0; repeat < 4; ++repeat)
        {
            const PlainRow row = take_apart(random_row(random, static_cast<std::uint8_t>(kind)));
            const Elements lanes = lanes_of(row);
            Fr from_lanes, from_stages;
            for (std::size_t lane = 0; lane < 512; ++lane)
                from_lanes += lanes[lane] * weights[lane];
            const Five v = stage_values(row, c.beta, a_reg);
            for (unsigned s = 0; s < 5; ++s)
                from_stages += power(eta, s) * v[s];
            CHECK(from_lanes == from_stages);
        }

    // And between the corners it is the extension of the weights.
    for (int repeat = 0; repeat < 5; ++repeat)
    {
        const Elements point = mixed_point(random, 9);
        CHECK(fold_lanes(c.powers, eta, a_reg, point) ==
              extend(point, [&](std::uint64_t lane) { return weights[lane]; }));
    }
}

TEST_CASE("bytecode fold: lane weights are the printed ones")
{
    Random random(9);
    const Challenges c(random);
    const Fr eta = random.element();
    const Elements a_reg = random.elements(7);
    const Fr* b = c.beta;
    const auto n = [&](unsigned s) { return power(eta, s); };
    Elements expected(512);
    for (unsigned r = 0; r < 128; ++r)
    {
        const Fr e = chi(a_reg, r);
        expected[r] = n(3) * b[3] * e;
        expected[128 + r] = n(3) * power(b[3], 2) * e;
        expected[256 + r] = n(3) * e + n(4) * e;
    }
    expected[384] = Fr::one() + n(2) * b[2];
    expected[385] = b[0] + n(2);
    for (unsigned f = 0; f < 14; ++f)
        expected[386 + f] = power(b[0], 2 + f);
    expected[386 + 5] += n(1);
    expected[386 + 6] += n(1) * power(b[1], 2);
    expected[386 + 7] += n(1) * power(b[1], 3) + n(2) * power(b[2], 7);
    expected[386 + 12] += n(2) * power(b[2], 8);
    expected[400 + 4] = n(1) * b[1];
    expected[400 + 2] = n(2) * power(b[2], 2);
    expected[400 + 0] = n(2) * power(b[2], 3);
    expected[400 + 3] = n(2) * power(b[2], 4);
    expected[400 + 1] = n(2) * power(b[2], 5);
    expected[400 + 5] = n(2) * power(b[2], 6);
    for (unsigned t = 0; t < 40; ++t)
        expected[406 + t] = n(4) * power(b[4], 2 + t);
    expected[446] = n(4) * b[4];
    for (std::uint64_t lane = 0; lane < 512; ++lane)
    {
        INFO("lane " << lane);
        CHECK(fold_lanes(c.powers, eta, a_reg, corner(lane, 9)) == expected[lane]);
    }
}

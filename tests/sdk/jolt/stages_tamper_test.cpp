// Single changes of accepted and forged proofs: rejected, at the stage that owns what was changed.
//
// A changed claim spoils the equation of its own stage, or, when no equation of that stage has it, the
// next one: it is absorbed, so all later challenges differ from those the proof was made for. The
// visitor takes the claim structures apart with structured bindings, so that a new field does not
// compile until it is visited.
#include <catch2/catch.hpp>
#include <functional>

#include "piop_support.hpp"

using namespace mote;
using namespace mote::test;
using field::Fr;
using jolt::FrView;
using jolt::Maybe;
using jolt::RoundsView;

namespace
{
/// One claim or vector of claims of a proof.
struct ClaimPlace
{
    Stage stage = Stage::none;  ///< whose rounds or shape checks it belongs to
    Field field = Field::none;
    std::uint32_t index = 0;  ///< field elements of the stage before it
    Fr* scalar = nullptr;
    FrView* vector = nullptr;
    bool* present = nullptr;  ///< of an optional value; `scalar` or `vector` may follow
};

class Places
{
  public:
    explicit Places(jolt::Claims& claims)
    {
        auto& [s1, s2, s3, s4, s5, s6a, s6b, s7] = claims;
        begin(Field::claims_stage1);
        {
            auto& [uniskip, outer] = s1;
            of(Stage::stage1_uniskip, uniskip);
            of(Stage::stage1, outer);
        }
        begin(Field::claims_stage2);
        {
            auto& [uniskip, rw, product, instruction, raf, output] = s2;
            auto& [val, ra, inc] = rw;
            auto& [p0, p1, p2, p3, p4, p5, p6, p7] = product;
            auto& [i0, i1, i2, i3, i4] = instruction;
            of(Stage::stage2_uniskip, uniskip);
            of(Stage::stage2, val, ra, inc, p0, p1, p2, p3, p4, p5, p6, p7, i0, i1, i2, i3, i4, raf,
               output);
        }
        begin(Field::claims_stage3);
        {
            auto& [shift, input, registers] = s3;
            auto& [n0, n1, n2, n3, n4] = shift;
            auto& [i0, i1, i2, i3, i4, i5, i6, i7] = input;
            auto& [r0, r1, r2] = registers;
            of(Stage::stage3, n0, n1, n2, n3, n4, i0, i1, i2, i3, i4, i5, i6, i7, r0, r1, r2);
        }
        begin(Field::claims_stage4);
        {
            auto& [registers, ram] = s4;
            auto& [r0, r1, r2, r3, r4] = registers;
            auto& [untrusted, trusted, image, ra, inc] = ram;
            of(Stage::stage4, r0, r1, r2, r3, r4, untrusted, trusted, image, ra, inc);
        }
        begin(Field::claims_stage5);
        {
            auto& [flags, ra, raf, ram_ra, rd_inc, rd_wa] = s5;
            of(Stage::stage5, flags, ra, raf, ram_ra, rd_inc, rd_wa);
        }
        begin(Field::claims_stage6a);
        {
            auto& [bytecode, val_stages, booleanity] = s6a;
            of(Stage::stage6a, bytecode, val_stages, booleanity);
        }
        begin(Field::claims_stage6b);
        {
            auto& [bytecode, booleanity, hamming, ram, instruction, ram_inc, rd_inc, trusted,
                   untrusted, reduction, image] = s6b;
            auto& [b0, b1, b2] = booleanity;
            auto& [present, value] = reduction;
            auto& [intermediate, chunks] = value;
            of(Stage::stage6b, bytecode, b0, b1, b2, hamming, ram, instruction, ram_inc, rd_inc,
               trusted, untrusted);
            places.push_back({Stage::stage6b, field_, index_, nullptr, nullptr, &present});
            if (present)
                of(Stage::stage6b, intermediate, chunks);
            of(Stage::stage6b, image);
        }
        begin(Field::claims_stage7);
        {
            auto& [weights, trusted, untrusted, chunks, image] = s7;
            auto& [w0, w1, w2] = weights;
            of(Stage::stage7, w0, w1, w2, trusted, untrusted, chunks, image);
        }
    }

    std::vector<ClaimPlace> places;

  private:
    void begin(Field field)
    {
        field_ = field;
        index_ = 0;
    }
    template <class... Parts>
    void of(Stage stage, Parts&... parts)
    {
        (one(stage, parts), ...);
    }
    void one(Stage stage, Fr& x)
    {
        places.push_back({stage, field_, index_, &x, nullptr, nullptr});
        ++index_;
    }
    void one(Stage stage, FrView& x)
    {
        places.push_back({stage, field_, index_, nullptr, &x, nullptr});
        index_ += x.count;
    }
    void one(Stage stage, Maybe<Fr>& x)
    {
        places.push_back({stage, field_, index_, &x.value, nullptr, &x.present});
        index_ += x.present ? 1 : 0;
    }
    void one(Stage stage, Maybe<FrView>& x)
    {
        places.push_back({stage, field_, index_, nullptr, &x.value, &x.present});
        index_ += x.present ? x.value.count : 0;
    }

    Field field_ = Field::none;
    std::uint32_t index_ = 0;
};

/// Elements of a vector, one more than it has, with room to change them.
class VectorCopy
{
  public:
    explicit VectorCopy(const FrView& view)
        : bytes_(std::size_t{32} * (view.count + 1)), count_(view.count)
    {
        if (view.count != 0)
            std::memcpy(bytes_.data(), view.data, std::size_t{32} * view.count);
    }
    void add_one(std::uint32_t i)
    {
        Fr x;
        REQUIRE(Fr::from_bytes_le(bytes_.data() + std::size_t{32} * i, x));
        (x + Fr::one()).to_bytes_le(bytes_.data() + std::size_t{32} * i);
    }
    [[nodiscard]] FrView view(int more = 0) const
    {
        return {bytes_.data(), count_ + static_cast<std::uint32_t>(more)};
    }

  private:
    Buffer bytes_;
    std::uint32_t count_;
};

Report must_reject(PiopCase& c)
{
    const PiopRun run = run_piop(c, false);
    CHECK(run.status == Status::rejected);
    CHECK(run.report.stage != Stage::none);
    CHECK(run.report.reason != Reason::none);
    return run.report;
}

/// The next stage with rounds after `stage`.
Stage next_stage(Stage stage) { return static_cast<Stage>(static_cast<unsigned>(stage) + 1); }

/// Adds one to the claim, verifies, and undoes it.
void check_changed_claim(PiopCase& c, const ClaimPlace& place, std::uint32_t element)
{
    INFO("claims of stage " << static_cast<unsigned>(place.field) - 83 << ", number "
                            << place.index + element);
    Report report;
    if (place.vector != nullptr)
    {
        const FrView original = *place.vector;
        VectorCopy copy(original);
        copy.add_one(element);
        *place.vector = copy.view();
        report = must_reject(c);
        *place.vector = original;
    }
    else
    {
        const Fr original = *place.scalar;
        *place.scalar += Fr::one();
        report = must_reject(c);
        *place.scalar = original;
    }
    const bool here = report.stage == place.stage;
    const bool later = report.stage == next_stage(place.stage);
    CHECK((here || (later && place.stage != Stage::stage7)));
    if (report.reason == Reason::aliased_claim)
    {
        // Named by the second of the two claims; the first is of the same stage.
        CHECK(here);
        CHECK(report.field == place.field);
    }
    else
    {
        CHECK((report.reason == Reason::final_claim || report.reason == Reason::uniskip_claim ||
               report.reason == Reason::uniskip_sum));
    }
}

/// Changes every claim, or every `step`-th of the vectors' elements.
void sweep_claims(PiopCase& c, std::uint32_t step)
{
    const std::vector<ClaimPlace> places = Places(c.proof.claims).places;
    std::size_t changed = 0;
    for (const ClaimPlace& place : places)
    {
        if (place.present != nullptr && !*place.present)
            continue;
        const std::uint32_t count =
            place.vector != nullptr ? place.vector->count : (place.scalar != nullptr ? 1 : 0);
        for (std::uint32_t i = 0; i < count; i += step, ++changed)
            check_changed_claim(c, place, i);
    }
    CHECK(changed > 80);
    CHECK(run_piop(c, false).status == Status::ok);  // everything was put back
}
}  // namespace

TEST_CASE("every single claim matters: committed bundle", "[jolt]")
{
    PiopCase c("committed-muldiv");
    sweep_claims(c, 1);
}

TEST_CASE("every single claim matters: full bundle with advice", "[jolt]")
{
    PiopCase c("piop/full-with-advice");
    sweep_claims(c, 7);
}

TEST_CASE("every single claim matters: reductions that end in stage 6b", "[jolt]")
{
    PiopCase c("piop/longest-trace");
    sweep_claims(c, 5);
}

TEST_CASE("claim vectors have one length, optional claims one state", "[jolt]")
{
    for (const std::string name :
         {"muldiv", "committed-muldiv", "piop/full-with-advice", "piop/longest-trace"})
    {
        INFO(name);
        PiopCase c(name);
        const std::vector<ClaimPlace> places = Places(c.proof.claims).places;
        for (const ClaimPlace& place : places)
        {
            INFO("claims of stage " << static_cast<unsigned>(place.field) - 83 << ", number "
                                    << place.index);
            // The first thing a stage with claims looks at is their shape; that of stage 1 is looked
            // at before its uniskip round.
            const Stage owner = place.stage == Stage::stage1 ? Stage::stage1_uniskip : place.stage;
            const auto check = [&](Reason reason, std::uint32_t index)
            {
                const Report report = must_reject(c);
                CHECK(report.stage == owner);
                CHECK(report.field == place.field);
                CHECK(report.reason == reason);
                CHECK(report.index == index);
            };
            if (place.vector != nullptr && (place.present == nullptr || *place.present))
            {
                const FrView original = *place.vector;
                const VectorCopy copy(original);
                *place.vector = copy.view(1);
                check(Reason::claim_shape, place.index);
                if (original.count > 0)
                {
                    *place.vector = copy.view(-1);
                    check(Reason::claim_shape, place.index);
                    *place.vector = {};
                    check(Reason::claim_shape, place.index);
                }
                *place.vector = original;
            }
            if (place.present != nullptr)
            {
                *place.present = !*place.present;
                check(Reason::optional_claim, place.index);
                *place.present = !*place.present;
            }
        }
        CHECK(run_piop(c, false).status == Status::ok);
    }
}

namespace
{
/// Round polynomials taken apart, to be changed and put together again.
class RoundsEdit
{
  public:
    explicit RoundsEdit(const RoundsView& view) : form(view.form)
    {
        jolt::RoundsCursor cursor(view);
        for (std::uint32_t i = 0; i < view.rounds; ++i)
        {
            const FrView round = cursor.next();
            rounds.emplace_back();
            for (std::uint32_t j = 0; j < round.count; ++j)
                rounds.back().push_back(round[j]);
        }
    }

    /// Valid until the next call.
    RoundsView encode()
    {
        bytes_.clear();
        for (const auto& round : rounds)
        {
            REQUIRE(round.size() < 251);
            bytes_.push_back(static_cast<std::uint8_t>(round.size()));
            for (const Fr& x : round)
            {
                bytes_.resize(bytes_.size() + 32);
                x.to_bytes_le(bytes_.data() + bytes_.size() - 32);
            }
        }
        RoundsView view;
        view.form = form;
        view.rounds = static_cast<std::uint32_t>(rounds.size());
        view.bytes = bytes_;
        return view;
    }

    RoundsView::Form form;
    std::vector<std::vector<Fr>> rounds;

  private:
    Buffer bytes_;
};
}  // namespace

TEST_CASE("round polynomials of all ten sumchecks", "[jolt]")
{
    PiopCase c("committed-muldiv");
    for (std::uint32_t s = 0; s < jolt::sumcheck_count; ++s)
    {
        INFO("sumcheck " << s);
        const RoundsView original = c.proof.sumchecks[s];
        const auto stage = static_cast<Stage>(static_cast<unsigned>(Stage::stage1_uniskip) + s);
        const auto field = static_cast<Field>(static_cast<unsigned>(Field::sumcheck_1_uniskip) + s);
        const bool uniskip = original.form == RoundsView::Form::full;
        const auto check = [&](RoundsEdit& edit, Reason reason, std::uint32_t index)
        {
            c.proof.sumchecks[s] = edit.encode();
            const Report report = must_reject(c);
            c.proof.sumchecks[s] = original;
            CHECK(report.stage == stage);
            CHECK(report.field == field);
            CHECK(report.reason == reason);
            CHECK(report.index == index);
        };

        RoundsEdit good(original);
        c.proof.sumchecks[s] = good.encode();
        CHECK(run_piop(c, false).status == Status::ok);
        const auto count = static_cast<std::uint32_t>(good.rounds.size());

        RoundsEdit form = good;
        form.form = uniskip ? RoundsView::Form::compressed : RoundsView::Form::full;
        check(form, Reason::sumcheck_form, 0);

        RoundsEdit fewer = good;
        fewer.rounds.pop_back();
        check(fewer, Reason::round_count, uniskip ? 0 : count - 1);
        RoundsEdit more = good;
        more.rounds.push_back(more.rounds.back());
        check(more, Reason::round_count, uniskip ? 0 : count);

        for (std::uint32_t r = 0; r < count; r += count > 30 ? 17 : 1)
        {
            RoundsEdit edit = good;
            edit.rounds[r].resize(uniskip ? 29 : 17);
            check(edit, Reason::round_degree, r);
            if (!uniskip)
            {
                edit.rounds[r].clear();
                check(edit, Reason::round_degree, r);
            }
            for (std::size_t k = 0; k < good.rounds[r].size(); k += uniskip ? 5 : 1)
            {
                edit = good;
                edit.rounds[r][k] += Fr::one();
                // Odd powers over -1, 0, 1 sum to nothing; over -4 ... 5 they do not.
                const bool unseen = s == 2 && k % 2 == 1;
                check(edit,
                      !uniskip ? Reason::final_claim
                               : (unseen ? Reason::uniskip_claim : Reason::uniskip_sum),
                      uniskip ? 0 : count);
            }
        }
        c.proof.sumchecks[s] = original;
    }
}

TEST_CASE("what is proven is bound: program, public I/O, settings, commitments", "[jolt]")
{
    PiopCase c("piop/full-with-advice");
    const auto first_check = [&]
    {
        const Report report = must_reject(c);
        CHECK(report.stage == Stage::stage1_uniskip);
        CHECK(report.reason == Reason::uniskip_claim);
    };

    c.key().digest[31] ^= 1;
    first_check();
    c.key().digest[31] ^= 1;
    c.key().entry_address ^= 2;
    first_check();
    c.key().entry_address ^= 2;

    Buffer inputs(c.io.inputs.begin(), c.io.inputs.end()),
        outputs(c.io.outputs.begin(), c.io.outputs.end());
    const jolt::PublicIo io = c.io;
    REQUIRE(!inputs.empty());
    REQUIRE(!outputs.empty());
    inputs[0] ^= 1;
    c.io.inputs = inputs;
    first_check();
    inputs[0] ^= 1;
    inputs.push_back(0);  // inputs are not normalized
    c.io.inputs = inputs;
    first_check();
    c.io = io;
    outputs[0] ^= 0x80;
    c.io.outputs = outputs;
    first_check();
    outputs[0] ^= 0x80;
    outputs.resize(outputs.size() + 9);  // outputs are
    c.io.outputs = outputs;
    CHECK(run_piop(c, false).status == Status::ok);
    c.io = io;
    c.io.panic = !c.io.panic;
    first_check();
    c.io = io;

    c.proof.trace_order = jolt::TraceOrder::address_major;
    first_check();
    c.proof.trace_order = jolt::TraceOrder::cycle_major;
    c.proof.ram_phase1 = 3;
    first_check();
    c.proof.ram_phase1 = 10;
    c.proof.registers_phase2 = 0;
    first_check();
    c.proof.registers_phase2 = 7;
    c.proof.trace_length *= 2;
    first_check();
    c.proof.trace_length /= 2;
    c.proof.ram_k *= 2;
    first_check();
    c.proof.ram_k /= 2;

    // Every commitment, first and last byte, and two exchanged.
    jolt::Commitments& all = c.proof.commitments;
    for (jolt::GtView* family : {&all.rd_inc, &all.ram_inc, &all.instruction_ra, &all.ram_ra,
                                 &all.bytecode_ra, &c.proof.untrusted_advice_commitment})
        for (std::uint32_t i = 0; i < family->count; ++i)
        {
            auto* bytes = const_cast<std::uint8_t*>((*family)[i].data());
            for (const std::size_t at : {std::size_t{0}, std::size_t{383}})
            {
                bytes[at] ^= 1;
                first_check();
                bytes[at] ^= 1;
            }
        }
    std::swap(all.rd_inc, all.ram_inc);
    first_check();
    std::swap(all.rd_inc, all.ram_inc);
    const std::uint8_t* const bytecode_ra = all.bytecode_ra.data;
    all.bytecode_ra.data = all.ram_ra.data;  // the first ones of another family
    first_check();
    all.bytecode_ra.data = bytecode_ra;
    auto* trusted = const_cast<std::uint8_t*>(c.parts.trusted_advice.bytes.data());
    trusted[100] ^= 1;
    first_check();
    trusted[100] ^= 1;

    // Advice taken away or added. Stage 1 is the first to see another transcript.
    const Bytes commitment = c.parts.trusted_advice.bytes;
    c.parts.trusted_advice.bytes = {};
    first_check();
    c.parts.trusted_advice.bytes = commitment;
    c.proof.untrusted_advice_commitment.count = 0;
    first_check();
    c.proof.untrusted_advice_commitment.count = 1;

    CHECK(run_piop(c, false).status == Status::ok);
}

TEST_CASE("commitments of a committed program are bound", "[jolt]")
{
    PiopCase c("committed-muldiv");
    for (const std::size_t at : {0U, 383U, 384U, 767U})
    {
        Buffer chunks(c.key().chunk_encodings, c.key().chunk_encodings + 768);
        chunks[at] ^= 1;
        const std::uint8_t* const original = c.key().chunk_encodings;
        c.key().chunk_encodings = chunks.data();
        CHECK(must_reject(c).stage == Stage::stage1_uniskip);
        c.key().chunk_encodings = original;
    }
    Buffer image(c.key().image_encoding, c.key().image_encoding + 384);
    image[7] ^= 1;
    c.key().image_encoding = image.data();
    CHECK(must_reject(c).stage == Stage::stage1_uniskip);
}

TEST_CASE("a full program's rows and words are checked where they are used", "[jolt]")
{
    PiopCase c("muldiv");
    // Stage 6b folds every row, padding included.
    std::vector<jolt::Row> rows(c.key().rows, c.key().rows + c.key().bytecode_len);
    const jolt::Row* const original_rows = c.key().rows;
    c.key().rows = rows.data();
    for (const std::size_t row :
         {std::size_t{0}, std::size_t{1}, std::size_t{700}, rows.size() - 1})
    {
        rows[row].address += 4;
        const Report report = must_reject(c);
        CHECK(report.stage == Stage::stage6b);
        CHECK(report.reason == Reason::final_claim);
        rows[row].address -= 4;
    }
    CHECK(run_piop(c, false).status == Status::ok);
    c.key().entry_bytecode_index += 1;
    CHECK(must_reject(c).stage == Stage::stage6b);
    c.key().entry_bytecode_index -= 1;
    c.key().rows = original_rows;

    // Stage 4 starts from the initial memory.
    std::vector<std::uint64_t> words(c.key().words, c.key().words + c.key().image_words);
    c.key().words = words.data();
    for (const std::size_t word : {std::size_t{0}, words.size() - 1})
    {
        words[word] ^= 1;
        CHECK(must_reject(c).stage == Stage::stage4);
        words[word] ^= 1;
    }
    CHECK(run_piop(c, false).status == Status::ok);
}

TEST_CASE("the claim that is not absorbed must equal its twin", "[jolt]")
{
    // 4-bit chunks divide the 12 bits of the bytecode address, so chunk 0 of booleanity is opened at
    // the point of the bytecode lookup. The equation of the stage would also take 1 - x.
    PiopCase c("muldiv");
    FrView& view = c.proof.claims.stage6b.booleanity.bytecode_ra;
    Buffer bytes(view.data, view.data + std::size_t{32} * view.count);
    (Fr::one() - view[0]).to_bytes_le(bytes.data());
    view.data = bytes.data();
    const Report report = must_reject(c);
    CHECK(report.stage == Stage::stage6b);
    CHECK(report.reason == Reason::aliased_claim);
    CHECK(report.field == Field::claims_stage6b);
    CHECK(report.index == 3 + 32);
}

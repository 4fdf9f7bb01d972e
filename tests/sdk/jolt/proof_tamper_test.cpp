// A good proof with one value changed is not accepted, and the stage that says no is the one that
// should: a walk over the whole proof as a tree (tools/bundle_tree.hpp), whose claims are matched
// field by field with jolt/claims.hpp at compile time. verify_tamper_test.cpp goes over the bytes and
// the exact reports; this file goes over values and combines changes.
#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>
#include <memory>

#include "bundle_support.hpp"
#include "tools/bad_elements.hpp"
#include "tools/bundle_tree.hpp"
#include "tools/cached_verifier.hpp"
#include "tools/effort.hpp"

using namespace mote;
using namespace mote::test;
using field::Fr;

namespace
{
struct Subject
{
    explicit Subject(const char* bundle_name)
        : name(bundle_name),
          verifier(read_bundle(bundle_name)),
          bundle(tree::decode(verifier.bundle()))
    {
    }
    [[nodiscard]] Verdict verify(const tree::Proof& proof) const
    {
        const Buffer bytes = tree::encode(proof);
        return verifier.verify_proof(verifier.key(), verifier.setup(), verifier.io(), bytes,
                                     verifier.parts().trusted_advice.bytes, Path::shortest);
    }
    [[nodiscard]] Verdict verify(const tree::Bundle& changed, Pins pins = Pins::given) const
    {
        return verifier.verify(tree::encode(changed), Path::shortest, pins);
    }
    const char* name;
    CachedVerifier verifier;
    tree::Bundle bundle;
};

const std::vector<std::unique_ptr<Subject>>& subjects()
{
    static const std::vector<std::unique_ptr<Subject>> all = []
    {
        std::vector<std::unique_ptr<Subject>> opened;
        opened.push_back(std::make_unique<Subject>("muldiv"));
        opened.push_back(std::make_unique<Subject>("committed-muldiv"));
        return opened;
    }();
    return all;
}

void require_refused(const Verdict& v, std::initializer_list<Stage> stages,
                     Status status = Status::rejected)
{
    INFO("status " << static_cast<int>(v.status) << ", stage " << static_cast<int>(v.report.stage)
                   << ", reason " << static_cast<int>(v.report.reason) << ", field "
                   << static_cast<int>(v.report.field) << ", index " << v.report.index);
    REQUIRE(v.status == status);
    REQUIRE(std::find(stages.begin(), stages.end(), v.report.stage) != stages.end());
    REQUIRE(v.report.reason != Reason::none);
}

tree::Scalar plus_one(const tree::Scalar& bytes)
{
    Fr x;
    if (!Fr::from_bytes_le(bytes.data(), x))
        throw std::logic_error("no field element");
    tree::Scalar out;
    (x + Fr::one()).to_bytes_le(out.data());
    return out;
}

const Stage sumcheck_stages[] = {
    Stage::stage1_uniskip, Stage::stage1, Stage::stage2_uniskip, Stage::stage2,  Stage::stage3,
    Stage::stage4,         Stage::stage5, Stage::stage6a,        Stage::stage6b, Stage::stage7};

// The tree beside the product's structures: the same fields in the same order with the same values.

tree::Scalar scalar_of(const Fr& x)
{
    tree::Scalar out;
    x.to_bytes_le(out.data());
    return out;
}
bool same(const tree::Scalar& a, const Fr& b) { return a == scalar_of(b); }
template <typename Container>
bool same_list(const Container& a, const jolt::FrView& b)
{
    if (a.size() != b.count)
        return false;
    for (std::uint32_t i = 0; i < b.count; ++i)
        if (!same(a[i], b[i]))
            return false;
    return true;
}
template <typename A, typename B>
bool same(const A& a, const B& b)
{
    if constexpr (std::is_same_v<B, jolt::FrView>)
        return same_list(a, b);
    else if constexpr (tree::IsOptional<A>::value)
        return a.has_value() == b.present && (!b.present || same(*a, b.value));
    else
    {
        // A new field in jolt/claims.hpp stops here until the tree, and so every test below, has it.
        static_assert(tree::arity<A>() == tree::arity<B>());
        const auto all = [&]<std::size_t... I>(std::index_sequence<I...>)
        {
            const auto x = tree::fields(a);
            const auto y = tree::fields(b);
            return (same(std::get<I>(x), std::get<I>(y)) && ...);
        };
        return all(std::make_index_sequence<tree::arity<A>()>{});
    }
}

/// Where the parts of the claims of a tree are.
struct ClaimParts
{
    std::vector<std::pair<std::string, tree::Scalar*>> scalars;
    std::vector<std::pair<std::string, tree::Scalars*>> vectors;
    std::vector<std::pair<std::string, std::function<void()>>> toggles;

    template <typename T>
    void collect(const std::string& name, T& part)
    {
        std::size_t i = 0;
        const auto next = [&](auto& inner) { collect(name + "." + std::to_string(i++), inner); };
        if constexpr (std::is_same_v<T, tree::Scalar>)
            scalars.emplace_back(name, &part);
        else if constexpr (std::is_same_v<T, std::array<tree::Scalar, 35>>)
            for (auto& inner : part)
                next(inner);
        else if constexpr (std::is_same_v<T, tree::Scalars>)
        {
            vectors.emplace_back(name, &part);
            for (auto& inner : part)
                next(inner);
        }
        else if constexpr (tree::IsOptional<T>::value)
        {
            toggles.emplace_back(
                name, [&part] { part.has_value() ? part.reset() : void(part.emplace()); });
            if (part.has_value())
                collect(name, *part);
        }
        else
            std::apply([&](auto&... inner) { (next(inner), ...); }, tree::fields(part));
    }
};

/// The stage that notices a claim of group `name` (numbers of fields, from 0); shapes are noticed in
/// the stage the claims belong to, values that no member of that stage contains one later.
Stage stage_of_claim(const std::string& name, bool shape)
{
    static const std::map<std::string, Stage> special = {
        {"0.0", Stage::stage1_uniskip},    {"1.0", Stage::stage2_uniskip},
        {"0.1.33", Stage::stage2_uniskip},  // is_first_in_sequence is in no constraint
        {"1.2.3", Stage::stage3},           // write_lookup_output_to_rd
        {"1.2.7", Stage::stage3},           // virtual_instruction
    };
    const auto found = special.find(name);
    if (found != special.end())
        return found->second;
    if (!shape && name.rfind("5.1.", 0) == 0)
        return Stage::stage6b;  // val_stages
    const Stage stages[] = {Stage::stage1, Stage::stage2,  Stage::stage3,  Stage::stage4,
                            Stage::stage5, Stage::stage6a, Stage::stage6b, Stage::stage7};
    return stages[static_cast<std::size_t>(name[0] - '0')];
}
}  // namespace

TEST_CASE("The tree says what the bundle says")
{
    for (const auto& s : subjects())
    {
        INFO(s->name);
        REQUIRE(tree::encode(s->bundle) == s->verifier.bundle());
        REQUIRE(s->verify(s->bundle.proof).status == Status::ok);
        REQUIRE(s->verify(s->bundle).status == Status::ok);
        REQUIRE(same(s->bundle.proof.claims, s->verifier.proof().claims));
        // And not because it compares nothing.
        tree::Claims changed = s->bundle.proof.claims;
        changed.s7.hamming_weight.ram_ra.back() = plus_one(changed.s7.hamming_weight.ram_ra.back());
        REQUIRE_FALSE(same(changed, s->verifier.proof().claims));
    }
}

TEST_CASE("Zeros behind the outputs and advice bytes mean nothing")
{
    for (const auto& s : subjects())
    {
        INFO(s->name);
        tree::Bundle b = s->bundle;
        b.device.outputs.insert(b.device.outputs.end(), 9, 0);
        b.device.trusted_advice = {1, 2, 3};
        b.device.untrusted_advice.assign(700, 0xff);
        REQUIRE(s->verify(b).status == Status::ok);
        b.device.outputs.back() = 1;
        require_refused(s->verify(b), {Stage::stage1_uniskip});
    }
}

TEST_CASE("Claims of the tree")
{
    for (const auto& s : subjects())
    {
        tree::Proof proof = s->bundle.proof;
        const tree::Proof good = proof;
        ClaimParts parts;
        parts.collect("", proof.claims);
        Thinned thinned(1, 1);
        std::size_t tried = 0;
        for (auto& [name, claim] : parts.scalars)
        {
            if (!thinned.next())
                continue;
            INFO(s->name << ": claim " << name);
            const tree::Scalar saved = *claim;
            *claim = plus_one(saved);
            require_refused(s->verify(proof), {stage_of_claim(name.substr(1), false)});
            *claim = saved;
            ++tried;
        }
        REQUIRE(tried >= 180 / effort_stride());
        for (auto& [name, list] : parts.vectors)
        {
            INFO(s->name << ": claims " << name);
            const tree::Scalars saved = *list;
            const Stage stage = stage_of_claim(name.substr(1), true);
            list->push_back(tree::Scalar{});
            require_refused(s->verify(proof), {stage});
            *list = saved;
            if (!list->empty())
            {
                list->pop_back();
                require_refused(s->verify(proof), {stage});
                list->clear();
                require_refused(s->verify(proof), {stage});
            }
            *list = saved;
        }
        REQUIRE(parts.vectors.size() >= 12);
        REQUIRE(s->verify(proof).status == Status::ok);

        // An option that is toggled moves nothing else; pointers above are not used any more.
        for (std::size_t i = 0; i < parts.toggles.size(); ++i)
        {
            proof = good;
            ClaimParts fresh;
            fresh.collect("", proof.claims);
            INFO(s->name << ": option " << fresh.toggles[i].first);
            fresh.toggles[i].second();
            require_refused(s->verify(proof),
                            {stage_of_claim(fresh.toggles[i].first.substr(1), true)});
        }
        REQUIRE(parts.toggles.size() >= 11);
    }
}

TEST_CASE("Two changes do not make up for each other")
{
    // What adds up to nothing in a sum: x + 1 and y - 1, in claims and in one round polynomial.
    for (const auto& s : subjects())
    {
        INFO(s->name);
        const auto minus_one = [](const tree::Scalar& bytes)
        {
            Fr x;
            REQUIRE(Fr::from_bytes_le(bytes.data(), x));
            return scalar_of(x - Fr::one());
        };
        tree::Proof p = s->bundle.proof;
        auto& ra = p.claims.s7.hamming_weight.instruction_ra;
        ra[0] = plus_one(ra[0]);
        ra[1] = minus_one(ra[1]);
        require_refused(s->verify(p), {Stage::stage7});

        p = s->bundle.proof;
        p.claims.s6b.ram_inc = plus_one(p.claims.s6b.ram_inc);
        p.claims.s6b.rd_inc = minus_one(p.claims.s6b.rd_inc);
        require_refused(s->verify(p), {Stage::stage6b});

        // An alias and what it must equal, changed together: equal, but not what stage 2 proved.
        p = s->bundle.proof;
        p.claims.s2.product.lookup_output = plus_one(p.claims.s2.product.lookup_output);
        p.claims.s2.instruction.lookup_output = plus_one(p.claims.s2.instruction.lookup_output);
        require_refused(s->verify(p), {Stage::stage2});

        for (std::size_t i = 0; i < 10; ++i)
        {
            INFO("sumcheck " << i);
            p = s->bundle.proof;
            for (tree::Scalars& round : p.sumchecks[i].rounds)
            {
                round.front() = plus_one(round.front());
                round.back() = minus_one(round.back());
            }
            require_refused(s->verify(p), {sumcheck_stages[i]});
        }
    }
}

TEST_CASE("Round polynomials of the tree")
{
    for (const auto& s : subjects())
    {
        tree::Proof proof = s->bundle.proof;
        Thinned thinned(1, 2);
        for (std::size_t i = 0; i < 10; ++i)
        {
            tree::Sumcheck& sumcheck = proof.sumchecks[i];
            const tree::Sumcheck saved = sumcheck;
            const auto refused = [&]
            {
                require_refused(s->verify(proof), {sumcheck_stages[i]});
                sumcheck = saved;
            };
            INFO(s->name << ": sumcheck " << i);
            for (std::size_t k = 0; k < saved.rounds.size(); ++k)
            {
                if (!thinned.next())
                    continue;
                INFO("round " << k);
                tree::Scalars& round = sumcheck.rounds[k];
                round.front() = plus_one(round.front());
                refused();
                sumcheck.rounds[k].back() = plus_one(saved.rounds[k].back());
                refused();
                sumcheck.rounds[k].push_back(tree::Scalar{1});
                refused();
                sumcheck.rounds[k].push_back(tree::Scalar{});
                refused();
                sumcheck.rounds[k].clear();
                refused();
                sumcheck.rounds[k].resize(saved.rounds[k].size() + 30, tree::Scalar{1});
                refused();
                sumcheck.rounds[k] = {tree::Scalar{5}};
                refused();
            }
            sumcheck.rounds.pop_back();
            refused();
            sumcheck.rounds.erase(sumcheck.rounds.begin());
            refused();
            sumcheck.rounds.push_back(saved.rounds.back());
            refused();
            sumcheck.rounds.push_back({});
            refused();
            sumcheck.rounds.clear();
            refused();
            sumcheck.form = 1 - saved.form;
            refused();
            sumcheck.committed = true;
            require_refused(s->verify(proof), {Stage::config});
            sumcheck = saved;
        }
        REQUIRE(s->verify(proof).status == Status::ok);
    }
}

TEST_CASE("Headers and settings of the tree")
{
    const auto with = [](const Subject& s, const std::function<void(tree::Proof&)>& change)
    {
        tree::Proof p = s.bundle.proof;
        change(p);
        return s.verify(p);
    };
    for (const auto& s : subjects())
    {
        INFO(s->name);
        require_refused(with(*s, [](auto& p) { p.zk = 1; }), {Stage::config});
        require_refused(with(*s, [](auto& p) { p.packing = 1; }), {Stage::config});
        require_refused(with(*s, [](auto& p) { p.zk = 2; }), {Stage::decode}, Status::malformed);
        require_refused(with(*s, [](auto& p) { p.order = 2; }), {Stage::decode}, Status::malformed);
        require_refused(with(*s, [](auto& p) { p.order = 1 - p.order; }),
                        {Stage::config, Stage::stage1_uniskip});
        for (const std::uint64_t n : {std::uint64_t{0}, std::uint64_t{3}, std::uint64_t{1} << 20,
                                      std::uint64_t{1} << 63, UINT64_MAX})
        {
            require_refused(with(*s, [&](auto& p) { p.trace_length = n; }), {Stage::config});
            require_refused(with(*s, [&](auto& p) { p.ram_k = n == 1U << 20 ? 1 : n; }),
                            {Stage::config});
        }
        require_refused(with(*s, [](auto& p) { p.trace_length *= 2; }),
                        {Stage::config, Stage::stage1_uniskip});
        require_refused(with(*s, [](auto& p) { p.ram_k *= 2; }),
                        {Stage::config, Stage::stage1_uniskip});
        for (std::size_t i = 0; i < 4; ++i)
            for (const int delta : {-1, 1, 100})
                require_refused(
                    with(*s, [&](auto& p)
                         { p.phases[i] = static_cast<std::uint8_t>(p.phases[i] + delta); }),
                    {Stage::config, Stage::stage1_uniskip});
        for (std::size_t i = 0; i < 2; ++i)
            for (int value = 0; value < 256; ++value)
                if (value != s->bundle.proof.one_hot[i])
                    require_refused(
                        with(*s, [&](auto& p) { p.one_hot[i] = static_cast<std::uint8_t>(value); }),
                        {Stage::config});
    }
}

TEST_CASE("Commitments and the opening of the tree")
{
    // Elements are decoded before anything is said about their values.
    for (const auto& s : subjects())
    {
        INFO(s->name);
        const tree::Proof& good = s->bundle.proof;
        const auto elements_of = [](tree::Proof& p)
        {
            std::vector<tree::Octets*> all{&p.rd_inc, &p.ram_inc};
            for (auto& family : p.families)
                for (auto& element : family)
                    all.push_back(&element);
            const std::size_t commitments = all.size();
            all.insert(all.end(), {&p.opening.c, &p.opening.d2, &p.opening.e1});
            for (auto* messages : {&p.opening.first, &p.opening.second})
                for (auto& message : *messages)
                    for (auto& element : message)
                        all.push_back(&element);
            for (auto& element : *p.opening.final_message)
                all.push_back(&element);
            return std::pair(all, commitments);
        };
        tree::Proof p = good;
        const auto [elements, commitments] = elements_of(p);
        Thinned thinned(s->bundle.program.committed ? 19 : 5, 3);
        std::size_t tried = 0;
        for (std::size_t i = 0; i < elements.size(); ++i)
        {
            const tree::Octets saved = *elements[i];
            std::vector<ElementChange> changes =
                saved.size() == 384 ? changes_of_gt(saved)
                : saved.size() == 32
                    ? changes_of_point<curve::G1>(saved, &curve::decode_g1)
                    : changes_of_point<curve::G2>(saved, &curve::decode_g2_on_curve);
            for (std::size_t j = 0; j < elements.size(); ++j)
                if (const tree::Octets& other = *elements[(i + j) % elements.size()];
                    other.size() == saved.size() && other != saved)
                {
                    changes.push_back({"another", other});
                    break;
                }
            for (const ElementChange& change : changes)
            {
                if (change.encoding == saved || !thinned.next())
                    continue;
                INFO("element " << i << ": " << change.name);
                *elements[i] = change.encoding;
                const Verdict v = s->verify(p);
                if (change.reason != Reason::none)
                {
                    require_refused(v, {Stage::decode}, Status::malformed);
                    REQUIRE(v.report.reason == change.reason);
                }
                else
                    require_refused(v, {i < commitments ? Stage::stage1_uniskip : Stage::dory});
                ++tried;
            }
            *elements[i] = saved;
        }
        REQUIRE(tried > 0);

        for (std::size_t f = 0; f < 3; ++f)
        {
            p = good;
            p.families[f].pop_back();
            require_refused(s->verify(p), {Stage::config});
            p = good;
            p.families[f].push_back(p.families[f][0]);
            require_refused(s->verify(p), {Stage::config});
            p = good;
            std::swap(p.families[f].front(), p.families[f].back());
            require_refused(s->verify(p), {Stage::stage1_uniskip});
            // One taken out here and put in there: the sum of the counts stays.
            p = good;
            p.families[(f + 1) % 3].push_back(p.families[f].back());
            p.families[f].pop_back();
            require_refused(s->verify(p), {Stage::config});
        }
        p = good;
        std::swap(p.rd_inc, p.ram_inc);
        require_refused(s->verify(p), {Stage::stage1_uniskip});
        p = good;
        p.untrusted = p.rd_inc;
        require_refused(s->verify(p), {Stage::stage1_uniskip, Stage::config});

        const auto opening = [&](const std::function<void(tree::Opening&)>& change)
        {
            tree::Proof q = good;
            change(q.opening);
            require_refused(s->verify(q), {Stage::dory});
        };
        opening([](auto& o) { ++o.nu; });
        opening([](auto& o) { --o.nu, ++o.sigma; });
        opening([](auto& o) { ++o.nu, --o.sigma; });
        opening([](auto& o) { o.first.pop_back(), o.second.pop_back(); });
        opening([](auto& o) { o.first.push_back(o.first[0]), o.second.push_back(o.second[0]); });
        opening([](auto& o) { o.first.clear(), o.second.clear(); });
        opening([](auto& o) { std::swap(o.first[0], o.first[1]); });
        opening([](auto& o) { std::swap(o.c, o.d2); });
        opening([](auto& o) { o.final_message.reset(); });
        for (std::size_t i = 0; i < tree::hiding_sizes.size(); ++i)
        {
            INFO("hiding field " << i);
            tree::Proof q = good;
            q.opening.hiding[i].emplace(tree::hiding_sizes[i]);
            const Verdict v = s->verify(q);
            REQUIRE((v.status == Status::rejected || v.status == Status::malformed));
            REQUIRE((v.report.stage == Stage::dory || v.report.stage == Stage::decode));
        }
    }
}

TEST_CASE("Input, output, key and setup of the tree")
{
    for (const auto& s : subjects())
    {
        INFO(s->name);
        const auto refused = [&](std::initializer_list<Stage> stages,
                                 const std::function<void(tree::Bundle&)>& change,
                                 Pins pins = Pins::given)
        {
            tree::Bundle b = s->bundle;
            change(b);
            require_refused(s->verify(b, pins), stages);
        };
        refused({Stage::stage1_uniskip}, [](auto& b) { b.device.panic = 1; });
        refused({Stage::stage1_uniskip}, [](auto& b) { ++b.device.inputs[0]; });
        refused({Stage::stage1_uniskip}, [](auto& b) { b.device.inputs.push_back(0); });
        refused({Stage::stage1_uniskip}, [](auto& b) { ++b.device.outputs[0]; });
        refused({Stage::stage1_uniskip}, [](auto& b) { b.device.outputs.clear(); });
        refused({Stage::stage1_uniskip},
                [](auto& b) { std::swap(b.device.inputs, b.device.outputs); });
        for (std::size_t i = 0; i < 20; ++i)
        {
            refused({Stage::config}, [&](auto& b) { ++b.device.layout[i]; });
            // The key's own layout, and both alike: the digest speaks of it.
            refused({Stage::key}, [&](auto& b) { ++b.program.layout[i]; }, Pins::from_bundle);
            refused(
                {Stage::key}, [&](auto& b) { ++b.program.layout[i], ++b.device.layout[i]; },
                Pins::from_bundle);
        }
        refused({Stage::key}, [](auto& b) { b.digest[9] ^= 1; }, Pins::from_bundle);
        refused({Stage::key}, [](auto& b) { b.program.entry_address += 4; }, Pins::from_bundle);
        refused({Stage::key}, [](auto& b) { b.program.max_trace_length *= 2; }, Pins::from_bundle);
        refused({Stage::config, Stage::stage1_uniskip},
                [](auto& b) { b.trusted = b.proof.rd_inc; });
        refused({Stage::setup}, [](auto& b) { b.setup.tables[4][3][5] ^= 1; });
        refused({Stage::setup}, [](auto& b) { std::swap(b.setup.points[0], b.setup.points[2]); });
        if (s->bundle.program.committed)
        {
            refused(
                {Stage::key}, [](auto& b) { std::swap(b.program.chunks[0], b.program.chunks[1]); },
                Pins::from_bundle);
            continue;
        }
        Thinned rows(300);
        for (std::size_t i = 0; i < s->bundle.program.rows.size(); ++i)
        {
            if (!rows.next())
                continue;
            INFO("row " << i);
            refused(
                {Stage::key}, [&](auto& b) { b.program.rows[i].imm.low += 2; }, Pins::from_bundle);
            refused(
                {Stage::key}, [&](auto& b) { b.program.rows[i].address += 2; }, Pins::from_bundle);
            refused(
                {Stage::key}, [&](auto& b) { b.program.words[i % b.program.words.size()] ^= 1; },
                Pins::from_bundle);
        }
    }
}

TEST_CASE("Single bytes of the bundle")
{
    for (const auto& s : subjects())
    {
        Thinned thinned(307, 11);
        Buffer bytes = s->verifier.bundle();
        std::size_t tried = 0;
        for (std::size_t at = 0; at < bytes.size(); ++at)
        {
            if (!thinned.next())
                continue;
            for (const std::uint8_t flip : {std::uint8_t{1}, std::uint8_t{0x80}})
            {
                INFO(s->name << ": byte " << at << " ^ " << int{flip});
                bytes[at] ^= flip;
                const Verdict v = s->verifier.verify(bytes);
                bytes[at] ^= flip;
                REQUIRE((v.status == Status::rejected || v.status == Status::malformed));
                REQUIRE(v.report.reason != Reason::none);
                ++tried;
            }
        }
        REQUIRE(tried > 2 * bytes.size() / (308 * effort_stride()) / 2);
    }
}

#include "fafo/recipes.hpp"

#include <algorithm>
#include <unordered_set>

namespace mote::fafo
{
namespace
{
// What was right often enough is expected again.
bool is_trusted(const Formula& formula)
{
    return formula.hits >= 2 && formula.hits > 3 * formula.misses;
}

// Older calls count less, so that code that behaves differently from now on is learned anew.
void count(Formula& formula, bool hit)
{
    constexpr std::uint32_t most = 16;
    ++(hit ? formula.hits : formula.misses);
    if (formula.hits + formula.misses > most)
    {
        formula.hits /= 2;
        formula.misses /= 2;
    }
}

StateKey key_of(const Formula& formula, const Call& call)
{
    const WordBytes word = evaluate({&formula.address, 1}, call);
    const auto address = std::span(word).last<20>();
    return formula.kind == StateKey::slot_kind
               ? StateKey::slot(address, evaluate(formula.slot, call))
               : StateKey::part(address, formula.kind);
}

StateKey key_of(const TrueAccess& access)
{
    return access.kind == StateKey::slot_kind ? StateKey::slot(access.address, access.slot)
                                              : StateKey::part(access.address, access.kind);
}

// The code and the selector, and whether there is one.
StateKey recipe_key(const Call& call)
{
    AddressBytes first;
    WordBytes rest = {};
    std::copy_n(call.code_hash.begin(), 20, first.begin());
    std::copy_n(call.code_hash.begin() + 20, 12, rest.begin());
    const std::size_t selector_bytes = std::min<std::size_t>(4, call.data.size());
    std::copy_n(call.data.begin(), selector_bytes, rest.begin() + 12);
    rest[16] = static_cast<std::uint8_t>(selector_bytes);
    return StateKey::slot(first, rest);
}

Mode both(Mode a, Mode b) { return a == b ? a : Mode::write; }

void add_formulas(std::vector<Formula>& formulas, const TrueAccess& access, const Call& call,
                  std::span<const Preimage> preimages)
{
    WordBytes address = {};
    std::copy(access.address.begin(), access.address.end(), address.begin() + 12);
    std::vector<std::vector<Step>> slots(1);
    if (access.kind == StateKey::slot_kind)
        slots = explain(access.slot, call, preimages);
    for (const std::vector<Step>& account : explain(address, call, {}))
        for (const std::vector<Step>& slot : slots)
        {
            const bool is_there = std::any_of(formulas.begin(), formulas.end(),
                                              [&](const Formula& other)
                                              {
                                                  return other.address == account.front() &&
                                                         other.kind == access.kind &&
                                                         other.slot == slot;
                                              });
            if (!is_there && formulas.size() < Recipes::formulas_max)
                formulas.push_back({account.front(), slot, access.kind, access.mode});
        }
}
}  // namespace

Recipes::Recipes(std::size_t recipes_max, std::uint64_t seed)
    : recipes_max_(std::max<std::size_t>(recipes_max, 1)), recipes_(16, SeededHash{seed})
{
}

Recipes::Recipe& Recipes::recipe_of(const StateKey& key)
{
    if (const auto at = recipes_.find(key); at != recipes_.end())
    {
        ages_.splice(ages_.begin(), ages_, at->second.age);
        return at->second;
    }
    if (recipes_.size() == recipes_max_)
    {
        const auto oldest = recipes_.find(ages_.back());
        stats_.formulas -= oldest->second.formulas.size();
        recipes_.erase(oldest);
        ages_.pop_back();
        ++stats_.evicted;
    }
    ages_.push_front(key);
    Recipe& recipe = recipes_[key];
    recipe.age = ages_.begin();
    stats_.recipes = recipes_.size();
    return recipe;
}

void Recipes::learn(const Call& call, std::span<const TrueAccess> accesses,
                    std::span<const Preimage> preimages)
{
    accesses = accesses.first(std::min(accesses.size(), accesses_max));
    Recipe& recipe = recipe_of(recipe_key(call));
    std::vector<Formula>& formulas = recipe.formulas;
    stats_.formulas -= formulas.size();
    std::unordered_map<StateKey, Mode, SeededHash> touched(16, recipes_.hash_function());
    for (const TrueAccess& access : accesses)
    {
        const auto [at, is_new] = touched.try_emplace(key_of(access), access.mode);
        at->second = both(at->second, access.mode);
    }
    std::unordered_set<StateKey, SeededHash> explained(16, recipes_.hash_function());
    for (Formula& formula : formulas)
    {
        const auto at = touched.find(key_of(formula, call));
        count(formula, at != touched.end());
        if (at == touched.end())
            continue;
        formula.mode = both(formula.mode, at->second);
        explained.insert(at->first);
    }
    stats_.forgotten += std::erase_if(
        formulas, [](const Formula& formula) { return formula.misses >= formula.hits; });
    for (const TrueAccess& access : accesses)
        if (formulas.size() < formulas_max && explained.find(key_of(access)) == explained.end())
            add_formulas(formulas, access, call, preimages);
    stats_.formulas += formulas.size();
    ++stats_.learned;
}

bool Recipes::predict(const Call& call, std::vector<PredictedAccess>& out) const
{
    const auto at = recipes_.find(recipe_key(call));
    if (at == recipes_.end())
        return false;
    const std::size_t first = out.size();
    for (const Formula& formula : at->second.formulas)
    {
        if (!is_trusted(formula))
            continue;
        const StateKey key = key_of(formula, call);
        const auto same =
            std::find_if(out.begin() + static_cast<std::ptrdiff_t>(first), out.end(),
                         [&](const PredictedAccess& other) { return other.key == key; });
        if (same != out.end())
            same->mode = both(same->mode, formula.mode);
        else
            out.push_back({key, formula.mode});
    }
    return out.size() > first;
}
}  // namespace mote::fafo

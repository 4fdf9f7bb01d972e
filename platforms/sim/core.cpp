#include "sim/core.hpp"

#include "sim/random.hpp"

namespace mote::sim
{
namespace
{
using consensus::Actions;
using consensus::RootVoter;
using What = CoreEvent::What;

Actions apply(RootVoter& root, const CoreEvent& e, std::uint64_t now_ms)
{
    switch (e.what)
    {
        case What::genesis:
            return root.on_genesis(now_ms);
        case What::old_nullification:
            root.on_old_nullification(e.epoch, e.view);
            return {};
        case What::proposal:
            return root.on_proposal(e.place, e.valid, now_ms);
        case What::conflict:
            return root.on_conflict(e.epoch, e.view);
        case What::certificate:
            return root.on_certificate(e.kind, e.epoch, e.view, e.block, e.height, now_ms);
        case What::tick:
            return root.tick(now_ms);
        case What::flushed:
            return root.flushed(e.height, now_ms);
        case What::write_failed:
            root.write_failed();
            return {};
        case What::stop:
            return root.stop();
    }
    return {};
}

std::uint64_t fold(std::uint64_t digest, const RootVoter& root, const Actions& actions)
{
    const auto add = [&](std::uint64_t value) { digest = mix(digest ^ value); };
    add(actions.count << 8 | static_cast<std::uint64_t>(actions.refusal));
    for (const consensus::Action& action : actions)
    {
        add(static_cast<std::uint64_t>(action.kind));
        add(action.epoch);
        add(action.view);
        add(load_le<std::uint64_t>(action.block.data()));
        add(action.step.token);
        if (action.step.write)
            for (std::size_t i = 0; i < action.step.record.size(); i += 8)
                add(load_le<std::uint64_t>(action.step.record.data() + i));
        if (action.step.permitted)
        {
            const consensus::Vote& vote = action.step.permit().vote();
            add(static_cast<std::uint64_t>(vote.kind));
            add(load_le<std::uint64_t>(vote.block.data()));
        }
    }
    add(root.deadline_ms());
    return digest;
}
}  // namespace

Actions Core::step(const CoreEvent& event)
{
    const Actions actions = apply(root_, event, event.now_ms + hidden_ms_);
    if (logged_)
    {
        log_.push_back(event);
        digest_ = fold(digest_, root_, actions);
    }
    return actions;
}

bool Core::replay()
{
    std::uint64_t digest = 0;
    for (const CoreEvent& event : log_)
    {
        const Actions actions = apply(start_, event, event.now_ms);
        digest = fold(digest, start_, actions);
    }
    const bool same = digest == digest_;
    start_ = root_;
    log_.clear();
    digest_ = 0;
    return same;
}
}  // namespace mote::sim

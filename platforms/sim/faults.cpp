#include <array>

#include "sim/config.hpp"

namespace mote::sim
{
namespace
{
constexpr LinkModel stormy = {4000, 60000, 20000, 900000, 80000, 30000, 0};
constexpr LinkModel thin = {4000, 60000, 0, 0, 20000, 10000, 250000};

constexpr Faults make(std::string_view name, std::string_view text)
{
    Faults faults;
    faults.name = name;
    faults.text = text;
    return faults;
}

constexpr std::array<Faults, 21> make_profiles()
{
    std::array<Faults, 21> all{};
    std::size_t at = 0;
    const auto add = [&](std::string_view name, std::string_view text) -> Faults&
    {
        all[at] = make(name, text);
        return all[at++];
    };
    add("none", "everybody is honest and the network is calm");
    add("loss", "messages are late, lost, doubled and overtake each other").storm = stormy;
    add("thin", "links carry 250 kB a second and lose a little").storm = thin;
    {
        Faults& f = add("partition", "partitions, some of them one-way, in a stormy network");
        f.storm = stormy;
        f.partitions = true;
    }
    {
        Faults& f = add("crash", "devices crash between any two steps, writes are lost and torn");
        f.storm = stormy;
        f.crash_percent = 60;
    }
    {
        Faults& f = add("reserve", "the same, a part of the devices in reserve mode");
        f.storm = stormy;
        f.crash_percent = 15;
        f.reserve_percent = 15;
    }
    {
        Faults& f = add("sleep", "devices sleep, their clocks jump, some lose their record");
        f.storm = stormy;
        f.sleep_percent = 40;
        f.clock_percent = 20;
        f.read_error_percent = 5;
    }
    add("slow", "every fourth device is behind a slow link").slow_percent = 25;
    {
        Faults& f = add("offline", "exactly S - q seats are never there");
        f.offline_percent = 100;
    }
    {
        Faults& f = add("halt", "more than S - q seats vanish for a while and come back");
        f.halt = true;
    }
    {
        Faults& f = add("leaders", "one leader proposes two blocks, one is silent, one is slow");
        f.equivocating_leaders = 1;
        f.silent_leaders = 1;
        f.slow_leaders = 1;
    }
    {
        Faults& f = add("ends", "epochs end late, leaders propose other last blocks of them again");
        f.late_ends = true;
        f.bare_leaders = 2;
    }
    {
        Faults& f = add("voters", "devices sign everything, or only NULLIFY, or run twice");
        f.storm = stormy;
        f.everything_percent = 10;
        f.nullify_percent = 8;
        f.twin_percent = 8;
        f.equivocating_leaders = 1;
    }
    {
        Faults& f = add("clone", "copies of device images run beside the devices");
        f.clone_percent = 20;
        f.crash_percent = 20;
        f.storm = stormy;
        f.equivocating_leaders = 1;
    }
    {
        Faults& f = add("snapshot", "storage is set back to an older image, within a lease");
        f.snapshot_percent = 20;
        f.storm = stormy;
        f.equivocating_leaders = 1;
    }
    {
        Faults& f = add("dispersal", "producers withhold shares, falsify rows, claim false roots");
        f.withholding_producers = 1;
        f.falsifying_producers = 1;
        f.lying_producers = 1;
    }
    {
        Faults& f = add("provers", "provers never answer, answer late, or with something false");
        f.lazy_provers = 1;
        f.late_provers = 1;
        f.lying_provers = 1;
    }
    {
        Faults& f =
            add("relays", "relays pass on what they like, send garbage, replay certificates");
        f.selective_relays = 1;
        f.garbage_relays = 1;
        f.replaying_relays = 1;
    }
    {
        Faults& f = add("keys", "somebody holds the expired keys of an old committee");
        f.expired_keys = true;
        f.storm = stormy;
    }
    {
        Faults& f = add("everything", "a little of all of it");
        f.storm = stormy;
        f.partitions = true;
        f.crash_percent = 15;
        f.sleep_percent = 15;
        f.clock_percent = 10;
        f.everything_percent = 5;
        f.nullify_percent = 5;
        f.twin_percent = 3;
        f.equivocating_leaders = 1;
        f.falsifying_producers = 1;
        f.late_provers = 1;
        f.lying_provers = 1;
        f.garbage_relays = 1;
        f.replaying_relays = 1;
    }
    {
        Faults& f = add("phones", "losses, partitions, sleeping phones, and producers that lie");
        f.storm = stormy;
        f.partitions = true;
        f.sleep_percent = 30;
        f.crash_percent = 10;
        f.clock_percent = 5;
        f.everything_percent = 2;
        f.equivocating_leaders = 1;
        f.falsifying_producers = 1;
        f.lying_provers = 1;
    }
    return all;
}

constexpr std::array<Faults, 21> profiles = make_profiles();
}  // namespace

std::span<const Faults> fault_profiles() { return profiles; }

const Faults* find_profile(std::string_view name)
{
    for (const Faults& faults : profiles)
        if (faults.name == name)
            return &faults;
    return nullptr;
}
}  // namespace mote::sim

// Generated histories of tests/vectors/qmdb/README.md: blocks of operations from a seed.
#pragma once

#include <nlohmann/json.hpp>

#include "tools/state_model.hpp"

namespace mote::test
{
class SplitMix
{
  public:
    explicit SplitMix(std::uint64_t seed) : state_(seed) {}
    std::uint64_t draw()
    {
        std::uint64_t z = state_ += 0x9e3779b97f4a7c15;
        z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
        z = (z ^ z >> 27) * 0x94d049bb133111eb;
        return z ^ z >> 31;
    }
    std::uint64_t below(std::uint64_t n) { return draw() % n; }
    model::Octets bytes(std::size_t n)
    {
        model::Octets out;
        while (out.size() < n)
            model::put(out, draw(), 8);
        out.resize(n);
        return out;
    }

  private:
    std::uint64_t state_;
};

inline model::Octets key_of_number(std::uint64_t number, std::size_t bytes)
{
    model::Octets key;
    model::put(key, number, 8);
    key.resize(bytes);
    return key;
}

inline std::string hex(const std::uint8_t* data, std::size_t bytes)
{
    static const char digits[] = "0123456789abcdef";
    std::string out;
    for (std::size_t i = 0; i < bytes; ++i)
    {
        out += digits[data[i] >> 4];
        out += digits[data[i] & 15];
    }
    return out;
}
inline std::string hex(const model::Octets& bytes) { return hex(bytes.data(), bytes.size()); }
inline std::string hex(const model::Hash& hash) { return hex(hash.data(), hash.size()); }

inline model::Octets unhex(const std::string& text)
{
    model::Octets out;
    for (std::size_t i = 0; i + 1 < text.size(); i += 2)
        out.push_back(static_cast<std::uint8_t>(std::stoul(text.substr(i, 2), nullptr, 16)));
    return out;
}

using Blocks = std::vector<std::vector<model::Op>>;

inline Blocks generate_history(const nlohmann::json& history)
{
    SplitMix random(history.at("seed"));
    std::vector<std::uint64_t> keys;
    if (history.contains("keys") && history["keys"].is_array())
    {
        std::uint64_t sum = 0;
        for (const auto& difference : history["keys"])
            keys.push_back(sum += difference.get<std::uint64_t>());
    }
    Blocks blocks;
    for (const auto& phase : history.at("phases"))
    {
        const auto range = [&](const char* name, std::uint64_t low, std::uint64_t high)
        {
            if (phase.contains(name))
                return std::pair<std::uint64_t, std::uint64_t>(phase[name][0], phase[name][1]);
            return std::pair<std::uint64_t, std::uint64_t>(low, high);
        };
        const auto number = [&](const char* name, std::uint64_t otherwise)
        { return phase.value(name, otherwise); };
        const auto [ops_low, ops_high] = range("ops", 0, 0);
        const auto [key_low, key_high] = range("key_len", 20, 20);
        const auto [value_low, value_high] = range("value_len", 14, 14);
        const bool in_turn = phase.value("order", "") == "seq";
        std::uint64_t turn = 0;
        for (std::uint64_t b = 0; b < phase.at("blocks").get<std::uint64_t>(); ++b)
        {
            std::vector<model::Op> ops;
            const std::uint64_t count = ops_low + random.below(ops_high - ops_low + 1);
            for (std::uint64_t i = 0; i < count; ++i)
            {
                const bool hot = random.below(100) < number("hot_percent", 0);
                std::uint64_t k;
                if (in_turn)
                    k = turn++ % phase.at("keys").get<std::uint64_t>();
                else
                    k = random.below(hot ? number("hot", 1) : number("keys", 1));
                k += number("base", 0);
                const std::uint64_t n = keys.empty() ? k : keys.at(k);
                model::Op op;
                op.key = key_of_number(n, key_low + n % (key_high - key_low + 1));
                if (random.below(100) >= number("del_percent", 0))
                    op.value = random.bytes(value_low + random.below(value_high - value_low + 1));
                ops.push_back(op);
            }
            blocks.push_back(ops);
        }
    }
    return blocks;
}

// The batch file that the blocks make, as the vectors digest it.
inline std::string batch_text(const Blocks& blocks)
{
    std::string text;
    for (const auto& ops : blocks)
    {
        for (const model::Op& op : ops)
            text += op.value ? "put " + hex(op.key) + " " +
                                   (op.value->empty() ? "-" : hex(*op.value)) + "\n"
                             : "del " + hex(op.key) + "\n";
        text += "\n";
    }
    return text;
}

// Reads a batch file that is known to be good.
inline Blocks parse_batch_text(const std::string& text)
{
    Blocks blocks;
    std::vector<model::Op> ops;
    bool open = false;
    for (std::size_t at = 0; at < text.size();)
    {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        const std::string line = text.substr(at, end - at);
        at = end + 1;
        if (line.empty())
        {
            blocks.push_back(ops);
            ops.clear();
            open = false;
            continue;
        }
        open = true;
        const std::size_t space = line.find(' ', 4);
        model::Op op;
        op.key = unhex(line.substr(4, space - 4));
        if (line.rfind("put", 0) == 0)
            op.value =
                line.substr(space + 1) == "-" ? model::Octets{} : unhex(line.substr(space + 1));
        ops.push_back(op);
    }
    if (open)
        blocks.push_back(ops);
    return blocks;
}

// The blocks of edge.json's long cases, from what the README says of them.
inline Blocks long_edge_case(const std::string& note)
{
    unsigned shard = 7;
    std::size_t wanted = 600, puts = 0;
    const bool neighbours = note.find("neighbours") != std::string::npos;
    if (neighbours)
        puts = std::stoul(note);
    else
    {
        shard = 2;
        wanted = puts = std::stoul(note.substr(note.find("SN ") + 3)) - 2;
    }
    std::map<model::Hash, model::Octets> keys;
    for (std::uint64_t n = 0; keys.size() < wanted; ++n)
    {
        const model::Octets key = key_of_number(n, 20);
        const model::Hash hash = model::hash_of_key(key);
        if (hash[0] >> 4 == shard)
            keys[hash] = key;
    }
    Blocks blocks(2);
    for (const auto& [hash, key] : keys)
    {
        if (blocks[0].size() == puts)
            break;
        blocks[0].push_back({key, neighbours ? model::Octets{1} : model::Octets{}});
        if (neighbours)
            blocks[1].push_back({key, std::nullopt});
        else if (blocks[1].empty())
            blocks[1].push_back({key, model::Octets{1}});
    }
    return blocks;
}
}  // namespace mote::test

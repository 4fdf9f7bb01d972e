// What the tests of sdk/state share: vectors, memory for calls, and the model's types as spans.
#pragma once

#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "state/answer.hpp"
#include "state/apply_witness.hpp"
#include "tools/aligned_memory.hpp"
#include "tools/state_history.hpp"

namespace state_test
{
using Json = nlohmann::json;
using mote::Bytes;
using mote::Status;
using mote::state::Answer;
using mote::state::Defect;
using mote::state::Digest;
using mote::state::Fault;
using mote::state::Opened;
using mote::test::hex;
using mote::test::unhex;
using mote::test::model::Octets;
using mote::test::model::Op;

inline Json read(const std::string& file)
{
    std::ifstream stream(std::string(MOTE_TEST_VECTORS "/qmdb/") + file);
    if (!stream)
        throw std::runtime_error("no file " + file);
    return Json::parse(stream);
}

/// Catch2 does not compare strings with JSON.
inline std::string text(const Json& value) { return value.get<std::string>(); }

inline Digest digest(const std::string& text)
{
    const Octets bytes = unhex(text);
    Digest out{};
    if (bytes.size() != out.size())
        throw std::runtime_error("not a digest: " + text);
    std::copy(bytes.begin(), bytes.end(), out.begin());
    return out;
}

/// Memory of exactly the size that a size function promised.
class Memory
{
  public:
    explicit Memory(std::size_t bytes) : memory_(mote::test::aligned_memory(bytes)), bytes_(bytes)
    {
    }
    mote::Arena arena() { return {memory_.get(), bytes_}; }

  private:
    mote::test::AlignedMemory memory_;
    std::size_t bytes_;
};

/// An opened proof or witness with the bytes and memory it points into.
struct Holder
{
    Octets bytes;
    Memory memory;
    mote::Arena arena;
    Opened opened;
    Defect defect;
    Status status;

    Holder(Octets from, const Digest& root, bool witness = false, std::size_t more_bytes = 0)
        : bytes(std::move(from)),
          memory(mote::state::open_memory_bytes(bytes.size()) + more_bytes),
          arena(memory.arena()),
          status(witness ? mote::state::open_witness(bytes, root, arena, opened, defect)
                         : mote::state::open_proof(bytes, root, arena, opened, defect))
    {
    }
    Holder(const Holder&) = delete;
};

inline std::string answer_text(const Opened& opened, const Octets& key, const Json& height,
                               Octets& value)
{
    Bytes found;
    const Answer answer = height.is_null() ? mote::state::answer(opened, key, found)
                                           : mote::state::answer_after(
                                                 opened, key, height.get<std::uint64_t>(), found);
    value.assign(found.begin(), found.end());
    return answer == Answer::present ? "present" : answer == Answer::absent ? "absent" : "unproven";
}

inline std::vector<mote::state::Operation> operations(const std::vector<Op>& ops)
{
    std::vector<mote::state::Operation> out;
    for (const Op& op : ops)
        out.push_back({op.key, op.value ? Bytes(*op.value) : Bytes(), !op.value});
    return out;
}

/// Opens a witness, applies the block; the status of the first that fails.
struct Replay
{
    Digest root{};
    Defect defect;
    Status status;

    Replay(const Octets& witness, const Digest& old_root, std::uint64_t height,
           const std::vector<Op>& ops)
        : status(Status::invalid_argument)
    {
        Holder holder(witness, old_root, true,
                      mote::state::apply_memory_bytes(witness.size(), ops.size()));
        status = holder.status;
        defect = holder.defect;
        if (status == Status::ok)
            status = mote::state::apply_witness(holder.opened, height, operations(ops),
                                                holder.arena, root, defect);
    }
};
}  // namespace state_test

// What the commands of mote-state print: text for people, or one JSON object a line.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "qmdb/events.hpp"

namespace mote::state_tool
{
/// Writes events to a file, "-" being standard error, one object a line; none without a name. Throws
/// std::runtime_error if the file cannot be opened.
qmdb::EventSink log_to(const std::string& name);
using Json = nlohmann::ordered_json;

void print_json(const Json& object);

[[nodiscard]] std::string to_hex(Bytes bytes);
/// Even-length hexadecimal; nothing otherwise.
[[nodiscard]] std::optional<std::vector<std::uint8_t>> from_hex(const std::string& text);

/// Reads a file; - is standard input. Throws std::runtime_error.
[[nodiscard]] std::vector<std::uint8_t> read_file(const std::string& name);
/// Writes a file. Throws std::runtime_error.
void write_file(const std::string& name, Bytes bytes);

/// A progress bar on standard error, for a person only.
class Progress
{
  public:
    explicit Progress(std::string what);
    ~Progress();
    Progress(const Progress&) = delete;
    void show(std::uint64_t done, std::uint64_t all);

  private:
    std::string what_;
    bool visible_;
    int last_permille_ = -1;
};
}  // namespace mote::state_tool

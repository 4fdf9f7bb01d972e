// A progress bar on standard error, for a person only.
#pragma once

#include <cstdint>
#include <string>

namespace mote::tool
{
class Progress
{
  public:
    /// Nothing is drawn unless standard error is a terminal.
    explicit Progress(std::string what);
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    void show(std::uint64_t done, std::uint64_t all);

  private:
    std::string what_;
    bool visible_;
    int last_permille_ = -1;
};
}  // namespace mote::tool

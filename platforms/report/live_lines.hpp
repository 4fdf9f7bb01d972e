// LiveLines: a few lines on a terminal that are drawn again and again.
//
// Worked case: if (lines.begin()) { lines.line("%d of %d", 3, 9); lines.end(); } draws at most ten times a
// second, over what was drawn before.
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>

namespace mote::report
{
class LiveLines
{
  public:
    LiveLines();

    [[nodiscard]] bool on_terminal() const noexcept { return terminal_; }
    /// Whether to draw now; takes away what was drawn. Always if `anyway`.
    [[nodiscard]] bool begin(bool anyway = false);
    /// Prints a line as std::printf does.
    template <class... Values>
    void line(const char* format, Values... values)
    {
        static_cast<void>(std::printf(format, values...));
        static_cast<void>(std::putchar('\n'));
        ++lines_;
    }
    static void end();
    /// Leaves what was drawn; what comes next is drawn below.
    void keep() noexcept { lines_ = 0; }

  private:
    bool terminal_;
    unsigned lines_ = 0;
    double drawn_at_ = 0;
};

/// "#####....." of 40 characters.
[[nodiscard]] std::string bar(std::uint64_t done, std::uint64_t all);
}  // namespace mote::report

// Page: one HTML file that needs nothing else.
//
// Worked case: Page page("mote-sim report", "Simulated network"); page.out() << ..; page.write(file);
#pragma once

#include <sstream>
#include <string>

namespace mote::report
{
/// Text in HTML: what would be markup is escaped.
[[nodiscard]] std::string escape(const std::string& text);

class Page
{
  public:
    Page(const std::string& title, const std::string& heading);

    [[nodiscard]] std::ostream& out() noexcept { return out_; }
    void good(const std::string& text) { out_ << "<p class='good'>" << escape(text) << "</p>\n"; }
    void bad(const std::string& text) { out_ << "<p class='bad'>" << escape(text) << "</p>\n"; }
    void heading(const std::string& text) { out_ << "<h2>" << escape(text) << "</h2>\n"; }
    void paragraph(const std::string& text) { out_ << "<p>" << escape(text) << "</p>\n"; }
    /// A row of a table that was opened in out().
    void row(const std::string& what, const std::string& value);

    [[nodiscard]] std::string text() const { return out_.str(); }
    /// Throws std::runtime_error if the file cannot be written.
    void write(const std::string& file) const;

  private:
    std::ostringstream out_;
};
}  // namespace mote::report

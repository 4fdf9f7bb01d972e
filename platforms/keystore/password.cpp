#include "keystore/password.hpp"

#include <utf8proc.h>

namespace mote::keystore
{
namespace
{
/// C0, Delete and C1.
constexpr bool is_control(utf8proc_int32_t c) { return c < 0x20 || (c >= 0x7f && c <= 0x9f); }

/// Code points of a password, overwritten at their end.
struct CodePoints
{
    explicit CodePoints(std::size_t count) : points(count) {}
    ~CodePoints() { wipe_memory(points.data(), points.size() * sizeof points[0]); }
    CodePoints(const CodePoints&) = delete;
    CodePoints& operator=(const CodePoints&) = delete;
    std::vector<utf8proc_int32_t> points;
};
}  // namespace

std::optional<Password> normalize_password(Bytes utf8)
{
    if (utf8.size() > password_bytes_max)
        return std::nullopt;
    // The longest decomposition of one character has 18 code points (U+FDFA).
    CodePoints decomposed(18 * password_bytes_max);
    const auto options =
        static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT);
    const utf8proc_ssize_t count = utf8proc_decompose(
        utf8.data(), static_cast<utf8proc_ssize_t>(utf8.size()), decomposed.points.data(),
        static_cast<utf8proc_ssize_t>(decomposed.points.size()), options);
    if (count < 0 || static_cast<std::size_t>(count) > decomposed.points.size())
        return std::nullopt;
    Password out;
    out.bytes = SecretBytes(4 * static_cast<std::size_t>(count));
    std::size_t used = 0;
    for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i)
    {
        if (is_control(decomposed.points[i]))
            continue;
        used += static_cast<std::size_t>(
            utf8proc_encode_char(decomposed.points[i], out.bytes.data() + used));
        ++out.characters;
    }
    out.bytes.truncate(used);
    return out;
}
}  // namespace mote::keystore

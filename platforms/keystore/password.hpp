// Passwords, as a keystore wants them: the same on every keyboard and every system.
//
// A character may have several encodings: u with two dots is one code point or two. EIP-2335 takes the
// NFKD form, drops control codes (a line's end too, so a password may come from a file), and encodes
// as UTF-8.
//
// Worked case: the letters of "testpassword" in the mathematical Fraktur alphabet are "testpassword".
//
// Source  [EIP2335] Password requirements.
#pragma once

#include <optional>

#include "keystore/secret_bytes.hpp"

namespace mote::keystore
{
/// The longest password before it is normalised.
inline constexpr std::size_t password_bytes_max = 1024;

/// A password in the form that keys are derived from.
struct Password
{
    SecretBytes bytes;
    std::size_t characters = 0;  ///< code points
};

/// Normalises a password.
///
/// Shape   utf8: at most password_bytes_max bytes.
/// Errors  nothing: longer than that, or not UTF-8.
[[nodiscard]] std::optional<Password> normalize_password(Bytes utf8);
}  // namespace mote::keystore

// Secrets from outside: passwords and seeds from a file, from standard input, or from somebody who types.
//
// They never come as arguments of the command line, which every user of the machine can read.
#pragma once

#include <string>

#include "keystore/secret_bytes.hpp"

namespace mote::tool
{
/// Reads a line: the only one of a file, or the next one of standard input (path "-").
///
/// Errors  throws std::runtime_error: unreadable, longer than `bytes_max`, or a file with more lines.
[[nodiscard]] keystore::SecretBytes read_secret_line(const std::string& path,
                                                     std::size_t bytes_max);

/// Asks on the terminal, without echo.
///
/// Errors  throws std::runtime_error: no terminal, Ctrl-C, or too long.
[[nodiscard]] keystore::SecretBytes ask_secret(const char* prompt, std::size_t bytes_max);

/// Reads a password from `file`, or asks for it if that is empty; a new one is asked for twice.
[[nodiscard]] keystore::SecretBytes read_password(const std::string& file, const char* prompt,
                                                  bool is_new);
}  // namespace mote::tool

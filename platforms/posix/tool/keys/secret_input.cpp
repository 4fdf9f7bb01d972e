#include "keys/secret_input.hpp"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>

#include "keystore/password.hpp"
#include "posix/store/file.hpp"

namespace mote::tool
{
namespace
{
using keystore::SecretBytes;
using posix::Handle;
using posix::IoError;

constexpr int end_of_input = -1;
constexpr int control_c = 3;

/// The next byte, or end_of_input. Unbuffered, so that what follows the line stays where it is.
int next_byte(int handle, const std::string& path)
{
    std::uint8_t byte = 0;
    while (true)
    {
        const ssize_t n = ::read(handle, &byte, 1);
        if (n == 1)
            return byte;
        if (n == 0)
            return end_of_input;
        if (errno != EINTR)
            throw IoError(path, "read", errno);
    }
}

SecretBytes read_line(int handle, const std::string& path, std::size_t bytes_max)
{
    SecretBytes line(bytes_max);
    std::size_t used = 0;
    while (true)
    {
        const int byte = next_byte(handle, path);
        if (byte == control_c)
            throw std::runtime_error("interrupted");
        if (byte == '\n' || byte == end_of_input)
            break;
        if (used == bytes_max)
            throw std::runtime_error(path + ": a line of more than " + std::to_string(bytes_max) +
                                     " bytes");
        line.data()[used++] = static_cast<std::uint8_t>(byte);
    }
    line.truncate(used);
    return line;
}

/// The terminal without echo, and with Ctrl-C as a byte: a signal would leave it without echo.
class Quiet
{
  public:
    explicit Quiet(int handle) : handle_(handle)
    {
        if (::tcgetattr(handle, &before_) != 0)
            throw IoError("/dev/tty", "tcgetattr", errno);
        termios quiet = before_;
        quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO | ISIG);
        quiet.c_cc[VEOL] = control_c;  // ends a line, so that it arrives at once
        if (::tcsetattr(handle, TCSAFLUSH, &quiet) != 0)
            throw IoError("/dev/tty", "tcsetattr", errno);
    }
    ~Quiet() { static_cast<void>(::tcsetattr(handle_, TCSAFLUSH, &before_)); }
    Quiet(const Quiet&) = delete;
    Quiet& operator=(const Quiet&) = delete;

  private:
    int handle_;
    termios before_{};
};

void say(int handle, const char* text)
{
    // If a prompt cannot be shown, whoever types does so without it.
    static_cast<void>(::write(handle, text, std::char_traits<char>::length(text)) == 0);
}
}  // namespace

SecretBytes read_secret_line(const std::string& path, std::size_t bytes_max)
{
    if (path == "-")
        return read_line(STDIN_FILENO, "standard input", bytes_max);
    const Handle file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.is_open())
        throw IoError(path, "open", errno);
    SecretBytes line = read_line(file.number(), path, bytes_max);
    if (next_byte(file.number(), path) != end_of_input)
        throw std::runtime_error(path + ": more than one line");
    return line;
}

SecretBytes ask_secret(const char* prompt, std::size_t bytes_max)
{
    const Handle terminal(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY));
    if (!terminal.is_open())
        throw std::runtime_error("no terminal to ask for a password on; name a file with it");
    // Quiet before the prompt: somebody may type as soon as it is there.
    const Quiet quiet(terminal.number());
    say(terminal.number(), prompt);
    SecretBytes line = read_line(terminal.number(), "/dev/tty", bytes_max);
    say(terminal.number(), "\n");
    return line;
}

SecretBytes read_password(const std::string& file, const char* prompt, bool is_new)
{
    if (!file.empty())
        return read_secret_line(file, keystore::password_bytes_max);
    SecretBytes password = ask_secret(prompt, keystore::password_bytes_max);
    if (is_new)
    {
        const SecretBytes again = ask_secret("The same again: ", keystore::password_bytes_max);
        if (!keystore::equal_secrets(password.span(), again.span()))
            throw std::runtime_error("the two passwords differ");
    }
    return password;
}
}  // namespace mote::tool

#include "output.hpp"

#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <system_error>

namespace mote::state_tool
{
void print_json(const Json& object)
{
    std::printf("%s\n", object.dump(-1, ' ', false, Json::error_handler_t::replace).c_str());
}

qmdb::EventSink log_to(const std::string& name)
{
    if (name.empty())
        return {};
    std::shared_ptr<std::FILE> file(stderr, [](std::FILE*) {});
    if (name != "-")
    {
        std::FILE* const opened = std::fopen(name.c_str(), "ae");
        if (opened == nullptr)
            throw std::runtime_error(name + ": " + std::generic_category().message(errno));
        file.reset(opened, [](std::FILE* f) { std::fclose(f); });
    }
    return [file](const qmdb::Event& event)
    {
        static const char* const levels[] = {"info", "warning", "error"};
        const std::chrono::duration<double> now =
            std::chrono::system_clock::now().time_since_epoch();
        Json object = {{"time", now.count()},
                       {"level", levels[static_cast<int>(event.level)]},
                       {"event", event.name}};
        for (const auto& [field, value] : event.fields)
            std::visit([&, key = std::string(field)](const auto& v) { object[key] = v; }, value);
        const std::string line = object.dump(-1, ' ', false, Json::error_handler_t::replace);
        // Whoever reads along sees an event when it happens, and none is lost with the process.
        std::fprintf(file.get(), "%s\n", line.c_str());
        std::fflush(file.get());
    };
}

std::string to_hex(Bytes bytes)
{
    static const char digits[] = "0123456789abcdef";
    std::string out;
    for (const std::uint8_t byte : bytes)
    {
        out += digits[byte >> 4];
        out += digits[byte & 15];
    }
    return out;
}

std::optional<std::vector<std::uint8_t>> from_hex(const std::string& text)
{
    if (text.size() % 2 != 0)
        return std::nullopt;
    const auto digit = [](char c)
    {
        if (c >= '0' && c <= '9')
            return c - '0';
        if (c >= 'a' && c <= 'f')
            return c - 'a' + 10;
        if (c >= 'A' && c <= 'F')
            return c - 'A' + 10;
        return -1;
    };
    std::vector<std::uint8_t> out;
    for (std::size_t i = 0; i < text.size(); i += 2)
    {
        const int high = digit(text[i]), low = digit(text[i + 1]);
        if (high < 0 || low < 0)
            return std::nullopt;
        out.push_back(static_cast<std::uint8_t>(high * 16 + low));
    }
    return out;
}

std::vector<std::uint8_t> read_file(const std::string& name)
{
    const bool standard = name == "-";
    std::FILE* const file = standard ? stdin : std::fopen(name.c_str(), "rb");
    if (file == nullptr)
        throw std::runtime_error(name + ": " + std::generic_category().message(errno));
    std::vector<std::uint8_t> out;
    std::uint8_t piece[65536];
    std::size_t n;
    while ((n = std::fread(piece, 1, sizeof piece, file)) != 0)
        out.insert(out.end(), piece, piece + n);
    const bool good = std::ferror(file) == 0;
    const int error = errno;
    if (!standard)
        std::fclose(file);
    if (!good)
        throw std::runtime_error(name + ": " + std::generic_category().message(error));
    return out;
}

void write_file(const std::string& name, Bytes bytes)
{
    std::FILE* const file = std::fopen(name.c_str(), "wb");
    bool good = file != nullptr;
    good = good && std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size();
    const int error = errno;
    if (file != nullptr)
        good = std::fclose(file) == 0 && good;
    if (!good)
        throw std::runtime_error(name + ": " + std::generic_category().message(error));
}

Progress::Progress(std::string what) : what_(std::move(what)), visible_(isatty(STDERR_FILENO) != 0)
{
}

Progress::~Progress()
{
    if (visible_ && last_permille_ >= 0)
        std::fprintf(stderr, "\r\033[K");
}

void Progress::show(std::uint64_t done, std::uint64_t all)
{
    const int permille = all == 0 ? 1000 : static_cast<int>(done * 1000 / all);
    if (!visible_ || permille == last_permille_)
        return;
    last_permille_ = permille;
    constexpr int width = 40;
    std::fprintf(stderr, "\r%s [%-*.*s] %3d.%d %%", what_.c_str(), width, permille * width / 1000,
                 "########################################", permille / 10, permille % 10);
}
}  // namespace mote::state_tool

#include "json/strict_json.hpp"

#include <charconv>
#include <set>

namespace mote::json
{
namespace
{
using Event = nlohmann::json::parse_event_t;

int nibble(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/// Looks on while the parser reads, and throws what the parser lets pass.
class Watch
{
  public:
    explicit Watch(std::size_t depth_max) : depth_max_(depth_max) {}

    void see(Event event, const nlohmann::json& parsed)
    {
        switch (event)
        {
            case Event::object_start:
            case Event::array_start:
                if (names_.size() == depth_max_)
                    throw Error("", "nested too deeply");
                names_.emplace_back();
                break;
            case Event::object_end:
            case Event::array_end:
                names_.pop_back();
                break;
            case Event::key:
                if (!names_.back().insert(parsed.get<std::string>()).second)
                    throw Error("", "a name appears twice in one object");
                break;
            case Event::value:
                break;
        }
    }

  private:
    std::size_t depth_max_;
    std::vector<std::set<std::string>> names_;
};
}  // namespace

Document::Document(std::string_view text, const Limits& limits)
{
    if (text.size() > limits.bytes_max)
        throw Error("", "longer than " + std::to_string(limits.bytes_max) + " bytes");
    Watch watch(limits.depth_max);
    const nlohmann::json::parser_callback_t callback =
        [&watch](int, Event event, nlohmann::json& parsed)
    {
        watch.see(event, parsed);
        return true;
    };
    try
    {
        value_ = nlohmann::json::parse(text, callback);
    }
    catch (const nlohmann::json::exception& error)
    {
        // Its text quotes the input; only the position is worth showing.
        const auto* const parse = dynamic_cast<const nlohmann::json::parse_error*>(&error);
        throw Error("", "not JSON" + (parse != nullptr ? " at byte " + std::to_string(parse->byte)
                                                       : std::string()));
    }
}

Value Value::member(const char* name) const
{
    if (const auto found = find(name))
        return *found;
    throw Error(path_.empty() ? name : path_ + "." + name, "missing");
}

std::optional<Value> Value::find(const char* name) const
{
    if (!value_->is_object())
        fail("not an object");
    const auto found = value_->find(name);
    if (found == value_->end())
        return std::nullopt;
    return Value(*found, path_.empty() ? name : path_ + "." + name);
}

std::vector<Value> Value::elements(std::size_t count_max) const
{
    if (!value_->is_array())
        fail("not an array");
    if (value_->size() > count_max)
        fail("more than " + std::to_string(count_max) + " elements");
    std::vector<Value> out;
    for (const nlohmann::json& element : *value_)
        out.emplace_back(element, path_ + "[" + std::to_string(out.size()) + "]");
    return out;
}

std::uint64_t Value::integer(std::uint64_t max) const
{
    if (!value_->is_number_unsigned())
        fail("not an unsigned integer");
    const auto number = value_->get<std::uint64_t>();
    if (number > max)
        fail("above " + std::to_string(max));
    return number;
}

std::uint64_t Value::decimal() const
{
    const std::string& digits = text(20);
    std::uint64_t number = 0;
    const char* const end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, number);
    if (error != std::errc() || stop != end || (digits.size() > 1 && digits[0] == '0'))
        fail("not a decimal number below 2^64");
    return number;
}

const std::string& Value::text(std::size_t bytes_max) const
{
    const auto* const found = value_->get_ptr<const std::string*>();
    if (found == nullptr)
        fail("not a string");
    if (found->size() > bytes_max)
        fail("longer than " + std::to_string(bytes_max) + " bytes");
    return *found;
}

void Value::must_be(std::string_view wanted) const
{
    const auto* const found = value_->get_ptr<const std::string*>();
    if (found == nullptr || *found != wanted)
        fail("not \"" + std::string(wanted) + "\"");
}

std::vector<std::uint8_t> Value::hex(std::size_t bytes_min, std::size_t bytes_max,
                                     std::string_view prefix) const
{
    const std::string& digits = text(prefix.size() + 2 * bytes_max);
    if (digits.size() < prefix.size() + 2 * bytes_min || digits.size() % 2 != prefix.size() % 2)
        fail("not " + std::to_string(bytes_min) +
             (bytes_max == bytes_min ? "" : " to " + std::to_string(bytes_max)) +
             " bytes of hexadecimal");
    if (!std::string_view(digits).starts_with(prefix))
        fail("does not begin with " + std::string(prefix));
    std::vector<std::uint8_t> out;
    for (std::size_t i = prefix.size(); i < digits.size(); i += 2)
    {
        const int high = nibble(digits[i]), low = nibble(digits[i + 1]);
        if (high < 0 || low < 0)
            fail("not hexadecimal");
        out.push_back(static_cast<std::uint8_t>(high * 16 + low));
    }
    return out;
}

std::string to_hex(const std::uint8_t* bytes, std::size_t count)
{
    static constexpr char digits[] = "0123456789abcdef";
    std::string out;
    for (std::size_t i = 0; i < count; ++i)
    {
        out.push_back(digits[bytes[i] >> 4]);
        out.push_back(digits[bytes[i] & 15]);
    }
    return out;
}
}  // namespace mote::json

#include "qmdb/text_batch.hpp"

namespace mote::qmdb
{
namespace
{
int digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

// Appends the bytes of a field; false if it is not hexadecimal.
bool append_hex(const std::string& text, std::size_t begin, std::size_t end,
                std::vector<std::uint8_t>& out)
{
    if ((end - begin) % 2 != 0)
        return false;
    for (std::size_t i = begin; i < end; i += 2)
    {
        const int high = digit(text[i]), low = digit(text[i + 1]);
        if (high < 0 || low < 0)
            return false;
        out.push_back(static_cast<std::uint8_t>(high * 16 + low));
    }
    return true;
}
}  // namespace

std::vector<state::Operation> TextBlock::operations() const
{
    std::vector<state::Operation> out;
    out.reserve(items_.size());
    for (const Item& item : items_)
    {
        const Bytes both = Bytes(bytes_).subspan(item.begin, item.key_bytes + item.value_bytes);
        out.push_back({both.first(item.key_bytes), both.subspan(item.key_bytes), item.erase});
    }
    return out;
}

void TextBatch::parse(const std::string& text, TextBlock& block) const
{
    const auto wrong = [&](const char* what) { return TextError(line_, what); };
    TextBlock::Item item = {block.bytes_.size(), 0, 0, text.starts_with("del "), line_};
    if (!item.erase && !text.starts_with("put "))
        throw wrong("neither put, del nor empty");
    const std::size_t space = text.find(' ', 4);
    if (item.erase ? space != std::string::npos : space == std::string::npos)
        throw wrong(item.erase ? "del has one field" : "put has two fields");
    const std::size_t key_end = item.erase ? text.size() : space;
    if (key_end == 4 || !append_hex(text, 4, key_end, block.bytes_))
        throw wrong("the key is not hexadecimal");
    item.key_bytes = block.bytes_.size() - item.begin;
    if (!item.erase && text.compare(space + 1, std::string::npos, "-") != 0)
    {
        if (space + 1 == text.size() || !append_hex(text, space + 1, text.size(), block.bytes_))
            throw wrong("the value is not hexadecimal");
        item.value_bytes = block.bytes_.size() - item.begin - item.key_bytes;
    }
    if (item.key_bytes > state::key_bytes_max)
        throw wrong("the key is longer than 255 bytes");
    if (item.value_bytes > state::value_bytes_max)
        throw wrong("the value is longer than 65535 bytes");
    block.items_.push_back(item);
}

bool TextBatch::next(TextBlock& block)
{
    block = {};
    std::string text;
    while (std::getline(in_, text))
    {
        ++line_;
        // getline drops the LF; a last line without one is a line, too.
        if (text.empty())
            return true;
        parse(text, block);
    }
    return block.size() != 0;
}
}  // namespace mote::qmdb

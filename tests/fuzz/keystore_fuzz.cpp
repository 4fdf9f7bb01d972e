// Keystores and exports of vote records: any text is read or refused, and what was read is written so
// that it reads the same.
#include <cstdlib>
#include <string_view>

#include "json/strict_json.hpp"
#include "keystore/keystore.hpp"
#include "posix/store/record_exchange.hpp"

namespace
{
/// Key derivations are for the tests: here they may cost next to nothing.
constexpr mote::keystore::KdfLimits limits = {
    .memory_bytes = 1 << 16, .scrypt_work = 64, .pbkdf2_rounds = 16};

void read_keystore(std::string_view text)
{
    using namespace mote::keystore;
    const Keystore keystore = parse(text);
    const std::string written = to_text(keystore);
    if (to_text(parse(written)) != written)
        std::abort();
    mote::signature::SecretKey key;
    const std::uint8_t password[] = {'P', 'a', 's', 's', 'w', 'o', 'r', 'd', '1'};
    if ((open(keystore, password, limits, key) == OpenResult::opened) == key.empty())
        std::abort();
}

void read_export(std::string_view text)
{
    using namespace mote::posix;
    const RecordExport exported = parse_record_export(text);
    const std::string written = to_text(exported);
    if (to_text(parse_record_export(written)) != written)
        std::abort();
    for (const ExportedRecord& record : exported.records)
        if (!position_of(exported, record.public_key))
            std::abort();
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    for (const auto read : {&read_keystore, &read_export})
        try
        {
            read(text);
        }
        catch (const mote::json::Error&)
        {
        }
    return 0;
}

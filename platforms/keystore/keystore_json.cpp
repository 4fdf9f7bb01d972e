#include <algorithm>

#include "json/strict_json.hpp"
#include "keystore/keystore.hpp"

namespace mote::keystore
{
namespace
{
using json::Value;
using Json = nlohmann::ordered_json;

constexpr std::size_t text_bytes_max = 1024;
// Doubles are exact up to there, so every reader of the file sees the same number.
constexpr std::uint64_t number_max = std::uint64_t{1} << 53;

template <std::size_t N>
std::array<std::uint8_t, N> fixed(const Value& value)
{
    const auto bytes = value.hex(N, N);
    std::array<std::uint8_t, N> out;
    std::copy(bytes.begin(), bytes.end(), out.begin());
    return out;
}

Kdf parse_kdf(const Value& module)
{
    const Value params = module.member("params");
    const std::string& function = module.member("function").text(16);
    Kdf kdf;
    // Longer keys are allowed by the functions, but which half then makes the checksum is not.
    if (params.member("dklen").integer(number_max) != derived_key_bytes)
        params.member("dklen").fail("not 32");
    kdf.salt = params.member("salt").hex(1, salt_bytes_max);
    module.member("message").must_be("");
    if (function == "scrypt")
    {
        kdf.n = params.member("n").integer(number_max);
        kdf.r = params.member("r").integer(number_max);
        kdf.p = params.member("p").integer(number_max);
    }
    else if (function == "pbkdf2")
    {
        kdf.function = KdfFunction::pbkdf2;
        kdf.rounds = params.member("c").integer(number_max);
        params.member("prf").must_be("hmac-sha256");
    }
    else
        module.member("function").fail("not \"scrypt\" or \"pbkdf2\"");
    return kdf;
}

const std::string& parse_uuid(const Value& value)
{
    const std::string& text = value.text(36);
    bool good = text.size() == 36;
    for (std::size_t i = 0; good && i < text.size(); ++i)
    {
        const char c = text[i];
        if (i == 8 || i == 13 || i == 18 || i == 23)
            good = c == '-';
        else
            good = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    }
    if (!good)
        value.fail("not a UUID");
    return text;
}

Json json_of(const Kdf& kdf)
{
    Json params;
    params["dklen"] = derived_key_bytes;
    if (kdf.function == KdfFunction::scrypt)
    {
        params["n"] = kdf.n;
        params["p"] = kdf.p;
        params["r"] = kdf.r;
    }
    else
    {
        params["c"] = kdf.rounds;
        params["prf"] = "hmac-sha256";
    }
    params["salt"] = json::to_hex(kdf.salt.data(), kdf.salt.size());
    return {{"function", kdf.function == KdfFunction::scrypt ? "scrypt" : "pbkdf2"},
            {"params", params},
            {"message", ""}};
}

template <std::size_t N>
std::string hex_of(const std::array<std::uint8_t, N>& bytes)
{
    return json::to_hex(bytes.data(), N);
}
}  // namespace

Keystore parse(std::string_view text)
{
    const json::Document document(text, {.bytes_max = keystore_text_bytes_max, .depth_max = 8});
    const Value root = document.root();
    Keystore out;
    if (root.member("version").integer(number_max) != 4)
        root.member("version").fail("not 4");
    const Value crypto = root.member("crypto");
    out.kdf = parse_kdf(crypto.member("kdf"));
    const Value checksum = crypto.member("checksum");
    checksum.member("function").must_be("sha256");
    static_cast<void>(checksum.member("params").find("-"));  // an object, of whatever
    out.checksum = fixed<32>(checksum.member("message"));
    const Value cipher = crypto.member("cipher");
    cipher.member("function").must_be("aes-128-ctr");
    out.iv = fixed<16>(cipher.member("params").member("iv"));
    out.message = fixed<signature::secret_key_bytes>(cipher.member("message"));
    if (const auto key = root.find("pubkey"))
        out.public_key = fixed<signature::public_key_bytes>(*key);
    if (const auto description = root.find("description"))
        out.description = description->text(text_bytes_max);
    out.path = root.member("path").text(text_bytes_max);
    out.uuid = parse_uuid(root.member("uuid"));
    return out;
}

std::string to_text(const Keystore& keystore)
{
    Json crypto;
    crypto["kdf"] = json_of(keystore.kdf);
    crypto["checksum"] = {
        {"function", "sha256"}, {"params", Json::object()}, {"message", hex_of(keystore.checksum)}};
    crypto["cipher"] = {{"function", "aes-128-ctr"},
                        {"params", {{"iv", hex_of(keystore.iv)}}},
                        {"message", hex_of(keystore.message)}};
    Json root;
    root["crypto"] = crypto;
    root["description"] = keystore.description;
    if (keystore.public_key)
        root["pubkey"] = hex_of(*keystore.public_key);
    root["path"] = keystore.path;
    root["uuid"] = keystore.uuid;
    root["version"] = 4;
    // A description may be any bytes: what is not UTF-8 is replaced rather than thrown at.
    return root.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}
}  // namespace mote::keystore

// The vectors of tests/vectors/consensus as the types of the module.
#pragma once

#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "chain/certificate.hpp"
#include "chain/epoch_set.hpp"
#include "chain/evidence.hpp"
#include "chain/headers.hpp"
#include "chain/statement.hpp"
#include "chain/zone_table.hpp"
#include "chain/zone_update.hpp"
#include "sdk/hash/hash_support.hpp"
#include "svid/header.hpp"

namespace chain_test
{
using hash_test::ByteVector;
using hash_test::from_hex;
using hash_test::to_hex;
using Json = nlohmann::json;
using namespace mote::chain;
using mote::Bytes;
using mote::MutableBytes;

inline Json read(const std::string& file)
{
    std::ifstream stream(std::string(MOTE_TEST_VECTORS "/consensus/") + file);
    if (!stream)
        throw std::runtime_error("no file " + file);
    return Json::parse(stream);
}

/// Integers above 2^53 - 1 are decimal strings.
inline std::uint64_t integer(const Json& value)
{
    return value.is_string() ? std::stoull(value.get<std::string>()) : value.get<std::uint64_t>();
}

inline std::string text(const Json& value) { return value.get<std::string>(); }

template <std::size_t n>
std::array<std::uint8_t, n> fixed(const Json& hex)
{
    const ByteVector bytes = from_hex(hex.get<std::string>());
    if (bytes.size() != n)
        throw std::runtime_error("not " + std::to_string(n) + " bytes");
    std::array<std::uint8_t, n> out{};
    std::copy(bytes.begin(), bytes.end(), out.begin());
    return out;
}

inline Digest digest(const Json& hex) { return fixed<32>(hex); }

/// Absent, null and empty stand for none.
inline Digest digest_or_zero(const Json& object, const char* name)
{
    if (!object.contains(name) || object[name].is_null() || object[name] == "")
        return {};
    return digest(object[name]);
}

/// Reads the fields of a layout by name, in the order in which the layout has them.
class Named
{
  public:
    Named(const Json& json, std::vector<std::string> names) : json_(json), names_(std::move(names))
    {
    }

    template <class... Fields>
    void operator()(Fields&... fields)
    {
        (read(fields), ...);
    }
    void end() const
    {
        if (at_ != names_.size())
            throw std::runtime_error("fewer fields than names");
    }

  private:
    template <class Int>
    void read(Int& value)
    {
        value = static_cast<Int>(integer(json_.at(names_.at(at_++))));
    }
    template <std::size_t n>
    void read(std::array<std::uint8_t, n>& bytes)
    {
        bytes = fixed<n>(json_.at(names_.at(at_++)));
    }

    const Json& json_;
    std::vector<std::string> names_;
    std::size_t at_ = 0;
};

template <class T>
T named(const Json& json, std::vector<std::string> names)
{
    T value;
    Named on(json, std::move(names));
    T::fields(value, on);
    on.end();
    return value;
}

inline ZoneHeader zone_header(const Json& json)
{
    return named<ZoneHeader>(
        json, {"version", "zone", "height", "parent", "producer", "window", "time_ms", "data_bytes",
               "anchor", "data_commit", "claimed_root", "out_msgs_root"});
}

inline RootHeader root_header(const Json& json)
{
    return named<RootHeader>(json, {"version",
                                    "flags",
                                    "epoch",
                                    "height",
                                    "view",
                                    "parent",
                                    "parent_view",
                                    "proposer",
                                    "time_ms",
                                    "body_root",
                                    "zone_table_root",
                                    "root_committee",
                                    "next_root_committee",
                                    "ckpt_committee",
                                    "next_ckpt_committee",
                                    "zones_root",
                                    "params_root",
                                    "randao",
                                    "evidence_root",
                                    "next_set",
                                    "epoch_randao"});
}

inline Statement statement(const Json& json)
{
    return named<Statement>(
        json, {"zone", "program_id", "from", "to", "void_mask", "prev_header", "last_header",
               "pre_root", "post_root", "out_msgs_root", "aux_root"});
}

inline EpochSet epoch_set(const Json& json)
{
    return named<EpochSet>(json, {"epoch", "root_committee", "ckpt_committee", "zones_root",
                                  "params_root", "notice_root"});
}

inline ZoneLeaf zone_leaf(const Json& json)
{
    return named<ZoneLeaf>(
        json, {"zone", "flags", "program_id", "producers_root", "tip_height", "tip_hash",
               "proven_height", "proven_hash", "proven_root", "msgs_root", "pending_root"});
}

inline Member member(const Json& json)
{
    return named<Member>(json, {"validator_id", "pk", "first_seat", "seats"});
}

/// A certificate and the bytes that its bitmap points into.
struct OwnedCertificate
{
    OwnedCertificate() = default;
    explicit OwnedCertificate(const Json& json) : signers(from_hex(json["signers"]))
    {
        certificate.kind = static_cast<Kind>(integer(json["kind"]));
        certificate.epoch = integer(json["epoch"]);
        certificate.view_or_height = integer(json["view_or_height"]);
        certificate.zone = static_cast<std::uint32_t>(integer(json["zone"]));
        certificate.subject = digest_or_zero(json, "subject");
        certificate.signature = fixed<96>(json["sig"]);
    }
    [[nodiscard]] Certificate get() const
    {
        Certificate out = certificate;
        out.signers = signers;
        return out;
    }

    Certificate certificate;
    ByteVector signers;
};

/// A follower's certificate and everything that it points to.
struct OwnedFollower
{
    explicit OwnedFollower(const Json& json)
        : certificate(json["cert"]),
          absent(json["absent"].get<std::vector<std::uint32_t>>()),
          leaves(from_hex(json["leaves"]))
    {
        parts.seats = static_cast<std::uint32_t>(integer(json["seats"]));
        parts.members = static_cast<std::uint32_t>(integer(json["members"]));
        parts.members_root = digest(json["members_root"]);
        parts.agg_pk = fixed<48>(json["agg_pk"]);
        for (const Json& value : json["path"])
        {
            const ByteVector bytes = from_hex(value);
            path.insert(path.end(), bytes.begin(), bytes.end());
        }
    }
    [[nodiscard]] FollowerCertificate get() const
    {
        FollowerCertificate out = parts;
        out.certificate = certificate.get();
        out.absent = absent;
        out.leaves = leaves;
        out.path = path;
        return out;
    }

    FollowerCertificate parts;
    OwnedCertificate certificate;
    std::vector<std::uint32_t> absent;
    ByteVector leaves, path;
};

struct OwnedUpdate
{
    explicit OwnedUpdate(const Json& json)
    {
        update.zone = static_cast<std::uint32_t>(integer(json["zone"]));
        if (json.contains("tip"))
        {
            update.has_tip = true;
            update.tip = zone_header(json["tip"]);
            update.tip_signature = fixed<96>(json["tip_sig"]);
            for (const Json& header : json["skipped"])
                skipped.push_back(zone_header(header));
            avail = OwnedCertificate(json["avail"]);
        }
        if (json.contains("stmt"))
        {
            update.has_statement = true;
            update.statement = statement(json["stmt"]);
            valid = OwnedCertificate(json["valid"]);
        }
    }
    [[nodiscard]] ZoneUpdate get() const
    {
        ZoneUpdate out = update;
        out.skipped = skipped;
        out.avail = avail.get();
        out.valid = valid.get();
        return out;
    }

    ZoneUpdate update;
    std::vector<ZoneHeader> skipped;
    OwnedCertificate avail, valid;
};

inline ByteVector bytes_of(const ZoneUpdate& update)
{
    ByteVector out;
    emit(update, [&](Bytes part) { out.insert(out.end(), part.begin(), part.end()); });
    return out;
}

template <class T>
std::string hex_of(const T& value)
{
    return to_hex(encode(value));
}

inline ByteVector xof(const std::string& text, std::size_t bytes)
{
    mote::hash::Blake3 hash;
    hash.update(hash_test::text_bytes(text));
    ByteVector out(bytes);
    hash.finish_xof(out);
    return out;
}

template <std::size_t n>
std::array<std::uint8_t, n> random_array(std::mt19937_64& random)
{
    std::array<std::uint8_t, n> out;
    for (std::uint8_t& byte : out)
        byte = static_cast<std::uint8_t>(random());
    return out;
}
}  // namespace chain_test

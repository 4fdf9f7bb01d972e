// A dispersal as files: what `encode` writes and the other commands read.
//
//   DIR/dispersal.json        chain, zone, height, epoch, seed, svid_root, the validators
//   DIR/header.bin            the 176 bytes of the header
//   DIR/validator-00000.svid  frames as they are on a stream: ZPart ..., Rows ...
//
// dispersal.json stands for what a validator knows before anything arrives; all else is untrusted.
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "disperse/dispersal.hpp"
#include "svid/check_header.hpp"

namespace mote::tool
{
using ByteVector = std::vector<std::uint8_t>;

/// A file that cannot be read or does not parse: exit code 2.
class BadFile : public std::runtime_error
{
  public:
    using std::runtime_error::runtime_error;
};

/// The validators of an epoch.
struct Validators
{
    svid::Digest seed{};
    std::vector<std::uint64_t> stakes;
    ByteVector keys;

    [[nodiscard]] svid::ValidatorSet set() const { return {seed, stakes, keys}; }
};

/// n validators with a stake of 1.
Validators equal_validators(std::uint32_t n, const svid::Digest& seed);

/// One validator a line: STAKE, or PUBLIC_KEY STAKE; # begins a comment. Zero stakes are left out.
Validators read_validators(const std::filesystem::path& file, const svid::Digest& seed);

struct Dispersed
{
    disperse::Subject subject;
    Validators validators;
    svid::Digest svid_root{};
};

/// A file mapped into memory, read only.
class MappedFile
{
  public:
    explicit MappedFile(const std::filesystem::path& path);
    ~MappedFile();
    MappedFile(const MappedFile&) = delete;
    MappedFile& operator=(const MappedFile&) = delete;

    [[nodiscard]] Bytes bytes() const { return {data_, size_}; }

  private:
    const std::uint8_t* data_ = nullptr;
    std::size_t size_ = 0;
};

std::filesystem::path share_path(const std::filesystem::path& folder, std::uint32_t validator);

void write_file(const std::filesystem::path& path, Bytes bytes);

/// Removes what an earlier run left in a folder, dispersal.json first: it is written last, so a folder
/// that has one is complete.
void remove_dispersal(const std::filesystem::path& folder);
void write_dispersal(const std::filesystem::path& folder, const Dispersed& dispersed,
                     const svid::HeaderBytes& header);
Dispersed read_dispersal(const std::filesystem::path& folder);
ByteVector read_header(const std::filesystem::path& folder);

/// The frames of one validator's file.
ByteVector share_frames(const disperse::Dispersal& dispersal, const svid::AssignedRange& range);
}  // namespace mote::tool

#include "posix/host/work.hpp"

namespace mote::posix
{
namespace
{
std::vector<std::uint8_t> copied(Bytes bytes) { return {bytes.begin(), bytes.end()}; }
}  // namespace

OwnedJob::OwnedJob(const client::Job& original)
    : job(original),
      committee_(copied(original.committee)),
      input_(copied(original.input)),
      output_(copied(original.output)),
      proof_(copied(original.proof))
{
    job.committee = committee_;
    job.input = input_;
    job.output = output_;
    job.proof = proof_;
}
}  // namespace mote::posix

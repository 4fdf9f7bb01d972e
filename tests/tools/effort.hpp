// effort_stride: how much of a long list a test goes through in this build.
//
// The same tests run with several compilers, field backends and sanitizers. clang on a 64-bit target
// without sanitizers or emulation goes through everything; the others take every n-th item, as many as keep
// `dev test` within minutes. A list that is thinned out is walked with an offset of its own, so that
// two lists do not skip the same places.
#pragma once

#include <cstddef>

#include "field/backend.hpp"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define MOTE_TEST_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define MOTE_TEST_SANITIZED 1
#endif
#endif

namespace mote::test
{
#if defined(MOTE_TEST_SANITIZED)
inline constexpr bool sanitized = true;
#else
inline constexpr bool sanitized = false;
#endif

#if defined(MOTE_TEST_EMULATED)
inline constexpr bool emulated = true;
#else
inline constexpr bool emulated = false;
#endif

inline std::size_t effort_stride()
{
#if defined(__clang__) && defined(MOTE_FIELD_SATURATED)
    constexpr bool complete = true;
#else
    constexpr bool complete = false;
#endif
    return emulated ? 71 : sanitized ? 23 : complete ? 1 : 7;
}

/// Says yes to every n-th question.
class Thinned
{
  public:
    /// Shape   factor: how much more than effort_stride() is left out.
    explicit Thinned(std::size_t factor = 1, std::size_t offset = 0)
        : stride_(effort_stride() * factor), at_(offset % stride_)
    {
    }
    bool next() { return at_++ % stride_ == 0; }

  private:
    std::size_t stride_;
    std::size_t at_;
};
}  // namespace mote::test

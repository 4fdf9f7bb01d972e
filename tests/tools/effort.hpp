// effort_stride: how much of a long list a test goes through in this build.
//
// The same tests run with several compilers, field backends and sanitizers. The portable variant
// without sanitizers goes through everything; the others take every n-th item, as many as keep
// `dev test` within minutes. A list that is thinned out is walked with an offset of its own, so that
// two lists do not skip the same places.
#pragma once

#include <cstddef>
#include <cstring>

#if defined(__SANITIZE_ADDRESS__)
#define MOTE_TEST_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define MOTE_TEST_SANITIZED 1
#endif
#endif

#define MOTE_TEST_STRING_(a) #a
#define MOTE_TEST_STRING(a) MOTE_TEST_STRING_(a)

namespace mote::test
{
#if defined(MOTE_TEST_SANITIZED)
inline constexpr bool sanitized = true;
#else
inline constexpr bool sanitized = false;
#endif

inline std::size_t effort_stride()
{
#if defined(MOTE_FIELD_UNSATURATED)
    constexpr bool slow_field = true;
#else
    constexpr bool slow_field = false;
#endif
#if defined(MOTE_VARIANT)
    const bool main_variant = std::strcmp(MOTE_TEST_STRING(MOTE_VARIANT), "portable") == 0;
#else
    const bool main_variant = true;
#endif
    return sanitized ? 23 : slow_field || !main_variant ? 7 : 1;
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

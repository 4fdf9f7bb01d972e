// NFKD, control codes, and what is no password.
#include "keystore/password.hpp"

#include "platforms/platform_support.hpp"

using namespace mote::keystore;
using namespace platform_test;

namespace
{
std::string normalized(std::string_view text)
{
    const auto password = normalize_password(bytes_of(text));
    REQUIRE(password);
    return {password->bytes.data(), password->bytes.data() + password->bytes.size()};
}
bool refused(std::string_view text) { return !normalize_password(bytes_of(text)); }
}  // namespace

TEST_CASE("Password: compatibility forms are decomposed")
{
    CHECK(normalized("plain ASCII ~") == "plain ASCII ~");
    CHECK(normalized("\xc3\xbc") == "u\xcc\x88");      // u with two dots
    CHECK(normalized("u\xcc\x88") == "u\xcc\x88");     // the same in two code points
    CHECK(normalized("\xef\xac\x81") == "fi");         // a ligature
    CHECK(normalized("\xe2\x84\xab") == "A\xcc\x8a");  // the Angstrom sign
    CHECK(normalized("\xed\x95\x9c") ==
          "\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab");  // a Hangul syllable
    CHECK(normalized("\xef\xbc\xa1") == "A");       // full width
    // Marks come in their order: below before above.
    CHECK(normalized("a\xcc\x88\xcc\xa3") == "a\xcc\xa3\xcc\x88");
    CHECK(normalized("\xf0\x9f\x94\x91") == "\xf0\x9f\x94\x91");  // an emoji is itself
    CHECK(normalized("") == "");
}

TEST_CASE("Password: control codes are dropped")
{
    std::string all = "a";
    for (int c = 0; c < 0x20; ++c)
        all += static_cast<char>(c);
    all += "\x7f";
    for (int c = 0x80; c < 0xa0; ++c)
    {
        all += "\xc2";
        all += static_cast<char>(c);
    }
    CHECK(normalized(all + "b") == "ab");
    CHECK(normalized("a b") == "a b");
    CHECK(normalized("a\xc2\xa0"
                     "b") == "a b");  // a no-break space is compatible with a space
}

TEST_CASE("Password: length in characters, and its bounds")
{
    const auto password = normalize_password(bytes_of("\xc3\xbc\n"));
    REQUIRE(password);
    CHECK(password->characters == 2);
    CHECK_FALSE(refused(std::string(password_bytes_max, 'x')));
    CHECK(refused(std::string(password_bytes_max + 1, 'x')));
    // The character with the longest decomposition, as often as fits.
    std::string longest;
    while (longest.size() + 3 <= password_bytes_max)
        longest += "\xef\xb7\xba";
    const auto expanded = normalize_password(bytes_of(longest));
    REQUIRE(expanded);
    CHECK(expanded->characters == 18 * (password_bytes_max / 3));
}

TEST_CASE("Password: what is not UTF-8 is refused")
{
    for (const char* text :
         {"\xff", "a\xc3", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\x80", "\xe2\x82"})
    {
        CAPTURE(text);
        CHECK(refused(text));
    }
}

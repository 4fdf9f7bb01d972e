// What is refused that a lenient reader takes, and where the errors say it is.
#include "json/strict_json.hpp"

#include <catch2/catch.hpp>

using namespace mote::json;

namespace
{
std::string error_of(const char* text, void (*read)(const Value&) = [](const Value&) {})
{
    try
    {
        const Document document(text, {.bytes_max = 100, .depth_max = 3});
        read(document.root());
    }
    catch (const Error& error)
    {
        return error.what();
    }
    return "";
}
}  // namespace

TEST_CASE("JSON: documents that are refused")
{
    CHECK(error_of(R"({"a": [{"b": 1}]})") == "");
    CHECK(error_of(R"({"a": [[[1]]]})") == "nested too deeply");
    CHECK(error_of(R"({"a": 1, "b": {"a": 2}, "a": 3})") == "a name appears twice in one object");
    CHECK(error_of(R"([{"a": 1}, {"a": 1}])") == "");
    CHECK(error_of(R"({"a": {"\u0061": 1, "a": 2}})") == "a name appears twice in one object");
    CHECK(error_of("{") == "not JSON at byte 2");
    CHECK(error_of("{} {}") == "not JSON at byte 4");
    CHECK(error_of("") == "not JSON at byte 1");
    CHECK(error_of("\"\xff\"") == "not JSON at byte 2");
    CHECK(error_of("1e999") == "not JSON");
    CHECK(error_of(std::string(101, ' ').c_str()) == "longer than 100 bytes");
    CHECK(error_of((std::string(98, ' ') + "{}").c_str()) == "");
    CHECK(error_of(std::string(60, '[').c_str()) == "nested too deeply");
}

TEST_CASE("JSON: values are of their kind, or the error names the field")
{
    const auto check = [](const char* text, void (*read)(const Value&), const char* error)
    {
        CAPTURE(text);
        CHECK(error_of(text, read) == error);
    };
    // What is read comes first: an exception inside of CHECK would end there.
    const auto number = [](const Value& v)
    {
        const std::uint64_t read = v.member("a").integer(9);
        CHECK(read == 9);
    };
    check(R"({"a": 9})", number, "");
    check(R"({"a": 10})", number, "a: above 9");
    check(R"({"a": -1})", number, "a: not an unsigned integer");
    check(R"({"a": 1.0})", number, "a: not an unsigned integer");
    check(R"({"a": "1"})", number, "a: not an unsigned integer");
    check(R"({"a": 18446744073709551616})", number, "a: not an unsigned integer");
    check(R"({"b": 1})", number, "a: missing");
    check("[]", number, "not an object");

    const auto decimal = [](const Value& v)
    {
        const std::uint64_t read = v.member("a").decimal();
        CHECK(read == 18446744073709551615U);
    };
    check(R"({"a": "18446744073709551615"})", decimal, "");
    for (const char* text : {R"({"a": "18446744073709551616"})", R"({"a": ""})", R"({"a": "-1"})",
                             R"({"a": "01"})", R"({"a": "1 "})", R"({"a": "+1"})"})
        check(text, decimal, "a: not a decimal number below 2^64");
    check(R"({"a": 1})", decimal, "a: not a string");
    const auto zero = [](const Value& v) { CHECK(v.member("a").decimal() == 0); };
    check(R"({"a": "0"})", zero, "");

    const auto hex = [](const Value& v)
    {
        const auto read = v.member("a").member("b").hex(2, 3, "0x");
        CHECK(read == std::vector<std::uint8_t>{0xaB, 1});
    };
    check(R"({"a": {"b": "0xAb01"}})", hex, "");
    check(R"({"a": {"b": "ab0102"}})", hex, "a.b: does not begin with 0x");
    check(R"({"a": {"b": "0xab"}})", hex, "a.b: not 2 to 3 bytes of hexadecimal");
    check(R"({"a": {"b": "0xab012"}})", hex, "a.b: not 2 to 3 bytes of hexadecimal");
    check(R"({"a": {"b": "0xab010203"}})", hex, "a.b: longer than 8 bytes");
    check(R"({"a": {"b": "0xag01"}})", hex, "a.b: not hexadecimal");

    const auto word = [](const Value& v) { v.member("a").must_be("x"); };
    check(R"({"a": "x"})", word, "");
    check(R"({"a": "y"})", word, "a: not \"x\"");
    check(R"({"a": null})", word, "a: not \"x\"");

    const auto list = [](const Value& v)
    {
        const auto elements = v.member("a").elements(2);
        CHECK(elements.size() == 2);
        const std::uint64_t read = elements[1].integer(7);
        CHECK(read == 7);
    };
    check(R"({"a": [1, 7]})", list, "");
    check(R"({"a": [1, 8]})", list, "a[1]: above 7");
    check(R"({"a": [1, 2, 3]})", list, "a: more than 2 elements");
    check(R"({"a": {}})", list, "a: not an array");
}

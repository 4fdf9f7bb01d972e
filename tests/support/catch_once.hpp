// Catch2's assertions, with the expression written down once.
//
// Catch2 2.13 repeats the expression of every CHECK and REQUIRE in two places that are never run
// (they only draw warnings). The compiler evaluates these copies when it can, and our arithmetic is
// constexpr: a page of field tests took 20 s to compile. Precompiled in front of every test.
#pragma once

#include <catch2/catch.hpp>

#undef INTERNAL_CATCH_TEST
#define INTERNAL_CATCH_TEST(macro_name, disposition, ...)                               \
    do                                                                                  \
    {                                                                                   \
        Catch::AssertionHandler catchAssertionHandler(                                  \
            macro_name##_catch_sr, CATCH_INTERNAL_LINEINFO, #__VA_ARGS__, disposition); \
        INTERNAL_CATCH_TRY                                                              \
        {                                                                               \
            CATCH_INTERNAL_START_WARNINGS_SUPPRESSION                                   \
            CATCH_INTERNAL_SUPPRESS_PARENTHESES_WARNINGS                                \
            catchAssertionHandler.handleExpr(Catch::Decomposer() <= __VA_ARGS__);       \
            CATCH_INTERNAL_STOP_WARNINGS_SUPPRESSION                                    \
        }                                                                               \
        INTERNAL_CATCH_CATCH(catchAssertionHandler)                                     \
        INTERNAL_CATCH_REACT(catchAssertionHandler)                                     \
    } while (false)

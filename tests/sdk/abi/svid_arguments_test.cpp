// Calls of mote_svid.h that cannot be done, and the exported functions against the tables.
#include <catch2/catch.hpp>

#include "sdk/abi/svid_support.hpp"

using namespace mote::test;

TEST_CASE("Epochs: lists that cannot be, NULL, misaligned memory, too little of it")
{
    const ShareCase test(honest_case());
    for (const mote_svid_core* core : runnable_svid_cores())
    {
        std::size_t bytes = 99;
        CHECK(core->epoch_size(nullptr, 7) == MOTE_INVALID_ARGUMENT);
        for (const std::size_t count :
             {std::size_t{0}, std::size_t{3}, std::size_t{40961}, SIZE_MAX})
            CHECK(core->epoch_size(&bytes, count) == MOTE_INVALID_ARGUMENT);
        REQUIRE(core->epoch_size(&bytes, 40960) == MOTE_OK);
        CHECK(bytes < 50 * 40960);
        REQUIRE(core->epoch_size(&bytes, 7) == MOTE_OK);

        Guarded memory(bytes + 16);
        mote_svid_epoch* epoch = nullptr;
        const auto open = [&](const mote_svid_validators* v, void* at, std::size_t given)
        { return core->epoch_open(&epoch, at, given, v, core); };
        mote_svid_validators good = test.validators;
        REQUIRE(open(&good, memory.data(), bytes) == MOTE_OK);
        CHECK(open(&good, memory.data(), bytes - 1) == MOTE_MEMORY_TOO_SMALL);
        CHECK(open(&good, memory.data(), 0) == MOTE_MEMORY_TOO_SMALL);
        CHECK(open(nullptr, memory.data(), bytes) == MOTE_INVALID_ARGUMENT);
        CHECK(open(&good, nullptr, bytes) == MOTE_INVALID_ARGUMENT);
        for (std::size_t shift = 1; shift < 16; ++shift)
            CHECK(open(&good, memory.data() + shift, bytes) == MOTE_INVALID_ARGUMENT);
        CHECK(core->epoch_open(nullptr, memory.data(), bytes, &good, core) ==
              MOTE_INVALID_ARGUMENT);

        const auto refused = [&](const mote_svid_validators& v)
        { return open(&v, memory.data(), bytes) == MOTE_INVALID_ARGUMENT; };
        mote_svid_validators bad = good;
        for (const std::size_t wrong : {std::size_t{0}, sizeof bad - 1, sizeof bad + 1})
        {
            bad.struct_size = static_cast<std::uint32_t>(wrong);
            CHECK(refused(bad));
        }
        bad = good;
        bad.count = 3;
        CHECK(refused(bad));
        bad = good;
        bad.stakes = nullptr;
        CHECK(refused(bad));
        bad = good;
        bad.public_keys_bytes -= 1;
        CHECK(refused(bad));
        bad = good;
        bad.public_keys = nullptr;
        CHECK(refused(bad));
        std::vector<std::uint64_t> stakes = test.input.stakes;
        bad = good;
        bad.stakes = stakes.data();
        stakes[3] = 0;
        CHECK(refused(bad));
        stakes[3] = UINT64_MAX;
        CHECK(refused(bad));
        CHECK(memory.intact());

        // Without keys there are samples, and no assigned rows.
        bad = good;
        bad.public_keys = nullptr;
        bad.public_keys_bytes = 0;
        REQUIRE(open(&bad, memory.data(), bytes) == MOTE_OK);
        mote_svid_range range{};
        range.struct_size = sizeof range;
        CHECK(core->assigned_rows(&range, epoch, 5000, 0, 0, 0) == MOTE_INVALID_ARGUMENT);
        REQUIRE(open(&good, memory.data(), bytes) == MOTE_OK);
        CHECK(core->assigned_rows(&range, epoch, 5000, 0, 0, 6) == MOTE_OK);
        CHECK(core->assigned_rows(&range, epoch, 5000, 0, 0, 7) == MOTE_INVALID_ARGUMENT);
        CHECK(core->assigned_rows(&range, epoch, MOTE_SVID_BLOCK_BYTES_MAX + 1, 0, 0, 6) ==
              MOTE_LIMIT_EXCEEDED);
        CHECK(core->assigned_rows(nullptr, epoch, 5000, 0, 0, 6) == MOTE_INVALID_ARGUMENT);
        CHECK(core->assigned_rows(&range, nullptr, 5000, 0, 0, 6) == MOTE_INVALID_ARGUMENT);
        range.struct_size = 4;
        CHECK(core->assigned_rows(&range, epoch, 5000, 0, 0, 6) == MOTE_INVALID_ARGUMENT);

        mote_svid_params params{};
        params.struct_size = sizeof params;
        CHECK(core->params_of(&params, epoch, MOTE_SVID_BLOCK_BYTES_MAX) == MOTE_OK);
        CHECK(core->params_of(&params, epoch, UINT64_MAX) == MOTE_LIMIT_EXCEEDED);
        CHECK(params.rows == 0);
        CHECK(core->params_of(nullptr, epoch, 1) == MOTE_INVALID_ARGUMENT);
        CHECK(core->params_of(&params, nullptr, 1) == MOTE_INVALID_ARGUMENT);
        params.struct_size = sizeof params + 4;
        CHECK(core->params_of(&params, epoch, 1) == MOTE_INVALID_ARGUMENT);
    }
}

TEST_CASE("Shares: NULL, wrong structs, requests that cannot be, too little memory")
{
    const ShareCase test(honest_case());
    for (const mote_svid_core* core : runnable_svid_cores())
    {
        const OpenEpoch opened(core, test.validators);
        std::size_t needed = 0;
        REQUIRE(core->share_size(&needed, nullptr, opened.epoch, &test.expected, &test.request,
                                 test.header.data(), 176) == MOTE_OK);
        // Also enough for the other requests below.
        Guarded memory(needed + 4096);
        struct Arguments
        {
            mote_svid_verdict* verdict;
            void* memory;
            std::size_t memory_bytes;
            const mote_svid_epoch* epoch;
            const mote_svid_expected* expected;
            const mote_svid_request* request;
            const std::uint8_t* header;
        };
        mote_svid_verdict v = stale_svid_verdict();
        const Arguments good = {&v,
                                memory.data(),
                                needed,
                                opened.epoch,
                                &test.expected,
                                &test.request,
                                test.header.data()};
        mote_svid_share* share = nullptr;
        const auto open = [&](const Arguments& a)
        {
            share = nullptr;
            if (a.verdict != nullptr && a.verdict->struct_size == sizeof v)
                *a.verdict = stale_svid_verdict();
            return core->share_open(&share, a.verdict, a.memory, a.memory_bytes, a.epoch,
                                    a.expected, a.request, a.header, 176);
        };
        const auto check = [&](const Arguments& a)
        {
            return core->check_share(a.verdict, a.memory, a.memory_bytes, a.epoch, a.expected,
                                     a.request, a.header, 176, test.z.data(), test.z.size(),
                                     test.messages.data(), test.messages.size());
        };
        const auto size = [&](const Arguments& a)
        {
            std::size_t bytes = 99;
            return core->share_size(&bytes, a.verdict, a.epoch, a.expected, a.request, a.header,
                                    176);
        };
        // Where the size does not depend on it, the size function has no word for it.
        const auto refused = [&](const Arguments& a, mote_status status = MOTE_INVALID_ARGUMENT)
        {
            const mote_svid_share* none = nullptr;
            return open(a) == status && share == none && check(a) == status;
        };

        REQUIRE(open(good) == MOTE_OK);
        REQUIRE(share != nullptr);
        CHECK((v.outcome == MOTE_SVID_INCOMPLETE && v.step == 3));
        REQUIRE(check(good) == MOTE_OK);
        CHECK(v.outcome == MOTE_SVID_PROVISIONAL);

        Arguments a = good;
        a.memory_bytes = 0;
        CHECK(refused(a, MOTE_MEMORY_TOO_SMALL));
        CHECK(is_empty(v));
        for (std::size_t less = 1; less < needed; less = less * 3 + 1)
        {
            a.memory_bytes = needed - less;
            CHECK(refused(a, MOTE_MEMORY_TOO_SMALL));
        }
        a = good;
        a.memory = nullptr;
        CHECK(refused(a));
        for (std::size_t shift = 1; shift < 16; ++shift)
        {
            a.memory = memory.data() + shift;
            CHECK(refused(a));
        }
        a = good;
        a.epoch = nullptr;
        CHECK((refused(a) && size(a) == MOTE_INVALID_ARGUMENT));
        a = good;
        a.expected = nullptr;
        CHECK((refused(a) && size(a) == MOTE_INVALID_ARGUMENT));
        a = good;
        a.request = nullptr;
        CHECK((refused(a) && size(a) == MOTE_INVALID_ARGUMENT));
        a = good;
        a.header = nullptr;
        CHECK((refused(a) && size(a) == MOTE_INVALID_ARGUMENT));
        mote_svid_verdict wrong = stale_svid_verdict();
        wrong.struct_size = sizeof wrong - 4;
        a = good;
        a.verdict = &wrong;
        CHECK((refused(a) && size(a) == MOTE_INVALID_ARGUMENT));
        CHECK(core->share_open(nullptr, &v, memory.data(), needed, opened.epoch, &test.expected,
                               &test.request, test.header.data(), 176) == MOTE_INVALID_ARGUMENT);
        CHECK(core->share_size(nullptr, &v, opened.epoch, &test.expected, &test.request,
                               test.header.data(), 176) == MOTE_INVALID_ARGUMENT);

        mote_svid_expected expected = test.expected;
        expected.struct_size += 8;
        a = good;
        a.expected = &expected;
        CHECK((refused(a) && size(a) == MOTE_INVALID_ARGUMENT));

        mote_svid_request request = test.request;
        a = good;
        a.request = &request;
        const auto refuses_request = [&] { return refused(a); };
        request.struct_size = 0;
        CHECK(refuses_request());
        request = test.request;
        request.validator = 7;
        CHECK((refuses_request() && size(a) == MOTE_INVALID_ARGUMENT));
        const std::vector<std::uint32_t> rows = {2, 5, 17};
        request = test.request;
        request.rows = rows.data();  // and a validator
        request.row_count = 3;
        CHECK(refuses_request());
        request.validator = MOTE_SVID_NO_VALIDATOR;
        a.memory_bytes = memory.bytes();
        CHECK(open(a) == MOTE_OK);
        request.rows = nullptr;
        CHECK(refuses_request());
        for (const auto& list : std::vector<std::vector<std::uint32_t>>{
                 {2, 2, 3}, {5, 4, 6}, {1, 2, 18}, {1, 2, UINT32_MAX}})
        {
            request.rows = list.data();
            CHECK(refuses_request());
        }
        request.rows = rows.data();
        request.row_count = SIZE_MAX;
        CHECK(refuses_request());
        const std::vector<std::uint32_t> many(19, 1);
        request.rows = many.data();
        request.row_count = many.size();
        CHECK((refuses_request() && size(a) == MOTE_INVALID_ARGUMENT));

        // A refused header needs no memory.
        expected = test.expected;
        expected.height += 1;
        a = good;
        a.expected = &expected;
        a.memory = nullptr;
        a.memory_bytes = 0;
        CHECK(open(a) == MOTE_OK);
        CHECK(
            (share == nullptr && v.outcome == MOTE_SVID_REJECTED && v.fault == MOTE_SVID_E_HEADER));

        const auto with = [&](const std::uint8_t* z, std::size_t z_bytes,
                              const mote_svid_rows* messages, std::size_t count)
        {
            v = stale_svid_verdict();
            return core->check_share(&v, memory.data(), needed, opened.epoch, &test.expected,
                                     &test.request, test.header.data(), 176, z, z_bytes, messages,
                                     count);
        };
        CHECK(with(nullptr, 16, nullptr, 0) == MOTE_INVALID_ARGUMENT);
        CHECK(with(nullptr, 0, nullptr, 1) == MOTE_INVALID_ARGUMENT);
        CHECK(with(nullptr, 0, test.messages.data(), SIZE_MAX) == MOTE_INVALID_ARGUMENT);
        mote_svid_rows message = test.messages[0];
        message.rows.data = nullptr;
        CHECK(with(nullptr, 0, &message, 1) == MOTE_INVALID_ARGUMENT);
        CHECK(is_empty(v));
        CHECK(with(nullptr, 0, nullptr, 0) == MOTE_OK);
        CHECK((v.outcome == MOTE_SVID_INCOMPLETE && v.step == 3));
        CHECK(core->check_share(nullptr, memory.data(), needed, opened.epoch, &test.expected,
                                &test.request, test.header.data(), 176, nullptr, 0, nullptr,
                                0) == MOTE_INVALID_ARGUMENT);
        CHECK(memory.intact());
        CHECK(opened.intact());
    }
}

TEST_CASE("Shares: what arrives may be NULL only without bytes")
{
    const ShareCase test(honest_case());
    for (const mote_svid_core* core : runnable_svid_cores())
    {
        const OpenEpoch opened(core, test.validators);
        std::size_t needed = 0;
        REQUIRE(core->share_size(&needed, nullptr, opened.epoch, &test.expected, &test.request,
                                 test.header.data(), 176) == MOTE_OK);
        Guarded memory(needed);
        mote_svid_share* share = nullptr;
        REQUIRE(core->share_open(&share, nullptr, memory.data(), needed, opened.epoch,
                                 &test.expected, &test.request, test.header.data(),
                                 176) == MOTE_OK);
        std::uint32_t fault = 99;
        CHECK(core->share_append_z(&fault, share, nullptr, 0) == MOTE_OK);
        CHECK(fault == 0);
        CHECK(core->share_append_z(&fault, share, nullptr, 1) == MOTE_INVALID_ARGUMENT);
        CHECK(core->share_append_rows(&fault, share, nullptr, 0) == MOTE_OK);
        CHECK(core->share_append_rows(&fault, share, nullptr, 1) == MOTE_INVALID_ARGUMENT);
        CHECK(core->share_begin_rows(&fault, share, 0, 1, 1024, nullptr, 32, nullptr, 0) ==
              MOTE_INVALID_ARGUMENT);
        CHECK(core->share_begin_rows(&fault, share, 0, 1, 1024, nullptr, 0, nullptr, 32) ==
              MOTE_INVALID_ARGUMENT);
        // Nobody's rows, no rows, rows beyond the end, lengths near the end of integers.
        for (const auto& [first, count, bytes] :
             {std::tuple<std::uint32_t, std::uint32_t, std::uint64_t>{0, 0, 0},
              {18, 1, 1024},
              {UINT32_MAX, UINT32_MAX, UINT64_MAX},
              {0, UINT32_MAX, UINT64_MAX},
              {test.messages[0].first, 1, UINT64_MAX}})
        {
            fault = 99;
            CHECK(core->share_begin_rows(&fault, share, first, count, bytes, nullptr, 0, nullptr,
                                         0) == MOTE_OK);
            CHECK(fault == MOTE_SVID_E_ROW_SHAPE);
        }
        std::uint32_t holds = 99;
        CHECK(core->share_holds(&holds, share, UINT32_MAX) == MOTE_OK);
        CHECK(holds == 0);
        CHECK(core->share_holds(nullptr, share, 0) == MOTE_INVALID_ARGUMENT);
        mote_svid_verdict v = stale_svid_verdict();
        CHECK(core->share_verdict(nullptr, share) == MOTE_INVALID_ARGUMENT);
        CHECK(core->share_verdict(&v, share) == MOTE_OK);
        CHECK((v.outcome == MOTE_SVID_REJECTED && v.fault == MOTE_SVID_E_ROW_SHAPE));
        // Another peer begins anew.
        CHECK(core->share_begin_source(share) == MOTE_OK);
        CHECK(core->share_verdict(&v, share) == MOTE_OK);
        CHECK((v.outcome == MOTE_SVID_INCOMPLETE && v.step == 3 && v.fault == 0));
        v.struct_size = 0;
        CHECK(core->share_verdict(&v, share) == MOTE_INVALID_ARGUMENT);
        CHECK(memory.intact());
    }
}

TEST_CASE("Sampling and evidence: NULL, counts and lengths that cannot be")
{
    const ShareCase test(honest_case());
    const ByteVector entropy(33);
    for (const mote_svid_core* core : runnable_svid_cores())
    {
        std::vector<std::uint32_t> rows(19);
        CHECK(core->sample_rows(rows.data(), 19, 18, entropy.data(), 32) == MOTE_INVALID_ARGUMENT);
        CHECK(core->sample_rows(nullptr, 1, 18, entropy.data(), 32) == MOTE_INVALID_ARGUMENT);
        CHECK(core->sample_rows(rows.data(), 1, 18, nullptr, 32) == MOTE_INVALID_ARGUMENT);
        CHECK(core->sample_rows(rows.data(), 1, 18, entropy.data(), 31) == MOTE_INVALID_ARGUMENT);
        CHECK(core->sample_rows(rows.data(), 1, 18, entropy.data(), 33) == MOTE_INVALID_ARGUMENT);
        CHECK(core->sample_rows(rows.data(), 1, 0, entropy.data(), 32) == MOTE_INVALID_ARGUMENT);
        double bound = 0;
        CHECK(core->sample_bound(&bound, 19, 18, 1) == MOTE_INVALID_ARGUMENT);
        CHECK(bound == 1);
        double all = 0;
        CHECK(core->sample_bound(&all, 5, 18, 18) == MOTE_OK);
        CHECK(core->sample_bound(&bound, 5, 18, 19) == MOTE_OK);
        CHECK(bound == all);
        CHECK(core->sample_bound(&bound, 0, 18, 1) == MOTE_INVALID_ARGUMENT);
        CHECK(core->sample_bound(nullptr, 5, 18, 1) == MOTE_INVALID_ARGUMENT);
        CHECK(core->sample_bound(&bound, 0, 0, 0) == MOTE_OK);
        CHECK(bound == 0);

        const OpenEpoch opened(core, test.validators);
        std::size_t bytes = 0;
        CHECK(core->bad_row_size(nullptr) == MOTE_INVALID_ARGUMENT);
        REQUIRE(core->bad_row_size(&bytes) == MOTE_OK);
        Guarded memory(bytes);
        mote_svid_finding found{};
        found.struct_size = sizeof found;
        mote_svid_rows message = test.messages[0];
        message.count = 1;
        message.rows.bytes = 1024;
        const auto call = [&](mote_svid_finding* out, void* at, std::size_t given,
                              const std::uint8_t* chain, const std::uint8_t* header,
                              const mote_svid_rows* m, const std::uint8_t* z)
        {
            return core->check_bad_row(out, at, given, opened.epoch, chain, header, 176, m, z,
                                       test.z.size());
        };
        const std::uint8_t* const chain = test.expected.chain_id;
        const std::uint8_t* const header = test.header.data();
        const std::uint8_t* const z = test.z.data();
        CHECK(call(&found, memory.data(), bytes, chain, header, &message, z) == MOTE_OK);
        CHECK(call(&found, memory.data(), bytes - 1, chain, header, &message, z) ==
              MOTE_MEMORY_TOO_SMALL);
        CHECK(call(nullptr, memory.data(), bytes, chain, header, &message, z) ==
              MOTE_INVALID_ARGUMENT);
        CHECK(call(&found, nullptr, bytes, chain, header, &message, z) == MOTE_INVALID_ARGUMENT);
        CHECK(call(&found, memory.data(), bytes, nullptr, header, &message, z) ==
              MOTE_INVALID_ARGUMENT);
        CHECK(call(&found, memory.data(), bytes, chain, nullptr, &message, z) ==
              MOTE_INVALID_ARGUMENT);
        CHECK(call(&found, memory.data(), bytes, chain, header, nullptr, z) ==
              MOTE_INVALID_ARGUMENT);
        CHECK(call(&found, memory.data(), bytes, chain, header, &message, nullptr) ==
              MOTE_INVALID_ARGUMENT);
        message.count = 2;
        CHECK(call(&found, memory.data(), bytes, chain, header, &message, z) ==
              MOTE_INVALID_ARGUMENT);
        CHECK(found.finding == MOTE_SVID_NOT_SHOWN);
        std::uint32_t answer = 99;
        std::uint8_t announces[64];
        CHECK(core->equivocates(nullptr, announces, chain, header, 176, header, 176) ==
              MOTE_INVALID_ARGUMENT);
        CHECK(core->equivocates(&answer, nullptr, chain, header, 176, header, 176) ==
              MOTE_INVALID_ARGUMENT);
        CHECK(core->equivocates(&answer, announces, nullptr, header, 176, header, 176) ==
              MOTE_INVALID_ARGUMENT);
        CHECK(core->equivocates(&answer, announces, chain, nullptr, 176, header, 176) ==
              MOTE_INVALID_ARGUMENT);
        CHECK(core->equivocates(&answer, announces, chain, header, 176, nullptr, 176) ==
              MOTE_INVALID_ARGUMENT);
    }
}

TEST_CASE("The exported functions go to a table, clear what they return and survive NULL objects")
{
    const ShareCase test(honest_case());
    std::size_t bytes = 0;
    REQUIRE(mote_svid_epoch_size(&bytes, test.validators.count) == MOTE_OK);
    Guarded epoch_memory(bytes);
    mote_svid_epoch* epoch = nullptr;
    REQUIRE(mote_svid_epoch_open(&epoch, epoch_memory.data(), bytes, &test.validators) == MOTE_OK);
    mote_svid_params params{};
    params.struct_size = sizeof params;
    REQUIRE(mote_svid_params_of(&params, epoch, 5000) == MOTE_OK);
    CHECK((params.data_rows == 5 && params.rows == 18));
    mote_svid_range range{};
    range.struct_size = sizeof range;
    REQUIRE(mote_svid_assigned_rows(&range, epoch, 5000, test.expected.zone, test.expected.height,
                                    0) == MOTE_OK);
    CHECK(range.count > 0);
    REQUIRE(mote_svid_share_size(&bytes, nullptr, epoch, &test.expected, &test.request,
                                 test.header.data(), 176) == MOTE_OK);
    Guarded memory(bytes);
    mote_svid_verdict v = stale_svid_verdict();
    REQUIRE(mote_svid_check_share(&v, memory.data(), bytes, epoch, &test.expected, &test.request,
                                  test.header.data(), 176, test.z.data(), test.z.size(),
                                  test.messages.data(), test.messages.size()) == MOTE_OK);
    CHECK(v.outcome == MOTE_SVID_PROVISIONAL);

    mote_svid_share* share = nullptr;
    std::uint32_t fault = 99;
    REQUIRE(mote_svid_share_open(&share, &v, memory.data(), bytes, epoch, &test.expected,
                                 &test.request, test.header.data(), 176) == MOTE_OK);
    REQUIRE(mote_svid_share_begin_source(share) == MOTE_OK);
    REQUIRE(mote_svid_share_append_z(&fault, share, test.z.data(), test.z.size()) == MOTE_OK);
    REQUIRE(mote_svid_share_end_z(&fault, share) == MOTE_OK);
    for (const mote_svid_rows& m : test.messages)
    {
        REQUIRE(mote_svid_share_begin_rows(&fault, share, m.first, m.count, m.rows.bytes,
                                           m.data_path.data, m.data_path.bytes, m.parity_path.data,
                                           m.parity_path.bytes) == MOTE_OK);
        REQUIRE(mote_svid_share_append_rows(&fault, share, m.rows.data, m.rows.bytes) == MOTE_OK);
        REQUIRE(mote_svid_share_end_rows(&fault, share) == MOTE_OK);
        CHECK(fault == 0);
        std::uint32_t holds = 0;
        REQUIRE(mote_svid_share_holds(&holds, share, m.first) == MOTE_OK);
        CHECK(holds == 1);
    }
    v = stale_svid_verdict();
    REQUIRE(mote_svid_share_verdict(&v, share) == MOTE_OK);
    CHECK((v.outcome == MOTE_SVID_PROVISIONAL && v.step == 7));

    v = stale_svid_verdict();
    bytes = 99;
    CHECK(mote_svid_share_size(&bytes, &v, nullptr, &test.expected, &test.request,
                               test.header.data(), 176) == MOTE_INVALID_ARGUMENT);
    CHECK((bytes == 0 && is_empty(v)));
    v = stale_svid_verdict();
    CHECK(mote_svid_check_share(&v, memory.data(), bytes, nullptr, &test.expected, &test.request,
                                test.header.data(), 176, nullptr, 0, nullptr,
                                0) == MOTE_INVALID_ARGUMENT);
    CHECK(is_empty(v));
    mote_svid_share* out = share;
    CHECK(mote_svid_share_open(&out, nullptr, memory.data(), 0, nullptr, &test.expected,
                               &test.request, test.header.data(), 176) == MOTE_INVALID_ARGUMENT);
    CHECK(out == nullptr);
    CHECK(mote_svid_share_begin_source(nullptr) == MOTE_INVALID_ARGUMENT);
    CHECK(mote_svid_share_append_z(&fault, nullptr, nullptr, 0) == MOTE_INVALID_ARGUMENT);
    CHECK(mote_svid_share_end_z(&fault, nullptr) == MOTE_INVALID_ARGUMENT);
    CHECK(mote_svid_share_begin_rows(&fault, nullptr, 0, 1, 1024, nullptr, 0, nullptr, 0) ==
          MOTE_INVALID_ARGUMENT);
    CHECK(mote_svid_share_append_rows(&fault, nullptr, nullptr, 0) == MOTE_INVALID_ARGUMENT);
    CHECK(mote_svid_share_end_rows(&fault, nullptr) == MOTE_INVALID_ARGUMENT);
    v = stale_svid_verdict();
    CHECK(mote_svid_share_verdict(&v, nullptr) == MOTE_INVALID_ARGUMENT);
    CHECK(is_empty(v));
    std::uint32_t holds = 99;
    CHECK(mote_svid_share_holds(&holds, nullptr, 0) == MOTE_INVALID_ARGUMENT);
    CHECK(holds == 0);
    CHECK(mote_svid_params_of(&params, nullptr, 0) == MOTE_INVALID_ARGUMENT);
    CHECK(params.rows == 0);
    CHECK(mote_svid_assigned_rows(&range, nullptr, 0, 0, 0, 0) == MOTE_INVALID_ARGUMENT);
    CHECK(range.count == 0);
    mote_svid_finding found{};
    found.struct_size = sizeof found;
    found.finding = MOTE_SVID_CONVICTS;
    CHECK(mote_svid_check_bad_row(&found, memory.data(), 0, nullptr, nullptr, nullptr, 0, nullptr,
                                  nullptr, 0) == MOTE_INVALID_ARGUMENT);
    CHECK(found.finding == MOTE_SVID_NOT_SHOWN);

    CHECK(std::string(mote_svid_fault_text(0)) == "none");
    CHECK(std::string(mote_svid_fault_text(8)) == "unknown");
    CHECK(std::string(mote_svid_outcome_text(3)) == "unknown");
    CHECK(epoch_memory.intact());
    CHECK(memory.intact());
}

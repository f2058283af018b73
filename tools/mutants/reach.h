// Part of the instrumented copy, appended to the tests' main: after each test case a line in
// HOLDFAST_REACHED_CASES with its seconds, its file, its name and the points it reached.
#include <cstdlib>
#include <cstring>
#include <fstream>

namespace holdfast_mutation {

struct Reach : doctest::IReporter {
    explicit Reach(const doctest::ContextOptions&) {}

    void report_query(const doctest::QueryData&) override {}
    void test_run_start() override {}
    void test_run_end(const doctest::TestRunStats&) override {}
    void test_case_start(const doctest::TestCaseData& data) override {
        name = data.m_name;
        if (reached) std::memset(reached, 0, count);
    }
    void test_case_reenter(const doctest::TestCaseData&) override {}
    void test_case_end(const doctest::CurrentTestCaseStats& stats) override {
        const char* path = std::getenv("HOLDFAST_REACHED_CASES");
        if (!path || !reached) return;
        std::ofstream file(path, std::ios::app);
        file << stats.seconds << '\t' << name << '\t';
        for (unsigned point = 1; point < count; ++point)
            if (reached[point]) file << point << ' ';
        file << '\n';
    }
    void test_case_exception(const doctest::TestCaseException&) override {}
    void subcase_start(const doctest::SubcaseSignature&) override {}
    void subcase_end() override {}
    void log_assert(const doctest::AssertData&) override {}
    void log_message(const doctest::MessageData&) override {}
    void test_case_skipped(const doctest::TestCaseData&) override {}

    const char* name = "";
};

REGISTER_LISTENER("reach", 0, Reach);

}  // namespace holdfast_mutation

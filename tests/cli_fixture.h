// The program as a person runs it: the real binary in a folder of its own, its output and exit
// code.
#pragma once

#include <doctest/doctest.h>
#include <boost/json.hpp>

#include <sys/wait.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

namespace holdfast::test {

namespace fs = std::filesystem;
namespace json = boost::json;

struct Ran {
    int code = -1;
    std::string out, err;
};

inline std::string read_text(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

// A folder of its own for each test case, gone at its end.
class Folder {
public:
    Folder() {
        std::string name = (fs::temp_directory_path() / "holdfast-test-XXXXXX").string();
        REQUIRE(mkdtemp(name.data()) != nullptr);
        path_ = name;
    }
    ~Folder() { fs::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    std::string file(const std::string& name) const { return (path_ / name).string(); }
    std::string write(const std::string& name, const std::string& text) const {
        std::ofstream(path_ / name, std::ios::binary) << text;
        return file(name);
    }

    // Runs `holdfast ARGUMENTS` here; the database is this folder's own.
    Ran run(const std::string& arguments, const std::string& before = "") const {
        const auto out = file("out.txt"), err = file("err.txt");
        const auto command = "cd " + path_.string() + " && " + before +
                             " HOLDFAST_DATA=" HOLDFAST_SOURCE_DIR " " HOLDFAST_BINARY " " +
                             arguments + " >" + out + " 2>" + err + " </dev/null";
        const auto status = std::system(command.c_str());
        return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read_text(out), read_text(err)};
    }

private:
    fs::path path_;
};

inline json::value json_of(const std::string& text) {
    boost::system::error_code error;
    auto value = json::parse(text, error);
    REQUIRE_MESSAGE(!error, text);
    return value;
}
inline json::value json_of(const Ran& ran) { return json_of(ran.out); }

inline bool holds(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

// The longest line, in bytes.
inline std::size_t widest_line(std::string_view text) {
    std::size_t widest = 0;
    while (!text.empty()) {
        const auto line = text.substr(0, text.find('\n'));
        widest = std::max(widest, line.size());
        text.remove_prefix(std::min(text.size(), line.size() + 1));
    }
    return widest;
}

}  // namespace holdfast::test

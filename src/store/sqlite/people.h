// The people of a SQLite store; see store.h for what is promised.
#pragma once

#include "store/person.h"
#include "store/sqlite/connection.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace holdfast::store::sqlite {

class People {
public:
    People(Connection& connection, Random random)
        : connection_(connection), random_(std::move(random)) {}

    std::vector<std::string> marks(std::span<const Person> people);
    std::optional<Person> find(std::string_view mark);
    std::optional<std::string> find_mark(std::string_view email);
    bool erase(std::string_view mark);

private:
    std::string mark_one(const Person& person, KeyMaker& keys);
    std::string insert(const Person& person, const std::string& email, KeyMaker& keys);

    Connection& connection_;
    Random random_;
};

}  // namespace holdfast::store::sqlite

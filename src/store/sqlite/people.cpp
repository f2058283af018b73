#include "store/sqlite/people.h"

namespace holdfast::store::sqlite {

std::vector<std::string> People::marks(std::span<const Person> people) {
    std::vector<std::string> marks;
    marks.reserve(people.size());
    Transaction transaction(connection_);
    KeyMaker keys(random_);
    for (const auto& person : people)
        marks.push_back(person.email.empty() ? std::string{} : mark_one(person, keys));
    transaction.commit();
    return marks;
}

constexpr std::string_view find_person_sql =
    "SELECT email, name, phone, address FROM people WHERE mark = ?1";

std::optional<Person> People::find(std::string_view mark) {
    auto query = connection_.query(find_person_sql);
    if (!query.bind(mark).next()) return std::nullopt;
    return Person{.email = std::string(query.text(0)),
                  .name = std::string(query.text(1)),
                  .phone = std::string(query.text(2)),
                  .address = std::string(query.text(3))};
}

constexpr std::string_view find_mark_sql = "SELECT mark FROM people WHERE email = ?1";

std::optional<std::string> People::find_mark(std::string_view email) {
    const std::string folded = fold_email(email);
    auto query = connection_.query(find_mark_sql);
    if (!query.bind(folded).next()) return std::nullopt;
    return std::string(query.text(0));
}

constexpr std::string_view erase_person_sql = "DELETE FROM people WHERE mark = ?1 RETURNING 1";
constexpr std::string_view empty_log_sql = "PRAGMA wal_checkpoint(TRUNCATE)";

// The connection overwrites what it deletes; emptying the log leaves no copy there either.
bool People::erase(std::string_view mark) {
    Transaction transaction(connection_);
    const bool was_there = connection_.query(erase_person_sql).bind(mark).next();
    transaction.commit();
    if (was_there) connection_.run(empty_log_sql);
    return was_there;
}

constexpr std::string_view find_to_complete_sql =
    "SELECT mark, email, name, phone, address FROM people WHERE email = ?1";
constexpr std::string_view complete_person_sql =
    "UPDATE people SET name = ?1, phone = ?2, address = ?3 WHERE mark = ?4";

std::string People::mark_one(const Person& person, KeyMaker& keys) {
    const std::string email = fold_email(person.email);
    auto query = connection_.query(find_to_complete_sql);
    if (!query.bind(email).next()) return insert(person, email, keys);

    std::string mark(query.text(0));
    const Person known{.email = email,
                       .name = std::string(query.text(2)),
                       .phone = std::string(query.text(3)),
                       .address = std::string(query.text(4))};
    const Person now = completed(known, person);
    if (now != known)
        connection_.query(complete_person_sql)
            .bind(now.name)
            .bind(now.phone)
            .bind(now.address)
            .bind(mark)
            .run();
    return mark;
}

constexpr std::string_view insert_person_sql =
    "INSERT INTO people (mark, key, email, name, phone, address) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";

std::string People::insert(const Person& person, const std::string& email, KeyMaker& keys) {
    const PersonKey key = keys.make();
    std::string mark = mark_of(email, key);
    connection_.query(insert_person_sql)
        .bind(mark)
        .bind(key)
        .bind(email)
        .bind(person.name)
        .bind(person.phone)
        .bind(person.address)
        .run();
    return mark;
}

}  // namespace holdfast::store::sqlite

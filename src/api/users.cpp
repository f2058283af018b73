#include "api/users.h"

#include "api/secret.h"
#include "http/header.h"

#include <algorithm>
#include <utility>

namespace holdfast::api {
namespace {

constexpr std::string_view created_kind = "user_created";
constexpr std::string_view changed_kind = "user_changed";
constexpr std::size_t name_most = 64;

struct CreatedText {
    IdBytes id{};
    std::string name = {};
    std::vector<std::string> roles = {};
    std::optional<IdBytes> party = {};
    std::string password = {};
    template <class F>
    void fields(F&& f) const {
        f("id", id);
        f("name", name);
        f("roles", roles);
        f("party", party);
        f("password", password);
    }
};
struct ChangedText {
    IdBytes id{};
    std::vector<std::string> roles = {};  // none: as before
    std::optional<bool> disabled = {};
    std::string password = {};  // empty: as before
    template <class F>
    void fields(F&& f) const {
        f("id", id);
        f("roles", roles);
        f("disabled", disabled);
        f("password", password);
    }
};

std::vector<std::string> texts_of(Roles roles) {
    std::vector<std::string> texts;
    for (const auto word : words_of(roles)) texts.emplace_back(word);
    return texts;
}

Roles roles_of(const std::vector<std::string>& words) {
    Roles roles = 0;
    for (const auto& word : words) roles |= parse_role(word).value_or(Roles{0});
    return roles;
}

bool is_admin(const User& user) { return (user.roles & admin) != 0 && !user.is_disabled; }

void apply(User& user, const ChangedText& text) {
    if (!text.roles.empty()) user.roles = roles_of(text.roles);
    if (text.disabled) user.is_disabled = *text.disabled;
    if (!text.password.empty()) user.password = text.password;
    ++user.version;
}

}  // namespace

bool works_desk(const User& user) { return !user.is_disabled && (user.roles & desk_staff) != 0; }

bool is_sensible(const User& user) {
    if (user.roles == 0) return false;
    if (!user.is_party()) return !user.party;
    return user.party && (user.roles == seller || user.roles == buyer);
}

bool is_user_name(std::string_view text) {
    return !text.empty() && text.size() <= name_most && http::is_visible(text);
}

void UserBook::load(store::Store& store) {
    const std::scoped_lock lock(mutex_);
    read(store);
}

store::History UserBook::read(store::Store& store) {
    users_.clear();
    auto history = stream_.load(store);
    for (const auto& event : history.events) {
        if (event.kind == created_kind) {
            auto text = stream_.text_of<CreatedText>(event);
            users_[text.id] = {.id = text.id,
                               .name = std::move(text.name),
                               .roles = roles_of(text.roles),
                               .party = text.party,
                               .created_at = event.at,
                               .password = std::move(text.password)};
        } else if (event.kind == changed_kind) {
            const auto text = stream_.text_of<ChangedText>(event);
            if (const auto found = users_.find(text.id); found != users_.end())
                apply(found->second, text);
        }
    }
    return history;
}

bool UserBook::is_empty() const {
    const std::scoped_lock lock(mutex_);
    return users_.empty();
}

std::optional<User> UserBook::find(const IdBytes& id) const {
    const std::scoped_lock lock(mutex_);
    const auto found = users_.find(id);
    return found == users_.end() ? std::nullopt : std::optional(found->second);
}

const User* UserBook::by_name(std::string_view name) const {
    const auto found = std::ranges::find_if(
        users_, [&](const auto& entry) { return http::is_same_name(entry.second.name, name); });
    return found == users_.end() ? nullptr : &found->second;
}

std::optional<User> UserBook::named(std::string_view name) const {
    const std::scoped_lock lock(mutex_);
    const auto* found = by_name(name);
    return found ? std::optional(*found) : std::nullopt;
}

std::vector<User> UserBook::all() const {
    const std::scoped_lock lock(mutex_);
    std::vector<User> all;
    for (const auto& [id, user] : users_) all.push_back(user);
    std::ranges::sort(all, std::greater{},
                      [](const User& user) { return std::pair(user.created_at, user.id); });
    return all;
}

std::expected<MadeUser, UserFault> UserBook::create(store::Store& store, User user, Instant now,
                                                    const store::Random& random,
                                                    const KeyRequest& request) {
    if (!is_sensible(user)) return std::unexpected(UserFault::not_sensible);
    const std::scoped_lock lock(mutex_);
    const auto before = stream_.find(read(store), request);
    if (!before) return std::unexpected(UserFault::key_reused);
    if (const auto& event = *before)
        return MadeUser{.user = users_.at(stream_.text_of<CreatedText>(*event).id),
                        .is_repeated = true};
    if (by_name(user.name)) return std::unexpected(UserFault::name_taken);
    const CreatedText text{.id = make_id(now, random),
                           .name = std::move(user.name),
                           .roles = texts_of(user.roles),
                           .party = user.party,
                           .password = std::move(user.password)};
    stream_.append(store, created_kind, text, now, request);
    read(store);
    return MadeUser{.user = users_.at(text.id)};
}

bool UserBook::has_other_admin(const IdBytes& id) const {
    return std::ranges::any_of(
        users_, [&](const auto& entry) { return entry.first != id && is_admin(entry.second); });
}

std::expected<User, UserFault> UserBook::change(store::Store& store, const IdBytes& id,
                                                const UserChange& change, Instant now) {
    const std::scoped_lock lock(mutex_);
    read(store);
    const auto found = users_.find(id);
    if (found == users_.end()) return std::unexpected(UserFault::not_found);
    const ChangedText text{
        .id = id,
        .roles = change.roles ? texts_of(*change.roles) : std::vector<std::string>{},
        .disabled = change.is_disabled,
        .password = change.password.value_or("")};
    auto changed = found->second;
    apply(changed, text);
    if ((change.roles && *change.roles == 0) || !is_sensible(changed))
        return std::unexpected(UserFault::not_sensible);
    if (is_admin(found->second) && !is_admin(changed) && !has_other_admin(id))
        return std::unexpected(UserFault::last_admin);
    stream_.append(store, changed_kind, text, now);
    read(store);
    return users_.at(id);
}

}  // namespace holdfast::api

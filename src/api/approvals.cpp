#include "api/approvals.h"

#include "api/secret.h"
#include "base/enum_word.h"

#include <algorithm>
#include <array>
#include <functional>
#include <utility>

namespace holdfast::api {
namespace {

constexpr std::string_view asked_kind = "approval_asked";
constexpr std::string_view decided_kind = "approval_decided";

struct AskedText {
    IdBytes id{}, by{};
    std::string operation = {}, path = {}, body = {};
    std::uint64_t version = 0;
    std::int64_t amount = 0;
    Currency currency = Currency::eur;
    template <class F>
    void fields(F&& f) const {
        f("id", id);
        f("by", by);
        f("operation", operation);
        f("path", path);
        f("body", body);
        f("version", version);
        f("amount", amount);
        f("currency", currency);
    }
};
struct DecidedText {
    IdBytes id{}, by{};
    bool approved = false;
    template <class F>
    void fields(F&& f) const {
        f("id", id);
        f("by", by);
        f("approved", approved);
    }
};

Approval approval_of(AskedText text, Instant at) {
    return {.id = text.id,
            .asked_by = text.by,
            .asked_at = at,
            .operation = std::move(text.operation),
            .path = std::move(text.path),
            .body = std::move(text.body),
            .version = text.version,
            .amount = Money::of_minor(text.amount, text.currency)};
}

}  // namespace

std::string_view to_string(ApprovalState value) {
    static constexpr std::array<std::string_view, static_cast<std::size_t>(ApprovalState::count_)>
        words{"waiting", "approved", "declined"};
    return enum_word(words, value);
}

void ApprovalBook::load(store::Store& store) {
    const std::scoped_lock lock(mutex_);
    read(store);
}

store::History ApprovalBook::read(store::Store& store) {
    approvals_.clear();
    auto history = stream_.load(store);
    for (const auto& event : history.events) {
        if (event.kind == asked_kind) {
            auto text = stream_.text_of<AskedText>(event);
            approvals_[text.id] = approval_of(std::move(text), event.at);
        } else if (event.kind == decided_kind) {
            const auto text = stream_.text_of<DecidedText>(event);
            const auto found = approvals_.find(text.id);
            if (found == approvals_.end()) continue;
            found->second.state = text.approved ? ApprovalState::approved : ApprovalState::declined;
            found->second.decided_by = text.by;
            found->second.decided_at = event.at;
        }
    }
    return history;
}

std::optional<Approval> ApprovalBook::find(const IdBytes& id) const {
    const std::scoped_lock lock(mutex_);
    const auto found = approvals_.find(id);
    return found == approvals_.end() ? std::nullopt : std::optional(found->second);
}

std::vector<Approval> ApprovalBook::all() const {
    const std::scoped_lock lock(mutex_);
    std::vector<Approval> all;
    for (const auto& [id, one] : approvals_) all.push_back(one);
    std::ranges::sort(all, std::greater{},
                      [](const Approval& one) { return std::pair(one.asked_at, one.id); });
    return all;
}

std::expected<Approval, KeyReused> ApprovalBook::ask(store::Store& store, Approval asked,
                                                     Instant now, const store::Random& random,
                                                     const KeyRequest& request) {
    const std::scoped_lock lock(mutex_);
    const auto before = stream_.find(read(store), request);
    if (!before) return std::unexpected(KeyReused{});
    if (const auto& event = *before) return approvals_.at(stream_.text_of<AskedText>(*event).id);
    const AskedText text{.id = make_id(now, random),
                         .by = asked.asked_by,
                         .operation = std::move(asked.operation),
                         .path = std::move(asked.path),
                         .body = std::move(asked.body),
                         .version = asked.version,
                         .amount = asked.amount.minor(),
                         .currency = asked.amount.currency()};
    stream_.append(store, asked_kind, text, now, request);
    read(store);
    return approvals_.at(text.id);
}

std::optional<Approval> ApprovalBook::decide(store::Store& store, const IdBytes& id,
                                             ApprovalState state, const IdBytes& by, Instant now) {
    const std::scoped_lock lock(mutex_);
    read(store);
    const auto found = approvals_.find(id);
    if (found == approvals_.end() || found->second.state != ApprovalState::waiting)
        return std::nullopt;
    stream_.append(store, decided_kind,
                   DecidedText{.id = id, .by = by, .approved = state == ApprovalState::approved},
                   now);
    read(store);
    return approvals_.at(id);
}

}  // namespace holdfast::api

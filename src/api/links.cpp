#include "api/links.h"

#include "base/verify.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

namespace holdfast::api {
namespace {

constexpr std::string_view ended_kind = "link_ended", order_ended_kind = "order_links_ended";

struct EndedText {
    IdBytes id{};  // of a link, or of an order
    Instant until{};
    template <class F>
    void fields(F&& f) const {
        f("id", id);
        f("until", until);
    }
};

// What a link says: the order, the party, its id, when it was made. One of those before says the
// order, the party and when it expires.
constexpr std::size_t number_bytes = 8, said_bytes = 16 + 1 + 16 + number_bytes,
                      old_said_bytes = 16 + 1 + number_bytes;
// An id: when the link expires, what tells it from others, and a mark that it is one of ours.
constexpr std::size_t expiry_bytes = 6, marked_bytes = 12, id_bytes_all = 16;

Instant instant_in(std::span<const std::uint8_t> bytes) {
    return Instant{Duration{static_cast<Duration::rep>(number_in(bytes))}};
}

void put_instant(std::span<std::uint8_t> bytes, Instant at) {
    put_number(bytes, static_cast<std::uint64_t>(at.time_since_epoch().count()));
}

Instant expiry_of(const IdBytes& id) { return instant_in(std::span(id).first(expiry_bytes)); }

std::array<std::uint8_t, said_bytes> said_of(const Link& link) {
    std::array<std::uint8_t, said_bytes> said{};
    std::ranges::copy(link.order, said.begin());
    said[16] = static_cast<std::uint8_t>(link.party);
    std::ranges::copy(*link.id, said.begin() + 17);
    put_instant(std::span(said).last(number_bytes), link.made_at);
    return said;
}

std::optional<Link> link_of(std::span<const std::uint8_t> said) {
    if (said.size() != said_bytes && said.size() != old_said_bytes) return std::nullopt;
    Link link;
    std::ranges::copy(said.first(16), link.order.begin());
    link.party = static_cast<order::Party>(said[16]);
    const auto last = instant_in(said.last(number_bytes));
    if (said.size() == old_said_bytes) {
        link.expires_at = last;
        return link;
    }
    link.id.emplace();
    std::ranges::copy(said.subspan(17, id_bytes_all), link.id->begin());
    link.expires_at = expiry_of(*link.id);
    link.made_at = last;
    return link;
}

}  // namespace

void LinkBook::load(store::Store& store) {
    const std::scoped_lock lock(mutex_);
    read(store);
}

void LinkBook::read(store::Store& store) {
    ended_.clear();
    ended_orders_.clear();
    for (const auto& event : stream_.load(store).events) {
        seal_.read(stream_, event);
        const bool is_of_order = event.kind == order_ended_kind;
        if (event.kind != ended_kind && !is_of_order) continue;
        const auto text = stream_.text_of<EndedText>(event);
        (is_of_order ? ended_orders_ : ended_).insert_or_assign(text.id, text.until);
    }
}

// What has expired needs no end any more.
void LinkBook::forget_old(Instant now) {
    std::erase_if(ended_, [&](const auto& one) { return one.second <= now; });
    std::erase_if(ended_orders_,
                  [&](const auto& one) { return one.second + link_lives_most <= now; });
}

bool LinkBook::is_ended(const Link& link) const {
    if (link.id && ended_.contains(*link.id)) return true;
    const auto found = ended_orders_.find(link.order);
    return found != ended_orders_.end() && link.made_at <= found->second;
}

bool LinkBook::is_ours(const IdBytes& id) const {
    if (!seal_.has_key()) return false;
    const auto mark = seal_.signature_of(std::span(id).first(marked_bytes));
    return std::equal(id.begin() + marked_bytes, id.end(), mark.begin());
}

LinkBook::Signed LinkBook::sign(store::Store& store, const IdBytes& order, order::Party party,
                                Instant expires_at, Instant now, const store::Random& random) {
    VERIFY(party == order::Party::buyer || party == order::Party::seller);
    const std::scoped_lock lock(mutex_);
    if (!seal_.has_key()) {
        read(store);
        if (!seal_.has_key()) seal_.make(stream_, store, now, random);
    }
    IdBytes id{};
    const auto bytes = std::span(id);
    put_instant(bytes.first(expiry_bytes), expires_at);
    random(bytes.subspan(expiry_bytes, marked_bytes - expiry_bytes));
    const auto mark = seal_.signature_of(bytes.first(marked_bytes));
    std::copy_n(mark.begin(), id_bytes_all - marked_bytes, id.begin() + marked_bytes);
    Link link{.order = order, .party = party, .expires_at = expires_at, .id = id, .made_at = now};
    // What is made in the very millisecond in which all were ended is none of them.
    if (const auto ended = ended_orders_.find(order); ended != ended_orders_.end())
        link.made_at = std::max(now, ended->second + Duration{1});
    return {.link = link, .token = seal_.close(said_of(link))};
}

std::optional<Link> LinkBook::find(std::string_view token, Instant now) const {
    const std::scoped_lock lock(mutex_);
    const auto said = seal_.open(token);
    const auto link = said ? link_of(*said) : std::nullopt;
    return link && now < link->expires_at && !is_ended(*link) ? link : std::nullopt;
}

bool LinkBook::end(store::Store& store, const IdBytes& id, Instant now) {
    const std::scoped_lock lock(mutex_);
    read(store);
    const auto until = expiry_of(id);
    if (!is_ours(id) || until <= now || ended_.contains(id)) return false;
    stream_.append(store, ended_kind, EndedText{.id = id, .until = until}, now);
    ended_.emplace(id, until);
    forget_old(now);
    return true;
}

void LinkBook::end_all(store::Store& store, const IdBytes& order, Instant now) {
    const std::scoped_lock lock(mutex_);
    read(store);
    stream_.append(store, order_ended_kind, EndedText{.id = order, .until = now}, now);
    ended_orders_.insert_or_assign(order, now);
    forget_old(now);
}

std::size_t LinkBook::kept() const {
    const std::scoped_lock lock(mutex_);
    return ended_.size() + ended_orders_.size();
}

}  // namespace holdfast::api

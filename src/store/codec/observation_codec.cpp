#include "store/codec/observation_codec.h"

#include "base/verify.h"
#include "store/codec/strict_json.h"

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <concepts>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

namespace holdfast::store {
namespace {

namespace json = boost::json;
using namespace desk;

// T or const T: one list of members serves reading and writing.
template <class T, class U>
concept Of = std::same_as<std::remove_const_t<T>, U>;

// Both have the same calls. required() is always there. member() with `absent` leaves a field out
// that equals it, and a member that is not there gives it; texts, lists and optionals are absent
// when they are empty. The value of `absent` is part of the format, whatever the struct starts as.
class Writer {
public:
    explicit Writer(std::string& out) : out_(out) {}

    template <class T>
    void required(std::string_view name, const T& field) {
        put_name(name);
        put(field);
    }
    template <class T>
    void member(std::string_view name, const T& field, std::type_identity_t<T> absent) {
        if (field != absent) required(name, field);
    }
    void member(std::string_view name, const std::string& field) {
        if (!field.empty()) required(name, field);
    }
    template <class T>
    void member(std::string_view name, const std::optional<T>& field) {
        if (field) required(name, *field);
    }
    template <class T>
    void member(std::string_view name, const std::vector<T>& fields) {
        if (fields.empty()) return;
        put_name(name);
        char before = '[';
        for (const auto& field : fields) {
            out_ += std::exchange(before, ',');
            put(field);
        }
        out_ += ']';
    }

private:
    void put_name(std::string_view name) {
        out_ += std::exchange(before_, ',');
        put(name);
        out_ += ':';
    }

    // Most texts need no escape, and the library's way of finding that out costs a third of an
    // import.
    void put(std::string_view text) {
        const bool plain = std::ranges::all_of(text, [](char c) {
            return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\' && c != 0x7F;
        });
        if (!plain) {
            out_ += json::serialize(json::string_view(text));
            return;
        }
        out_ += '"';
        out_ += text;
        out_ += '"';
    }
    void put(const std::string& text) { put(std::string_view(text)); }
    void put(bool yes) { out_ += yes ? "true" : "false"; }
    void put(std::integral auto number) { out_ += std::to_string(number); }
    void put(Instant at) { put(std::string_view(to_string(at))); }
    void put(Day day) { put(std::string_view(to_string(day))); }
    void put(Currency currency) { put(code_of(currency)); }
    template <class Enum>
        requires std::is_enum_v<Enum>
    void put(Enum word) {
        put(to_string(word));
    }
    void put(const SeenTime& time) {
        if (time.kind == SeenTime::Kind::exact && !time.or_at)
            put(time.at);  // by far the most
        else
            put_object(time);
    }
    template <class T>
        requires std::is_class_v<T>
    void put(const T& object) {
        put_object(object);
    }
    template <class T>
    void put_object(const T& object) {
        Writer inner(out_);
        members(inner, object);
        out_ += '}';
    }

    std::string& out_;
    char before_ = '{';
};

// Where a value stands, from the inside out; made into a pointer only for an error.
struct Place {
    const Place* up = nullptr;
    std::string_view name;
};

std::string pointer_to(const Place& place) {
    return place.up ? pointer_to(*place.up) + '/' + std::string(place.name) : std::string();
}

class Reader {
public:
    Reader(const json::object& object, const Place& place, std::optional<DecodeError>& error)
        : object_(object), place_(place), error_(error) {}

    template <class T>
    void required(std::string_view name, T& field) {
        if (const auto* value = object_.if_contains(name))
            read(*value, {&place_, name}, field);
        else
            fail({&place_, name}, "is missing");
    }
    template <class T>
    void member(std::string_view name, T& field, std::type_identity_t<T> absent) {
        field = absent;
        if (object_.contains(name)) required(name, field);
    }
    void member(std::string_view name, std::string& field) {
        if (object_.contains(name)) required(name, field);
    }
    template <class T>
    void member(std::string_view name, std::optional<T>& field) {
        if (object_.contains(name)) required(name, field.emplace(blank<T>()));
    }
    template <class T>
    void member(std::string_view name, std::vector<T>& fields) {
        const auto* value = object_.if_contains(name);
        if (!value) return;
        const Place place{&place_, name};
        if (!value->is_array()) return fail(place, "is not a list");
        for (const auto& element : value->get_array()) {
            const std::string index = std::to_string(fields.size());
            read(element, {&place, index}, fields.emplace_back(blank<T>()));
        }
    }

private:
    template <class T>
    static T blank() {
        if constexpr (std::same_as<T, Money>)
            return Money::zero(Currency::eur);
        else
            return T{};
    }

    void fail(const Place& place, std::string_view problem) {
        if (!error_) error_ = {pointer_to(place), std::string(problem)};
    }

    void read(const json::value& value, const Place& place, std::string& field) {
        if (!value.is_string()) return fail(place, "is not a text");
        field = std::string(value.get_string());
    }
    void read(const json::value& value, const Place& place, bool& field) {
        if (!value.is_bool()) return fail(place, "is not true or false");
        field = value.get_bool();
    }
    template <std::integral Number>
    void read(const json::value& value, const Place& place, Number& field) {
        if (value.is_int64() && std::in_range<Number>(value.get_int64()))
            field = static_cast<Number>(value.get_int64());
        else if (value.is_uint64() && std::in_range<Number>(value.get_uint64()))
            field = static_cast<Number>(value.get_uint64());
        else
            fail(place, "is not a whole number in range");
    }

    // A field that a text stands for, as `parse` reads it.
    template <class T>
    void read_word(const json::value& value, const Place& place, T& field,
                   std::optional<T> (*parse)(std::string_view), std::string_view problem) {
        const auto word =
            value.is_string() ? parse(std::string_view(value.get_string())) : std::nullopt;
        if (!word) return fail(place, problem);
        field = *word;
    }
    void read(const json::value& value, const Place& place, Instant& field) {
        read_word(value, place, field, parse_instant, "is not a time");
    }
    void read(const json::value& value, const Place& place, Day& field) {
        read_word(value, place, field, parse_day, "is not a day");
    }
    void read(const json::value& value, const Place& place, Currency& field) {
        read_word(value, place, field, parse_currency, "is not a currency");
    }
    void read(const json::value& value, const Place& place, SeenTime::Kind& field) {
        read_word(value, place, field, parse_seen_time_kind, "is not a kind of time");
    }
    void read(const json::value& value, const Place& place, Phase& field) {
        read_word(value, place, field, parse_phase, "is not a phase");
    }
    void read(const json::value& value, const Place& place, ParcelStatus& field) {
        read_word(value, place, field, parse_parcel_status, "is not a parcel's status");
    }
    void read(const json::value& value, const Place& place, Confidence& field) {
        read_word(value, place, field, parse_confidence, "is not a confidence");
    }
    void read(const json::value& value, const Place& place, LinkSeen::How& field) {
        read_word(value, place, field, parse_link_how, "is not a way to link");
    }
    void read(const json::value& value, const Place& place, LinkSeen::State& field) {
        read_word(value, place, field, parse_link_state, "is not a link's state");
    }
    void read(const json::value& value, const Place& place, MovementSeen::Kind& field) {
        read_word(value, place, field, parse_movement_kind, "is not a kind of movement");
    }
    void read(const json::value& value, const Place& place, MovementSeen::State& field) {
        read_word(value, place, field, parse_movement_state, "is not a movement's state");
    }

    void read(const json::value& value, const Place& place, SeenTime& field) {
        if (value.is_string())
            read(value, place, field.at);
        else
            read_object(value, place, field);
    }
    void read(const json::value& value, const Place& place, Money& field) {
        struct {
            std::int64_t amount = 0;
            Currency currency = Currency::eur;
        } parts;
        if (!value.is_object()) return fail(place, "is not an object");
        Reader inner(value.get_object(), place, error_);
        inner.required("amount", parts.amount);
        inner.required("currency", parts.currency);
        if (parts.amount < -Money::max_minor || parts.amount > Money::max_minor)
            return fail({&place, "amount"}, "is out of range");
        field = Money::of_minor(parts.amount, parts.currency);
    }
    template <class T>
        requires std::is_class_v<T>
    void read(const json::value& value, const Place& place, T& field) {
        read_object(value, place, field);
    }
    template <class T>
    void read_object(const json::value& value, const Place& place, T& field) {
        if (!value.is_object()) return fail(place, "is not an object");
        Reader inner(value.get_object(), place, error_);
        members(inner, field);
    }

    const json::object& object_;
    const Place& place_;
    std::optional<DecodeError>& error_;
};

void members(Writer& io, const Money& money) {
    io.required("amount", money.minor());
    io.required("currency", money.currency());
}

template <class Io, Of<SeenTime> T>
void members(Io& io, T& time) {
    io.required("at", time.at);
    io.required("kind", time.kind);
    io.member("or_at", time.or_at);
}

template <class Io, Of<Origin> T>
void members(Io& io, T& origin) {
    io.required("format", origin.format);
    io.required("seen_at", origin.seen_at);
    io.member("file", origin.file);
    io.member("line", origin.line, 0);
}

template <class Io, Of<LineSeen> T>
void members(Io& io, T& line) {
    io.member("line_id", line.line_id);
    io.member("product_id", line.product_id);
    io.member("sku", line.sku);
    io.member("title", line.title);
    io.member("quantity", line.quantity);
    io.member("price", line.price);
    io.member("end_reason", line.end_reason);
    io.member("phase", line.phase, Phase::unknown);
}

template <class Io, Of<MomentSeen> T>
void members(Io& io, T& moment) {
    io.required("moment", moment.moment);
    io.required("at", moment.at);
}

template <class Io, Of<DisputeSeen> T>
void members(Io& io, T& dispute) {
    io.member("dispute_id", dispute.dispute_id);
    io.member("line_id", dispute.line_id);
    io.member("reason", dispute.reason);
    io.member("status", dispute.status);
    io.member("opened", dispute.opened);
    io.member("answered", dispute.answered);
    io.member("ended", dispute.ended);
    io.member("requested", dispute.requested);
    io.member("maximum", dispute.maximum);
    io.member("tracking", dispute.tracking);
    io.member("told", dispute.told);
}

template <class Io, Of<PromiseSeen> T>
void members(Io& io, T& promise) {
    io.required("at", promise.at);
    io.required("confidence", promise.confidence);
    io.member("basis", promise.basis);
}

template <class Io, Of<ScanSeen> T>
void members(Io& io, T& scan) {
    io.required("at", scan.at);
    io.required("status", scan.status);
    io.member("text", scan.text);
}

template <class Io, Of<PurchaseSeen> T>
void members(Io& io, T& purchase) {
    io.member("system", purchase.system);
    io.member("reference", purchase.reference);
    io.member("account", purchase.account);
    io.member("created", purchase.created);
    io.member("paid", purchase.paid);
    io.member("shipped", purchase.shipped);
    io.member("delivered", purchase.delivered);
    io.member("completed", purchase.completed);
    io.member("ended", purchase.ended);
    io.member("pay_before", purchase.pay_before);
    io.member("ship_by", purchase.ship_by);
    io.member("shipped_basis", purchase.shipped_basis);
    io.member("commit_days", purchase.commit_days);
    io.member("promise", purchase.promise);
    io.member("phase", purchase.phase, Phase::unknown);
    io.member("status", purchase.status);
    io.member("end_reason", purchase.end_reason);
    io.member("in_dispute", purchase.in_dispute);
    io.member("can_extend", purchase.can_extend);
    io.member("total", purchase.total);
    io.member("refunded", purchase.refunded);
    io.member("refunded_at", purchase.refunded_at);
    io.member("store_name", purchase.store_name);
    io.member("ship_method", purchase.ship_method);
    io.member("destination", purchase.destination);
    io.member("title", purchase.title);
    io.member("lines", purchase.lines);
    io.member("tracking_numbers", purchase.tracking_numbers);
    io.member("disputes", purchase.disputes);
}

// The customer's words stay out; see event_members().
template <class Io, Of<SaleSeen> T>
void members(Io& io, T& sale) {
    io.member("system", sale.system);
    io.member("reference", sale.reference);
    io.member("sale_id", sale.sale_id);
    io.member("created", sale.created);
    io.member("paid", sale.paid);
    io.member("cancelled", sale.cancelled);
    io.member("fulfilled", sale.fulfilled);
    io.member("total", sale.total);
    io.member("presentment_total", sale.presentment_total);
    io.member("refunded", sale.refunded);
    io.member("financial_status", sale.financial_status);
    io.member("fulfillment_status", sale.fulfillment_status);
    io.member("destination", sale.destination);
    io.member("test", sale.test, /*absent=*/false);
    io.member("lines", sale.lines);
    io.member("tracking_numbers", sale.tracking_numbers);
    io.member("payment_ids", sale.payment_ids);
    io.member("deliver_by", sale.deliver_by);
}

template <class Io, Of<ParcelSeen> T>
void members(Io& io, T& parcel) {
    io.member("tracking_number", parcel.tracking_number);
    io.member("purchase_system", parcel.purchase_system);
    io.member("purchase_reference", parcel.purchase_reference);
    io.member("carrier", parcel.carrier);
    io.member("status", parcel.status, ParcelStatus::unknown);
    io.member("raw_status", parcel.raw_status);
    io.member("shipped", parcel.shipped);
    io.member("delivered", parcel.delivered);
    io.member("expected_by", parcel.expected_by);
    io.member("scans", parcel.scans);
    io.member("product_ids", parcel.product_ids);
    io.member("last_mile_number", parcel.last_mile_number);
    io.member("stopped", parcel.stopped, /*absent=*/false);
}

template <class Io, Of<LinkSeen> T>
void members(Io& io, T& link) {
    io.member("sale_system", link.sale_system);
    io.member("sale_reference", link.sale_reference);
    io.member("sale_sku", link.sale_sku);
    io.member("sale_quantity", link.sale_quantity, 0);
    io.member("purchase_system", link.purchase_system);
    io.member("purchase_reference", link.purchase_reference);
    io.member("purchase_product_id", link.purchase_product_id);
    io.member("purchase_quantity", link.purchase_quantity, 0);
    io.required("how", link.how);
    io.required("state", link.state);
    io.member("reason", link.reason);
}

template <class Io, Of<RateSeen> T>
void members(Io& io, T& rate) {
    io.required("from", rate.from);
    io.required("to", rate.to);
    io.required("on", rate.on);
    io.required("numerator", rate.numerator);
    io.required("denominator", rate.denominator);
}

template <class Io, Of<MovementSeen> T>
void members(Io& io, T& movement) {
    io.required("system", movement.system);
    io.required("reference", movement.reference);
    io.required("kind", movement.kind);
    io.member("state", movement.state, MovementSeen::State::unknown);
    io.member("sale_system", movement.sale_system);
    io.member("sale_reference", movement.sale_reference);
    io.member("sale_id", movement.sale_id);
    io.member("payment_ids", movement.payment_ids);
    io.member("amount", movement.amount);
    io.member("taken_back", movement.taken_back);
    io.member("fee", movement.fee);
    io.member("status", movement.status);
    io.member("reason", movement.reason);
    io.member("opened", movement.opened);
    io.member("ended", movement.ended);
    io.member("answer_by", movement.answer_by);
    io.member("our_turn", movement.our_turn);
    io.member("test", movement.test, /*absent=*/false);
}

template <class Io, Of<Origin> O, class S, Of<std::string> M>
void event_members(Io& io, O& origin, S& seen, M& customer_mark) {
    io.required("origin", origin);
    members(io, seen);
    if constexpr (Of<S, SaleSeen>) io.member("customer", customer_mark);
}

// In the order of the alternatives of Seen.
constexpr std::array<std::string_view, std::variant_size_v<Seen>> kinds{
    "purchase_seen", "sale_seen", "parcel_seen", "link_seen", "rate_seen", "movement_seen"};

std::optional<Seen> blank_of(std::string_view kind) {
    if (kind == kinds[0]) return PurchaseSeen{};
    if (kind == kinds[1]) return SaleSeen{};
    if (kind == kinds[2]) return ParcelSeen{};
    if (kind == kinds[3]) return LinkSeen{};
    if (kind == kinds[4]) return RateSeen{};
    if (kind == kinds[5]) return MovementSeen{};
    return std::nullopt;
}

}  // namespace

EncodedObservation encode_observation(const Observation& observation,
                                      std::string_view customer_mark) {
    VERIFY(customer_mark.empty() || std::holds_alternative<SaleSeen>(observation.seen));
    EncodedObservation encoded{.kind = kinds[observation.seen.index()], .v = 1, .payload = {}};
    encoded.payload.reserve(1024);
    const std::string mark(customer_mark);
    Writer io(encoded.payload);
    std::visit([&](const auto& seen) { event_members(io, observation.origin, seen, mark); },
               observation.seen);
    encoded.payload += '}';
    return encoded;
}

std::expected<DecodedObservation, DecodeError> decode_observation(std::string_view kind,
                                                                  std::int32_t v,
                                                                  std::string_view payload) {
    auto blank = blank_of(kind);
    if (!blank) return std::unexpected(DecodeError{"", "is of no known kind"});
    if (v != 1) return std::unexpected(DecodeError{"", "is of no known version"});

    json::monotonic_resource memory;
    const auto value = parse_strict(payload, &memory);
    if (!value) return std::unexpected(value.error());

    DecodedObservation decoded{.observation = {.origin = {}, .seen = *std::move(blank)},
                               .customer_mark = {}};
    std::optional<DecodeError> error;
    const Place top;
    Reader io(value->get_object(), top, error);
    std::visit(
        [&](auto& seen) {
            event_members(io, decoded.observation.origin, seen, decoded.customer_mark);
        },
        decoded.observation.seen);
    if (error) return std::unexpected(*std::move(error));
    return decoded;
}

}  // namespace holdfast::store

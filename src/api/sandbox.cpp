// Who plays the other sides in a sandbox: the cast of an order, and that of orders to come.
#include "api/json_out.h"
#include "api/sandbox_cast.h"
#include "api/service.h"
#include "engine/counterparties.h"

#include <string>

namespace holdfast::api {
namespace {

namespace json = boost::json;

constexpr std::string_view given_kind = "cast_given";

struct GivenText {
    std::string cast = {};
    template <class F>
    void fields(F&& f) const {
        f("cast", cast);
    }
};

json::object cast_view(const engine::Cast& cast) {
    json::object out;
    const auto put_part = [&](std::string_view side, const auto& part) {
        if (part) out[side] = engine::to_string(*part);
    };
    put_part("buyer", cast.buyer);
    put_part("seller", cast.seller);
    put_part("carrier", cast.carrier);
    put_part("mediator", cast.mediator);
    put_part("processor", cast.processor);
    if (cast.carrier == engine::CarrierPart::late) out["late_days"] = cast.late_days;
    return out;
}

json::object cast_view(const FoundOrder& found) {
    const auto& cast = found.live.cast;
    json::object out;
    out["object"] = "cast";
    out["order_id"] = order_id(found.stream.bytes);
    out["cast"] = cast_view(cast);
    if (const auto act = engine::foreseen_act(found.live.state, found.rules, cast))
        out["next_act"] = {
            {"at", holdfast::to_string(act->at)}, {"played_by", act->part}, {"does", act->does}};
    return out;
}

json::object sandbox_view(const engine::Cast& cast) {
    return {{"object", "sandbox_cast"}, {"cast", cast_view(cast)}};
}

}  // namespace

void SandboxCast::load(store::Store& store) {
    const std::scoped_lock lock(mutex_);
    read(store);
}

void SandboxCast::read(store::Store& store) {
    for (const auto& event : stream_.load(store).events) {
        if (event.kind != given_kind) continue;
        const auto cast = engine::parse_cast(stream_.text_of<GivenText>(event).cast);
        if (!cast)
            throw store::StoreDown("the sandbox's cast, event " + std::to_string(event.seq) +
                                   ", has a part that is not known here");
        cast_ = *cast;
    }
}

engine::Cast SandboxCast::cast() const {
    const std::scoped_lock lock(mutex_);
    return cast_;
}

void SandboxCast::give(store::Store& store, const engine::Cast& cast, Instant now) {
    const std::scoped_lock lock(mutex_);
    read(store);
    if (cast == cast_) return;
    stream_.append(store, given_kind, GivenText{engine::to_string(cast)}, now);
    read(store);
}

void Service::casts(const Shared& call) {
    call->read_query({});
    if (call->has_faults()) return;
    if (options_.livemode) return call->send("sandbox_only");
    switch (call->operation()) {
    case Operation::give_cast:         return give_cast(call);
    case Operation::get_cast:          return get_cast(*call);
    case Operation::give_sandbox_cast: return give_sandbox_cast(*call);
    default:                           return call->send(200, sandbox_view(sandbox_cast_.cast()));
    }
}

void Service::give_cast(const Shared& call) {
    const auto version = call->if_match();
    engine::Cast cast;
    if (!call->read_body(Body::needed, [&](Members& body) { cast = read_cast(body); })) return;
    const auto id = parse_prefixed("ord", call->parameter("order_id"));
    if (!id) return call->send("not_found");
    auto work = work_of(*call, {*id}, {});
    work.what = engine::GiveCast{cast};
    work.if_version = version;
    ask_engine(call, std::move(work), [this, call, id = *id](const engine::Answer& given) {
        if (given.outcome != engine::Outcome::done)
            return answer(*call, {id}, store::StreamKind::order, given, 200);
        const auto found = afterwards_.order(id, call->now());
        if (!found) return call->send(found.error());
        call->send(200, cast_view(*found), {etag(found->version)});
    });
}

void Service::get_cast(Call& call) {
    if (const auto found = find_order(call))
        call.send(200, cast_view(*found), {etag(found->version)});
}

void Service::give_sandbox_cast(Call& call) {
    engine::Cast cast;
    if (!call.read_body(Body::needed, [&](Members& body) { cast = read_cast(body); })) return;
    engine_.with_store(
        [&](store::Store& store, engine::Writer&) { sandbox_cast_.give(store, cast, call.now()); });
    call.send(200, sandbox_view(sandbox_cast_.cast()));
}

}  // namespace holdfast::api

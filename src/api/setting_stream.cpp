#include "api/setting_stream.h"

#include <algorithm>
#include <utility>

namespace holdfast::api {

SettingStream::SettingStream(std::string name, std::string cause)
    : name_(std::move(name)),
      cause_(cause.empty() ? name_ : std::move(cause)),
      stream_(store::stream_id_of(store::StreamKind::system, "api", "", name_)) {}

store::History SettingStream::load(store::Store& store) {
    auto history = store.load(stream_);
    version_ = history.version;
    return history;
}

std::expected<std::optional<store::Event>, KeyReused> SettingStream::find(
    const store::History& history, const KeyRequest& request) {
    if (request.key.empty()) return std::nullopt;
    const auto known = std::ranges::find(history.requests, request.key, &store::KeptRequest::key);
    if (known == history.requests.end()) return std::nullopt;
    if (known->hash != request.hash) return std::unexpected(KeyReused{});
    return history.events.at(known->first_seq - 1);
}

void SettingStream::append_payload(store::Store& store, std::string_view kind, std::string payload,
                                   Instant now, const KeyRequest& request) {
    store::Change change{
        .stream = stream_, .kind = store::StreamKind::system, .expected_version = version_};
    change.events.push_back(
        {.at = now, .kind = std::string(kind), .v = 1, .payload = std::move(payload)});
    change.cause = cause_;
    if (!request.key.empty()) {
        change.request_key = request.key;
        change.request_hash = request.hash;
    }
    if (!store.write(change))
        throw store::StoreDown("the " + name_ + " are written by another program");
    ++version_;
}

void SettingStream::fail(const store::Event& event, const store::DecodeError& error) const {
    throw store::StoreDown("the " + name_ + ", event " + std::to_string(event.seq) + error.pointer +
                           ": " + error.problem);
}

}  // namespace holdfast::api

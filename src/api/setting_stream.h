// A system stream of the service's own settings, such as its keys or users: one program writes it,
// and the events are its only truth.
#pragma once

#include "base/hash.h"
#include "base/instant.h"
#include "store/codec/event_reader.h"
#include "store/codec/event_writer.h"
#include "store/store.h"

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace holdfast::api {

// What makes a request of this stream the same again; empty key: it has none.
struct KeyRequest {
    std::string key = {};
    Hash hash{};
};

struct KeyReused {};  // the key belongs to another request

class SettingStream {
public:
    // `cause`: of its commits; empty: its name.
    explicit SettingStream(std::string name, std::string cause = {});

    store::History load(store::Store& store);  // all of it, anew
    // What the same request wrote before, in what load() gave.
    static std::expected<std::optional<store::Event>, KeyReused> find(const store::History& history,
                                                                      const KeyRequest& request);
    // After load(). Throws StoreDown where another program has written meanwhile.
    template <class Text>
    void append(store::Store& store, std::string_view kind, const Text& text, Instant now,
                const KeyRequest& request = {}) {
        std::string payload;
        store::EventWriter(payload).put(text);
        append_payload(store, kind, std::move(payload), now, request);
    }

    // Throws StoreDown where it cannot be read.
    template <class Text>
    Text text_of(const store::Event& event) const {
        Text text;
        store::EventReader reader(event.payload);
        if (!reader.read_whole(text)) fail(event, reader.error());
        return text;
    }

private:
    void append_payload(store::Store& store, std::string_view kind, std::string payload,
                        Instant now, const KeyRequest& request);
    [[noreturn]] void fail(const store::Event& event, const store::DecodeError& error) const;

    std::string name_, cause_;
    store::StreamId stream_;
    std::uint64_t version_ = 0;
};

}  // namespace holdfast::api

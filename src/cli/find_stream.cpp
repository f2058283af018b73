#include "cli/find_stream.h"

#include "engine/case_file.h"

#include <optional>
#include <vector>

namespace holdfast::cli {
namespace {

using store::StreamKind;

std::optional<store::StreamId> parse_name(const std::string& text) {
    const bool is_party = text.starts_with("pty_");
    if (!is_party && !text.starts_with("ord_")) return std::nullopt;
    const auto bytes = parse_base32(std::string_view(text).substr(4));
    return bytes ? std::optional(store::StreamId{*bytes}) : std::nullopt;
}

// Along all orders: no index knows references without their accounts.
std::vector<store::IndexRow> with_reference(store::Store& store, const std::string& reference) {
    std::vector<store::IndexRow> found;
    store.scan(StreamKind::order, [&](const store::IndexRow& row) {
        if (row.reference == reference) found.push_back(row);
        return true;
    });
    return found;
}

}  // namespace

store::StreamId find_stream(store::Store& store, const std::string& text) {
    if (const auto id = parse_name(text)) {
        const auto row = store.find(*id);
        if (row && engine::name_of(*id, row->kind) == text) return *id;
        throw Stop(Exit::not_found, text + ": no such order or party");
    }
    const auto of_account = store.search("order:" + text, /*prefix=*/false, 1);
    if (!of_account.empty()) return of_account.front();
    const auto found = with_reference(store, text);
    if (found.empty())
        throw Stop(Exit::not_found,
                   text +
                       ": no such order; expected a reference, ACCOUNT:REFERENCE, ord_… or "
                       "pty_…");
    if (found.size() == 1) return found.front().stream;
    std::string all;
    for (const auto& row : found)
        all += (all.empty() ? "" : ", ") + row.system + ":" + row.reference;
    throw Stop(Exit::conflict, text + ": several accounts have it; name one of " + all);
}

}  // namespace holdfast::cli

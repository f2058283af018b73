#include "http/event_stream.h"

#include <utility>

namespace holdfast::http {

std::vector<StreamEvent> EventStreamReader::take(std::string_view piece) {
    std::vector<StreamEvent> whole;
    for (const char c : piece) {
        const bool is_of_return = std::exchange(after_return_, c == '\r') && c == '\n';
        if (is_of_return) continue;
        if (c == '\n' || c == '\r') {
            take_line(line_, whole);
            line_.clear();
        } else if (line_.size() == line_most) {
            is_broken_ = true;
            return whole;
        } else {
            line_ += c;
        }
    }
    return whole;
}

void EventStreamReader::take_line(std::string_view line, std::vector<StreamEvent>& whole) {
    if (!line.empty()) {
        const auto colon = line.find(':');
        if (colon == std::string_view::npos) return take_field(line, {});
        auto value = line.substr(colon + 1);
        if (value.starts_with(' ')) value.remove_prefix(1);
        return take_field(line.substr(0, colon), value);
    }
    has_begun_ = true;
    last_id_ = id_;
    if (std::exchange(has_data_, false))
        whole.push_back({.id = last_id_, .type = std::move(type_), .data = std::move(data_)});
    type_.clear();
    data_.clear();
}

void EventStreamReader::take_field(std::string_view name, std::string_view value) {
    if (name == "id" && !value.contains('\0')) id_ = value;
    if (name == "event") type_ = value;
    if (name != "data") return;
    if (has_data_) data_ += '\n';
    has_data_ = true;
    data_ += value;
}

}  // namespace holdfast::http

#include "engine/anchor.h"

#include "engine/json_members.h"

#include <boost/json.hpp>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <optional>
#include <utility>

namespace holdfast::engine {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using store::StreamHead;

std::string name_of(const store::StreamId& stream) { return to_base32(stream.bytes); }

std::vector<Hash> leaves_of(const HeadMap& heads) {
    std::vector<Hash> leaves;
    leaves.reserve(heads.size());
    for (const auto& [stream, head] : heads) leaves.push_back(leaf_of(head));
    return leaves;
}

void count(const HeadMap& heads, Anchor& anchor) {
    for (const auto& [stream, head] : heads) {
        ++anchor.streams[head.kind];
        anchor.events += head.head.version;
    }
    anchor.root = root_of(leaves_of(heads));
}

// --- Lines

std::string line_of(const Anchor& anchor) {
    json::object streams;
    for (const auto& [kind, number] : anchor.streams) streams[to_string(kind)] = number;
    json::array heads;
    for (const auto& [stream, kind, head] : anchor.heads)
        heads.push_back(
            json::array{name_of(stream), to_string(kind), head.version, to_hex(head.hash)});
    return json::serialize(json::object{{"anchor", anchor.no},
                                        {"at", to_string(anchor.at)},
                                        {"streams", std::move(streams)},
                                        {"events", anchor.events},
                                        {"root", to_hex(anchor.root)},
                                        {"previous", to_hex(anchor.previous)},
                                        {"heads", std::move(heads)}});
}

std::optional<StreamHead> parse_head(const json::value& value) {
    const auto* list = value.if_array();
    if (!list || list->size() != 4) return std::nullopt;
    const auto id = parse_base32(text_in((*list)[0]));
    const auto kind = store::parse_stream_kind(text_in((*list)[1]));
    const auto version = count_in((*list)[2]);
    const auto hash = parse_hash(text_in((*list)[3]));
    if (!id || !kind || !version || *version == 0 || !hash) return std::nullopt;
    return StreamHead{.stream = {*id}, .kind = *kind, .head = {.version = *version, .hash = *hash}};
}

class Reader {
public:
    // Why the line does not follow those before it, or nothing.
    std::optional<std::string> add(std::string_view line) {
        const auto parsed = store::parse_strict(line, {});
        if (!parsed) return parsed.error().pointer + ": " + parsed.error().problem;
        Anchor anchor{.no = read_.all.size() + 1, .line = hash_of(line)};
        if (!read_.all.empty()) anchor.previous = read_.all.back().line;
        const auto at = parse_instant(text_in(member(*parsed, "at")));
        if (!at) return "/at: is not an instant";
        if (!read_.all.empty() && *at < read_.all.back().at)
            return "/at: is before that of the line before it";
        anchor.at = *at;
        if (auto problem = take_heads(member(*parsed, "heads"), anchor)) return problem;
        count(read_.heads, anchor);
        // Everything else follows from the heads: the line is what would be written.
        if (auto place = find_difference(*parsed, *store::parse_strict(line_of(anchor), {})))
            return *place + ": does not follow from the lines before it";
        if (line_of(anchor) != line) return ": is not written as an anchor is";
        read_.all.push_back(std::move(anchor));
        return std::nullopt;
    }
    Anchors take() { return std::move(read_); }

private:
    std::optional<std::string> take_heads(const json::value& value, Anchor& anchor) {
        const auto* list = value.if_array();
        if (!list) return "/heads: is not a list";
        for (std::size_t i = 0; i < list->size(); ++i) {
            const auto at = "/heads/" + std::to_string(i);
            const auto head = parse_head((*list)[i]);
            if (!head) return at + ": is not a head";
            auto& known = read_.heads[head->stream];
            if (known.head.version >= head->head.version ||
                (known.head.version > 0 && known.kind != head->kind))
                return at + ": does not go on from the anchors before it";
            if (!anchor.heads.empty() && anchor.heads.back().stream >= head->stream)
                return at + ": is not in order";
            known = *head;
            anchor.heads.push_back(*head);
        }
        return std::nullopt;
    }

    Anchors read_;
};

// --- The file

[[noreturn]] void fail(const fs::path& file, const char* what) {
    throw store::StoreDown("the anchors " + file.string() + ": " + what + ": " +
                           std::strerror(errno));
}

// Open for one writer at a time.
class LockedFile {
public:
    explicit LockedFile(const fs::path& path) : path_(path) {
        file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
        if (file_ < 0) fail(path, "cannot be opened");
        if (::flock(file_, LOCK_EX) != 0) {
            ::close(file_);
            fail(path, "cannot be locked");
        }
    }
    ~LockedFile() { ::close(file_); }
    LockedFile(const LockedFile&) = delete;
    LockedFile& operator=(const LockedFile&) = delete;

    void append(std::string_view text) {
        while (!text.empty()) {
            const auto written = ::write(file_, text.data(), text.size());
            if (written < 0 && errno == EINTR) continue;
            if (written < 0) fail(path_, "cannot be written");
            text.remove_prefix(static_cast<std::size_t>(written));
        }
        if (::fsync(file_) != 0) fail(path_, "cannot be flushed to the disk");
        flush_folder();
    }

private:
    void flush_folder() {
        const auto folder = path_.has_parent_path() ? path_.parent_path() : fs::path(".");
        const int opened = ::open(folder.c_str(), O_RDONLY | O_CLOEXEC);
        const bool is_flushed = opened >= 0 && ::fsync(opened) == 0;
        if (opened >= 0) ::close(opened);
        if (!is_flushed) fail(path_, "cannot be flushed to the disk");
    }

    fs::path path_;
    int file_ = -1;
};

std::string described(const Anchor& anchor) {
    return "anchor " + std::to_string(anchor.no) + " of " + to_string(anchor.at);
}

// What became of a stream that was anchored as `then`, or nothing: it still begins so.
std::optional<std::string> find_loss(const StreamHead& then, store::HeadReader& store,
                                     const std::string& anchored_by) {
    const auto found = store.hash_at(then.stream, then.head.version);
    if (found == then.head.hash) return std::nullopt;
    const auto what = std::string(to_string(then.kind)) + " stream " + name_of(then.stream) + ": ";
    const auto had =
        "event " + std::to_string(then.head.version) + ", as " + anchored_by + " has it";
    if (found) return what + "was written anew at or before " + had;
    const auto now = store.find(then.stream);
    if (!now) return what + "is gone; it had " + had;
    return what + "was cut off after event " + std::to_string(now->head.version) + "; it had " +
           had;
}

}  // namespace

std::uint64_t Anchor::stream_count() const {
    std::uint64_t all = 0;
    for (const auto& [kind, number] : streams) all += number;
    return all;
}

Hash leaf_of(const StreamHead& head) {
    std::string bytes(reinterpret_cast<const char*>(head.stream.bytes.data()),
                      head.stream.bytes.size());
    bytes += static_cast<char>(head.kind);
    for (int shift = 56; shift >= 0; shift -= 8)
        bytes += static_cast<char>(static_cast<std::uint8_t>(head.head.version >> shift));
    bytes.append(reinterpret_cast<const char*>(head.head.hash.data()), head.head.hash.size());
    return leaf_hash(bytes);
}

std::expected<Anchors, std::string> parse_anchors(std::string_view text) {
    Reader reader;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const auto place = "line " + std::to_string(number);
        const auto end = text.find('\n');
        if (end == text.npos)
            return std::unexpected(place +
                                   ": is cut off; take it out to go on from the one before");
        if (const auto problem = reader.add(text.substr(0, end)))
            return std::unexpected(place + *problem);
        text.remove_prefix(end + 1);
    }
    return reader.take();
}

std::expected<Anchors, std::string> read_anchors(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    if (!stream) fail(file, "cannot be read");
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    auto read = parse_anchors(text);
    if (!read) return std::unexpected(file.string() + ", " + read.error());
    return read;
}

std::expected<Anchor, std::string> append_anchor(const fs::path& file, store::HeadReader& store,
                                                 Instant now) {
    LockedFile locked(file);
    auto before = read_anchors(file);
    if (!before) return std::unexpected(before.error());
    Anchor anchor{.no = before->all.size() + 1, .at = now};
    if (!before->all.empty()) {
        anchor.previous = before->all.back().line;
        if (now < before->all.back().at)
            return std::unexpected("the clock stands before the last anchor, " +
                                   described(before->all.back()));
    }
    HeadMap heads;
    store.scan([&](const StreamHead& head) {
        heads.emplace_hint(heads.end(), head.stream, head);
        const auto known = before->heads.find(head.stream);
        if (known == before->heads.end() || known->second != head) anchor.heads.push_back(head);
    });
    for (const auto& [stream, head] : before->heads) {
        const auto now_there = heads.find(stream);
        if (now_there != heads.end() && now_there->second == head) continue;
        if (auto loss = find_loss(head, store, "the last anchor")) return std::unexpected(*loss);
    }
    count(heads, anchor);
    const auto line = line_of(anchor);
    anchor.line = hash_of(line);
    locked.append(line + '\n');
    return anchor;
}

std::vector<std::string> find_lost(const Anchors& anchors, store::HeadReader& store) {
    std::map<store::StreamId, std::string> lost;  // by its oldest anchor that does not fit
    for (const auto& anchor : anchors.all)
        for (const auto& head : anchor.heads)
            if (!lost.contains(head.stream))
                if (auto loss = find_loss(head, store, described(anchor)))
                    lost.emplace(head.stream, std::move(*loss));
    std::vector<std::string> all;
    for (auto& [stream, loss] : lost) all.push_back(std::move(loss));
    return all;
}

std::vector<AnchorProof> proofs_of(const Anchors& anchors, const store::StreamId& stream) {
    std::vector<AnchorProof> proofs;
    HeadMap heads;
    for (const auto& anchor : anchors.all) {
        bool is_new = false;
        for (const auto& head : anchor.heads) {
            heads[head.stream] = head;
            is_new = is_new || head.stream == stream;
        }
        if (!is_new) continue;
        const auto index = std::distance(heads.begin(), heads.find(stream));
        proofs.push_back({.no = anchor.no,
                          .at = anchor.at,
                          .line = anchor.line,
                          .root = anchor.root,
                          .streams = anchor.stream_count(),
                          .version = heads.at(stream).head.version,
                          .path = path_of(leaves_of(heads), static_cast<std::size_t>(index))});
    }
    return proofs;
}

}  // namespace holdfast::engine

#include "engine/importer.h"

#include "base/verify.h"
#include "engine/channel.h"

#include <algorithm>
#include <exception>
#include <functional>
#include <future>
#include <memory>
#include <thread>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace holdfast::engine {
namespace {

using Known = ImportBatch::Known;
using Changes = std::vector<store::Change>;

constexpr std::size_t streams_pending_max = 4000;

std::string what_of(const desk::Observation& observation) {
    struct Name {
        std::string operator()(const desk::PurchaseSeen& seen) const {
            return "purchase " + seen.system + ' ' + seen.reference;
        }
        std::string operator()(const desk::SaleSeen& seen) const {
            return "sale " + seen.system + ' ' + seen.reference;
        }
        std::string operator()(const desk::ParcelSeen& seen) const {
            return "parcel " + seen.tracking_number;
        }
        std::string operator()(const desk::LinkSeen& seen) const {
            return "link " + seen.sale_reference + " to " + seen.purchase_reference;
        }
        std::string operator()(const desk::RateSeen& seen) const {
            return "rate " + std::string(code_of(seen.from)) + " to " +
                   std::string(code_of(seen.to));
        }
        std::string operator()(const desk::MovementSeen& seen) const {
            return std::string(to_string(seen.kind)) + ' ' + seen.system + ' ' + seen.reference;
        }
    };
    return std::visit(Name{}, observation.seen);
}

// A parcel that names its purchase also says that the purchase has this parcel.
std::optional<desk::Observation> purchase_side(const desk::Observation& observation) {
    const auto* parcel = std::get_if<desk::ParcelSeen>(&observation.seen);
    if (!parcel || parcel->purchase_reference.empty() || parcel->tracking_number.empty())
        return std::nullopt;
    desk::PurchaseSeen purchase;
    purchase.system = parcel->purchase_system.empty() ? "aliexpress" : parcel->purchase_system;
    purchase.reference = parcel->purchase_reference;
    purchase.tracking_numbers = {parcel->tracking_number};
    return desk::Observation{observation.origin, std::move(purchase)};
}

// --- What is found in a file, in its order ---------------------------------------------------

struct Sighting {
    desk::Observation observation;
    Subject subject{};
    store::StreamId stream{};
    bool is_side = false;  // said beside another observation, and no row of its own
};
struct Remark {
    RowFate fate = RowFate::noted;
    formats::Place place;
    std::string text;
};
struct Step {
    std::uint64_t bytes_done = 0, bytes_all = 0;
};
using Finding = std::variant<Sighting, Remark, Step>;
using Findings = std::vector<Finding>;

struct Unwanted {};  // thrown through a reader whose findings nobody takes any more

// Hands on what a reader finds, so many findings at a time.
class Gatherer : public formats::Sink {
public:
    Gatherer(Channel<Findings>& out, std::size_t at_once) : out_(out), at_once_(at_once) {}

    // Both sides of one observation are written together.
    void observed(desk::Observation observation) override {
        auto side = purchase_side(observation);
        if (side) found_.emplace_back(sighting_of(std::move(*side), /*is_side=*/true));
        add(sighting_of(std::move(observation), /*is_side=*/false));
    }
    void rejected(const formats::Place& place, std::string reason) override {
        add(Remark{RowFate::rejected, place, std::move(reason)});
    }
    void noted(const formats::Place& place, std::string text) override {
        add(Remark{RowFate::noted, place, std::move(text)});
    }
    void add(Finding finding) {
        if (found_.empty() && is_long_) found_.reserve(at_once_);
        found_.push_back(std::move(finding));
        if (found_.size() < at_once_) return;
        is_long_ = true;
        hand_on();
    }
    void hand_on() {
        if (!out_.push(std::exchange(found_, {}))) throw Unwanted{};
    }

private:
    static Sighting sighting_of(desk::Observation observation, bool is_side) {
        auto subject = subject_of(observation);
        const auto stream = stream_of(subject);
        return {std::move(observation), std::move(subject), stream, is_side};
    }

    Channel<Findings>& out_;
    std::size_t at_once_;
    Findings found_;
    bool is_long_ = false;
};

// --- What the store knows of them ------------------------------------------------------------

struct Lookup {
    std::vector<store::StreamId> streams;  // in order, once each
    std::vector<store::Person> customers;  // of every sighting; without a mail address nobody
};
struct Looked {
    std::vector<std::optional<store::IndexRow>> rows;  // of the streams
    std::vector<std::string> marks;                    // of the customers
};

Lookup lookup_for(const Findings& findings) {
    Lookup lookup;
    for (const auto& finding : findings) {
        const auto* sighting = std::get_if<Sighting>(&finding);
        if (!sighting) continue;
        lookup.streams.push_back(sighting->stream);
        lookup.customers.push_back(customer_of(sighting->observation));
    }
    std::ranges::sort(lookup.streams);
    const auto repeated = std::ranges::unique(lookup.streams);
    lookup.streams.erase(repeated.begin(), repeated.end());
    return lookup;
}

std::vector<std::string> marks_of(store::Store& store, const std::vector<store::Person>& people) {
    const auto is_nobody = [](const store::Person& person) { return person.email.empty(); };
    if (std::ranges::all_of(people, is_nobody)) return std::vector<std::string>(people.size());
    return store.person_marks(people);
}

// Runs what it is given one after another, on a thread of its own.
class InTurn {
public:
    InTurn() = default;
    ~InTurn() { works_.close(); }  // what was given is done before the thread ends
    InTurn(const InTurn&) = delete;
    InTurn& operator=(const InTurn&) = delete;

    template <class Work>
    auto run(Work work) {
        std::packaged_task<std::invoke_result_t<Work&>()> task(std::move(work));
        auto result = task.get_future();
        VERIFY(works_.push([task = std::move(task)]() mutable { task(); }));
        return result;
    }

private:
    Channel<std::move_only_function<void()>> works_{4};
    std::jthread thread_{[this] {
        while (auto work = works_.pop()) (*work)();
    }};
};

// One file on its way into the store. The store's thread takes in turns: it looks up what the next
// findings need, then writes what became of those before them.
class FileImport {
public:
    FileImport(store::Store& store, const ImportOptions& options, std::string cause,
               ImportReport& report)
        : store_(store), options_(options), cause_(std::move(cause)), report_(report) {}

    std::expected<formats::FileReport, formats::FileError> run(const std::filesystem::path& file,
                                                               formats::ReadOptions reading) {
        std::optional<std::expected<formats::FileReport, formats::FileError>> read;
        std::exception_ptr failure;
        {
            std::jthread reader([&] {
                try {
                    read = read_into(findings_, file, reading);
                } catch (const Unwanted&) {
                } catch (...) {
                    failure = std::current_exception();
                }
                findings_.close();
            });
            const Closing closing{findings_};
            while (auto next = findings_.pop()) take(std::move(*next));
            fold_waiting();
            wait_for_last();
        }
        if (failure) std::rethrow_exception(failure);
        VERIFY(read.has_value());
        return *std::move(read);
    }

private:
    struct Closing {  // lets the reader go, whatever happens to us
        Channel<Findings>& findings;
        ~Closing() { findings.close(); }
    };
    struct Waiting {
        Findings findings;
        std::vector<store::StreamId> streams;
        std::future<Looked> looked;
    };

    std::expected<formats::FileReport, formats::FileError> read_into(
        Channel<Findings>& out, const std::filesystem::path& file,
        formats::ReadOptions reading) const {
        Gatherer gatherer(out, options_.rows_at_once);
        if (options_.progress)
            reading.progress = [&](std::uint64_t done, std::uint64_t all) {
                gatherer.add(Step{done, all});
            };
        auto read = formats::read_file(file, reading, gatherer);
        gatherer.hand_on();
        return read;
    }

    void take(Findings findings) {
        auto lookup = lookup_for(findings);
        auto streams = lookup.streams;
        auto looked = store_thread_.run([this, lookup = std::move(lookup)] {
            if (store_failed_) return Looked{};  // nobody is met whose order is not written
            auto rows = store_.find_all(lookup.streams);
            return Looked{std::move(rows), marks_of(store_, lookup.customers)};
        });
        fold_waiting();
        waiting_ = {std::move(findings), std::move(streams), std::move(looked)};
    }

    void fold_waiting() {
        auto [findings, streams, future] = std::exchange(waiting_, {});
        if (!future.valid()) return;
        auto looked = future.get();
        for (std::size_t i = 0; i < streams.size(); ++i) begin(streams[i], looked.rows[i]);
        std::size_t sightings = 0;
        for (auto& finding : findings) {
            if (auto* sighting = std::get_if<Sighting>(&finding))
                fold(*sighting, std::move(looked.marks[sightings++]));
            else if (const auto* remark = std::get_if<Remark>(&finding))
                tell(*remark);
            else if (const auto* step = std::get_if<Step>(&finding))
                options_.progress(step->bytes_done, step->bytes_all);
        }
        write();
    }

    // What was written last may not have been there yet when the stream was looked up.
    void begin(const store::StreamId& id, std::optional<store::IndexRow>& row) {
        if (batch_.has(id)) return;
        auto known = ImportBatch::known_of(std::move(row));
        const auto last = std::ranges::lower_bound(*last_, id, {}, &store::Change::stream);
        if (last != last_->end() && last->stream == id)
            known = Known{last->index->facts, last->expected_version + last->events.size()};
        batch_.begin(id, std::move(known));
    }

    void fold(Sighting& sighting, std::string mark) {
        auto& observation = sighting.observation;
        report_.seen_at = std::max(report_.seen_at, observation.origin.seen_at);
        const formats::Place place{observation.origin.line, {}};
        auto what = options_.on_row ? what_of(observation) : std::string{};
        const auto fate = batch_.add(sighting.stream, std::move(sighting.subject),
                                     part_of(std::move(observation), std::move(mark)));
        if (sighting.is_side) return;
        if (fate == RowFate::added) ++report_.rows_new;
        if (fate == RowFate::changed) ++report_.rows_changed;
        if (fate == RowFate::same) ++report_.rows_same;
        if (options_.on_row) options_.on_row({fate, place, std::move(what), {}});
    }

    void tell(const Remark& remark) {
        ++(remark.fate == RowFate::rejected ? report_.rows_rejected : report_.notes);
        if (options_.on_row) options_.on_row({remark.fate, remark.place, {}, remark.text});
    }

    void write() {
        auto changes = batch_.take_changes(options_.now, cause_);
        wait_for_last();
        last_ = std::make_shared<const Changes>(std::move(changes));
        written_ = store_thread_.run([this, changes = last_, again = refolded_] {
            store_failed_ = true;
            auto refolded = write_changes(store_, *changes, again);
            store_failed_ = false;
            return refolded;
        });
    }

    // What we folded onto a change that was refused does not fit, whatever its version says.
    void wait_for_last() {
        if (written_.valid()) refolded_ = written_.get();
    }

    store::Store& store_;
    const ImportOptions& options_;
    std::string cause_;
    ImportReport& report_;
    Channel<Findings> findings_{1};
    Waiting waiting_;
    ImportBatch batch_;
    std::shared_ptr<const Changes> last_ = std::make_shared<const Changes>();
    std::future<std::vector<store::StreamId>> written_;  // of `last_`: those folded again
    std::vector<store::StreamId> refolded_;              // of the write before
    bool store_failed_ = false;                          // the store's thread's own
    InTurn store_thread_;                                // ends before all that its work looks at
};

std::string file_name(const std::filesystem::path& file) { return file.filename().string(); }

}  // namespace

Importer::Importer(store::Store& store, Instant now, std::string cause)
    : store_(store), now_(now), cause_(std::move(cause)) {}

RowFate Importer::add(desk::Observation observation) {
    auto subject = subject_of(observation);
    const auto id = stream_of(subject);
    if (!batch_.has(id)) batch_.begin(id, ImportBatch::known_of(store_.find(id)));
    auto mark = marks_of(store_, {customer_of(observation)}).front();
    const auto fate = batch_.add(id, std::move(subject), part_of(std::move(observation), mark));
    if (batch_.size() >= streams_pending_max) flush();
    return fate;
}

void Importer::flush() { write_changes(store_, batch_.take_changes(now_, cause_)); }

store::StreamId link_stream(const desk::LinkSeen& seen) {
    desk::Observation observation;
    observation.seen = seen;
    return stream_of(subject_of(observation));
}

std::size_t write_guesses(store::Store& store, DeskView& view, Instant now) {
    Importer importer(store, now, "guess");
    std::size_t open = 0;
    for (auto& guess : view.new_guesses()) {
        open += guess.state == desk::LinkSeen::State::open;
        importer.add(
            {{.format = "guess", .seen_at = view.now(), .file = {}, .line = 0}, std::move(guess)});
    }
    importer.flush();
    return open;
}

std::expected<ImportReport, formats::FileError> import_file(store::Store& store,
                                                            const std::filesystem::path& file,
                                                            const ImportOptions& options) {
    const auto hash = formats::hash_file(file);
    if (!hash) return std::unexpected(hash.error());
    const auto before = store.find_import(*hash);

    ImportReport report;
    report.known_file = before.has_value();
    // The same file without a time of its own was true when it was first brought in, not again now.
    const auto fallback = before ? before->seen_at : options.now;
    formats::ReadOptions reading;
    reading.zones = options.zones;
    reading.seen_at = options.seen_at;
    reading.now = fallback;
    reading.currency = options.currency;
    reading.mapping = options.mapping;
    const auto read =
        FileImport(store, options, "import:" + to_hex(*hash), report).run(file, reading);
    if (!read) return std::unexpected(read.error());
    report.file = *read;
    if (report.seen_at == Instant{}) report.seen_at = options.seen_at.value_or(fallback);
    store.record_import({*hash, file_name(file), report.file.format, report.seen_at, options.now,
                         report.rows_new, report.rows_changed, report.rows_same,
                         report.rows_rejected});
    return report;
}

}  // namespace holdfast::engine

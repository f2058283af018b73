// The marketplace's HTTP interface: the contract of api/openapi.yaml over the engine.
//
// A request is let in by its key, session or link, read strictly, made into a work of the engine,
// and answered from the engine's thread once it is committed; what is only read is read beside the
// engine. Whatever somebody may not see answers like what does not exist.
#pragma once

#include "api/approvals.h"
#include "api/call.h"
#include "api/console.h"
#include "api/desk_service.h"
#include "api/evidence_files.h"
#include "api/followers.h"
#include "api/keys.h"
#include "api/links.h"
#include "api/order_requests.h"
#include "api/party_requests.h"
#include "api/passwords.h"
#include "api/past_disputes.h"
#include "api/problem_pages.h"
#include "api/rate_limit.h"
#include "api/reads.h"
#include "api/sandbox_cast.h"
#include "api/sessions.h"
#include "api/sign_in_guard.h"
#include "api/tokens.h"
#include "api/users.h"
#include "api/work_desk.h"
#include "engine/decision_letter.h"
#include "engine/engine.h"
#include "formats/push.h"
#include "formats/rulebook.h"
#include "http/server.h"
#include "store/person.h"

#include <atomic>
#include <chrono>
#include <expected>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace holdfast::api {

// A minute's requests; 0: no limit. Health probes have none.
struct RateLimits {
    std::uint32_t of_key = 60'000;
    std::uint32_t of_address = 600;        // without a key that is in force
    std::uint32_t failed_of_address = 60;  // with one that is not
};

struct ServiceOptions {
    // Real money; else a sandbox, with test clocks. A store is one or the other, for ever, and so
    // are its keys.
    bool livemode = false;
    // Where problems are explained: a problem's type is this and its code. Here, unless said
    // otherwise.
    std::string problem_types = std::string(problem_pages);
    std::string openapi_json;  // what /openapi.json answers, and /docs shows
    store::Random random = store::fill_from_system;
    std::filesystem::path evidence_folder = "evidence";  // files of evidence
    engine::DeskSettings desk = {};
    RateLimits limits = {};
    // What a person may let go alone, at once; more waits for a second one, and so does any other
    // currency. Empty: no bound.
    std::map<Currency, order::Minor> alone_most = {};
    // Who may frame the page of a link's holder: origins, as `frame-ancestors` names them.
    std::string frame_ancestors = std::string(no_frames);
    // By which Stripe signs what it tells by itself; empty: nothing of it is taken.
    std::string stripe_signing_secret = {};
    // Whose pushes are taken, by the last part of their path. Rules that prove nothing
    // (formats/push.h, why_incomplete) have no place here.
    std::map<std::string, formats::PushRules, std::less<>> pushes = {};
    // Something happened to the payment with this key. From several threads; must not block.
    std::function<void(const std::string& key)> on_payment_news = [](const std::string&) {};
};

class Service final : public http::Handler {
public:
    // `open_store` opens a store to read beside the engine's. All of it outlives the service.
    Service(engine::Engine& engine, const engine::RulesBook& rules, const formats::Rulebook& book,
            const std::function<std::unique_ptr<store::Store>()>& open_store,
            ServiceOptions options);

    http::Admission admit(const http::ServerRequest& request) override;
    void handle(http::ServerRequest request, http::Reply reply) override;

    KeyBook& keys() { return keys_; }
    const KeyBook& keys() const { return keys_; }
    const UserBook& users() const { return users_; }
    void set_setup(std::string token, Instant until);  // before the first request
    std::size_t keep_desk_up() { return reselling_.keep_up(); }
    // From now on not ready: before the server stops.
    void drain() { is_draining_ = true; }

private:
    using Shared = std::shared_ptr<Call>;

    void dispatch(const Shared& call);

    // access.cpp
    bool let_in(Call& call);
    // Or a code of the contract.
    std::expected<Caller, std::string_view> find_caller(const http::ServerRequest& request);
    std::expected<Caller, std::string_view> find_signed_in(const http::ServerRequest& request,
                                                           std::string_view token);
    bool may_see_order(const Caller& caller, const IdBytes& order);
    bool may_act(const Caller& caller, const OrderAsk& ask) const;
    bool may_ask(Call& call, RateLimiter& limiter, std::string_view subject);

    // orders.cpp
    void place_order(const Shared& call);
    void place_orders(const Shared& call);
    void record_scans(const Shared& call);
    void ask_order(const Shared& call);
    void get_order(Call& call);
    void list_orders(Call& call);
    void get_dispute(Call& call);
    void list_disputes(Call& call);
    void get_checklist(Call& call);                  // checklist.cpp
    void list_decisions(Call& call);                 // decisions.cpp
    void list_open_disputes(const Shared& call);     // overview.cpp
    void get_overview(const Shared& call);           // overview.cpp
    void list_similar_disputes(const Shared& call);  // past_disputes.cpp
    void list_instructions(Call& call);
    void list_outgoing(const Shared& call);  // outgoing.cpp
    std::optional<boost::json::object> outgoing_row(const store::OutboxRow& row, Instant now);
    void list_order_events(Call& call);
    void list_order_entries(Call& call);
    void explain_order(Call& call);
    void forecast_order(Call& call);  // forecast.cpp
    std::vector<store::Store::Begun> orders_named(std::string_view reference);
    void preview_order(Call& call, const OrderAsk& ask);
    std::optional<std::vector<engine::Letter>> find_letters(const FoundOrder& found,
                                                            order::DisputeNo no,
                                                            const order::Events& more,
                                                            engine::DecidedBy by);
    void put_letter(boost::json::object& preview, const Call& call, const FoundOrder& found,
                    const order::Events& decision);
    // Has the engine do it; `give` answers on its thread, which no failure may take with it.
    void ask_engine(const Shared& call, engine::Work work,
                    const std::function<void(const engine::Answer&)>& give);
    void submit(const Shared& call, engine::Work work, store::StreamKind kind, int status);
    template <class Refusal>
    void refuse_preview(Call& call, const store::StreamId& stream, store::StreamKind kind,
                        const Refusal& refusal, std::uint64_t version) {
        answer(call, stream, kind,
               {.outcome = engine::Outcome::refused, .version = version, .refusal = refusal}, 200);
    }
    Placing read_placing_of(Members& body);
    std::string_view problem_with(const Placing& placing) const;  // empty: none
    void answer(Call& call, const store::StreamId& stream, store::StreamKind kind,
                const engine::Answer& answer, int status);
    using ReadItem = std::function<std::expected<engine::Work, std::string_view>(Members& one)>;
    void run_batch(const Shared& call, std::string_view list, int status,
                   const ReadItem& read_item);
    PinOf pins() const;
    std::optional<order::Party> reader_of(Call& call);
    // Of the path. Nothing: it was answered.
    std::optional<FoundOrder> find_order(Call& call);
    std::optional<store::History> find_order_history(Call& call, store::StreamId& stream);
    template <class No, class Things, class View>
    void list_things(Call& call, Things order::Order::* things, const View& view);
    std::optional<FoundParty> find_party(Call& call);

    // parties.cpp
    void create_party(const Shared& call);
    void show_named(Call& call, const IdBytes& id, const engine::Answer& given);
    void ask_party(const Shared& call);
    void preview_party(Call& call, const PartyAsk& ask, std::optional<std::uint64_t> version);
    void get_party(Call& call);
    void get_party_balances(Call& call);
    void get_party_statement(Call& call);
    void list_party_entries(Call& call);

    // conduct.cpp
    std::optional<IdBytes> known_party(Call& call);
    struct ConductAsked;
    std::optional<ConductAsked> conduct_asked(Call& call);
    void get_party_metrics(Call& call);
    void list_metric_causes(Call& call);
    void tell_identity(Call& call);
    void list_linked_parties(Call& call);

    // notices.cpp
    void get_contact(Call& call);
    void set_contact(Call& call);
    void delete_contact(Call& call);
    void send_contact(Call& call, const IdBytes& party);
    void list_notices(Call& call);
    void note_bounced(Call& call, const ThingId& subject, const OrderAsk& ask);

    // events.cpp
    void list_events(Call& call);
    std::optional<store::FeedEvent> find_event(std::string_view id);
    std::optional<std::uint64_t> feed_place(Call& call, std::string_view list);
    std::vector<std::string> wanted_types(Call& call);
    void send_entries(Call& call, const std::vector<boost::json::object>& entries);
    void stream_events(Call& call);
    void get_event(Call& call);

    // tokens.cpp
    void create_token(Call& call);

    // people.cpp: users, sessions and links
    void create_link(Call& call);
    void end_link(Call& call);
    void end_order_links(Call& call);
    void create_first_user(const Shared& call);
    void create_session(const Shared& call);
    void sign_in(Call& call, const std::string& name, const std::string& password,
                 const std::string& from);
    void end_session(Call& call);
    void get_caller(Call& call);
    void change_password(const Shared& call);
    void create_user(const Shared& call);
    void add_user(Call& call, User user, const std::string& password, const KeyRequest& request);
    void list_users(Call& call);
    void list_desk_people(Call& call);
    void get_user(Call& call);
    void update_user(const Shared& call);
    void set_user(Call& call, const IdBytes& id, UserChange change, const std::string& password,
                  std::uint64_t if_version);
    // What takes long; `work` answers.
    void at_work_desk(const Shared& call, std::function<void(Call&)> work);

    // approving.cpp
    struct Weighed {
        Money amount;
        std::uint64_t version = 0;
    };
    std::optional<Weighed> too_much(Money amount, std::uint64_t version) const;
    std::optional<Weighed> weigh(const Call& call, const IdBytes& stream, const OrderAsk& ask);
    std::optional<Weighed> weigh(const Call& call, const IdBytes& stream, const PartyAsk& ask);
    void ask_second(Call& call, const Weighed& weighed, const KeyRequest& request,
                    const boost::json::object& body);
    void list_approvals(Call& call);
    void get_approval(Call& call);
    std::optional<Approval> find_approval(Call& call);
    std::optional<Approval> find_undecided(Call& call);
    void approve(const Shared& call);
    void decline_approval(Call& call);

    // texts.cpp: what parties write
    void ask_with_text(Call& call, const FoundOrder& found, order::Command& command,
                       const FreeText& text, KeyRequest& request,
                       std::optional<std::uint64_t> version);
    void list_messages(Call& call);
    void erase_party(Call& call);

    // evidence.cpp
    http::Answer refuse_early(const http::ServerRequest& request, RateLimiter& limiter,
                              std::string_view subject, std::string_view wrong);
    void upload_file(const Shared& call);
    void get_file(Call& call);
    struct EvidenceSeen {
        EvidencePlace place;
        bool is_closed = false;
        std::vector<Hash> submitted = {};
    };
    std::optional<EvidenceSeen> find_evidence_place(Call& call);

    // settings.cpp: endpoints, keys, clocks
    void endpoints(const Shared& call);
    void create_endpoint(Call& call);
    void list_endpoints(Call& call);
    void get_endpoint(Call& call);
    void update_endpoint(Call& call);
    void delete_endpoint(Call& call);
    void rotate_secret(Call& call);
    void list_deliveries(Call& call);
    struct Once;
    using Act = std::function<std::string_view(store::Store&, engine::Writer&, bool is_fresh)>;
    Once do_once(Call& call, const KeyRequest& request, const Act& act);
    void replay_delivery(Call& call);
    std::optional<store::Endpoint> need_endpoint(Call& call);
    void create_test_clock(Call& call);
    void list_test_clocks(Call& call);
    void get_test_clock(Call& call);
    void advance_test_clock(Call& call);
    struct ClockSeen;
    ClockSeen see_clock(store::Store& store, const std::string& clock);
    void create_key(Call& call);
    void list_keys(Call& call);
    void revoke_key(Call& call);
    void test_clocks(const Shared& call);

    // sandbox.cpp: who plays the other sides
    void casts(const Shared& call);
    void give_cast(const Shared& call);
    void get_cast(Call& call);
    void give_sandbox_cast(Call& call);

    // terms_view.cpp
    void list_terms(Call& call);
    void get_terms(Call& call);

    // callbacks.cpp
    void take_stripe_callback(Call& call);
    void take_push(const Shared& call);

    bool works_desk(const IdBytes& user) const;  // rows can be given to them
    void get_problem_page(Call& call);
    void get_console(Call& call);
    void get_readiness(Call& call);

    engine::Engine& engine_;
    const engine::RulesBook& rules_;
    const formats::Rulebook& book_;
    ServiceOptions options_;
    http::Answer docs_;
    Reads reads_;       // of requests
    Reads afterwards_;  // of the engine's thread, which waits for no request
    KeyBook keys_;
    UserBook users_;
    LinkBook links_;
    TokenBook tokens_;
    SandboxCast sandbox_cast_;
    ApprovalBook approvals_;
    Sessions sessions_;
    SignInGuard guard_;
    EvidenceFiles files_;
    std::mutex setup_mutex_;
    std::string setup_token_;  // by which the first admin is made; empty: no more
    Instant setup_until_{};
    Followers followers_{reads_};
    RateLimiter caller_limit_, address_limit_, failure_limit_;
    std::atomic<bool> is_draining_ = false;
    DeskService reselling_;
    PastDisputes past_disputes_{reads_};  // of the work desk
    WorkDesk desk_;                       // ends first: it uses the others
};

// An event's postings as entries, behind those that are there.
void add_entries(std::vector<boost::json::object>& entries, const IdBytes& stream,
                 std::uint64_t seq, Instant at, const ledger::Postings& postings);

// What is to be asked of the engine, for this caller and under this key; `what` is still to be
// said.
engine::Work work_of(const Call& call, const store::StreamId& stream, KeyRequest request);

// The number of the dispute that the path names; 0: it names none.
order::DisputeNo dispute_of(const Call& call);

// Operations whose body is a form with a file, and how large the file may be.
bool is_upload(Operation operation);
std::uint64_t bytes_most_of(Operation upload);

// A session's cookie, as a browser sends it and is told of it.
std::string_view session_token(const http::ServerRequest& request);  // empty: none
http::Header session_header(std::string_view token, std::chrono::seconds lives);

// The routes of all operations.
http::Router routes();

}  // namespace holdfast::api

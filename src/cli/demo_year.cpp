#include "cli/demo_year.h"

#include "api/passwords.h"
#include "api/secret.h"
#include "api/users.h"
#include "cli/engine_shell.h"
#include "cli/key_file.h"
#include "cli/progress.h"
#include "engine/year.h"
#include "engine/year_desk.h"
#include "store/flush.h"
#include "store/sqlite/backup.h"
#include "store/sqlite/sqlite_store.h"

#include <array>
#include <chrono>
#include <fstream>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>

namespace holdfast::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view terms_id = "marketplace";
constexpr std::uint32_t sales_of_orders = 16;  // one of the reseller's purchases to so many

// A demo's database knows an import of this.
Hash mark() { return hash_of("holdfast demo --year"); }

// --- Who may sign in

struct Role {
    std::string_view name;
    api::Roles roles;
    std::string_view may;
};
constexpr std::array roles{Role{"admin", api::admin, "everything"},
                           Role{"operator", api::operating, "orders, money, parties"},
                           Role{"mediator", api::mediator, "decides disputes"},
                           Role{"seller", api::seller, "a seller with a dispute to answer"},
                           Role{"buyer", api::buyer, "the buyer of that dispute"},
                           Role{"lead", api::lead, "the reseller's desk"},
                           Role{"assistant", api::assistant, "rows of the desk"}};

fs::path password_file(const fs::path& database) { return database.string() + ".password"; }

// The same password for all, made for this database alone. The id of the lead, as causes name it.
std::string make_users(store::Store& store, const engine::YearCounts& year, Instant now,
                       const std::string& password) {
    api::UserBook users;
    users.load(store);
    std::string lead;
    for (const auto& role : roles) {
        api::User user{.name = std::string(role.name), .roles = role.roles};
        if (role.roles == api::seller) user.party = year.a_seller.bytes;
        if (role.roles == api::buyer) user.party = year.a_buyer.bytes;
        user.password = api::hash_password(password);
        const auto made = users.create(store, std::move(user), now, store::fill_from_system);
        if (!made)
            throw Stop(Exit::failure,
                       "the demo's user " + std::string(role.name) + " could not be made");
        if (role.roles == api::lead) lead = "usr_" + to_base32(made->user.id);
    }
    return lead;
}

// --- The file

void remove_demo(const fs::path& database) {
    store::remove_sqlite(database);
    std::error_code ignored;
    for (const auto* beside : {".key", ".setup", ".password"})
        fs::remove(database.string() + beside, ignored);
    fs::remove_all(database.string() + ".evidence", ignored);
}

struct Made {
    engine::YearCounts year;
    engine::YearDeskCounts desk;
};

Made fill(Shell& shell, store::Store& store, const YearAsked& asked, const std::string& password) {
    const auto* terms = shell.rules().find(terms_id);
    if (!terms)
        throw Stop(Exit::configuration,
                   "the terms \"" + std::string(terms_id) + "\" are not there");
    const auto end = std::chrono::floor<std::chrono::hours>(shell.now);
    const auto rules = rules_book(shell.rules());
    Progress progress(shell.err, shell.err_is_terminal, "A year of a marketplace");
    Made made;
    made.year = engine::make_year(store, rules, *terms,
                                  {.seed = asked.seed,
                                   .orders = asked.orders,
                                   .end = end,
                                   .progress = [&](std::uint64_t done, std::uint64_t all) {
                                       progress.show(done * 365 / all, 365, "days");
                                   }});
    const auto lead = make_users(store, made.year, end, password);
    made.desk = engine::make_year_desk(store, {.seed = asked.seed,
                                               .purchases = asked.orders / sales_of_orders,
                                               .end = end,
                                               .reseller = made.year.reseller,
                                               .by = lead});
    store.record_import({.file_hash = mark(),
                         .file = "a year made from seed " + std::to_string(asked.seed),
                         .format = "demo",
                         .seen_at = end,
                         .imported_at = end,
                         .rows_new = made.year.orders});
    return made;
}

void print_counts(std::ostream& out, const Made& made, const fs::path& database) {
    const auto& year = made.year;
    out << "A year of a marketplace and of a reseller, in " << database.string() << ":\n  "
        << year.orders << " orders of " << year.buyers << " buyers at " << year.sellers
        << " sellers, " << year.under_way << " of them under way;\n  " << year.disputes
        << " disputes, " << year.open_disputes << " of them open;\n  " << made.desk.purchases
        << " purchases and " << made.desk.sales << " sales of a reseller.\n";
}

}  // namespace

fs::path demo_database(Shell& shell) {
    if (!shell.database_text.empty()) return shell.database_text;
    return shell.database().replace_filename("holdfast-demo.db");
}

bool is_demo_database(const fs::path& database) {
    try {
        const auto store = store::open_sqlite(database.string(), {.read_only = true});
        return store->find_import(mark()).has_value();
    } catch (const store::StoreDown&) {
        return false;
    }
}

void make_demo_year(Shell& shell, const fs::path& database, const YearAsked& asked) {
    std::error_code ignored;
    if (fs::exists(database, ignored) && !is_demo_database(database))
        throw Stop(Exit::conflict, database.string() +
                                       ": exists already, and no demo made it; the demo writes "
                                       "into a database of its own");
    // While a server has it, nobody takes it away.
    auto held = fs::exists(database, ignored)
                    ? store::open_sqlite(database.string(), {.exclusive = true})
                    : nullptr;
    const fs::path making = database.string() + ".making";
    store::remove_sqlite(making);
    const auto password = api::make_secret("demo-", store::fill_from_system).substr(0, 17);
    Made made;
    {
        const auto store = store::open_sqlite(making.string(), {.synced = false});
        made = fill(shell, *store, asked, password);
    }
    store::flush(making);
    held.reset();
    remove_demo(database);
    write_secret_file(password_file(database), password);
    fs::rename(making, database);
    store::remove_sqlite(making);  // its lock
    store::flush_folder_of(database);
    print_counts(shell.err, made, database);
}

void print_sign_ins(const fs::path& database, std::ostream& out) {
    std::ifstream file(password_file(database));
    std::string password;
    if (!file || !std::getline(file, password)) return;
    out << "Sign in with the password " << password << " as\n";
    for (const auto& role : roles)
        out << "  " << role.name << std::string(11 - role.name.size(), ' ') << role.may << '\n';
    out << std::flush;
}

}  // namespace holdfast::cli

// holdfast.toml and the HOLDFAST_… variables: flags go over variables over the file over defaults.
//
// Every key is known; an unknown one is an error with its place. `holdfast config` prints each
// value and where it came from, of a secret only that there is one. A secret may be in a file that
// its variable with _FILE behind it names. docs/cli.md lists the keys.
#pragma once

#include "base/currency.h"
#include "base/money.h"
#include "formats/push.h"

#include <cstdint>
#include <expected>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::cli {

struct Setting {
    std::string key;  // "desk.delivery_days"
    std::string value;
    std::string origin;  // "default", "holdfast.toml:7", "HOLDFAST_DATABASE"
};

struct Config {
    std::string database = "holdfast.db";
    std::string terms_folder;          // more terms files, going before the shipped ones
    std::string programme;             // whose editions purchases stand under where nothing says
    std::string currency = "USD";      // for sums over several currencies
    std::int64_t processing_days = 3;  // from payment to shipping, where no file says
    std::int64_t delivery_days = 60;   // promised days, where no file says
    std::int64_t closing_soon_days = 3;
    std::int64_t extension_before_days = 7;
    // Of remedies (desk/remedy.h, desk/due.h). Amounts as "0.30 EUR"; empty: none, or not known.
    std::int64_t remedy_fee_basis_points = 0;  // what the payment processor takes of a sale
    std::string remedy_fee_fixed;              // and per sale
    std::int64_t remedy_fee_kept_basis_points = 10'000;  // of its fee, kept on a refund
    std::int64_t remedy_chargeback_basis_points = 0;
    std::string remedy_chargeback_fee;
    std::string remedy_gift_cost;
    std::string remedy_return_postage;
    std::int64_t remedy_delivery_days = 0;  // promised to customers, from payment; 0: none
    std::int64_t remedy_return_days = 0;    // granted to customers, from delivery; 0: none
    // Of a server.
    std::string metrics_address = "127.0.0.1";
    std::int64_t metrics_port = 0;      // 0: no /metrics
    std::int64_t ledger_seconds = 300;  // between two sums over the whole ledger, for /metrics
    // Requests a minute (api/service.h); 0: no limit.
    std::int64_t key_requests = 60'000, address_requests = 600, failed_requests = 60;
    // What a person may let go alone (api/service.h), as "500.00 EUR, 500.00 USD"; empty: no bound.
    std::string alone_most;
    // Who may frame the page of a link's holder, as "https://shop.example, …"; empty: nobody.
    std::string frame_origins;
    // Who moves money: "manual", "sandbox", "stripe".
    std::string processor_kind = "manual";
    std::string stripe_key, stripe_signing_secret;
    std::string stripe_url = "https://api.stripe.com";
    std::int64_t reconcile_seconds = 86'400;  // between two, with a processor's list; 0: none
    // Whoever a deadline strikes against is told so many hours before; 0: nobody is.
    std::int64_t remind_hours = 0;
    // Who carries mails: "host:port"; empty: nobody. TLS: "starttls", "implicit", "none".
    std::string mail_smtp, mail_from, mail_tls = "starttls", mail_user, mail_password;
    std::map<std::string, std::int64_t> method_days;     // shipping method -> promised days
    std::map<std::string, std::string> claim_languages;  // system, or "system account" -> "es"
    std::map<std::string, std::string> programmes;       // system ("aliexpress") -> programme
    // Whose pushes a server takes, by the last part of their path; each proves something.
    std::map<std::string, formats::PushRules, std::less<>> pushes;
    std::vector<Setting> settings;  // all of them, for `config`
};

// "12.99 EUR": digits, at most one point, a code of ISO 4217; or "12.99" where `currency` stands
// in. The error says what was expected.
[[nodiscard]] std::expected<Money, std::string> parse_amount(
    std::string_view text, std::optional<Currency> currency = std::nullopt);

// `file` may be missing unless it was asked for. `variable` gives an environment variable's value.
[[nodiscard]] std::expected<Config, std::string> load_config(
    const std::filesystem::path& file, bool must_exist,
    const std::map<std::string, std::string>& variables);

}  // namespace holdfast::cli

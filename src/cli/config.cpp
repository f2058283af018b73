#include "cli/config.h"

#include "base/currency.h"
#include "base/try.h"

#include <toml++/toml.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <functional>
#include <iterator>

namespace holdfast::cli {
namespace {

using Done = std::expected<void, std::string>;

constexpr std::int64_t days_max = 3650;
constexpr std::int64_t basis_points_max = 10'000;
constexpr std::int64_t port_max = 65'535;
constexpr std::int64_t seconds_max = 86'400;
constexpr std::int64_t requests_max = 100'000'000;

struct Key {
    std::string_view name;
    std::string_view variable;
    std::string Config::* text = nullptr;
    std::int64_t Config::* number = nullptr;
    std::int64_t most = days_max;  // of a number
    bool is_amount = false;        // a text that is a sum of money
    std::string_view words = {};   // a text that is one of them: "a|b"; empty: any
    bool is_secret = false;
};

constexpr Key keys[] = {
    {"database", "HOLDFAST_DATABASE", &Config::database, nullptr},
    {"terms_folder", "HOLDFAST_TERMS_FOLDER", &Config::terms_folder, nullptr},
    {"desk.programme", "HOLDFAST_DESK_PROGRAMME", &Config::programme, nullptr},
    {"desk.currency", "HOLDFAST_DESK_CURRENCY", &Config::currency, nullptr},
    {"desk.processing_days", "HOLDFAST_DESK_PROCESSING_DAYS", nullptr, &Config::processing_days},
    {"desk.delivery_days", "HOLDFAST_DESK_DELIVERY_DAYS", nullptr, &Config::delivery_days},
    {"desk.closing_soon_days", "HOLDFAST_DESK_CLOSING_SOON_DAYS", nullptr,
     &Config::closing_soon_days},
    {"desk.extension_before_days", "HOLDFAST_DESK_EXTENSION_BEFORE_DAYS", nullptr,
     &Config::extension_before_days},
    {"desk.remedy.fee_basis_points", "HOLDFAST_DESK_REMEDY_FEE_BASIS_POINTS", nullptr,
     &Config::remedy_fee_basis_points, basis_points_max},
    {"desk.remedy.fee_fixed", "HOLDFAST_DESK_REMEDY_FEE_FIXED", &Config::remedy_fee_fixed, nullptr,
     0, /*is_amount=*/true},
    {"desk.remedy.fee_kept_basis_points", "HOLDFAST_DESK_REMEDY_FEE_KEPT_BASIS_POINTS", nullptr,
     &Config::remedy_fee_kept_basis_points, basis_points_max},
    {"desk.remedy.chargeback_basis_points", "HOLDFAST_DESK_REMEDY_CHARGEBACK_BASIS_POINTS", nullptr,
     &Config::remedy_chargeback_basis_points, basis_points_max},
    {"desk.remedy.chargeback_fee", "HOLDFAST_DESK_REMEDY_CHARGEBACK_FEE",
     &Config::remedy_chargeback_fee, nullptr, 0, /*is_amount=*/true},
    {"desk.remedy.gift_cost", "HOLDFAST_DESK_REMEDY_GIFT_COST", &Config::remedy_gift_cost, nullptr,
     0, /*is_amount=*/true},
    {"desk.remedy.return_postage", "HOLDFAST_DESK_REMEDY_RETURN_POSTAGE",
     &Config::remedy_return_postage, nullptr, 0, /*is_amount=*/true},
    {"desk.remedy.delivery_days", "HOLDFAST_DESK_REMEDY_DELIVERY_DAYS", nullptr,
     &Config::remedy_delivery_days},
    {"desk.remedy.return_days", "HOLDFAST_DESK_REMEDY_RETURN_DAYS", nullptr,
     &Config::remedy_return_days},
    {"serve.metrics_address", "HOLDFAST_SERVE_METRICS_ADDRESS", &Config::metrics_address, nullptr},
    {"serve.metrics_port", "HOLDFAST_SERVE_METRICS_PORT", nullptr, &Config::metrics_port, port_max},
    {"serve.ledger_seconds", "HOLDFAST_SERVE_LEDGER_SECONDS", nullptr, &Config::ledger_seconds,
     seconds_max},
    {"serve.key_requests", "HOLDFAST_SERVE_KEY_REQUESTS", nullptr, &Config::key_requests,
     requests_max},
    {"serve.address_requests", "HOLDFAST_SERVE_ADDRESS_REQUESTS", nullptr,
     &Config::address_requests, requests_max},
    {"serve.failed_requests", "HOLDFAST_SERVE_FAILED_REQUESTS", nullptr, &Config::failed_requests,
     requests_max},
    {.name = "serve.alone_most",
     .variable = "HOLDFAST_SERVE_ALONE_MOST",
     .text = &Config::alone_most},
    {.name = "serve.frame_origins",
     .variable = "HOLDFAST_SERVE_FRAME_ORIGINS",
     .text = &Config::frame_origins},
    {"serve.remind_hours", "HOLDFAST_SERVE_REMIND_HOURS", nullptr, &Config::remind_hours, 24 * 365},
    {.name = "processor.kind",
     .variable = "HOLDFAST_PROCESSOR_KIND",
     .text = &Config::processor_kind,
     .words = "manual|sandbox|stripe"},
    {.name = "processor.stripe_key",
     .variable = "HOLDFAST_PROCESSOR_STRIPE_KEY",
     .text = &Config::stripe_key,
     .is_secret = true},
    {.name = "processor.stripe_signing_secret",
     .variable = "HOLDFAST_PROCESSOR_STRIPE_SIGNING_SECRET",
     .text = &Config::stripe_signing_secret,
     .is_secret = true},
    {"processor.stripe_url", "HOLDFAST_PROCESSOR_STRIPE_URL", &Config::stripe_url, nullptr},
    {"processor.reconcile_seconds", "HOLDFAST_PROCESSOR_RECONCILE_SECONDS", nullptr,
     &Config::reconcile_seconds, seconds_max * 366},
    {"mail.smtp", "HOLDFAST_MAIL_SMTP", &Config::mail_smtp, nullptr},
    {"mail.from", "HOLDFAST_MAIL_FROM", &Config::mail_from, nullptr},
    {.name = "mail.tls",
     .variable = "HOLDFAST_MAIL_TLS",
     .text = &Config::mail_tls,
     .words = "starttls|implicit|none"},
    {"mail.user", "HOLDFAST_MAIL_USER", &Config::mail_user, nullptr},
    {.name = "mail.password",
     .variable = "HOLDFAST_MAIL_PASSWORD",
     .text = &Config::mail_password,
     .is_secret = true},
};

bool is_table(std::string_view name) {
    return std::ranges::any_of(keys, [&](const Key& key) {
        return key.name.starts_with(name) && key.name.substr(name.size()).starts_with('.');
    });
}

std::string place_of(const std::filesystem::path& file, const toml::source_region& region) {
    return file.string() + ':' + std::to_string(region.begin.line);
}

Done set_number(Config& config, const Key& key, std::int64_t value, const std::string& origin) {
    if (value < 0 || value > key.most)
        return std::unexpected(origin + ": " + std::string(key.name) + ": found " +
                               std::to_string(value) + ", expected 0 to " +
                               std::to_string(key.most));
    config.*key.number = value;
    return {};
}

// Of "a|b"; anything where no words are named.
bool is_among(std::string_view words, std::string_view value) {
    if (words.empty()) return true;
    while (true) {
        const auto end = words.find('|');
        if (words.substr(0, end) == value) return true;
        if (end == words.npos) return false;
        words.remove_prefix(end + 1);
    }
}

Done set_text(Config& config, const Key& key, const std::string& value, const std::string& origin) {
    if (key.name == "desk.currency" && !parse_currency(value))
        return std::unexpected(origin + ": desk.currency: found \"" + value +
                               "\", expected an ISO 4217 code such as USD");
    if (key.is_amount && !value.empty())
        if (const auto amount = parse_amount(value); !amount)
            return std::unexpected(origin + ": " + std::string(key.name) + ": " + amount.error());
    if (!is_among(key.words, value))
        return std::unexpected(origin + ": " + std::string(key.name) + ": found \"" + value +
                               "\", expected one of " + std::string(key.words));
    config.*key.text = value;
    return {};
}

void note(Config& config, std::string_view key, std::string value, std::string origin) {
    for (auto& setting : config.settings) {
        if (setting.key != key) continue;
        setting = {std::string(key), std::move(value), std::move(origin)};
        return;
    }
    config.settings.push_back({std::string(key), std::move(value), std::move(origin)});
}

std::string value_of(const Config& config, const Key& key) {
    if (key.is_secret) return (config.*key.text).empty() ? "" : "(secret)";
    return key.text ? config.*key.text : std::to_string(config.*key.number);
}

// desk.method_days, desk.programmes and desk.claim_languages: one entry a method or system.
Done set_entry(Config& config, const std::string& name, std::string_view entry,
               const toml::node& node, const std::string& origin) {
    if (name == "desk.method_days") {
        const auto days = node.value<std::int64_t>();
        if (!node.is_integer() || *days < 1 || *days > days_max)
            return std::unexpected(origin + ": desk.method_days." + std::string(entry) +
                                   ": expected 1 to 3650 days");
        config.method_days[std::string(entry)] = *days;
        note(config, name + '.' + std::string(entry), std::to_string(*days), origin);
        return {};
    }
    const bool is_programme = name == "desk.programmes";
    if (!node.is_string())
        return std::unexpected(origin + ": " + name + '.' + std::string(entry) + ": expected " +
                               (is_programme ? "the name of a programme" : "a language"));
    auto& entries = is_programme ? config.programmes : config.claim_languages;
    entries[std::string(entry)] = node.as_string()->get();
    note(config, name + '.' + std::string(entry), node.as_string()->get(), origin);
    return {};
}

// The last part of a path, as it stands there.
bool is_push_name(std::string_view name) {
    constexpr std::size_t most = 64;
    return !name.empty() && name.size() <= most && std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
}

// What the file says, without the end of its line.
std::expected<std::string, std::string> read_whole(const std::string& name,
                                                   const std::string& file) {
    std::ifstream stream(file, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(stream), {}};
    while (text.ends_with('\n') || text.ends_with('\r')) text.pop_back();
    if (!stream || text.empty())
        // The path is not shown: it may be the secret itself, put in the wrong place.
        return std::unexpected(name + ": the file that it names cannot be read, or is empty");
    return text;
}

// push.NAME.…: one member of a sender's rules.
Done set_push_member(formats::PushRules& rules, std::string_view member, const std::string& value,
                     const std::string& place) {
    if (member == "from") {
        const auto sender = formats::parse_push_sender(value);
        if (!sender)
            return std::unexpected(place + ": found \"" + value +
                                   "\", expected shopify, woocommerce, aftership, 17track, "
                                   "stripe, paypal or aliexpress");
        rules.sender = *sender;
    } else if (member == "secret" || member == "secret_before") {
        rules.secrets.push_back(value);
    } else if (member == "secret_file" || member == "secret_before_file") {
        rules.secrets.push_back(TRY(read_whole(place, value)));
    } else if (member == "webhook_id") {
        rules.webhook_id = value;
    } else if (member == "certificate_file") {
        rules.certificate = TRY(read_whole(place, value));
    } else {
        return std::unexpected(place + ": unknown key");
    }
    return {};
}

// [push.shop]
Done set_push(Config& config, const std::string& name, const toml::node& node,
              const std::filesystem::path& file) {
    const auto origin = place_of(file, node.source());
    const auto key = "push." + name;
    if (!node.is_table()) return std::unexpected(origin + ": " + key + ": expected a table");
    if (!is_push_name(name))
        return std::unexpected(origin + ": " + key +
                               ": a name has 1 to 64 letters a to z, digits, '-' and '_'");
    const auto& table = *node.as_table();
    if (!table.contains("from")) return std::unexpected(origin + ": " + key + ".from: is missing");
    formats::PushRules rules;
    // A name that is its own secret is not shown.
    const bool is_shown = table["from"].value_or(std::string_view{}) != "aliexpress";
    const auto shown = "push." + (is_shown ? name : std::string("(secret)"));
    for (const auto& [member, value] : table) {
        const auto named = key + '.' + std::string(member.str());
        const auto place = place_of(file, value.source());
        if (!value.is_string()) return std::unexpected(place + ": " + named + ": expected a text");
        const auto& text = value.as_string()->get();
        TRY(set_push_member(rules, member.str(), text, place + ": " + named));
        const bool is_secret = named.ends_with(".secret") || named.ends_with(".secret_before");
        note(config, shown + '.' + std::string(member.str()), is_secret ? "(secret)" : text, place);
    }
    if (const auto why = formats::why_incomplete(rules, name); !why.empty())
        return std::unexpected(origin + ": " + key + ": " + why);
    config.pushes[name] = std::move(rules);
    return {};
}

Done set_node(Config& config, const std::string& name, const toml::node& node,
              const std::filesystem::path& file) {
    const auto origin = place_of(file, node.source());
    for (const auto& key : keys) {
        if (key.name != name) continue;
        if (key.text && !node.is_string())
            return std::unexpected(origin + ": " + name + ": expected a text");
        if (key.number && !node.is_integer())
            return std::unexpected(origin + ": " + name + ": expected a whole number");
        if (key.text)
            TRY(set_text(config, key, node.as_string()->get(), origin));
        else
            TRY(set_number(config, key, node.as_integer()->get(), origin));
        note(config, key.name, value_of(config, key), origin);
        return {};
    }
    return std::unexpected(origin + ": unknown key \"" + name + '"');
}

Done set_table(Config& config, const toml::table& table, const std::string& prefix,
               const std::filesystem::path& file) {
    for (const auto& [key, node] : table) {
        const auto name = prefix + std::string(key.str());
        if (!node.is_table()) {
            TRY(set_node(config, name, node, file));
        } else if (is_table(name)) {
            TRY(set_table(config, *node.as_table(), name + '.', file));
        } else if (name == "desk.method_days" || name == "desk.programmes" ||
                   name == "desk.claim_languages") {
            for (const auto& [entry, value] : *node.as_table())
                TRY(set_entry(config, name, entry.str(), value, place_of(file, value.source())));
        } else if (name == "push") {
            for (const auto& [entry, value] : *node.as_table())
                TRY(set_push(config, std::string(entry.str()), value, file));
        } else {
            return std::unexpected(place_of(file, node.source()) + ": unknown table [" + name +
                                   ']');
        }
    }
    return {};
}

Done set_variable(Config& config, const Key& key, const std::string& value,
                  const std::string& origin) {
    if (key.text) {
        TRY(set_text(config, key, value, origin));
    } else {
        std::int64_t number = 0;
        const auto [end, error] =
            std::from_chars(value.data(), value.data() + value.size(), number);
        if (error != std::errc{} || end != value.data() + value.size())
            return std::unexpected(origin + ": found \"" + value + "\", expected a whole number");
        TRY(set_number(config, key, number, origin));
    }
    note(config, key.name, value_of(config, key), origin);
    return {};
}

using Variables = std::map<std::string, std::string>;

Done set_from_variables(Config& config, const Key& key, const Variables& variables) {
    const std::string name(key.variable), file_name = name + "_FILE";
    const auto plain = variables.find(name), file = variables.find(file_name);
    const bool has_file = key.is_secret && file != variables.end();
    if (plain != variables.end() && has_file)
        return std::unexpected(name + " and " + file_name + ": only one of them");
    if (plain != variables.end()) return set_variable(config, key, plain->second, name);
    if (!has_file) return {};
    return set_variable(config, key, TRY(read_whole(file_name, file->second)), file_name);
}

}  // namespace

std::expected<Money, std::string> parse_amount(std::string_view text,
                                               std::optional<Currency> currency) {
    const auto expected = "found \"" + std::string(text) + "\", expected an amount such as " +
                          (currency ? "12.50 or \"12.50 EUR\"" : "\"12.50 EUR\"");
    const auto space = text.find(' ');
    if (space != text.npos) {
        currency = parse_currency(text.substr(space + 1));
        text = text.substr(0, space);
    }
    if (!currency) return std::unexpected(expected);
    const auto amount = parse_money(text, *currency);
    if (!amount)
        return std::unexpected(expected + " (" + std::string(to_string(amount.error())) + ")");
    return *amount;
}

std::expected<Config, std::string> load_config(
    const std::filesystem::path& file, bool must_exist,
    const std::map<std::string, std::string>& variables) {
    Config config;
    for (const auto& key : keys) note(config, key.name, value_of(config, key), "default");
    std::ifstream stream(file, std::ios::binary);
    if (!stream && must_exist)
        return std::unexpected(file.string() + ": no such file, or it cannot be read");
    if (stream) {
        const std::string text{std::istreambuf_iterator<char>(stream), {}};
        try {
            TRY(set_table(config, toml::parse(text, file.string()), "", file));
        } catch (const toml::parse_error& error) {
            return std::unexpected(place_of(file, error.source()) + ": " +
                                   std::string(error.description()));
        }
    }
    for (const auto& key : keys) TRY(set_from_variables(config, key, variables));
    return config;
}

}  // namespace holdfast::cli

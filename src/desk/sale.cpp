#include "desk/sale.h"

#include "desk/search.h"

namespace holdfast::desk {
namespace {

template <class AnySale, class Visit>
void each_held(AnySale& one, const Visit& visit) {
    visit(one.sale_id), visit(one.financial_status), visit(one.fulfillment_status);
    visit(one.destination), visit(one.email), visit(one.name), visit(one.phone), visit(one.address);
    visit(one.created), visit(one.paid), visit(one.cancelled), visit(one.fulfilled);
    visit(one.total), visit(one.presentment_total), visit(one.refunded), visit(one.test);
    visit(one.deliver_by);
}

Sale without_origins(Sale sale) {
    each_held(sale, [](auto& held) {
        if (held) held->origin = {};
    });
    forget_origins(sale.lines);
    return sale;
}

void evolve_customer(Sale& sale, const PersonSeen& seen, const Origin& origin) {
    take_text(sale.email, seen.email, origin);
    take_text(sale.name, seen.name, origin);
    take_text(sale.phone, seen.phone, origin);
    take_text(sale.address, seen.address, origin);
}

}  // namespace

void evolve(Sale& sale, const SaleSeen& seen, const Origin& origin) {
    if (sale.reference.empty()) {
        sale.system = seen.system;
        sale.reference = seen.reference;
    }
    take_text(sale.sale_id, seen.sale_id, origin);
    take_text(sale.financial_status, seen.financial_status, origin);
    take_text(sale.fulfillment_status, seen.fulfillment_status, origin);
    take_text(sale.destination, seen.destination, origin);
    take(sale.created, seen.created, origin);
    take(sale.paid, seen.paid, origin);
    take(sale.cancelled, seen.cancelled, origin);
    take(sale.fulfilled, seen.fulfilled, origin);
    take(sale.total, seen.total, origin);
    take(sale.presentment_total, seen.presentment_total, origin);
    take(sale.refunded, seen.refunded, origin);
    if (seen.test) take(sale.test, true, origin);
    take(sale.deliver_by, seen.deliver_by, origin);
    evolve_customer(sale, seen.customer, origin);
    evolve(sale.lines, seen.lines, origin);
    sale.tracking_numbers.insert(seen.tracking_numbers.begin(), seen.tracking_numbers.end());
    sale.payment_ids.insert(seen.payment_ids.begin(), seen.payment_ids.end());
}

bool same_values(const Sale& a, const Sale& b) { return without_origins(a) == without_origins(b); }

std::vector<Line> lines_of(const Sale& sale) { return lines_of(sale.lines); }

DataAge age_of(const Sale& sale) {
    DataAge age;
    each_held(sale, [&](const auto& held) { age.add(held); });
    add_age(age, sale.lines);
    return age;
}

std::vector<std::string> search_terms(const Sale& sale) {
    std::vector<std::string> words{sale.reference, text_of(sale.sale_id), text_of(sale.email)};
    words.insert(words.end(), sale.tracking_numbers.begin(), sale.tracking_numbers.end());
    words.insert(words.end(), sale.payment_ids.begin(), sale.payment_ids.end());
    return search_terms_of(words);
}

std::vector<std::string> search_terms(const SaleSeen& only) {
    std::vector<std::string> words{only.reference, only.sale_id, only.customer.email};
    words.insert(words.end(), only.tracking_numbers.begin(), only.tracking_numbers.end());
    words.insert(words.end(), only.payment_ids.begin(), only.payment_ids.end());
    return search_terms_of(words);
}

}  // namespace holdfast::desk

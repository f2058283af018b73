#include "terms/lint.h"

#include <algorithm>
#include <set>

namespace holdfast::terms {
namespace {

class Lint {
public:
    Lint(const Terms& terms, std::string_view file) : terms_(terms), file_(file) {}

    std::vector<LoadError> run() {
        for (const auto& clause : terms_.clauses) {
            one(clause);
            used_sources_.insert(clause.sources.begin(), clause.sources.end());
        }
        for (const auto& item : terms_.checklist) {
            one(item);
            used_sources_.insert(item.sources.begin(), item.sources.end());
        }
        for (const auto& source : terms_.sources)
            if (!used_sources_.contains(source.key) && terms_.extends.empty())
                add(0, "nothing names the source \"" + source.key + '"');
        unused_names();
        return std::move(found_);
    }

private:
    void add(std::uint32_t line, std::string message) {
        found_.push_back({file_, line, 0, std::move(message)});
    }

    void one(const Clause& clause) {
        if (!clause.carried_from.empty()) return;  // its own file answers for it
        if (clause.text.empty())
            add(clause.line, clause.id + ": no sentence for people (\"text\")");
        if (clause.sources.empty()) add(clause.line, clause.id + ": no source");
        if (!clause.grade) add(clause.line, clause.id + ": no grade");
        for (const auto& key : clause.sources)
            if (terms_.find_source(key)->date.empty())
                add(clause.line, clause.id + ": its source \"" + key + "\" has no date");
        if (clause.opens >= 0 && clause.closes >= 0 &&
            to_text(terms_, clause.opens) == to_text(terms_, clause.closes))
            add(clause.line,
                clause.id + ": opens and closes at the same moment, so it can never say yes");
        if (clause.kind == Kind::fallback && needs(clause.at, Moment::dispute_notified))
            add(clause.line, clause.id +
                                 ": it strikes only once somebody proves that a party was told; "
                                 "give it an end without that, as in earliest(dispute.notified + "
                                 "5d, dispute.opened + 10d)");
    }

    // Is this instant known only where the moment is?
    bool needs(std::int32_t expression, Moment moment) const {
        if (expression < 0) return false;
        const auto& node = terms_.nodes[static_cast<std::size_t>(expression)];
        const auto any = [&] {
            for (auto part = node.part; part >= 0; part = next(part))
                if (needs(part, moment)) return true;
            return false;
        };
        const auto all = [&] {
            for (auto part = node.part; part >= 0; part = next(part))
                if (!needs(part, moment)) return false;
            return node.part >= 0;
        };
        switch (node.op) {
        case Op::moment: return node.value == static_cast<std::int64_t>(moment);
        case Op::named:
            return needs(terms_.moments[static_cast<std::size_t>(node.value)].expression, moment);
        case Op::last:
        case Op::earliest:
        case Op::either:   return all();
        default:           return any();
        }
    }
    std::int32_t next(std::int32_t part) const {
        return terms_.nodes[static_cast<std::size_t>(part)].next;
    }

    void one(const ChecklistItem& item) {
        if (item.text.empty()) add(item.line, item.id + ": no sentence for people (\"text\")");
        if (item.sources.empty()) add(item.line, item.id + ": no source");
    }

    void unused_names() {
        std::set<std::int64_t> moments, tables;
        for (const auto& node : terms_.nodes) {
            if (node.op == Op::named) moments.insert(node.value);
            if (node.op == Op::table || node.op == Op::plus_table) tables.insert(node.value);
        }
        for (std::size_t i = 0; i < terms_.moments.size(); ++i)
            if (!moments.contains(static_cast<std::int64_t>(i)))
                add(0, "nothing uses the moment \"" + terms_.moments[i].name + '"');
        for (std::size_t i = 0; i < terms_.tables.size(); ++i)
            if (!tables.contains(static_cast<std::int64_t>(i)))
                add(0, "nothing uses the table \"" + terms_.tables[i].name + '"');
    }

    const Terms& terms_;
    std::string file_;
    std::set<std::string> used_sources_;
    std::vector<LoadError> found_;
};

// Can a dispute under these terms have this reason? A change of mind is a right of its own.
bool disputes_for(const Terms& terms, Reason reason) {
    return std::ranges::any_of(terms.clauses, [&](const Clause& clause) {
        if (clause.kind != Kind::right) return false;
        if (clause.verb == Verb::return_no_fault) return reason == Reason::change_of_mind;
        return clause.verb == Verb::open_dispute &&
               (clause.reasons.none() || clause.reasons[index_of(reason)]);
    });
}

class Idle {
public:
    Idle(const Terms& checklist, std::span<const Terms* const> all, std::string_view file)
        : checklist_(checklist), file_(file) {
        for (const auto* one : all)
            if (one->role == Role::law || one->programme == checklist.programme)
                terms_.push_back(one);
    }

    std::vector<LoadError> run() {
        const bool is_known = std::ranges::any_of(
            terms_, [&](const Terms* one) { return one->programme == checklist_.programme; });
        if (!is_known)
            found_.push_back(
                {file_, 0, 0, "no terms are of the programme \"" + checklist_.programme + '"'});
        for (const auto& item : checklist_.checklist) {
            if (is_known) reasons(item);
            conditions(item);
        }
        return std::move(found_);
    }

private:
    void add(const ChecklistItem& item, std::string message) {
        found_.push_back({file_, item.line, 0, item.id + ": " + std::move(message)});
    }

    void reasons(const ChecklistItem& item) {
        for (std::size_t i = 0; i < item.reasons.size(); ++i) {
            const auto reason = static_cast<Reason>(i);
            if (item.reasons[i] && std::ranges::none_of(terms_, [&](const Terms* one) {
                    return disputes_for(*one, reason);
                }))
                add(item, "no dispute under these terms is for " + std::string(to_string(reason)) +
                              ", so it never applies to one");
        }
    }

    void conditions(const ChecklistItem& item) {
        for (auto i = item.when.begin; i < item.when.end; ++i)
            for (auto j = i + 1; j < item.when.end; ++j)
                if (denies(checklist_.conditions[i], checklist_.conditions[j]))
                    add(item, '"' + checklist_.conditions[i].text + "\" and \"" +
                                  checklist_.conditions[j].text +
                                  "\" never hold together, so it never applies");
    }

    bool denies(const Condition& a, const Condition& b) const {
        if (a.subject != b.subject) return false;
        if (a.test == b.test) switch (a.test) {
            case Test::knows_moment:
            case Test::knows_word:
            case Test::knows_number: return a.negated != b.negated;
            case Test::word_in:
                // A tracking word may count as another, wider one.
                return a.subject != static_cast<std::int32_t>(Attribute::tracking) &&
                       a.subject != static_cast<std::int32_t>(Attribute::dispute_tracking) &&
                       !shares_word(a, b);
            default: return false;
            }
        const auto are = [&](Test one, Test other) {
            return (a.test == one && b.test == other) || (a.test == other && b.test == one);
        };
        if (are(Test::has_mark, Test::lacks_mark)) return shares_word(a, b);
        if (are(Test::word_in, Test::word_not_in))
            return has_all(a.test == Test::word_not_in ? a : b, a.test == Test::word_in ? a : b);
        return false;
    }

    bool has(const Condition& condition, const Word& word) const {
        for (auto i = condition.words_begin; i < condition.words_end; ++i)
            if (checklist_.words[i] == word) return true;
        return false;
    }
    bool shares_word(const Condition& a, const Condition& b) const {
        for (auto i = a.words_begin; i < a.words_end; ++i)
            if (has(b, checklist_.words[i])) return true;
        return false;
    }
    bool has_all(const Condition& a, const Condition& of) const {
        for (auto i = of.words_begin; i < of.words_end; ++i)
            if (!has(a, checklist_.words[i])) return false;
        return true;
    }

    const Terms& checklist_;
    std::string file_;
    std::vector<const Terms*> terms_;
    std::vector<LoadError> found_;
};

// Two expressions of two files, compared as trees: the same but for spans of time added?
class Compare {
public:
    Compare(const Terms& a, const Terms& b) : a_(a), b_(b) {}

    // Nothing if they differ in shape; else how much longer `b` is, in days, hours and so on as
    // a sign only: -1 shorter, 0 the same, 1 longer. Mixed signs are a difference in shape.
    std::optional<int> longer(std::int32_t a, std::int32_t b) const {
        if (a < 0 || b < 0) return a < 0 && b < 0 ? std::optional(0) : std::nullopt;
        const auto& x = a_.nodes[static_cast<std::size_t>(a)];
        const auto& y = b_.nodes[static_cast<std::size_t>(b)];
        if (x.op != y.op) return std::nullopt;
        if (x.op == Op::named) return longer(moment(a_, x), moment(b_, y));
        if (x.op == Op::plus_table || x.op == Op::table) {
            if (to_text(a_, a) != to_text(b_, b)) return std::nullopt;
        } else if (x.value != y.value) {
            return std::nullopt;
        }
        if (x.span.unit != y.span.unit) return std::nullopt;
        int sign = (y.span.count > x.span.count) - (y.span.count < x.span.count);
        if (x.op == Op::minus) sign = -sign;
        return parts(x.part, y.part, sign);
    }

private:
    static std::int32_t moment(const Terms& terms, const Node& node) {
        return terms.moments[static_cast<std::size_t>(node.value)].expression;
    }

    std::optional<int> parts(std::int32_t a, std::int32_t b, int sign) const {
        while (a >= 0 && b >= 0) {
            const auto part = longer(a, b);
            if (!part || *part * sign < 0) return std::nullopt;
            if (*part) sign = *part;
            a = a_.nodes[static_cast<std::size_t>(a)].next;
            b = b_.nodes[static_cast<std::size_t>(b)].next;
        }
        if (a >= 0 || b >= 0) return std::nullopt;
        return sign;
    }

    const Terms& a_;
    const Terms& b_;
};

std::set<std::string> condition_texts(const Terms& terms, const Conditions& range) {
    std::set<std::string> texts;
    for (auto i = range.begin; i < range.end; ++i) texts.insert(terms.conditions[i].text);
    return texts;
}

bool is_subset(const std::set<std::string>& small, const std::set<std::string>& large) {
    return std::ranges::includes(large, small);
}

class Worse {
public:
    Worse(const Terms& platform, const Terms& seller, std::string_view file)
        : platform_(platform), seller_(seller), file_(file) {}

    std::vector<LoadError> run() {
        for (const auto& old : platform_.clauses) {
            const auto* now = find(seller_, old);
            if (old.kind == Kind::right && is_buyers(old)) kept_right(old, now);
            if (old.kind == Kind::fallback || old.kind == Kind::award) unchanged(old, now);
            if (old.kind == Kind::limit && now) kept_limit(old, *now);
        }
        for (const auto& clause : seller_.clauses)
            if (!find(platform_, clause)) added(clause);
        return std::move(found_);
    }

private:
    // The clause of the same id; one of another kind is another clause.
    static const Clause* find(const Terms& terms, const Clause& like) {
        const auto* found = terms.find(like.id);
        return found && found->kind == like.kind ? found : nullptr;
    }
    static bool is_buyers(const Clause& clause) {
        return clause.who == Party::buyer || clause.who == Party::either;
    }
    void add(const Clause& clause, std::string message) {
        found_.push_back({file_, clause.line, 0, clause.id + ": " + std::move(message)});
    }

    void kept_right(const Clause& old, const Clause* now) {
        if (!now) return add(old, "a right of the buyer is taken away");
        const Compare compare(platform_, seller_);
        const auto opens =
            now->opens < 0 ? std::optional(-1) : compare.longer(old.opens, now->opens);
        if (!opens || *opens > 0) add(*now, "it opens later than the operator grants");
        const auto closes =
            now->closes < 0 ? std::optional(1) : compare.longer(old.closes, now->closes);
        if (!closes || *closes < 0) add(*now, "it closes sooner than the operator grants");
        if (now->times > 0 && (old.times == 0 || now->times < old.times))
            add(*now, "it may be used less often");
        if (!is_subset(condition_texts(seller_, now->when), condition_texts(platform_, old.when)) ||
            !is_subset(condition_texts(seller_, now->unless),
                       condition_texts(platform_, old.unless)))
            add(*now, "it stands under more conditions");
        // Naming none is to name no bounds.
        if (old.remedies.none() ? now->remedies.any() : (old.remedies & ~now->remedies).any())
            add(*now, "it gives fewer remedies");
        if (now->verb != old.verb ||
            (now->reasons.any() && (old.reasons.none() || (old.reasons & ~now->reasons).any())) ||
            (now->who != old.who && now->who != Party::either))
            add(*now, "it is for fewer reasons, another verb or another party");
        if (old.award >= 0 && now->award_id != old.award_id) add(*now, "its award is another");
    }

    void unchanged(const Clause& old, const Clause* now) {
        if (!now) return add(old, "a default or award of the operator is taken away");
        const Compare compare(platform_, seller_);
        const bool same =
            compare.longer(old.at, now->at) == 0 && compare.longer(old.amount, now->amount) == 0 &&
            old.action == now->action && old.in == now->in && old.waits_for == now->waits_for &&
            old.winner == now->winner && old.postage == now->postage && old.says == now->says &&
            old.reasons == now->reasons && old.remedies == now->remedies &&
            old.return_required == now->return_required && old.topic == now->topic &&
            old.funded_by == now->funded_by &&
            condition_texts(platform_, old.when) == condition_texts(seller_, now->when) &&
            condition_texts(platform_, old.unless) == condition_texts(seller_, now->unless);
        if (!same) add(*now, "a seller's file may not change a default or an award");
    }

    void kept_limit(const Clause& old, const Clause& now) {
        if ((now.bars & ~old.bars).any() || (now.bars_actions & ~old.bars_actions).any() ||
            (old.reasons.any() && (now.reasons.none() || (now.reasons & ~old.reasons).any())) ||
            !is_subset(condition_texts(platform_, old.when), condition_texts(seller_, now.when)) ||
            !is_subset(condition_texts(platform_, old.unless),
                       condition_texts(seller_, now.unless)) ||
            Compare(platform_, seller_).longer(old.after, now.after) != 0)
            add(now, "the limit bars more than the operator's");
    }

    void added(const Clause& clause) {
        if (clause.kind == Kind::limit) add(clause, "a seller's file may not add a limit");
        if (clause.kind == Kind::fallback) add(clause, "a seller's file may not add a default");
    }

    const Terms& platform_;
    const Terms& seller_;
    std::string file_;
    std::vector<LoadError> found_;
};

}  // namespace

std::vector<LoadError> lint(const Terms& terms, std::string_view file) {
    return Lint(terms, file).run();
}

std::vector<LoadError> find_idle(const Terms& checklist, std::span<const Terms* const> all,
                                 std::string_view file) {
    return Idle(checklist, all, file).run();
}

std::vector<LoadError> find_worse(const Terms& platform, const Terms& seller,
                                  std::string_view file) {
    return Worse(platform, seller, file).run();
}

}  // namespace holdfast::terms

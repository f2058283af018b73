// A store for what takes long beside a running engine: it reads for itself, and writes on the
// engine's thread between two batches.
#pragma once

#include "engine/engine.h"
#include "store/passing_store.h"

#include <expected>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace holdfast::api {

class BesideEngine final : public store::PassingStore {
public:
    BesideEngine(engine::Engine& engine, store::Store& reads)
        : PassingStore(reads), engine_(engine) {}

    std::vector<std::expected<store::Receipt, store::NotWritten>> write_all(
        std::span<const store::Change> changes) override {
        std::vector<std::expected<store::Receipt, store::NotWritten>> done;
        engine_.with_store(
            [&](store::Store& store, engine::Writer&) { done = store.write_all(changes); });
        return done;
    }
    std::vector<std::string> person_marks(std::span<const store::Person> people) override {
        std::vector<std::string> marks;
        if (people.empty()) return marks;
        engine_.with_store(
            [&](store::Store& store, engine::Writer&) { marks = store.person_marks(people); });
        return marks;
    }
    void record_import(const store::ImportRecord& record) override {
        engine_.with_store(
            [&](store::Store& store, engine::Writer&) { store.record_import(record); });
    }

private:
    engine::Engine& engine_;
};

}  // namespace holdfast::api

// What is true of many rows of a file and is told once, at its end.
#pragma once

#include "formats/reader.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::formats {

class FileNotes {
public:
    // An amount that is left out, since neither its row nor the options name a currency.
    void no_currency(const Place& place);
    // A status of which our vocabulary does not say where the order stands.
    void unknown_status(const Place& place, std::string_view word);

    void tell(Sink& sink) const;

private:
    struct Count {
        std::string column, word;
        std::uint64_t last_line = 0, rows = 0;

        void add(std::uint64_t line);
    };

    Count amounts_;
    std::vector<Count> words_;  // each word of a column once
    std::uint64_t words_left_out_ = 0;
};

}  // namespace holdfast::formats

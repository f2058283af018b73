// The HTTP server with nothing behind it: what the service's answers cost without the service.
//
//   api_bare FOLDER   serves FOLDER/{place,pay,look}.json as answers, until standard input ends
//
// Prints the port that it listens on.

#include "api_answers.h"

namespace holdfast::bench {
namespace {

class Constant final : public http::Handler {
public:
    explicit Constant(const std::string& folder) : answers_(folder) {}

    void handle(http::ServerRequest request, http::Reply reply) override {
        answers_.send(request.route.route->operation, reply);
    }

private:
    Answers answers_;
};

}  // namespace
}  // namespace holdfast::bench

int main(int count, char** words) {
    if (count != 2) return 64;
    holdfast::bench::Constant handler(words[1]);
    holdfast::bench::serve_until_input_ends(handler);
}

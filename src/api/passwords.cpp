#include "api/passwords.h"

#include "base/verify.h"

#include <sodium.h>

#include <array>
#include <new>
#include <utility>

namespace holdfast::api {

std::string hash_password(std::string_view password) {
    VERIFY(sodium_init() >= 0);
    std::array<char, crypto_pwhash_STRBYTES> text{};
    if (crypto_pwhash_str_alg(
            text.data(), password.data(), password.size(), crypto_pwhash_OPSLIMIT_INTERACTIVE,
            crypto_pwhash_MEMLIMIT_INTERACTIVE, crypto_pwhash_ALG_ARGON2ID13) != 0)
        throw std::bad_alloc();
    return text.data();
}

bool is_password(std::string_view password, const std::string& hash) {
    VERIFY(sodium_init() >= 0);
    return hash.size() < crypto_pwhash_STRBYTES &&
           crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

const std::string& nobodys_password() {
    static const auto hash = hash_password("nobody signs in with this");
    return hash;
}

PasswordDesk::PasswordDesk() : thread_([this] { run(); }) {}

PasswordDesk::~PasswordDesk() {
    {
        const std::scoped_lock lock(mutex_);
        is_ending_ = true;
    }
    changed_.notify_one();
    thread_.join();
}

bool PasswordDesk::submit(std::function<void()> work) {
    {
        const std::scoped_lock lock(mutex_);
        if (is_ending_ || waiting_.size() >= waiting_most) return false;
        waiting_.push_back(std::move(work));
    }
    changed_.notify_one();
    return true;
}

void PasswordDesk::run() {
    std::unique_lock lock(mutex_);
    while (true) {
        changed_.wait(lock, [&] { return is_ending_ || !waiting_.empty(); });
        if (waiting_.empty()) return;
        const auto work = std::move(waiting_.front());
        waiting_.pop_front();
        lock.unlock();
        work();
        lock.lock();
    }
}

}  // namespace holdfast::api

// Part of the instrumented copy: reads the environment before anything else is set up. The file of
// what is reached is mapped, so that it is whole whatever ends the process, and so that programs a
// test starts write into the same one.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cstdlib>

namespace holdfast_mutation {

unsigned chosen = 0;
unsigned char* reached = nullptr;
unsigned count = 0;

namespace {

[[gnu::constructor(101)]] void read_environment() {
    if (const char* number = std::getenv("HOLDFAST_MUTANT"))
        chosen = static_cast<unsigned>(std::strtoul(number, nullptr, 10));
    const char* path = std::getenv("HOLDFAST_REACHED");
    if (!path) return;
    const int file = open(path, O_RDWR | O_CLOEXEC);
    struct stat about{};
    if (file < 0 || fstat(file, &about) != 0) std::abort();
    count = static_cast<unsigned>(about.st_size);
    void* bytes = mmap(nullptr, count, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (bytes == MAP_FAILED) std::abort();
    reached = static_cast<unsigned char*>(bytes);
    close(file);
}

}  // namespace
}  // namespace holdfast_mutation

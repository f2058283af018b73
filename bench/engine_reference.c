/* The bare minimum of the engine: writes the rows of a recipe, life after life.
 *
 *   engine_reference FILE RECIPE LIVES_AT_ONCE CHANGES_PER_COMMIT SECONDS
 *
 * FILE is a copy of the recipe's template. So many lives go step by step side by side, as in the
 * engine's run; a transaction ends after so many changes. Prints one line of numbers. */
#define _GNU_SOURCE
#include "recipe.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

static double seconds_of(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static int64_t size_of(const char* path) {
    struct stat status;
    if (stat(path, &status) != 0) die(path);
    return (int64_t)status.st_size;
}

int main(int argc, char** argv) {
    if (argc != 6) die("FILE RECIPE LIVES_AT_ONCE CHANGES_PER_COMMIT SECONDS");
    const int at_once = atoi(argv[3]), per_commit = atoi(argv[4]);
    const double most = atof(argv[5]);
    const int64_t size_before = size_of(argv[1]);
    open_for_writing(argv[1]);
    read_recipe(argv[2]);

    struct life* lives = calloc((size_t)at_once, sizeof *lives);
    int64_t number = 0, commits = 0;
    int open = 0;
    const double begin = seconds_of(CLOCK_MONOTONIC), cpu = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
    while (seconds_of(CLOCK_MONOTONIC) - begin < most) {
        for (int i = 0; i < at_once; ++i) begin_life(&lives[i], ++number);
        for (int s = 0; s < step_count; ++s)
            for (int i = 0; i < at_once; ++i) {
                if (open == 0) run("BEGIN IMMEDIATE");
                do_step(&lives[i], s);
                if (++open < per_commit) continue;
                run("COMMIT");
                ++commits;
                open = 0;
            }
    }
    if (open > 0) run("COMMIT");
    const double wall = seconds_of(CLOCK_MONOTONIC) - begin;
    const double used = seconds_of(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    close_all();
    printf("lives=%lld lives_per_s=%.1f commits=%lld cpu_ms=%.4f bytes=%.0f\n", (long long)number,
           (double)number / wall, (long long)commits, used * 1e3 / (double)number,
           (double)(size_of(argv[1]) - size_before) / (double)number);
    return 0;
}

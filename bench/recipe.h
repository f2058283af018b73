/* The rows of a recipe (bench/engine_recipe.cpp), written into a SQLite file life after life with
 * prepared statements, and nothing decided, hashed, read back or encoded. One recipe a program. */
#pragma once

#include <sqlite3.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct life {
    int64_t n, number, outbox;
    unsigned char id[16];
    char reference[24];
};

extern sqlite3* db;
extern int step_count;

void die(const char* what); /* ends the program and says what SQLite said */
void run(const char* sql);
void open_for_writing(const char* path); /* as the store opens its file: all is durable */
void read_recipe(const char* path);
void begin_life(struct life* life, int64_t number);
void do_step(struct life* life, int step); /* in a transaction that is open */
void close_all(void);

#ifdef __cplusplus
}
#endif

#define _GNU_SOURCE
#include "recipe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum kind { is_null, is_number, is_time, is_stream, is_outbox, is_id, is_hash, is_text, is_blob };

struct value {
    enum kind kind;
    int64_t number;
    char* bytes;
    int size;
    int reference_at; /* in a text; -1: nowhere */
    int second_at;    /* the reference once more */
};

struct op {
    sqlite3_stmt* statement;
    int count, is_outbox_insert;
    struct value values[24];
};

static struct op ops[256];
static struct step {
    int first, end;
} steps[32];
static int op_count;
int step_count;
sqlite3* db;
static int64_t first_n;
static char reference[64];
static uint64_t seed = 88172645463325252ULL;

void die(const char* what) {
    fprintf(stderr, "%s: %s\n", what, db ? sqlite3_errmsg(db) : "");
    exit(1);
}

void run(const char* sql) {
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK) die(sql);
}

static uint64_t next_random(void) {
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed;
}

static int from_hex(const char* text, char* bytes) {
    int size = 0;
    unsigned byte;
    if (strcmp(text, "-") == 0) return 0;
    for (; sscanf(text, "%2x", &byte) == 1; text += 2) bytes[size++] = (char)byte;
    return size;
}

static void read_value(struct value* value, const char* kind, const char* text) {
    static const char* names[] = {"null", "number", "time", "stream", "outbox",
                                  "id",   "hash",   "text", "blob"};
    int i = 0;
    while (strcmp(kind, names[i]) != 0)
        if (++i == 9) die("a kind that is not known");
    value->kind = (enum kind)i;
    value->number = atoll(text);
    value->reference_at = value->second_at = -1;
    if (value->kind != is_text && value->kind != is_blob) return;
    value->bytes = calloc(1, strlen(text) + 1);
    value->size = from_hex(text, value->bytes);
    char* found = memmem(value->bytes, (size_t)value->size, reference, strlen(reference));
    if (!found) return;
    value->reference_at = (int)(found - value->bytes);
    ++found;
    found =
        memmem(found, (size_t)(value->size - (found - value->bytes)), reference, strlen(reference));
    if (found) value->second_at = (int)(found - value->bytes);
}

static void read_op(FILE* file, const char* what, const char* table, int count, int keys) {
    static char names[24][64], text[65536];
    char kind[16], sql[4096];
    struct op* op = &ops[op_count++];
    op->count = count;
    op->is_outbox_insert = what[0] == 'i' && strcmp(table, "outbox") == 0;
    for (int i = 0; i < count; ++i) {
        if (fscanf(file, "%63s %15s %65535s", names[i], kind, text) != 3) die("a bad recipe");
        read_value(&op->values[i], kind, text);
    }
    char* end = sql;
    if (what[0] == 'i') {
        end += sprintf(end, "INSERT INTO %s (", table);
        for (int i = 0; i < count; ++i) end += sprintf(end, "%s%s", i ? ", " : "", names[i]);
        end += sprintf(end, ") VALUES (");
        for (int i = 0; i < count; ++i) end += sprintf(end, "%s?", i ? ", " : "");
        end += sprintf(end, ")");
    } else {
        const int set = what[0] == 'u' ? count - keys : 0;
        end += sprintf(end, what[0] == 'u' ? "UPDATE %s" : "DELETE FROM %s", table);
        for (int i = 0; i < set; ++i) end += sprintf(end, "%s%s = ?", i ? ", " : " SET ", names[i]);
        for (int i = set; i < count; ++i)
            end += sprintf(end, "%s%s = ?", i > set ? " AND " : " WHERE ", names[i]);
    }
    for (int i = 0; i < op_count - 1; ++i)
        if (strcmp(sqlite3_sql(ops[i].statement), sql) == 0) op->statement = ops[i].statement;
    if (!op->statement && sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &op->statement,
                                             NULL) != SQLITE_OK)
        die(sql);
}

void read_recipe(const char* path) {
    FILE* file = fopen(path, "r");
    char what[32], table[64];
    int count, keys;
    if (!file || fscanf(file, "reference %63s", reference) != 1) die("no recipe");
    while (fscanf(file, "%31s", what) == 1) {
        if (strcmp(what, "commit") == 0) {
            steps[step_count].first = steps[step_count].end = op_count;
            ++step_count;
            continue;
        }
        if (fscanf(file, "%63s %d", table, &count) != 2) die("a bad recipe");
        keys = 0;
        if (what[0] == 'u' && fscanf(file, "%d", &keys) != 1) die("a bad recipe");
        read_op(file, what, table, count, keys);
        steps[step_count - 1].end = op_count;
    }
    fclose(file);
}

void begin_life(struct life* life, int64_t number) {
    const uint64_t at = 1772409600000ULL + (uint64_t)number, random = next_random();
    life->number = number;
    life->n = first_n + number;
    for (int i = 0; i < 6; ++i) life->id[i] = (unsigned char)(at >> (40 - 8 * i));
    memcpy(life->id + 6, &random, 8);
    life->id[14] = life->id[15] = 7;
    sprintf(life->reference, "R%09lld", (long long)number);
}

static void bind(struct op* op, int i, const struct life* life) {
    struct value* value = &op->values[i];
    sqlite3_stmt* to = op->statement;
    const int size = (int)strlen(reference);
    uint64_t hash[4];
    switch (value->kind) {
    case is_null:   sqlite3_bind_null(to, i + 1); break;
    case is_number: sqlite3_bind_int64(to, i + 1, value->number); break;
    case is_time:   sqlite3_bind_int64(to, i + 1, value->number + life->number); break;
    case is_stream: sqlite3_bind_int64(to, i + 1, life->n); break;
    case is_outbox:
        if (op->is_outbox_insert)
            sqlite3_bind_null(to, i + 1);
        else
            sqlite3_bind_int64(to, i + 1, life->outbox);
        break;
    case is_id: sqlite3_bind_blob(to, i + 1, life->id, 16, SQLITE_STATIC); break;
    case is_hash:
        for (int j = 0; j < 4; ++j) hash[j] = next_random();
        sqlite3_bind_blob(to, i + 1, hash, 32, SQLITE_TRANSIENT);
        break;
    case is_text:
        if (value->reference_at >= 0)
            memcpy(value->bytes + value->reference_at, life->reference, (size_t)size);
        if (value->second_at >= 0)
            memcpy(value->bytes + value->second_at, life->reference, (size_t)size);
        sqlite3_bind_text(to, i + 1, value->bytes, value->size, SQLITE_STATIC);
        break;
    case is_blob: sqlite3_bind_blob(to, i + 1, value->bytes, value->size, SQLITE_STATIC); break;
    }
}

void do_step(struct life* life, int step) {
    for (int i = steps[step].first; i < steps[step].end; ++i) {
        for (int j = 0; j < ops[i].count; ++j) bind(&ops[i], j, life);
        if (sqlite3_step(ops[i].statement) != SQLITE_DONE) die(sqlite3_sql(ops[i].statement));
        if (sqlite3_changes(db) != 1) die("a row that is not there");
        sqlite3_reset(ops[i].statement);
        if (ops[i].is_outbox_insert) life->outbox = sqlite3_last_insert_rowid(db);
    }
}

static int64_t greatest_n(void) {
    sqlite3_stmt* query;
    sqlite3_prepare_v2(db, "SELECT max(n) FROM streams", -1, &query, NULL);
    sqlite3_step(query);
    const int64_t n = sqlite3_column_int64(query, 0);
    sqlite3_finalize(query);
    return n;
}

void open_for_writing(const char* path) {
    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
        die(path);
    run("PRAGMA synchronous = FULL");
    run("PRAGMA secure_delete = ON");
    run("PRAGMA wal_autocheckpoint = 16384");
    run("PRAGMA cache_size = -262144");
    first_n = greatest_n();
}

void close_all(void) {
    for (int i = 0; i < op_count; ++i) {
        int is_first = 1;
        for (int j = 0; j < i; ++j) is_first &= ops[j].statement != ops[i].statement;
        if (is_first) sqlite3_finalize(ops[i].statement);
    }
    run("PRAGMA wal_checkpoint(TRUNCATE)");
    sqlite3_close(db);
}

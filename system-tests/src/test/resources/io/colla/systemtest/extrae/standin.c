/*
 * Not Extrae, but what a program that calls it can see of it, for tests where it is not installed: the functions that Colla calls, with the rules of the real ones, broken rules ending the
 * process. What is recorded are lines of text, which the mpi2prv beside this makes a trace of.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define MOST 4096

typedef unsigned type_t;
typedef unsigned long long value_t;
typedef unsigned (*number_t)(void);

static number_t task_id, num_tasks;
static int on, over;
static pthread_key_t key;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static unsigned threads = 1;
static FILE *records[MOST];
static char paths[MOST][700], names[MOST][64];
static value_t began;
static FILE *symbols;

static void broken(const char *rule) {
    fprintf(stderr, "stand-in for Extrae: %s\n", rule);
    abort();
}

static value_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000ULL + time.tv_nsec;
}

__attribute__((constructor)) static void loaded(void) {
    const char *skip = getenv("EXTRAE_SKIP_AUTO_LIBRARY_INITIALIZE");
    if (skip == NULL || strcmp(skip, "1") != 0) {
        broken("it begins to record when it is loaded, before it knows the process' number");
    }
}

void Extrae_set_taskid_function(number_t function) {
    if (on) {
        broken("the function for the process' number comes too late");
    }
    task_id = function;
}

void Extrae_set_numtasks_function(number_t function) { num_tasks = function; }

static void open_thread(unsigned thread) {
    char host[256];
    if (thread >= MOST) {
        broken("too many threads");
    }
    gethostname(host, sizeof host);
    snprintf(paths[thread], sizeof paths[thread], "%s/set-0/TRACE@%s.%010d%06u%06u.mpit", getenv("EXTRAE_FINAL_DIR"),
             host, (int)getpid(), task_id(), thread);
    records[thread] = fopen(paths[thread], "w");
    if (records[thread] == NULL) {
        broken("a file cannot be written");
    }
}

void Extrae_init(void) {
    char text[100] = "";
    const char *file = getenv("EXTRAE_CONFIG_FILE");
    FILE *xml = file == NULL ? NULL : fopen(file, "r");
    if (xml == NULL) {
        return; /* as Extrae: nothing is recorded */
    }
    text[fread(text, 1, sizeof text - 1, xml)] = '\0';
    fclose(xml);
    if (strncmp(text, "<?xml", 5) != 0 || strstr(text, "<trace enabled=\"yes\"") == NULL) {
        broken("the configuration is none");
    }
    if (task_id == NULL || num_tasks == NULL || task_id() >= num_tasks()) {
        broken("the process' number is not one of them");
    }
    pthread_key_create(&key, NULL);
    snprintf(text, sizeof text, "set-0");
    char folder[700];
    snprintf(folder, sizeof folder, "%s/%s", getenv("EXTRAE_FINAL_DIR"), text);
    mkdir(folder, 0755);
    snprintf(folder, sizeof folder, "%s/TRACE.sym", getenv("EXTRAE_FINAL_DIR"));
    symbols = fopen(folder, "w");
    began = now();
    open_thread(0);
    const char *posix = getenv("EXTRAE_USE_POSIX_CLOCK");
    if (posix != NULL && strcmp(posix, "1") == 0) {
        fprintf(records[0], "0 40000050 %llu\n", began);
    }
    on = 1;
}

void Extrae_notify_new_pthread(void) {
    pthread_mutex_lock(&mutex);
    if (on) {
        pthread_setspecific(key, (void *)(long)threads);
        open_thread(threads++);
    }
    pthread_mutex_unlock(&mutex);
}

unsigned Extrae_get_thread_number(void) { return (unsigned)(long)pthread_getspecific(key); }

void Extrae_set_thread_name(unsigned thread, char *name) {
    if (thread >= threads) {
        broken("a thread is named that is not known yet");
    }
    snprintf(names[thread], sizeof names[thread], "%s", name);
    for (char *c = names[thread]; *c; c++) {
        *c = *c == ' ' ? '_' : *c;
    }
}

static void record(unsigned count, type_t *types, value_t *values, int counters) {
    if (!on) {
        return;
    }
    FILE *file = records[Extrae_get_thread_number()];
    flockfile(file);
    fprintf(file, "%llu", now() - began);
    for (unsigned i = 0; i < count; i++) {
        fprintf(file, " %u %llu", types[i], values[i]);
    }
    fprintf(file, counters ? " 42000050 1000\n" : "\n");
    funlockfile(file);
}

void Extrae_event(type_t type, value_t value) { record(1, &type, &value, 0); }
void Extrae_nevent(unsigned count, type_t *types, value_t *values) { record(count, types, values, 0); }
void Extrae_neventandcounters(unsigned count, type_t *types, value_t *values) { record(count, types, values, 1); }

void Extrae_define_event_type(type_t *type, char *description, unsigned *count, value_t *values, char **texts) {
    fprintf(symbols, "T %u %s\n", *type, description);
    for (unsigned i = 0; i < *count; i++) {
        fprintf(symbols, "V %llu %s\n", values[i], texts[i]);
    }
}

void Extrae_fini(void) {
    char path[700];
    if (!on || over) {
        return;
    }
    on = 0;
    over = 1;
    fclose(symbols);
    snprintf(path, sizeof path, "%s/TRACE.mpits", getenv("EXTRAE_FINAL_DIR"));
    FILE *list = fopen(path, "w");
    for (unsigned thread = 0; thread < threads; thread++) {
        fclose(records[thread]);
        fprintf(list, "%s named %s\n", paths[thread], names[thread][0] ? names[thread] : "unnamed");
    }
    fclose(list);
}

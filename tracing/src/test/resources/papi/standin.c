/* Stands in for libpapi in tests on machines whose processor lets nobody count: the same functions, with counters that grow by a known amount at each reading. */
#include <stdlib.h>
#define SETS 64
static unsigned long (*thread_id)(void);
static unsigned long owner[SETS];
static int events[SETS][8], count[SETS];
static long readings[SETS];
static int sets, started;

int PAPI_library_init(int version) { return version == (6 << 24) ? version : -1; }
int PAPI_thread_init(unsigned long (*id)(void)) { thread_id = id; return id() ? 0 : -1; }
int PAPI_create_eventset(int *set) {
    if (*set != -1 || sets == SETS) return -1;
    *set = sets++;
    owner[*set] = thread_id();
    return 0;
}
/* Counts instructions, cycles and misses of the third level: has no others. */
int PAPI_add_event(int set, int event) {
    if (event != (int) 0x80000032 && event != (int) 0x8000003b && event != (int) 0x80000008) return -7;
    events[set][count[set]++] = event & 0xff;
    return 0;
}
int PAPI_start(int set) { started++; return owner[set] == thread_id() ? 0 : -1; }
int PAPI_read(int set, long long *values) {
    if (owner[set] != thread_id()) return -1;
    readings[set]++;
    for (int i = 0; i < count[set]; i++) values[i] = (long long) events[set][i] * readings[set] * readings[set];
    return 0;
}
int PAPI_stop(int set, long long *values) { started--; return 0; }
int PAPI_cleanup_eventset(int set) { count[set] = 0; return 0; }
int PAPI_destroy_eventset(int *set) { *set = -1; return 0; }
int PAPI_unregister_thread(void) { return 0; }
int standin_started(void) { return started; }

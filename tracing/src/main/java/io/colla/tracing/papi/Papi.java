package io.colla.tracing.papi;

import com.sun.jna.Library;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;

/** Functions of libpapi, by their names. Those that return an int say a negative number if they fail. */
interface Papi extends Library {
    int OK = 0;
    /** No event set yet. */
    int NO_SET = -1;

    /** @return the version, if it is the library's */
    int PAPI_library_init(int version);

    /** @param threadId a C function that tells threads apart */
    int PAPI_thread_init(Pointer threadId);

    int PAPI_create_eventset(IntByReference set);

    int PAPI_add_event(int set, int event);

    int PAPI_start(int set);

    /** @param values room for a long for each event of the set */
    int PAPI_read(int set, Pointer values);

    int PAPI_stop(int set, Pointer values);

    int PAPI_cleanup_eventset(int set);

    int PAPI_destroy_eventset(IntByReference set);

    int PAPI_unregister_thread();
}

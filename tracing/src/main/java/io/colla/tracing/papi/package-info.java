/** The processor's own counters, by PAPI's library where a site has it. Facts: PAPI's manual pages PAPI_library_init(3), PAPI_thread_init(3), PAPI_start(3), and its header's preset codes. */
@NullMarked
package io.colla.tracing.papi;

import org.jspecify.annotations.NullMarked;

/** Profiles of sites: what a cluster has, what its queues allow, and what is usual there. */
@NullMarked
package io.colla.launcher.site;

import org.jspecify.annotations.NullMarked;

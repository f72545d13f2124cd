/** Batch jobs as Colla submits them: their folders, scripts and records, and waiting for them. Throws {@link io.colla.api.UsageException} for people's mistakes. */
@NullMarked
package io.colla.launcher.jobs;

import org.jspecify.annotations.NullMarked;

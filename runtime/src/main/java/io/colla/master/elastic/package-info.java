/** Runs that grow and shrink: when further batch jobs are wanted and when they are not, what a job is told, and the port to the batch system. */
@NullMarked
package io.colla.master.elastic;

import org.jspecify.annotations.NullMarked;

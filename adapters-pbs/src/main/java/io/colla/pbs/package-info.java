/** OpenPBS, PBS Professional and Torque: the job that this process is in, workers on its nodes, and what became of jobs. */
@NullMarked
package io.colla.pbs;

import org.jspecify.annotations.NullMarked;

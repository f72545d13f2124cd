/**
 * Python tasks on a worker: {@code PythonTaskExecutor} keeps one warm interpreter (the zygote) and a process forked from it for each task that runs at a
 * time, and speaks with them as {@code docs/python-protocol.md} says.
 */
@NullMarked
package io.colla.python.worker;

import org.jspecify.annotations.NullMarked;

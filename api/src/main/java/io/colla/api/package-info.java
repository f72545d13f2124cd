/**
 * What a Java application compiles against. A sequential program opens a {@link io.colla.api.Colla}, calls its functions through
 * {@link io.colla.api.Tasks#call}, and each call becomes a task: the runtime finds the dependencies between calls from the data they
 * share and runs them on all the cores of the allocation. Every type here may be used from several threads.
 */
@NullMarked
package io.colla.api;

import org.jspecify.annotations.NullMarked;

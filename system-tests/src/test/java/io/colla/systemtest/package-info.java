/**
 * Tests of Colla as its users have it: the command of {@code COLLA_HOME}, started as a process, on this machine (tag {@code process}) and on the test
 * cluster that {@code COLLA_TESTCLUSTER} names (tag {@code cluster}). After every test {@link io.colla.systemtest.Leftovers} looks for what stayed behind.
 */
@NullMarked
package io.colla.systemtest;

import org.jspecify.annotations.NullMarked;

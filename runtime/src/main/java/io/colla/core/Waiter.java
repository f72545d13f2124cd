package io.colla.core;

/** Waits for a version to be there. */
sealed interface Waiter permits TaskRecord, WaitRecord {}

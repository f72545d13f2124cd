package io.colla.python.gateway;

/**
 * How the person who starts a Python program wants its tasks to run.
 *
 * @param stream what tasks print is shown while they run
 * @param nested a task that a task calls is a task too; else it is a plain call, whose result can be used at once
 */
public record Wishes(boolean stream, boolean nested) {}

package io.colla.worker;

import java.io.Serializable;

/** Stands for the body of a definition that this process cannot read; the task fails, saying so. */
record UnreadableBody(String why) implements Serializable {}

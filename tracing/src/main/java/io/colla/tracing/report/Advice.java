package io.colla.tracing.report;

/**
 * What is to be said to the person.
 *
 * @param kind for programs: a word that stays
 * @param weight part of the cores' time that it is about, of 1: the greater, the more there is to win
 * @param what was seen, with the figures
 * @param todo what can be done
 */
public record Advice(String kind, double weight, String what, String todo) {}

package io.colla.core;

import java.util.Arrays;

/** What a version holds, and which workers have it. Worker 0 stands for the master's own store. */
final class Content {
    private static final int[] NOWHERE = {};

    final int id;
    final Version owner;
    Place place;
    long size;
    /** Versions that this is the content of; more than one when a failed update was ignored. */
    int versions = 1;

    private int[] workers = NOWHERE;

    Content(int id, Version owner, Place place, long size) {
        this.id = id;
        this.owner = owner;
        this.place = place;
        this.size = size;
    }

    /** Whether every worker sees it without a copy. */
    boolean isEverywhere() {
        return place != Place.STORE;
    }

    boolean isSomewhere() {
        return isEverywhere() || workers.length > 0;
    }

    boolean isAt(int worker) {
        for (int w : workers) {
            if (w == worker) {
                return true;
            }
        }
        return false;
    }

    void addWorker(int worker) {
        if (!isAt(worker)) {
            workers = Arrays.copyOf(workers, workers.length + 1);
            workers[workers.length - 1] = worker;
        }
    }

    boolean removeWorker(int worker) {
        for (int i = 0; i < workers.length; i++) {
            if (workers[i] == worker) {
                int[] rest = workers.length == 1 ? NOWHERE : new int[workers.length - 1];
                System.arraycopy(workers, 0, rest, 0, i);
                System.arraycopy(workers, i + 1, rest, i, rest.length - i);
                workers = rest;
                return true;
            }
        }
        return false;
    }

    int[] workers() {
        return workers;
    }

    @Override
    public String toString() {
        return "content " + id + " " + place + " at " + Arrays.toString(workers);
    }

}

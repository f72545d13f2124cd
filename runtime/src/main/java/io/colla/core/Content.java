package io.colla.core;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a version holds, and which workers have it. Worker 0 stands for the master's own store. */
final class Content {
    private static final int[] NOWHERE = {};

    final int id;
    /** The version that it was made for. */
    final Version owner;

    Place place;
    long size;
    /** Further versions that this is the content of, since a failed update was ignored; or null. */
    private @Nullable List<Version> sharers;
    /** The version that it was made for no longer needs it. */
    private boolean disowned;

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

    /** One more version has this content. */
    void share(Version version) {
        if (sharers == null) {
            sharers = new ArrayList<>(1);
        }
        sharers.add(version);
    }

    /** The version no longer needs it; returns whether no version does. */
    boolean disown(Version version) {
        if (version == owner) {
            disowned = true;
        } else if (sharers != null) {
            sharers.remove(version);
        }
        return disowned && (sharers == null || sharers.isEmpty());
    }

    /** Whether it belongs to one version alone. */
    boolean isExclusive() {
        return disowned ? sharers != null && sharers.size() == 1 : sharers == null || sharers.isEmpty();
    }

    /** The versions that it is the content of. */
    List<Version> versions() {
        if (sharers == null || sharers.isEmpty()) {
            return disowned ? List.of() : List.of(owner);
        }
        List<Version> all = new ArrayList<>(sharers);
        if (!disowned) {
            all.add(owner);
        }
        return all;
    }

    @Override
    public String toString() {
        return "content " + id + " " + place + " at " + Arrays.toString(workers);
    }
}

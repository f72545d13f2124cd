package io.colla.mpi.launch;

import java.nio.file.Path;

/**
 * What a launcher needs to know of one job.
 *
 * @param here how this machine calls itself
 * @param hosts the file with {@link MpiLauncher#hosts}
 * @param agent a program that is given a host's name and a command, and has that run there; its path has neither spaces nor colons
 */
record Launch(MpiJob job, Placement placement, String here, Path hosts, Path agent) {

    boolean hasOtherNodes() {
        return placement.nodes().size() > 1;
    }
}

package io.colla.launcher.jobs;

import io.colla.api.UsageException;
import io.colla.platform.BatchSystem;
import io.colla.platform.Commands.CommandException;
import io.colla.platform.JobControl;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/** Finds the batch system to submit to. */
public final class BatchSystems {
    private BatchSystems() {}

    /**
     * @param wanted the batch system that the person named; null to look around
     * @throws UsageException if it is not here, none is, or several are that answer, and nobody says which
     */
    public static JobControl find(@Nullable String wanted, Map<String, String> environment) {
        List<BatchSystem> systems = new ArrayList<>();
        ServiceLoader.load(BatchSystem.class).forEach(systems::add);
        return find(wanted, environment, systems);
    }

    /** All whose commands are here. */
    static List<JobControl> all(Map<String, String> environment) {
        List<JobControl> here = new ArrayList<>();
        ServiceLoader.load(BatchSystem.class)
                .forEach(system -> system.jobs(environment).ifPresent(here::add));
        return here;
    }

    static JobControl find(@Nullable String wanted, Map<String, String> environment, List<BatchSystem> systems) {
        List<JobControl> here = new ArrayList<>();
        for (BatchSystem system : systems) {
            if (wanted == null || wanted.equals(system.name())) {
                system.jobs(environment).ifPresent(here::add);
            }
        }
        if (here.size() > 1) {
            List<JobControl> alive = here.stream().filter(BatchSystems::answers).toList();
            here = alive.isEmpty() ? here : alive;
        }
        if (here.size() == 1) {
            return here.get(0);
        }
        if (here.isEmpty()) {
            throw new UsageException(
                    wanted == null
                            ? "no batch system found: there is neither Slurm's sbatch nor PBS's qsub on the PATH; call this on a login node, or"
                                    + " load the module that brings them"
                            : commandOf(wanted) + "; call this on a login node, or load the module that brings it");
        }
        List<String> names = here.stream().map(JobControl::system).sorted().toList();
        throw new UsageException("there are several batch systems here: " + String.join(", ", names)
                + "; say which with --batch-system " + names.get(0));
    }

    private static boolean answers(JobControl control) {
        try {
            control.mine();
            return true;
        } catch (CommandException e) {
            return false;
        }
    }

    private static String commandOf(String system) {
        return system.equals("pbs")
                ? "no qsub of PBS found on the PATH (another system's imitation of it does not count)"
                : "no sbatch of Slurm found on the PATH";
    }
}

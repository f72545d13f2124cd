package io.colla.binary.spawn;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A child of the JDK's. The JDK reports a death by signal n as exit code 128 + n, so a program that exits with such a code
 * by itself cannot be told from one that was killed; it is reported as killed.
 */
final class ProcessBuilderChild implements Child {

    private final Process process;
    private final CompletableFuture<ExitStatus> end;

    ProcessBuilderChild(ProcessBuilderSpawner spawner, Process process, String mark) {
        this.process = process;
        this.end = process.onExit().thenApply(ended -> {
            GroupKiller.killSession(ended.pid());
            spawner.ended(this, mark);
            int code = ended.exitValue();
            boolean killed = code > 128 && code <= 128 + 64;
            return killed
                    ? new ExitStatus.Killed(code - 128, false, Usage.UNKNOWN)
                    : new ExitStatus.Exited(code, Usage.UNKNOWN);
        });
    }

    @Override
    public long pid() {
        return process.pid();
    }

    @Override
    public ExitStatus await() {
        return end.join();
    }

    @Override
    public Optional<ExitStatus> await(Duration atMost) {
        boolean interrupted = false;
        long deadline = System.nanoTime() + atMost.toNanos();
        try {
            while (true) {
                try {
                    return Optional.of(end.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS));
                } catch (TimeoutException e) {
                    return Optional.empty();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw new IllegalStateException("waiting for process " + pid(), e);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void kill(Signal signal, boolean group) {
        if (process.isAlive()) {
            GroupKiller.signal(signal, process.pid(), group);
        }
    }

    @Override
    public void terminate(Duration grace) {
        kill(Signal.TERM, true);
        CompletableFuture.runAsync(
                () -> kill(Signal.KILL, true),
                CompletableFuture.delayedExecutor(grace.toMillis(), TimeUnit.MILLISECONDS));
    }
}

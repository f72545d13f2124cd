package io.colla.binary.spawn;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** Timed locking that keeps an interrupt for the caller instead of giving up. */
final class Locks {

    private Locks() {}

    static boolean tryLock(ReentrantLock lock, Duration atMost) {
        boolean interrupted = false;
        long deadline = System.nanoTime() + Math.max(0, atMost.toNanos());
        try {
            while (true) {
                try {
                    return lock.tryLock(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

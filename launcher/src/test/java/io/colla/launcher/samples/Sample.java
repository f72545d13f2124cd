package io.colla.launcher.samples;

import static io.colla.api.Args.in;

import io.colla.api.Colla;
import io.colla.api.TaskOptions;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;

/** An application that does what its first argument says. */
public final class Sample {
    private Sample() {}

    public static void main(String[] arguments) throws Exception {
        switch (arguments.length == 0 ? "" : arguments[0]) {
            case "arguments" -> System.out.println(Arrays.toString(arguments));
            case "exit" -> System.exit(Integer.parseInt(arguments[1]));
            case "throw" -> throw new IllegalStateException("thrown on purpose");
            case "wait" -> waitForever();
            case "wait-in-task" -> inTask();
            case "stubborn" -> stubborn();
            case "thread" -> new Thread(() -> System.out.println("the thread ended")).start();
            case "task" -> task();
            case "task-exits" -> taskExits();
            case "task-throws" -> taskThrows();
            case "impossible" -> impossible();
            case "unfinished" -> unfinished();
            default -> System.out.println("nothing to do");
        }
    }

    private static void waitForever() throws InterruptedException {
        System.out.println("ready");
        new CountDownLatch(1).await();
    }

    private static void inTask() {
        try (Colla colla = Colla.start()) {
            System.out.println(colla.call(Sample::blocked, in("x")).get());
        }
    }

    static String blocked(String text) throws InterruptedException {
        System.out.println("ready");
        new CountDownLatch(1).await();
        return text;
    }

    private static void stubborn() {
        System.out.println("ready");
        while (true) {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                System.out.println("does not care");
            }
        }
    }

    private static void task() {
        try (Colla colla = Colla.start()) {
            System.out.println(colla.call(Math::addExact, in(40), in(2)).get());
        }
    }

    static String exits(String text) {
        System.exit(3);
        return text;
    }

    private static void taskExits() {
        try (Colla colla = Colla.start()) {
            System.out.println(colla.call(Sample::exits, in("never")).get());
        }
    }

    static String fails(String text) {
        throw new IllegalArgumentException("task says " + text);
    }

    private static void taskThrows() {
        try (Colla colla = Colla.start()) {
            System.out.println(colla.with(TaskOptions.defaults().retries(0))
                    .call(Sample::fails, in("no"))
                    .get());
        }
    }

    private static void impossible() {
        try (Colla colla = Colla.start()) {
            colla.with(TaskOptions.defaults().cores(100_000)).call(Sample::fails, in("never"));
        }
    }

    /** Neither waits nor closes. */
    private static void unfinished() {
        Colla.start().call(Sample::says, in("still done"));
    }

    static String says(String text) {
        System.out.println(text);
        return text;
    }
}

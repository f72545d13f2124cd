package io.colla.mpi.java;

import java.lang.reflect.InvocationTargetException;

/** {@code MPI.COMM_WORLD} for functions of tests, which are compiled without mpi.jar. */
final class World {
    private World() {}

    static int rank() throws ReflectiveOperationException {
        return (int) world().getClass().getMethod("getRank").invoke(world());
    }

    static int size() throws ReflectiveOperationException {
        return (int) world().getClass().getMethod("getSize").invoke(world());
    }

    /** The sum of what all ranks give, at all of them. */
    static int sum(int mine) throws Exception {
        int[] values = {mine};
        Object sum = mpi().getField("SUM").get(null);
        Object type = mpi().getField("INT").get(null);
        call(
                world().getClass()
                        .getMethod(
                                "allReduce",
                                Object.class,
                                int.class,
                                Class.forName("mpi.Datatype"),
                                Class.forName("mpi.Op")),
                values,
                1,
                type,
                sum);
        return values[0];
    }

    /** Waits for all ranks. */
    static void barrier() throws Exception {
        call(world().getClass().getMethod("barrier"));
    }

    /** Something that MPI refuses. */
    static void sendToNobody() throws Exception {
        Object type = mpi().getField("INT").get(null);
        call(
                world().getClass()
                        .getMethod(
                                "send", Object.class, int.class, Class.forName("mpi.Datatype"), int.class, int.class),
                new int[1],
                1,
                type,
                12345,
                0);
    }

    private static void call(java.lang.reflect.Method method, Object... arguments) throws Exception {
        try {
            method.invoke(world(), arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }

    private static Class<?> mpi() throws ClassNotFoundException {
        return Class.forName("mpi.MPI");
    }

    private static Object world() throws ReflectiveOperationException {
        return mpi().getField("COMM_WORLD").get(null);
    }
}

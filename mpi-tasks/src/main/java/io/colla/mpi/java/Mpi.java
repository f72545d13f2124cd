package io.colla.mpi.java;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What Colla uses of Open MPI's Java bindings, which are known at run time only. After {@link #init} it works in a communicator of its own, so that no message of the function is mistaken for one
 * of these. Used by one thread.
 */
final class Mpi {
    private static final int TAG = 1;

    private final Class<?> mpi;
    private final Class<?> datatype;
    private final Class<?> status;
    private final Object bytes;
    private final Object communicator;
    private final Method bcast;
    private final Method send;
    private final Method receive;
    private final Method count;
    private final int rank;
    private final int size;

    private Mpi(Class<?> mpi) throws ReflectiveOperationException {
        this.mpi = mpi;
        ClassLoader loader = mpi.getClassLoader();
        datatype = Class.forName("mpi.Datatype", true, loader);
        status = Class.forName("mpi.Status", true, loader);
        bytes = constant("BYTE");
        Object world = constant("COMM_WORLD");
        // Errors become exceptions of the function, rather than the end of the process.
        world.getClass()
                .getMethod("setErrhandler", Class.forName("mpi.Errhandler", true, loader))
                .invoke(world, constant("ERRORS_RETURN"));
        Class<?> intracomm = Class.forName("mpi.Intracomm", true, loader);
        communicator = intracomm.getMethod("dup").invoke(world);
        rank = (int) intracomm.getMethod("getRank").invoke(communicator);
        size = (int) intracomm.getMethod("getSize").invoke(communicator);
        bcast = intracomm.getMethod("bcast", Object.class, int.class, datatype, int.class);
        send = intracomm.getMethod("send", Object.class, int.class, datatype, int.class, int.class);
        receive = intracomm.getMethod("recv", Object.class, int.class, datatype, int.class, int.class);
        count = status.getMethod("getCount", datatype);
    }

    /**
     * Joins the job.
     *
     * @param loader that has the classes of mpi.jar
     * @throws IOException if that cannot be done; the message says why
     */
    static Mpi init(ClassLoader loader) throws IOException {
        try {
            Class<?> mpi = Class.forName("mpi.MPI", true, loader);
            mpi.getMethod("Init", String[].class).invoke(null, (Object) new String[0]);
            return new Mpi(mpi);
        } catch (InvocationTargetException e) {
            throw failed(e);
        } catch (ReflectiveOperationException | LinkageError e) {
            throw new IOException("Open MPI's Java bindings cannot be used: " + reason(e), e);
        }
    }

    private static String reason(Throwable e) {
        Throwable cause = e instanceof ExceptionInInitializerError && e.getCause() != null ? e.getCause() : e;
        return cause instanceof UnsatisfiedLinkError
                ? cause.getMessage() + "; is this node's Open MPI the one that mpi.jar belongs to?"
                : cause.toString();
    }

    private static IOException failed(InvocationTargetException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        if (cause instanceof Error error) {
            return new IOException("Open MPI's Java bindings cannot be used: " + reason(error), error);
        }
        return new IOException("MPI failed: " + cause.getMessage(), cause);
    }

    private Object constant(String name) throws ReflectiveOperationException {
        return mpi.getField(name).get(null);
    }

    int rank() {
        return rank;
    }

    int size() {
        return size;
    }

    /** The first bytes of a direct buffer, from rank 0 to all. */
    void broadcast(ByteBuffer buffer, int length) throws IOException {
        call(bcast, communicator, buffer, length, bytes, 0);
    }

    void send(ByteBuffer buffer, int length, int to) throws IOException {
        call(send, communicator, buffer, length, bytes, to, TAG);
    }

    /** @return how many bytes came */
    int receive(ByteBuffer buffer, int from) throws IOException {
        Object came = call(receive, communicator, buffer, buffer.capacity(), bytes, from, TAG);
        Object length = came == null ? null : call(count, came, bytes);
        return length == null ? 0 : (int) length;
    }

    /** Returns when all ranks have come here. */
    void barrier() throws IOException {
        call(method("barrier"), communicator);
    }

    /** Leaves the job; waits for the others. */
    void end() throws IOException {
        try {
            if (!(boolean) mpi.getMethod("isFinalized").invoke(null)) {
                mpi.getMethod("Finalize").invoke(null);
            }
        } catch (InvocationTargetException e) {
            throw failed(e);
        } catch (ReflectiveOperationException e) {
            throw new IOException("Open MPI's Java bindings cannot be used: " + e, e);
        }
    }

    private Method method(String name) throws IOException {
        try {
            return communicator.getClass().getMethod(name);
        } catch (NoSuchMethodException e) {
            throw new IOException("Open MPI's Java bindings cannot be used: " + e, e);
        }
    }

    private static @Nullable Object call(Method method, Object target, Object... arguments) throws IOException {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw failed(e);
        } catch (IllegalAccessException e) {
            throw new IOException("Open MPI's Java bindings cannot be used: " + e, e);
        }
    }
}

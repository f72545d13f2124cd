package io.colla.worker;

import io.colla.platform.TaskContext;
import io.colla.platform.TaskError;
import io.colla.platform.TaskExecutor;
import io.colla.worker.store.ValueCodec;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs Java methods in the worker's own process, on the calling thread, whose context class loader has the application's classes. */
public final class JavaTaskExecutor implements TaskExecutor {
    public static final String KIND = "java";

    private static final MethodType SPREAD = MethodType.methodType(Object.class, Object[].class);

    /**
     * A function ready to be called.
     *
     * @param handle takes all arguments, captured ones first, as one array
     * @param captured what is in front of the arguments; to be made anew for each call if null
     * @param count number of captured values
     */
    record Resolved(MethodHandle handle, @Nullable Object @Nullable [] captured, int count, ClassLoader loader) {}

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public @Nullable Object execute(TaskContext context) throws Exception {
        JavaFunction function = (JavaFunction) context.body();
        Resolved resolved = resolved(function);
        @Nullable Object[] all = room(function, resolved, context.arguments());
        for (int i = 0; i < context.arguments(); i++) {
            all[resolved.count + i] = context.argument(i);
        }
        return invoke(resolved, all);
    }

    /**
     * Calls the function once, with the classes of the thread's context class loader. Without method handles, whose making takes longer than a process that makes a single call would
     * gain.
     */
    static @Nullable Object call(JavaFunction function, @Nullable Object[] arguments) throws Exception {
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        @Nullable Object[] captured = captured(function, loader);
        List<@Nullable Object> all = new ArrayList<>(Arrays.asList(captured));
        all.addAll(Arrays.asList(arguments));
        try {
            Class<?> type = Class.forName(function.className, true, loader);
            MethodType signature = MethodType.fromMethodDescriptorString(function.descriptor, loader);
            if (function.method.equals("<init>")) {
                Constructor<?> constructor = type.getDeclaredConstructor(signature.parameterArray());
                open(constructor, type);
                return constructor.newInstance(all.toArray());
            }
            Method method = (Method) JavaFunctions.executable(type, function.method, signature, false);
            open(method, type);
            return method.invoke(function.isStatic ? null : all.remove(0), all.toArray());
        } catch (ClassNotFoundException | NoSuchMethodException e) {
            throw missing(function, e);
        } catch (InvocationTargetException e) {
            throw unwrapped(e);
        }
    }

    /** Public methods of public classes may be those of the JDK, which keeps the rest closed. */
    private static void open(Executable executable, Class<?> type) {
        if (!Modifier.isPublic(executable.getModifiers()) || !Modifier.isPublic(type.getModifiers())) {
            executable.setAccessible(true);
        }
    }

    private static Exception unwrapped(InvocationTargetException e) {
        Throwable cause = e.getCause();
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof Exception exception ? exception : new TaskError("the task threw " + cause, "", true, e);
    }

    private static @Nullable Object invoke(Resolved resolved, @Nullable Object[] arguments) throws Exception {
        try {
            return (Object) resolved.handle.invokeExact(arguments);
        } catch (Exception | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new TaskError("the task threw " + e, "", true, e);
        }
    }

    private static Resolved resolved(JavaFunction function) throws TaskError {
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        Resolved resolved = function.resolved;
        if (resolved == null || resolved.loader != loader) {
            resolved = resolve(function, loader);
            function.resolved = resolved;
        }
        return resolved;
    }

    /** What is captured, and room for so many arguments behind it. */
    private static @Nullable Object[] room(JavaFunction function, Resolved resolved, int count) {
        @Nullable Object[] all = new @Nullable Object[resolved.count + count];
        if (resolved.count > 0) {
            @Nullable Object[] captured = resolved.captured;
            if (captured == null) {
                captured = captured(function, resolved.loader);
            }
            System.arraycopy(captured, 0, all, 0, resolved.count);
        }
        return all;
    }

    private static @Nullable Object[] captured(JavaFunction function, ClassLoader loader) {
        byte[] bytes = function.captured;
        Object values = bytes == null ? null : new ValueCodec(loader).fromBytes(bytes);
        return values == null ? new @Nullable Object[0] : (@Nullable Object[]) values;
    }

    private static Resolved resolve(JavaFunction function, ClassLoader loader) throws TaskError {
        try {
            MethodHandle handle = find(function, loader).asFixedArity();
            @Nullable Object[] captured = captured(function, loader);
            ValueCodec codec = new ValueCodec(loader);
            boolean constant = true;
            for (Object value : captured) {
                constant &= codec.isImmutable(value);
            }
            int count = handle.type().parameterCount();
            MethodHandle spread = handle.asType(MethodType.genericMethodType(count))
                    .asSpreader(Object[].class, count)
                    .asType(SPREAD);
            return new Resolved(spread, constant ? captured : null, captured.length, loader);
        } catch (ClassNotFoundException | NoSuchMethodException e) {
            throw missing(function, e);
        } catch (IllegalAccessException e) {
            throw new TaskError(
                    "the task's function " + function.className + "." + function.method + " is not accessible: "
                            + e.getMessage(),
                    "",
                    false,
                    e);
        }
    }

    private static TaskError missing(JavaFunction function, Exception e) {
        return new TaskError(
                "the task's function " + function.className + "." + function.method + " is not on this node (" + e
                        + "): is the application's jar on the run's class path there?",
                "",
                false,
                e);
    }

    private static MethodHandle find(JavaFunction function, ClassLoader loader)
            throws ClassNotFoundException, NoSuchMethodException, IllegalAccessException {
        Class<?> type = Class.forName(function.className, true, loader);
        MethodType signature = MethodType.fromMethodDescriptorString(function.descriptor, loader);
        try {
            return find(MethodHandles.publicLookup(), type, function, signature);
        } catch (IllegalAccessException e) {
            return find(MethodHandles.privateLookupIn(type, MethodHandles.lookup()), type, function, signature);
        }
    }

    private static MethodHandle find(
            MethodHandles.Lookup lookup, Class<?> type, JavaFunction function, MethodType signature)
            throws NoSuchMethodException, IllegalAccessException {
        if (function.method.equals("<init>")) {
            return lookup.findConstructor(type, signature);
        }
        return function.isStatic
                ? lookup.findStatic(type, function.method, signature)
                : lookup.findVirtual(type, function.method, signature);
    }

    @Override
    public void close() {
        // A running method is ended by interrupting its thread; nothing else is held.
    }
}

package io.colla.worker;

import io.colla.api.Commutative;
import io.colla.api.Concurrent;
import io.colla.api.Direction;
import io.colla.api.FailurePolicy;
import io.colla.api.InDelete;
import io.colla.api.InOut;
import io.colla.api.Memory;
import io.colla.api.Out;
import io.colla.api.Ranks;
import io.colla.api.Task;
import io.colla.api.TaskFunction;
import io.colla.api.TaskOptions;
import io.colla.api.UsageException;
import io.colla.platform.TaskDefinition;
import io.colla.worker.store.UnserializableException;
import io.colla.worker.store.ValueCodec;
import java.lang.annotation.Annotation;
import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.MethodType;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns functions that an application calls as tasks into what workers need to run them. Thread-safe. */
public final class JavaFunctions {
    private static final ClassValue<Cache> CACHE = new ClassValue<>() {
        @Override
        protected Cache computeValue(Class<?> type) {
            return new Cache();
        }
    };

    private static final class Cache {
        volatile @Nullable Function function;
    }

    /**
     * A function as a task.
     *
     * @param name for people: that of its {@link Task} annotation, or {@code Class.method}
     * @param implementation to be sent to workers
     * @param options of its {@link Task} annotation; none set without one
     * @param directions of its parameters, from their annotations; {@link Direction#IN} without one
     * @param parameters names of its parameters
     * @param types erased types of its parameters
     * @param returnsValue whether it has a result
     */
    public record Function(
            String name,
            TaskDefinition.Implementation implementation,
            TaskOptions options,
            List<Direction> directions,
            List<String> parameters,
            List<Class<?>> types,
            boolean returnsValue) {
        public Function {
            directions = List.copyOf(directions);
            parameters = List.copyOf(parameters);
            types = List.copyOf(types);
        }

        /** The definition of a task that has only this implementation. */
        public TaskDefinition definition() {
            return new TaskDefinition(name, parameters, List.of(implementation));
        }
    }

    private JavaFunctions() {}

    /**
     * What a method reference or lambda stands for. The same object each time for one that captures nothing.
     *
     * @throws UsageException if it is neither, or captures something that cannot be serialized
     */
    public static Function definition(TaskFunction function) {
        Cache cache = CACHE.get(function.getClass());
        Function known = cache.function;
        if (known != null) {
            return known;
        }
        SerializedLambda lambda = serialized(function);
        Function made = make(function, lambda);
        if (lambda.getCapturedArgCount() == 0) {
            cache.function = made;
        }
        return made;
    }

    private static SerializedLambda serialized(TaskFunction function) {
        try {
            Method method = function.getClass().getDeclaredMethod("writeReplace");
            method.setAccessible(true);
            if (method.invoke(function) instanceof SerializedLambda lambda) {
                return lambda;
            }
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw notALambda(function, e);
        }
        throw notALambda(function, null);
    }

    private static UsageException notALambda(TaskFunction function, @Nullable Throwable cause) {
        String message = "the task function of " + function.getClass().getName()
                + " is neither a method reference nor a lambda; write it as Class::method or (a, b) -> ...";
        return cause == null ? new UsageException(message) : new UsageException(message, cause);
    }

    private static Function make(TaskFunction function, SerializedLambda lambda) {
        ClassLoader loader = function.getClass().getClassLoader();
        ClassLoader used = loader == null ? ClassLoader.getSystemClassLoader() : loader;
        String className = lambda.getImplClass().replace('/', '.');
        String descriptor = lambda.getImplMethodSignature();
        boolean constructor = lambda.getImplMethodKind() == MethodHandleInfo.REF_newInvokeSpecial;
        boolean isStatic = lambda.getImplMethodKind() == MethodHandleInfo.REF_invokeStatic;
        try {
            Class<?> owner = Class.forName(className, false, used);
            MethodType signature = MethodType.fromMethodDescriptorString(descriptor, used);
            Executable method = executable(owner, lambda.getImplMethodName(), signature, constructor);
            boolean receiver = !isStatic && !constructor;
            boolean returns = !lambda.getFunctionalInterfaceMethodSignature().endsWith(")V");
            JavaFunction body = new JavaFunction(
                    className,
                    lambda.getImplMethodName(),
                    descriptor,
                    isStatic,
                    captured(lambda, owner, used),
                    returns);
            return describe(owner, method, signature, receiver, lambda.getCapturedArgCount(), body);
        } catch (ClassNotFoundException | NoSuchMethodException | TypeNotPresentException e) {
            throw new UsageException(
                    "the task function " + className + "." + lambda.getImplMethodName() + " cannot be found: " + e, e);
        }
    }

    static Executable executable(Class<?> owner, String name, MethodType signature, boolean constructor)
            throws NoSuchMethodException {
        if (constructor) {
            return owner.getDeclaredConstructor(signature.parameterArray());
        }
        for (Class<?> type = owner; type != null; type = type.getSuperclass()) {
            for (Method method : type.getDeclaredMethods()) {
                if (method.getName().equals(name)
                        && method.getReturnType() == signature.returnType()
                        && MethodType.methodType(method.getReturnType(), method.getParameterTypes())
                                .equals(signature)) {
                    return method;
                }
            }
        }
        return owner.getMethod(name, signature.parameterArray());
    }

    private static byte @Nullable [] captured(SerializedLambda lambda, Class<?> owner, ClassLoader loader) {
        int count = lambda.getCapturedArgCount();
        if (count == 0) {
            return null;
        }
        Object[] values = new Object[count];
        for (int i = 0; i < count; i++) {
            values[i] = lambda.getCapturedArg(i);
        }
        try {
            return new ValueCodec(loader).toBytes(values);
        } catch (UnserializableException e) {
            throw new UsageException(
                    "the task function " + nameOf(owner, lambda.getImplMethodName())
                            + " captures what cannot be sent to a worker: " + e.getMessage()
                            + "; pass it as an argument, or use a static method",
                    e);
        }
    }

    private static Function describe(
            Class<?> owner,
            Executable method,
            MethodType signature,
            boolean receiver,
            int captured,
            JavaFunction body) {
        List<Direction> directions = new ArrayList<>();
        List<String> names = new ArrayList<>();
        List<Class<?>> types = new ArrayList<>();
        // The receiver of an instance method comes first, whether captured or given.
        int offset = receiver ? 1 : 0;
        Annotation[][] annotations = method.getParameterAnnotations();
        for (int i = captured; i < signature.parameterCount() + offset; i++) {
            int own = i - offset;
            boolean isReceiver = own < 0;
            directions.add(isReceiver || annotations.length <= own ? Direction.IN : direction(annotations[own]));
            names.add(isReceiver ? "this" : method.getParameters()[own].getName());
            types.add(isReceiver ? owner : signature.parameterType(own));
        }
        Task task = method.getAnnotation(Task.class);
        String name = task == null || task.name().isEmpty() ? nameOf(owner, body.method) : task.name();
        return new Function(
                name,
                new TaskDefinition.Implementation(JavaTaskExecutor.KIND, body),
                task == null ? TaskOptions.defaults() : options(task, name),
                directions,
                names,
                types,
                body.returnsValue);
    }

    private static String nameOf(Class<?> owner, String method) {
        String type = owner.getSimpleName();
        if (method.equals("<init>")) {
            return type + ".new";
        }
        String[] lambda = method.split("\\$", -1);
        // javac names the body of a serializable lambda lambda$<method>$<hash>$<number>.
        return lambda.length >= 3 && lambda[0].equals("lambda")
                ? type + "." + lambda[1] + "#" + lambda[lambda.length - 1]
                : type + "." + method;
    }

    private static Direction direction(Annotation[] annotations) {
        for (Annotation annotation : annotations) {
            if (annotation instanceof InOut) {
                return Direction.INOUT;
            } else if (annotation instanceof Out) {
                return Direction.OUT;
            } else if (annotation instanceof Concurrent) {
                return Direction.CONCURRENT;
            } else if (annotation instanceof Commutative) {
                return Direction.COMMUTATIVE;
            } else if (annotation instanceof InDelete) {
                return Direction.IN_DELETE;
            }
        }
        return Direction.IN;
    }

    /** Only what the annotation says differently from its own defaults is set. */
    private static TaskOptions options(Task task, String name) {
        TaskOptions options = TaskOptions.defaults();
        options = task.name().isEmpty() ? options : options.name(task.name());
        options = task.cores() == 1 ? options : options.cores(task.cores());
        options = task.memory().isEmpty() ? options : options.memory(Memory.parse(task.memory()));
        options = task.nodes() == 1 ? options : options.nodes(task.nodes());
        options = task.ranks() == 0
                ? options
                : options.ranks(Ranks.of(task.ranks()).perNode(task.ranksPerNode()));
        options = task.priority() == 0 ? options : options.priority(task.priority());
        options = task.onFailure() == FailurePolicy.RETRY ? options : options.onFailure(task.onFailure());
        options = task.retries() == 2 ? options : options.retries(task.retries());
        for (String resource : task.resources()) {
            Map.Entry<String, String> pair = pair(resource, "resources", name);
            options = options.resource(pair.getKey(), amount(pair, name));
        }
        for (String property : task.properties()) {
            Map.Entry<String, String> pair = pair(property, "properties", name);
            options = options.property(pair.getKey(), pair.getValue());
        }
        return task.timeout() == 0
                ? options
                : options.timeout(Duration.ofNanos(Math.round(task.timeout() * 1_000_000_000.0)));
    }

    private static int amount(Map.Entry<String, String> pair, String task) {
        try {
            return Integer.parseInt(pair.getValue());
        } catch (NumberFormatException e) {
            throw new UsageException(
                    "resources of @Task " + task + ": \"" + pair.getKey() + "=" + pair.getValue()
                            + "\" is not a number; write it as gpu=1",
                    e);
        }
    }

    private static Map.Entry<String, String> pair(String text, String what, String task) {
        int at = text.indexOf('=');
        if (at <= 0) {
            throw new UsageException(
                    what + " of @Task " + task + ": \"" + text + "\" has no value; write it as name=value");
        }
        return Map.entry(text.substring(0, at).strip(), text.substring(at + 1).strip());
    }
}

package io.colla.examples;

import io.colla.api.Direction;
import io.colla.api.InOut;
import io.colla.api.Out;
import io.colla.api.TaskFunction;
import java.lang.invoke.MethodType;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.List;

/** What {@link SequentialSession} needs to know of a task function: its parameters' directions, and how to call it. */
final class Directions {
    private Directions() {}

    static List<Direction> of(TaskFunction function, int arguments) throws Exception {
        Method writeReplace = function.getClass().getDeclaredMethod("writeReplace");
        writeReplace.setAccessible(true);
        SerializedLambda lambda = (SerializedLambda) writeReplace.invoke(function);
        Class<?> owner = Class.forName(lambda.getImplClass().replace('/', '.'));
        Class<?>[] types = MethodType.fromMethodDescriptorString(
                        lambda.getImplMethodSignature(), owner.getClassLoader())
                .parameterArray();
        List<Direction> directions = new ArrayList<>();
        Method method = owner.getDeclaredMethod(lambda.getImplMethodName(), types);
        for (Parameter parameter : method.getParameters()) {
            directions.add(
                    parameter.isAnnotationPresent(InOut.class)
                            ? Direction.INOUT
                            : parameter.isAnnotationPresent(Out.class) ? Direction.OUT : Direction.IN);
        }
        if (directions.size() != arguments) {
            throw new IllegalArgumentException(method + " called with " + arguments + " arguments");
        }
        return directions;
    }

    /** Every function type has one method, named call or run. */
    static Object invoke(TaskFunction function, Object[] values) throws Exception {
        for (Class<?> type : function.getClass().getInterfaces()) {
            for (Method method : type.getMethods()) {
                if (method.getName().equals("call") || method.getName().equals("run")) {
                    try {
                        return method.invoke(function, values);
                    } catch (java.lang.reflect.InvocationTargetException e) {
                        throw e.getCause() instanceof Exception cause ? cause : e;
                    }
                }
            }
        }
        throw new IllegalArgumentException(function + " has no method to call");
    }
}

package io.colla.launcher.log;

import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/** One class' logger. */
final class RunLogger extends LegacyAbstractLogger {
    private static final long serialVersionUID = 1L;

    RunLogger(String name) {
        this.name = name;
    }

    @Override
    protected void handleNormalizedLoggingCall(
            Level level,
            @Nullable Marker marker,
            String pattern,
            Object @Nullable [] arguments,
            @Nullable Throwable cause) {
        String message = arguments == null ? pattern : MessageFormatter.basicArrayFormat(pattern, arguments);
        RunLog.process().write(level, name, message, cause);
    }

    @Override
    protected @Nullable String getFullyQualifiedCallerName() {
        return null;
    }

    @Override
    public boolean isTraceEnabled() {
        return RunLog.process().isEnabled(Level.TRACE);
    }

    @Override
    public boolean isDebugEnabled() {
        return RunLog.process().isEnabled(Level.DEBUG);
    }

    @Override
    public boolean isInfoEnabled() {
        return RunLog.process().isEnabled(Level.INFO);
    }

    @Override
    public boolean isWarnEnabled() {
        return RunLog.process().isEnabled(Level.WARN);
    }

    @Override
    public boolean isErrorEnabled() {
        return RunLog.process().isEnabled(Level.ERROR);
    }
}

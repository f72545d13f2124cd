package io.colla.api.spi;

import java.util.Map;

/** Records what the application tells through {@link io.colla.api.Trace}. Thread-safe. */
public interface TraceSink {
    void event(int type, long value);

    void define(int type, String label, Map<Long, String> values);
}

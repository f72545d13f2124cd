package io.colla.api.spi;

import io.colla.api.Colla;

/** Found by {@link java.util.ServiceLoader}: opens the session of this process. */
public interface SessionProvider {
    Colla open();
}

package io.colla.master;

import io.colla.core.DatumKind;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file or folder that the engine knows as a datum.
 *
 * @param home its path on the application's node; null for a temporary one
 * @param name its file name
 * @param folder whether it is a folder with all that is in it
 */
record FileDatum(int datum, DatumKind kind, @Nullable Path home, String name, boolean folder) {}

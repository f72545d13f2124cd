package io.colla.tracing.extrae;

import com.sun.jna.Callback;
import com.sun.jna.Function;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Extrae's functions for programs that record themselves. Its types are unsigned 32-bit and its values unsigned 64-bit numbers. A process has it once, and for good.
 *
 * <p>It has rules that it does not check: the functions that tell it the process' number are called by {@link #Extrae_init}; a thread must be made known, by itself, before its events and
 * before its name.
 */
final class Extrae {
    private static @Nullable NativeLibrary library;

    private Extrae() {}

    /** Answers with a number. The garbage collector must not take it while Extrae may ask. */
    interface Number extends Callback {
        int get();
    }

    /**
     * Loads it. It must have been told not to begin by itself.
     *
     * @throws UnsatisfiedLinkError if it cannot be loaded, or lacks a function that is called directly
     */
    static void load(Path file) {
        NativeLibrary loaded = NativeLibrary.getInstance(file.toString());
        Native.register(Extrae.class, loaded);
        library = loaded;
    }

    static native void Extrae_init();

    static native void Extrae_fini();

    static native void Extrae_event(int type, long value);

    static native void Extrae_nevent(int count, int[] types, long[] values);

    /** As {@link #Extrae_nevent}, with the processor's counters. */
    static native void Extrae_neventandcounters(int count, int[] types, long[] values);

    /** @param texts of the values, as many as there are */
    static native void Extrae_define_event_type(
            int[] type, String description, int[] count, long[] values, Pointer texts);

    /**
     * A function that not every build has.
     *
     * @return null if this one does not have it
     */
    static @Nullable Function function(String name) {
        NativeLibrary loaded = library;
        try {
            return loaded == null ? null : loaded.getFunction(name);
        } catch (UnsatisfiedLinkError e) {
            return null;
        }
    }
}

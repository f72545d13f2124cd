package io.colla.binary.spawn;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;

/**
 * The C library's functions for spawning, directly mapped. Pointers are {@code long}: Linux on 64-bit machines only. After a
 * call that returned -1, {@link Native#getLastError()} has the errno.
 */
final class LibC {

    static final short POSIX_SPAWN_SETSIGDEF = 0x04;
    static final short POSIX_SPAWN_SETSIGMASK = 0x08;
    static final short POSIX_SPAWN_SETSID = 0x80;
    static final int O_WRONLY = 1;
    static final int O_CREAT = 0x40;
    static final int O_TRUNC = 0x200;
    static final int O_APPEND = 0x400;
    static final int P_PID = 1;
    static final int WNOHANG = 1;
    static final int WEXITED = 4;
    static final int WNOWAIT = 0x01000000;
    static final int RLIMIT_AS = 9;
    static final short POLLIN = 1;
    static final long SYS_PIDFD_OPEN = 434;

    private LibC() {}

    static {
        NativeLibrary library = NativeLibrary.getInstance("c");
        // glibc 2.34 has both; without them neither folder nor descriptors can be set: say so at once.
        library.getFunction("posix_spawn_file_actions_addchdir_np");
        library.getFunction("posix_spawn_file_actions_addclosefrom_np");
        Native.register(LibC.class, library);
    }

    static native int posix_spawn(long pid, long path, long actions, long attributes, long argv, long envp);

    static native int posix_spawnattr_init(long attributes);

    static native int posix_spawnattr_setflags(long attributes, short flags);

    static native int posix_spawnattr_setsigmask(long attributes, long set);

    static native int posix_spawnattr_setsigdefault(long attributes, long set);

    static native int posix_spawn_file_actions_init(long actions);

    static native int posix_spawn_file_actions_destroy(long actions);

    static native int posix_spawn_file_actions_addopen(long actions, int fd, long path, int flags, int mode);

    static native int posix_spawn_file_actions_adddup2(long actions, int fd, int target);

    static native int posix_spawn_file_actions_addchdir_np(long actions, long path);

    static native int posix_spawn_file_actions_addclosefrom_np(long actions, int from);

    static native int sigemptyset(long set);

    static native int sigfillset(long set);

    static native int sched_getaffinity(int pid, long bytes, long mask);

    static native int sched_setaffinity(int pid, long bytes, long mask);

    static native int waitid(int type, int id, long info, int options);

    static native int wait4(int pid, long status, int options, long usage);

    static native int kill(int pid, int signal);

    static native int prlimit(int pid, int resource, long newLimit, long oldLimit);

    static native int poll(long fds, long count, int timeout);

    static native int close(int fd);

    static native long syscall(long number, long a, long b, long c);
}

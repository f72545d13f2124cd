package io.colla.binary.spawn;

import java.util.Map;

/** The kernel's error numbers that starting a program can give (asm-generic/errno-base.h, errno.h). */
final class Errno {

    static final int EPERM = 1;
    static final int ENOENT = 2;
    static final int EINTR = 4;
    static final int E2BIG = 7;
    static final int ENOEXEC = 8;
    static final int ECHILD = 10;
    static final int EAGAIN = 11;
    static final int ENOMEM = 12;
    static final int EACCES = 13;
    static final int ENOTDIR = 20;
    static final int EISDIR = 21;
    static final int EINVAL = 22;
    static final int ENFILE = 23;
    static final int EMFILE = 24;
    static final int ENOSPC = 28;
    static final int EROFS = 30;
    static final int ENAMETOOLONG = 36;
    static final int ENOSYS = 38;
    static final int ELOOP = 40;
    static final int EDQUOT = 122;

    private static final Map<Integer, String> TEXT = Map.ofEntries(
            Map.entry(EPERM, "operation not permitted"),
            Map.entry(ENOENT, "no such file or folder"),
            Map.entry(E2BIG, "argument list too long"),
            Map.entry(ENOEXEC, "not an executable format"),
            Map.entry(EAGAIN, "process limit reached"),
            Map.entry(ENOMEM, "out of memory"),
            Map.entry(EACCES, "permission denied"),
            Map.entry(ENOTDIR, "a part of the path is not a folder"),
            Map.entry(EISDIR, "it is a folder"),
            Map.entry(EINVAL, "invalid argument"),
            Map.entry(ENFILE, "the node's limit on open files is reached"),
            Map.entry(EMFILE, "the process's limit on open files is reached"),
            Map.entry(ENOSPC, "no space left on the device"),
            Map.entry(EROFS, "the file system is read-only"),
            Map.entry(ENAMETOOLONG, "the name is too long"),
            Map.entry(ELOOP, "too many symbolic links"),
            Map.entry(EDQUOT, "disk quota exceeded"));

    private Errno() {}

    static String text(int errno) {
        return TEXT.getOrDefault(errno, "error " + errno);
    }
}

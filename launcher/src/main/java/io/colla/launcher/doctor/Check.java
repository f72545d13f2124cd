package io.colla.launcher.doctor;

/**
 * What one check found.
 *
 * @param finding what was looked at and what is there
 * @param advice one sentence on what to do; empty when all is well
 */
public record Check(Status status, String finding, String advice) {
    /** How bad it is. */
    public enum Status {
        OK,
        /** Colla works, but slower or only in part. */
        WARN,
        /** Runs will fail. */
        FAIL
    }

    static Check ok(String finding) {
        return new Check(Status.OK, finding, "");
    }

    static Check warn(String finding, String advice) {
        return new Check(Status.WARN, finding, advice);
    }

    static Check fail(String finding, String advice) {
        return new Check(Status.FAIL, finding, advice);
    }
}

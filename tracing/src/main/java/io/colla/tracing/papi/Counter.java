package io.colla.tracing.papi;

import io.colla.tracing.EventTypes;

/** What is counted, as far as the processor can count it and all at once. */
enum Counter {
    PAPI_TOT_INS(0x32),
    PAPI_TOT_CYC(0x3b),
    PAPI_L1_DCM(0x00),
    PAPI_L2_DCM(0x02),
    PAPI_L3_TCM(0x08);

    private static final int PRESET = 0x8000_0000;

    private final int number;

    Counter(int number) {
        this.number = number;
    }

    /** PAPI's code. */
    int code() {
        return PRESET | number;
    }

    /** Extrae's event type. */
    int type() {
        return EventTypes.FIRST_COUNTER + number;
    }
}

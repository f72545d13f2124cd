package io.colla.tracing.paraver;

/** What a thread is doing, by Extrae's numbers, labels and colours. */
public enum State {
    IDLE(0, "Idle", 117, 195, 255),
    RUNNING(1, "Running", 0, 0, 255),
    NOT_CREATED(2, "Not created", 255, 255, 255),
    WAITING_MESSAGE(3, "Waiting a message", 255, 0, 0),
    SYNCHRONIZATION(5, "Synchronization", 179, 0, 0),
    SCHEDULING(7, "Scheduling and Fork/Join", 255, 255, 0),
    BLOCKED(9, "Blocked", 0, 255, 0),
    IO(12, "I/O", 235, 0, 0),
    OTHERS(15, "Others", 255, 144, 26),
    MEMORY_TRANSFER(17, "Memory transfer", 189, 168, 100),
    OVERHEAD(24, "Overhead", 66, 66, 66);

    private final int number;
    private final String label;
    private final int red;
    private final int green;
    private final int blue;

    State(int number, String label, int red, int green, int blue) {
        this.number = number;
        this.label = label;
        this.red = red;
        this.green = green;
        this.blue = blue;
    }

    /** As records carry it. */
    public int number() {
        return number;
    }

    public String label() {
        return label;
    }

    String colour() {
        return "{" + red + "," + green + "," + blue + "}";
    }
}

package io.colla.api;

/** No node is left, or none could be started, that could do what is asked. */
public class NodesLostException extends CollaException {
    private static final long serialVersionUID = 1L;

    public NodesLostException(String message) {
        super(message);
    }
}

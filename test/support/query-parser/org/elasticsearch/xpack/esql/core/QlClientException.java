package org.elasticsearch.xpack.esql.core;

/** The one class that the parser needs and its archive lacks: the base of its own exception. */
public abstract class QlClientException extends RuntimeException {
    protected QlClientException(String message, Object... arguments) {
        super(message);
    }

    protected QlClientException(String message, Throwable cause) {
        super(message, cause);
    }

    protected QlClientException(String message, Throwable cause, Object... arguments) {
        super(message, cause);
    }

    protected QlClientException(Throwable cause, String message, Object... arguments) {
        super(message, cause);
    }

    protected QlClientException(Throwable cause) {
        super(cause);
    }
}

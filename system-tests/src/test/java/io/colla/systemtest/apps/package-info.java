/** Applications that the tests run with {@code colla run -cp}. */
@NullMarked
package io.colla.systemtest.apps;

import org.jspecify.annotations.NullMarked;

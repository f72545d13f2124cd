/** Pure placement: requirement classes, ready queues, resource matching, locality. */
@NullMarked
package io.colla.scheduler;

import org.jspecify.annotations.NullMarked;

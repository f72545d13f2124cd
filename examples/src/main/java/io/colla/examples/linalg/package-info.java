/** Dense linear algebra on matrices that are cut into blocks: every block is a datum, every operation on blocks a task that updates one in place. */
@NullMarked
package io.colla.examples.linalg;

import org.jspecify.annotations.NullMarked;

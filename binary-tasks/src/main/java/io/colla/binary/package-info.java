@NullMarked
package io.colla.binary;

import org.jspecify.annotations.NullMarked;

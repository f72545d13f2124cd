@NullMarked
package io.colla.core;

import org.jspecify.annotations.NullMarked;

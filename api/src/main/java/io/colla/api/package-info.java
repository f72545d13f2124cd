@NullMarked
package io.colla.api;

import org.jspecify.annotations.NullMarked;

/** Extrae's names for Java programs that use them. */
@NullMarked
package es.bsc.cepbatools.extrae;

import org.jspecify.annotations.NullMarked;

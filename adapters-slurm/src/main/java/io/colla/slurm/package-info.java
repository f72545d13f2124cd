@NullMarked
package io.colla.slurm;

import org.jspecify.annotations.NullMarked;

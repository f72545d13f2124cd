/** Counts the words of many files: one task for each group of bytes, then a tree of tasks that adds the counts up. */
@NullMarked
package io.colla.examples.wordcount;

import org.jspecify.annotations.NullMarked;

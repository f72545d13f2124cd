/**
 * Searches protein sequences for members of protein families with HMMER's programs: a graph of binary tasks and Java tasks that pass files to
 * each other. Formats: FASTA; Swiss-Prot flat files (UniProt Knowledgebase user manual); HMMER's profiles and {@code --tblout} tables (HMMER
 * User's Guide 3.3, chapters "Tabular output formats" and "File formats").
 */
@NullMarked
package io.colla.examples.hmmer;

import org.jspecify.annotations.NullMarked;

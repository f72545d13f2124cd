package io.colla.launcher.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.colla.api.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PythonProgramTest {
    @TempDir
    Path folder;

    @Test
    void passesArgumentsAsTheyAre() throws IOException {
        Path script = Files.createFile(folder.resolve("fit.py"));
        assertThat(PythonProgram.ofScript(script.toString(), List.of("--cores", "", "x y")))
                .isEqualTo(new PythonProgram("fit", List.of(script.toString(), "--cores", "", "x y")));
        assertThat(PythonProgram.ofModule("pack.fit", List.of("-v")))
                .isEqualTo(new PythonProgram("fit", List.of("-m", "pack.fit", "-v")));
    }

    @Test
    void hintsAtAScriptOfSimilarName() throws IOException {
        Files.createFile(folder.resolve("kmeans.py"));
        Path wrong = folder.resolve("kmean.py");
        assertThatThrownBy(() -> PythonProgram.ofScript(wrong.toString(), List.of()))
                .isInstanceOf(UsageException.class)
                .hasMessage("no such script: " + wrong + "; did you mean 'kmeans.py'?");
    }

    @Test
    void knowsScriptsByNameFirstLineOrMainFile() throws IOException {
        Path plain = Files.writeString(folder.resolve("fit"), "#!/usr/bin/env python3\nprint(1)\n");
        Path shell = Files.writeString(folder.resolve("run"), "#!/bin/sh\n");
        Path pack = Files.createDirectory(folder.resolve("pack"));
        assertThat(PythonProgram.isScript(plain.toString())).isTrue();
        assertThat(PythonProgram.isScript("none.py")).isTrue();
        assertThat(PythonProgram.isScript(shell.toString())).isFalse();
        assertThat(PythonProgram.isScript("my.Main")).isFalse();
        assertThat(PythonProgram.isScript(pack.toString())).isFalse();
        Files.createFile(pack.resolve("__main__.py"));
        assertThat(PythonProgram.isScript(pack.toString())).isTrue();
    }

    @Test
    void refusesWhatCannotBeAModule() {
        assertThatThrownBy(() -> PythonProgram.ofModule("a/b.py", List.of()))
                .hasMessage("-m a/b.py: that cannot be a module's name; give one as in python3 -m");
    }
}

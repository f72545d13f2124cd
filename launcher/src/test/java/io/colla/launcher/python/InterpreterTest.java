package io.colla.launcher.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.colla.api.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InterpreterTest {
    @TempDir
    Path folder;

    private Path program(String name, String script) throws IOException {
        Path path = folder.resolve(name);
        Files.createDirectories(path.getParent());
        Files.writeString(path, "#!/bin/sh\n" + script + "\n");
        assertThat(path.toFile().setExecutable(true)).isTrue();
        return path;
    }

    private Map<String, String> path() {
        return Map.of("PATH", folder.resolve("bin").toString());
    }

    @Test
    void takesTheFirstOnThePathAndAsksNothingWhenItsNameSaysItsVersion() throws IOException {
        program("real/python3.12", "exit 1");
        Files.createDirectories(folder.resolve("bin"));
        Path link = Files.createSymbolicLink(folder.resolve("bin/python3"), folder.resolve("real/python3.12"));
        assertThat(Interpreter.find(null, path()).path()).isEqualTo(link);
    }

    @Test
    void prefersTheActiveEnvironmentByItsOwnPath() throws IOException {
        program("bin/python3", "exit 1");
        program("real/python3.11", "exit 1");
        Files.createDirectories(folder.resolve("venv/bin"));
        Path link = Files.createSymbolicLink(folder.resolve("venv/bin/python3"), folder.resolve("real/python3.11"));
        Map<String, String> environment = Map.of(
                "PATH",
                folder.resolve("bin").toString(),
                "VIRTUAL_ENV",
                folder.resolve("venv").toString());
        assertThat(Interpreter.find(null, environment).path()).isEqualTo(link);
    }

    /** As pyenv's shims do. */
    @Test
    void takesTheOneThatAScriptPicks() throws IOException {
        program("bin/python3", "echo 3 11 /opt/python/bin/python3.11");
        assertThat(Interpreter.find(null, path()).path()).isEqualTo(Path.of("/opt/python/bin/python3.11"));
    }

    @Test
    void refusesAnOldOne() throws IOException {
        Path old = program("bin/python3", "echo 3 8 /usr/bin/python3.8");
        assertThatThrownBy(() -> Interpreter.find(null, path()))
                .isInstanceOf(UsageException.class)
                .hasMessage(old + " is Python 3.8, and Colla needs 3.9 or newer; name another with --python");
        Path named = program("python3.6", "exit 1");
        assertThatThrownBy(() -> Interpreter.find(named.toString(), path())).hasMessageContaining("is Python 3.6");
    }

    @Test
    void refusesWhatIsNoPython() throws IOException {
        Path other = program("bin/tool", "echo tool 1.0");
        assertThatThrownBy(() -> Interpreter.find("tool", path()))
                .hasMessageStartingWith(other + " is no Python: it answers 'tool 1.0'; name the path");
    }

    @Test
    void saysWhatToDoWithoutOne() {
        assertThatThrownBy(() -> Interpreter.find(null, path()))
                .hasMessageStartingWith("there is no python3 on the PATH; load your site's Python module");
        assertThatThrownBy(() -> Interpreter.find("/none/python3", path()))
                .hasMessageStartingWith("--python: there is no program /none/python3; name the path");
        assertThatThrownBy(() -> Interpreter.find(null, Map.of("VIRTUAL_ENV", "/none")))
                .hasMessageStartingWith("the virtual environment /none (VIRTUAL_ENV) has no bin/python3");
    }
}

package io.colla.binary;

import io.colla.binary.spawn.Redirect;
import io.colla.platform.TaskContext;
import io.colla.platform.TaskError;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The three standard streams of one attempt. Objects pass through files. Files are read and written by plain streams, because the
 * thread may be interrupted, which would close a channel.
 */
final class Streams {

    /** How much of what a failed program printed goes into the error. */
    static final int TAIL_BYTES = 4096;

    /** Name of the class of byte[]. */
    private static final String BYTES = byte[].class.getName();

    /** Classes of objects that may become a text. */
    private static final Set<String> TEXTS = Stream.of(
                    String.class, CharSequence.class, Comparable.class, Serializable.class, Object.class)
            .map(Class::getName)
            .collect(Collectors.toUnmodifiableSet());

    private static final long LARGEST_ARRAY = Integer.MAX_VALUE - 16;

    /**
     * Where an output stream goes.
     *
     * @param parameter the object that receives what was written; -1 for none
     */
    record Output(Path file, int parameter) {}

    private final TaskContext context;
    private final Path folder;
    private final @Nullable Path input;
    private final Output stdout;
    private final Output stderr;

    private Streams(TaskContext context, Path folder, @Nullable Path input, Output stdout, Output stderr) {
        this.context = context;
        this.folder = folder;
        this.input = input;
        this.stdout = stdout;
        this.stderr = stderr;
    }

    /** Resolves the streams, and writes the file from which an object is fed in. */
    static Streams prepare(Program program, TaskContext context, Path folder) throws TaskError, IOException {
        Path input = program.stdin() == null ? null : input(program.stdin(), program, context, folder);
        Output stdout = output("stdout", program.stdout(), program, context, folder);
        boolean merged = stdout.parameter() >= 0
                && program.stderr() != null
                && program.stderr().soleParameter() == stdout.parameter();
        Output stderr = merged ? stdout : output("stderr", program.stderr(), program, context, folder);
        Streams streams = new Streams(context, folder, input, stdout, stderr);
        streams.refuseEmptyingInput(program);
        return streams;
    }

    private static Path input(Template template, Program program, TaskContext context, Path folder)
            throws TaskError, IOException {
        int parameter = template.soleParameter();
        if (parameter >= 0 && !context.isFile(parameter) && !(context.argument(parameter) instanceof Path)) {
            return feed(context, parameter);
        }
        return file("stdin", template, program, context, folder);
    }

    private static Path feed(TaskContext context, int parameter) throws TaskError, IOException {
        Object value = context.argument(parameter);
        String name = context.definition().parameters().get(parameter);
        Path file = context.workingDirectory().resolve(".colla-stdin");
        try (OutputStream out = new FileOutputStream(file.toFile())) {
            if (value instanceof byte[] bytes) {
                out.write(bytes);
            } else if (value instanceof List<?> lines) {
                StringBuilder text = new StringBuilder();
                for (Object line : lines) {
                    text.append(fedText(name, line)).append('\n');
                }
                out.write(text.toString().getBytes(StandardCharsets.UTF_8));
            } else {
                out.write(fedText(name, value).getBytes(StandardCharsets.UTF_8));
            }
        }
        return file;
    }

    private static String fedText(String parameter, @Nullable Object value) throws TaskError {
        if (!ArgumentText.hasText(value)) {
            throw Failures.usage("parameter '" + parameter + "' is " + ArgumentText.kind(value)
                    + ", which stdin cannot be fed from: bind a text, a byte[], a list of lines or a file");
        }
        return String.valueOf(value);
    }

    private static Output output(
            String stream, @Nullable Template template, Program program, TaskContext context, Path folder)
            throws TaskError {
        if (template == null) {
            return new Output(context.outputFile(stream), -1);
        }
        int parameter = template.soleParameter();
        if (parameter >= 0
                && !context.isFile(parameter)
                && context.direction(parameter).writes()) {
            refuseType(stream, parameter, context);
            return new Output(context.outputFile(stream), parameter);
        }
        return new Output(file(stream, template, program, context, folder), -1);
    }

    private static void refuseType(String stream, int parameter, TaskContext context) throws TaskError {
        String type = context.type(parameter);
        if (type != null && !type.equals(BYTES) && !TEXTS.contains(type)) {
            throw Failures.usage(
                    "parameter '" + context.definition().parameters().get(parameter) + "' is a " + type + ", which "
                            + stream + " cannot become: make it a String or a byte[]");
        }
    }

    private static Path file(String stream, Template template, Program program, TaskContext context, Path folder)
            throws TaskError {
        Path file = Path.of(template.text(context));
        if (!file.isAbsolute() && program.folder() == null) {
            throw Failures.usage(stream + " '" + file + "' of " + program.name()
                    + " is a relative name in the task's own folder, which is empty and emptied after the task: bind"
                    + " a file parameter, give an absolute path or set a workingDirectory");
        }
        return folder.resolve(file).normalize();
    }

    private void refuseEmptyingInput(Program program) throws TaskError {
        if (input != null
                && (input.equals(stdout.file()) || input.equals(stderr.file()))
                && Files.isRegularFile(input)) {
            throw Failures.usage("stdin and an output of " + program.name() + " are the same file " + input
                    + ", which would be emptied before it is read: write to another one");
        }
    }

    Redirect stdin() {
        return input == null ? Redirect.NULL : Redirect.from(input);
    }

    Redirect stdout() {
        return Redirect.to(stdout.file());
    }

    /** One file for both streams is opened once, so that neither overwrites the other. */
    Redirect stderr() {
        return stderr.file().equals(stdout.file()) ? Redirect.STDOUT : Redirect.to(stderr.file());
    }

    /** Hands what was printed to the objects that receive it. */
    void capture() throws TaskError, IOException {
        capture("stdout", stdout);
        if (stderr.parameter() != stdout.parameter()) {
            capture("stderr", stderr);
        }
    }

    private void capture(String stream, Output output) throws TaskError, IOException {
        int parameter = output.parameter();
        if (parameter < 0) {
            return;
        }
        long size = output.file().toFile().length();
        if (size > LARGEST_ARRAY) {
            throw Failures.usage(stream + " became " + size + " bytes, too many for the object of parameter '"
                    + context.definition().parameters().get(parameter) + "': bind a file");
        }
        byte[] bytes;
        try (FileInputStream in = new FileInputStream(output.file().toFile())) {
            bytes = in.readAllBytes();
        }
        boolean raw = BYTES.equals(context.type(parameter)) || context.argument(parameter) instanceof byte[];
        context.set(parameter, raw ? bytes : new String(bytes, StandardCharsets.UTF_8));
    }

    /** The last lines that the program wrote to standard error or, if there are none, to standard output. */
    String lastOutput() throws IOException {
        String errors = tail(stderr.file());
        String printed = errors.isBlank() ? tail(stdout.file()) : errors;
        return printed.isBlank() ? fullDisk() : printed;
    }

    /** A program cannot say that the disk is full when its words go to the same disk. */
    private String fullDisk() throws IOException {
        for (Output output : List.of(stderr, stdout)) {
            Path parent = output.file().getParent();
            if (parent != null && Files.getFileStore(parent).getUsableSpace() < TAIL_BYTES) {
                return "No space left on device: " + parent;
            }
        }
        return "";
    }

    private static String tail(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return "";
        }
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            long start = Math.max(0, in.length() - TAIL_BYTES);
            byte[] bytes = new byte[(int) (in.length() - start)];
            in.seek(start);
            in.readFully(bytes);
            String text = new String(bytes, StandardCharsets.UTF_8);
            int firstLine = start == 0 ? 0 : text.indexOf('\n') + 1;
            return text.substring(firstLine).stripTrailing();
        }
    }
}

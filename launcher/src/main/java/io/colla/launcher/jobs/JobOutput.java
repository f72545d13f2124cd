package io.colla.launcher.jobs;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Shows what a job prints, as it comes. Of an array the parts have headings. Not thread-safe. */
public final class JobOutput {
    private static final int CHUNK = 1 << 16;

    private final List<Part> parts = new ArrayList<>();
    private final PrintStream out;
    private Part shown;
    private boolean endsLine = true;

    /** @param job the id of a part, or of the whole */
    public JobOutput(JobRecord record, String job, PrintStream out) {
        this.out = out;
        String index = JobTraces.indexOf(job);
        if (!record.isArray() || !index.isEmpty()) {
            parts.add(new Part("", record.outputFile(index)));
        } else {
            for (int each : JobTraces.indices(record.array())) {
                String number = Integer.toString(each);
                parts.add(new Part(number, record.outputFile(number)));
            }
        }
        shown = parts.get(0);
        if (parts.size() > 1) {
            shown = new Part("", shown.file); // so that the first has its heading too
        }
    }

    private static final class Part {
        final String index;
        final Path file;
        long position;

        Part(String index, Path file) {
            this.index = index;
            this.file = file;
        }
    }

    /** Whether nothing has been there to show. */
    public boolean isEmpty() {
        return parts.stream().allMatch(part -> part.position == 0);
    }

    /** Shows what has been added since the last time. A file that is not there yet has nothing; one that has become shorter is begun again. */
    public void showNew() {
        for (Part part : parts) {
            try {
                show(part);
            } catch (NoSuchFileException e) {
                continue;
            } catch (IOException e) {
                throw new io.colla.api.UsageException(
                        "cannot read the job's output " + part.file + ": " + e.getMessage(), e);
            }
        }
        out.flush();
    }

    private void show(Part part) throws IOException {
        try (SeekableByteChannel channel = Files.newByteChannel(part.file)) {
            if (channel.size() < part.position) {
                part.position = 0;
            }
            channel.position(part.position);
            ByteBuffer buffer = ByteBuffer.allocate(CHUNK);
            for (int read = channel.read(buffer); read > 0; read = channel.read(buffer)) {
                heading(part);
                out.write(buffer.array(), 0, read);
                endsLine = buffer.array()[read - 1] == '\n';
                part.position += read;
                buffer.clear();
            }
        }
    }

    private void heading(Part part) {
        if (part != shown) {
            out.println((endsLine ? "" : "\n") + "==> " + part.index + " <==");
            shown = part;
        }
    }
}

package io.colla.binary;

import io.colla.platform.TaskError;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Says which argument the kernel found too long. */
final class LongArguments {

    /** MAX_ARG_STRLEN: execve(2) takes strings of at most 32 pages, with the final NUL. */
    private static final int LONGEST = 32 * 4096 - 1;

    private LongArguments() {}

    static String explain(Invocation invocation) throws TaskError {
        Program program = invocation.program();
        String most = "";
        long mostBytes = -1;
        long all = 0;
        for (Template template : program.words()) {
            List<String> words = new ArrayList<>();
            template.addTo(words, invocation.context());
            long bytes = 0;
            for (String word : words) {
                long length = bytes(word);
                if (length > LONGEST) {
                    return tooLong("an argument of " + program.name() + ", from '" + shorten(template) + "',", length);
                }
                bytes += length + 1;
            }
            if (bytes > mostBytes) {
                most = shorten(template);
                mostBytes = bytes;
            }
            all += bytes;
        }
        for (Map.Entry<String, String> variable :
                invocation.command().environment().set().entrySet()) {
            long length = bytes(variable.getKey()) + 1 + bytes(variable.getValue());
            if (length > LONGEST) {
                return tooLong("the environment variable " + variable.getKey() + " of " + program.name(), length);
            }
        }
        return "the " + (invocation.command().argv().size() - 1) + " arguments of " + program.name() + " are " + all
                + " bytes, with the environment more than the kernel takes; '" + most + "' alone makes " + mostBytes
                + ": pass long lists in a file or through stdin";
    }

    private static String tooLong(String what, long length) {
        return what + " is " + length + " bytes long, of which the kernel takes " + LONGEST
                + " at most: pass it in a file or through stdin";
    }

    private static String shorten(Template template) {
        String source = template.source();
        return source.length() <= 60 ? source : source.substring(0, 57) + "...";
    }

    private static long bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}

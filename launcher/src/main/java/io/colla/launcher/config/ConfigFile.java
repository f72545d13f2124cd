package io.colla.launcher.config;

import io.colla.api.UsageException;
import io.colla.launcher.Nearest;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * Reads one YAML file of settings. The file is parsed to nodes and never made into objects, so that scalars keep the text that the person wrote
 * (YAML 1.1 would read {@code 1:30:00} as a number) and every complaint can name its line.
 */
public final class ConfigFile {
    private static final String LIST_EXAMPLE = "[%s, ...]";

    private final Path file;

    private ConfigFile(Path file) {
        this.file = file;
    }

    /** Texts of one option and the line of its key, from 1. */
    public record Entry(List<String> texts, String where) {}

    /** A file that has not been read yet. */
    public static ConfigFile of(Path file) {
        return new ConfigFile(file);
    }

    /** @throws UsageException for anything that is not right in it */
    static Map<Option<?>, Entry> read(Path file) {
        ConfigFile config = new ConfigFile(file);
        Node root = config.parse();
        return root == null ? Map.of() : config.entries(root);
    }

    /**
     * Its content as nodes that know their lines; null when it is empty.
     *
     * @throws UsageException if it cannot be read, or is not YAML
     */
    public @Nullable Node parse() {
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            return new Yaml(new SafeConstructor(new LoaderOptions())).compose(reader);
        } catch (MarkedYAMLException e) {
            throw new UsageException(at(e.getProblemMark()) + ": not valid YAML: " + e.getProblem(), e);
        } catch (YAMLException e) {
            throw new UsageException(file + ": not valid YAML: " + firstLine(e), e);
        } catch (MalformedInputException e) {
            throw new UsageException(file + ": not a text file in UTF-8", e);
        } catch (IOException e) {
            throw new UsageException("cannot read the configuration file " + file + ": " + reason(e), e);
        }
    }

    /** Where a node begins: {@code file:line}. */
    public String at(Node node) {
        return at(node.getStartMark());
    }

    /**
     * The value of one option.
     *
     * @param key what names it in this file, for its line
     * @throws UsageException if it is not one
     */
    public Entry entry(Option<?> option, Node key, Node value) {
        return new Entry(texts(option, value), at(key));
    }

    /**
     * Options by their names.
     *
     * @throws UsageException for what is no option, is there twice, or has a wrong value
     */
    public Map<Option<?>, Entry> entries(Node root) {
        if (!(root instanceof MappingNode mapping)) {
            throw new UsageException(at(root.getStartMark()) + ": expected lines such as 'workers: local:3'");
        }
        Map<Option<?>, Entry> entries = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            String where = at(tuple.getKeyNode().getStartMark());
            Option<?> option = option(tuple.getKeyNode(), where);
            Entry earlier = entries.put(option, new Entry(texts(option, tuple.getValueNode()), where));
            if (earlier != null) {
                throw new UsageException(
                        where + ": '" + option.name() + "' is there twice; the first is at " + earlier.where());
            }
        }
        return entries;
    }

    private static Option<?> option(Node key, String where) {
        String name = key instanceof ScalarNode scalar ? scalar.getValue() : "";
        Option<?> option = Options.byName(name);
        if (option == null) {
            List<String> names = new ArrayList<>();
            Options.ALL.forEach(known -> names.add(known.name()));
            throw new UsageException(where + ": unknown setting '" + name + "'" + Nearest.hint(name, names)
                    + (Nearest.to(name, names).isEmpty() ? "; 'colla config' lists all" : ""));
        }
        return option;
    }

    private List<String> texts(Option<?> option, Node value) {
        if (value instanceof SequenceNode sequence && option.repeatable()) {
            List<String> texts = new ArrayList<>();
            sequence.getValue().forEach(element -> texts.add(text(option, element)));
            return texts;
        }
        return List.of(text(option, value));
    }

    private String text(Option<?> option, Node value) {
        boolean scalar = value instanceof ScalarNode node && !node.getTag().equals(org.yaml.snakeyaml.nodes.Tag.NULL);
        if (!scalar) {
            throw wrong(option, at(value.getStartMark()), null);
        }
        String text = ((ScalarNode) value).getValue();
        if (!option.type().accepts(text)) {
            throw wrong(option, at(value.getStartMark()), text);
        }
        return text;
    }

    private static UsageException wrong(Option<?> option, String where, @Nullable String text) {
        String example = option.type().example();
        String form = option.repeatable() ? String.format(LIST_EXAMPLE, example) : example;
        return new UsageException(where + ": " + option.name() + (text == null ? "" : ": '" + text + "'")
                + ": expected " + option.type().expected() + ", such as '" + option.name() + ": " + form + "'");
    }

    private String at(@Nullable Mark mark) {
        return mark == null ? file.toString() : file + ":" + (mark.getLine() + 1);
    }

    private static String firstLine(Exception e) {
        String message = String.valueOf(e.getMessage());
        int end = message.indexOf('\n');
        return end < 0 ? message : message.substring(0, end);
    }

    static String reason(IOException e) {
        if (e instanceof java.nio.file.NoSuchFileException) {
            return "no such file";
        }
        if (e instanceof java.nio.file.AccessDeniedException) {
            return "permission denied";
        }
        return e instanceof java.nio.file.FileSystemException f && f.getReason() != null ? f.getReason() : firstLine(e);
    }
}

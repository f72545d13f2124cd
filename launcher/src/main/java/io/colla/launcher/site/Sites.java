package io.colla.launcher.site;

import io.colla.api.UsageException;
import io.colla.launcher.Nearest;
import io.colla.launcher.config.BatchOptions;
import io.colla.launcher.config.ConfigFile.Entry;
import io.colla.launcher.config.Option;
import io.colla.launcher.config.Options;
import io.colla.launcher.config.Origin;
import io.colla.launcher.config.Settings;
import io.colla.launcher.config.SettingsLoader;
import io.colla.launcher.site.SiteProfile.Queue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the profiles: the user's in {@code ~/.colla/sites}, then those of the installation in {@code sites}.
 *
 * @param directory the working folder, for files that are named
 * @param folders where profiles are, the weightiest first; may be missing
 * @param host this host's name
 */
public record Sites(Path directory, List<Path> folders, HostName host) {
    private static final String NONE = "none";
    private static final String FOLDER = "sites";
    private static final Origin HERE = new Origin(Origin.Source.SITE_FILE, "this host's name");
    /** Reading all files as YAML would cost each run some time; most have no such line. */
    private static final Pattern HOSTS = Pattern.compile("(?m)^hosts:");

    private static final List<Option<?>> ADDED = List.of(BatchOptions.EXTRA, Options.SHARED, Options.ENV);

    /** For this process. */
    public static Sites of(SettingsLoader loader) {
        List<Path> folders = new ArrayList<>();
        if (loader.home() != null) {
            folders.add(userFolder(loader.home()));
        }
        if (loader.install() != null) {
            folders.add(loader.install().resolve(FOLDER));
        }
        return new Sites(loader.directory(), folders, HostName.ofMachine());
    }

    /** Where a user's own are. */
    public static Path userFolder(Path home) {
        return home.resolve(".colla").resolve(FOLDER);
    }

    /**
     * The settings with the profile's defaults under them, and with the profile's file as the value of {@code site}.
     *
     * @throws UsageException if the profile that is named cannot be found or read, or several match this host
     */
    public Settings apply(Settings settings) {
        String named = settings.get(Options.SITE);
        Path file = named == null ? automatic() : named.equals(NONE) ? null : find(named);
        if (file == null) {
            return settings;
        }
        SiteProfile profile = SiteFile.read(file);
        Map<Option<?>, Entry> defaults = new IdentityHashMap<>(profile.settings());
        Settings merged = settings.withDefaults(defaults, ADDED);
        return merged.withDefaults(ofQueue(profile, merged), List.of())
                .with(Options.SITE, file.toString(), named == null ? HERE : settings.origin(Options.SITE));
    }

    /** What depends on the queue, which the user may have chosen. */
    private static Map<Option<?>, Entry> ofQueue(SiteProfile profile, Settings settings) {
        Map<Option<?>, Entry> defaults = new IdentityHashMap<>();
        String name = settings.get(BatchOptions.QUEUE);
        int cores = profile.node(name).cores();
        boolean parts = !settings.all(BatchOptions.PART).isEmpty();
        if (cores > 0 && !parts) {
            defaults.put(
                    BatchOptions.CPUS_PER_NODE,
                    new Entry(List.of(Integer.toString(cores)), profile.file().toString()));
        }
        Queue queue = name == null ? null : profile.queues().get(name);
        if (queue != null && queue.qos() != null) {
            defaults.put(
                    BatchOptions.QOS,
                    new Entry(List.of(queue.qos()), profile.file().toString()));
        }
        return defaults;
    }

    /** The profile that {@link #apply} has put under these settings. */
    public static Optional<SiteProfile> profile(Settings settings) {
        String file = settings.get(Options.SITE);
        return file == null || file.equals(NONE) ? Optional.empty() : Optional.of(SiteFile.read(Path.of(file)));
    }

    /** @throws UsageException if the file is not right */
    public static SiteProfile read(Path file) {
        return SiteFile.read(file);
    }

    /** All files, a user's before those of the installation; one that has the name of an earlier one is not there. */
    public List<Path> all() {
        List<Path> files = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (Path folder : folders) {
            for (Path file : in(folder)) {
                if (!names.contains(SiteFile.nameOf(file))) {
                    names.add(SiteFile.nameOf(file));
                    files.add(file);
                }
            }
        }
        return files;
    }

    /**
     * @param named a profile's name or its file
     * @throws UsageException if there is none
     */
    public Path find(String named) {
        if (named.contains("/") || named.endsWith(SiteFile.ENDING)) {
            Path file = directory.resolve(named).toAbsolutePath().normalize();
            if (!Files.isRegularFile(file)) {
                throw new UsageException("--site " + named + ": there is no such file");
            }
            return file;
        }
        return known(named)
                .orElseThrow(() -> new UsageException("--site " + named + ": there is no profile of this name"
                        + Nearest.hint(named, names())
                        + "; 'colla site list' shows those that there are, 'colla site new "
                        + named + "' writes one from what the batch system says here"));
    }

    /** The file of a profile of this name. */
    public Optional<Path> known(String name) {
        return all().stream().filter(file -> SiteFile.nameOf(file).equals(name)).findFirst();
    }

    private List<String> names() {
        return all().stream().map(SiteFile::nameOf).toList();
    }

    /** The profile for this host; null when there is none. */
    public @Nullable Path automatic() {
        for (Path folder : folders) {
            List<Path> matching = in(folder).stream().filter(this::matches).toList();
            if (matching.size() > 1) {
                throw new UsageException("the profiles " + matching.get(0) + " and " + matching.get(1)
                        + " are both for this host; say which with --site or COLLA_SITE, or mend their 'hosts'");
            }
            if (matching.size() == 1) {
                return matching.get(0);
            }
        }
        return null;
    }

    private boolean matches(Path file) {
        try {
            String text = Files.readString(file, StandardCharsets.UTF_8);
            return HOSTS.matcher(text).find()
                    && SiteFile.read(file).hosts().stream().anyMatch(host::matches);
        } catch (IOException e) {
            throw new UsageException("the profile " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static List<Path> in(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "*" + SiteFile.ENDING)) {
            found.forEach(files::add);
        } catch (IOException e) {
            throw new UsageException("the folder of profiles " + folder + " cannot be listed: " + e.getMessage(), e);
        }
        files.sort(null);
        return files;
    }
}

package io.colla.slurm;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Generic resources given on a node: {@code gpu:a100:2(IDX:0-1),nvme:1}. Source: Slurm's page on gres, and what releases print in GRES= and GRES_IDX=.
 *
 * @param amounts by name, without the type
 * @param types by name, for those that have one; several are joined by a plus sign
 */
record Gres(Map<String, Integer> amounts, Map<String, String> types) {
    static final Gres NONE = new Gres(Map.of(), Map.of());

    /** A comma, unless inside the brackets that hold device numbers. */
    private static final Pattern COMMA = Pattern.compile(",(?![^(]*\\))");

    private static final Pattern ITEM = Pattern.compile(
            "(?:gres/)?([A-Za-z][\\w.-]*)(?:[:=]([A-Za-z][\\w.-]*))?(?:[:=](\\d+)([KMGT]?))?(?:\\((?:IDX:)?([^)]*)\\))?");

    /** Items that cannot be read are left out: a resource that nobody can name is no reason to fail. */
    static Gres parse(String text) {
        Map<String, Integer> amounts = new TreeMap<>();
        Map<String, String> types = new TreeMap<>();
        for (String item : COMMA.split(text.strip())) {
            Matcher matcher = ITEM.matcher(item.strip());
            if (item.isBlank() || !matcher.matches()) {
                continue;
            }
            int amount = amount(matcher);
            String name = matcher.group(1);
            if (amount > 0) {
                amounts.merge(name, amount, Integer::sum);
                String type = matcher.group(2);
                if (type != null) {
                    types.merge(name, type, (one, other) -> one.equals(other) ? one : one + "+" + other);
                }
            }
        }
        return new Gres(amounts, types);
    }

    private static int amount(Matcher item) {
        String number = item.group(3);
        if (number != null) {
            long unit = item.group(4).isEmpty() ? 1 : 1L << 10 * ("KMGT".indexOf(item.group(4)) + 1);
            return number.length() > 9 ? 0 : (int) Math.min(Integer.MAX_VALUE, Long.parseLong(number) * unit);
        }
        String devices = item.group(5);
        try {
            return devices == null
                    ? 1
                    : io.colla.platform.CpuList.parse(devices).size();
        } catch (IllegalArgumentException e) {
            return 0;
        }
    }
}

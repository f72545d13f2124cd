# shellcheck shell=sh disable=SC2154
# Read by bin/colla and make-archive, with home set: which Java, with which flags, from which class path. An archive of
# class data can be mapped only by a JVM with the same collector and class path as the one that made it.

LEAST_JAVA=17

die() {
    echo "colla: $1" >&2
    exit 2
}

# Sets java (the program) and java_home (empty if unknown), without starting it.
find_java() {
    if [ -n "${COLLA_JAVA:-}" ]; then
        java=$COLLA_JAVA
        [ -x "$java" ] || die "COLLA_JAVA=$java is no program; name the path of a java, such as /usr/lib/jvm/java-17/bin/java"
    elif [ -n "${JAVA_HOME:-}" ]; then
        java=$JAVA_HOME/bin/java
        [ -x "$java" ] || die "JAVA_HOME=$JAVA_HOME has no bin/java; let it name a Java $LEAST_JAVA or newer, or unset it"
    else
        java=$(command -v java) || die "no Java found; load your site's Java module, install Java $LEAST_JAVA or newer, or set JAVA_HOME"
    fi
    if [ -L "$java" ]; then
        java=$(readlink -f -- "$java")
    fi
    java_home=${java%/bin/java}
    [ -r "$java_home/release" ] || java_home=
}

# Sets java_version (17.0.15) and java_major.
find_version() {
    java_version=
    if [ -n "$java_home" ]; then
        while IFS='"' read -r key value _; do
            if [ "$key" = JAVA_VERSION= ]; then
                java_version=$value
                break
            fi
        done <"$java_home/release"
    fi
    if [ -z "$java_version" ]; then # no release file: the Java itself knows
        java_version=$("$java" -version 2>&1 | sed -n 's/^[^"]*version "\([^"]*\)".*/\1/p')
    fi
    java_major=${java_version%%[.+-]*}
    case $java_major in
        '' | *[!0-9]*) die "cannot find out the version of $java; name another Java with COLLA_JAVA" ;;
    esac
    if [ "$java_major" -lt $LEAST_JAVA ]; then
        die "$java is Java $java_version, and Colla needs $LEAST_JAVA or newer; name a newer one with JAVA_HOME or COLLA_JAVA"
    fi
}

# Sets class_path, jvm_flags and identity (of what an archive was made).
# shellcheck disable=SC2034  # for the scripts that read this one
find_class_path() {
    { read -r jars && read -r build; } 2>/dev/null <"$home/lib/classpath" ||
        die "$home is not complete: lib/classpath is missing; install Colla anew"
    class_path=
    for jar in $jars; do
        class_path=$class_path${class_path:+:}$home/lib/$jar
    done
    identity="$java|$java_version|$home|$build"

    # JVM messages go to standard error, and only errors: that an archive cannot be mapped is none of the user's business.
    jvm_flags="-XX:+UseG1GC -Xshare:auto -XX:-UsePerfData -Xlog:disable -Xlog:all=error:stderr"
    if [ "$java_major" -ge 24 ]; then
        # JNA calls native code and JCTools uses sun.misc.Unsafe; both are meant.
        jvm_flags="$jvm_flags --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow"
    fi
    jvm_flags="$jvm_flags -Dslf4j.provider=io.colla.launcher.log.RunLogProvider -Dslf4j.internal.verbosity=WARN"
}

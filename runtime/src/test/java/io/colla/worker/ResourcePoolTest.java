package io.colla.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.colla.wire.Message.Needs;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ResourcePoolTest {
    private final ResourcePool pool = new ResourcePool(WorkerKit.node(6, 100, Map.of("gpu", 2)));

    private static Needs cores(int count) {
        return new Needs(count, 0, Map.of());
    }

    @Test
    void coresAreNextToEachOtherWhenTheyCanBe() {
        ResourcePool.Lease first = pool.take(cores(1));
        ResourcePool.Lease second = pool.take(cores(2));
        assertThat(first.cpus()).isEqualTo(List.of(10));
        assertThat(second.cpus()).isEqualTo(List.of(11, 12));
        pool.give(first);
        assertThat(pool.take(cores(2)).cpus()).isEqualTo(List.of(13, 14));
        assertThat(pool.take(cores(2)).cpus()).isEqualTo(List.of(10, 15));
        assertThat(pool.freeCores()).isZero();
    }

    @Test
    void whatIsLackingIsNamedAndGivenBack() {
        Needs all = new Needs(6, 100, Map.of("gpu", 2));
        ResourcePool.Lease lease = pool.take(new Needs(0, 60, Map.of("gpu", 1)));
        assertThat(pool.fits(all)).isFalse();
        assertThat(pool.lacking(all)).isEqualTo(Set.of("memory", "resource gpu"));
        assertThat(ResourcePool.touches(cores(1), pool.lacking(all))).isFalse();
        assertThat(ResourcePool.touches(new Needs(1, 1, Map.of()), pool.lacking(all)))
                .isTrue();
        pool.give(lease);
        assertThat(pool.fits(all)).isTrue();
        assertThat(pool.impossible(all)).isNull();
        assertThat(pool.impossible(new Needs(1, 101, Map.of()))).contains("of memory");
    }
}

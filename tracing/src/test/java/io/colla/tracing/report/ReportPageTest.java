package io.colla.tracing.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The page as a person uses it, in Chromium. */
@Tag("process")
@Timeout(240)
class ReportPageTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path page(SmallTrace trace, double length, int most) throws IOException {
        Path file = folder.resolve("page.html");
        try (Writer out = Files.newBufferedWriter(file)) {
            ReportPage.write(Reports.of(trace.write(folder, "run", length)), ReportPageTest::json, most, out);
        }
        return file;
    }

    private Browser open(Path page) throws Exception {
        return new Browser(Files.createDirectories(folder.resolve("profile")), page);
    }

    private static double[] middle(Browser browser) throws Exception {
        browser.evaluate("document.getElementById('gantt').scrollIntoView({block: 'center'})");
        String[] box = browser.evaluate(
                        "(b => [b.left + b.width / 2, b.top + 22 + 18 + 10])(document.getElementById('gantt').getBoundingClientRect())")
                .split(",");
        return new double[] {Double.parseDouble(box[0]), Double.parseDouble(box[1])};
    }

    private static String text(Browser browser, String id) throws Exception {
        return browser.evaluate("document.getElementById('" + id + "').textContent");
    }

    @Test
    void aTimelineOneCanZoomAndAsk() throws Exception {
        SmallTrace trace = new SmallTrace(2, 2);
        int read = trace.task("app.read</script>", 1, 0, 0, 900);
        int work = trace.task("app.work", 2, 1, 900, 50);
        trace.dependency(read, work)
                .transfer(1, 2, 10, 20, 1000, 3)
                .ready(0, 1)
                .ready(800, 0)
                .call(0, 900, 6);
        trace.failed(2, 1, 950);
        Path page = page(trace, 1000, Segments.MOST);
        assertThat(Files.readString(page)).as("the page needs no network").doesNotContain("http://", "https://");
        try (Browser browser = open(page)) {
            assertThat(text(browser, "summary")).startsWith("2 tasks (1 failed) on 4 cores of 2 nodes in 1.00 s");
            assertThat(text(browser, "advice")).contains("A chain of 2 tasks");
            assertThat(text(browser, "functions")).contains("app.read</script>", "900 ms");
            assertThat(text(browser, "view")).isEqualTo("0 ns to 1.00 s, 2 tasks");
            double[] at = middle(browser);
            browser.mouse("mouseMoved", at[0], at[1], 0);
            assertThat(browser.evaluate("document.getElementById('tip').hidden"))
                    .isEqualTo("false");
            assertThat(text(browser, "tip"))
                    .startsWith("Task " + read + " app.read</script>")
                    .contains("900 ms, on the critical path", "w1");
            browser.mouse("mousePressed", at[0], at[1], 0);
            browser.mouse("mouseReleased", at[0], at[1], 0);
            assertThat(text(browser, "status")).startsWith("Task " + read + " ");
            browser.mouse("mouseWheel", at[0], at[1], -300);
            String zoomed = text(browser, "view");
            assertThat(zoomed).isNotEqualTo("0 ns to 1.00 s, 2 tasks").contains(" ms to ");
            browser.key("ArrowRight");
            assertThat(text(browser, "view")).isNotEqualTo(zoomed);
            browser.key("0");
            assertThat(text(browser, "view")).isEqualTo("0 ns to 1.00 s, 2 tasks");
            browser.key("]");
            assertThat(text(browser, "status"))
                    .startsWith("Task " + work + " app.work")
                    .contains("failed");
            browser.evaluate("['show-path', 'show-transfers'].forEach(id => document.getElementById(id).click())");
            browser.evaluate("document.querySelector('#legend button').click()");
            assertThat(browser.evaluate("document.querySelector('#legend button').getAttribute('aria-pressed')"))
                    .isEqualTo("false");
            browser.evaluate("document.querySelector('#view-details summary').click()");
            assertThat(text(browser, "view-tasks"))
                    .as("without the hidden function")
                    .contains("app.work")
                    .doesNotContain("read");
            browser.evaluate("document.querySelector('#functions th button').click()");
            assertThat(browser.evaluate("document.querySelector('#functions tbody td').textContent"))
                    .isEqualTo("app.work");
            assertThat(browser.errors()).isEmpty();
        }
    }

    @Test
    void manyTasksAreDrawnTogether() throws Exception {
        SmallTrace trace = new SmallTrace(1, 2);
        for (int i = 0; i < 5000; i++) {
            trace.task("app.tiny", 1, i % 2, i, 0.9);
        }
        try (Browser browser = open(page(trace, 5000, 100))) {
            assertThat(text(browser, "view")).isEqualTo("0 ns to 5.00 s, 5,000 tasks");
            double[] at = middle(browser);
            browser.mouse("mouseMoved", at[0], at[1], 0);
            assertThat(text(browser, "tip")).contains(" tasks, mostly app.tiny", "45 % of");
            assertThat(browser.errors()).isEmpty();
        }
    }

    @Test
    void aRunWithoutTasksHasAPageToo() throws Exception {
        try (Browser browser = open(page(new SmallTrace(1, 1), 10, 100))) {
            assertThat(text(browser, "summary")).startsWith("0 tasks");
            assertThat(browser.errors()).isEmpty();
        }
    }
}

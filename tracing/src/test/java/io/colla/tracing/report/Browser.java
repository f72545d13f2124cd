package io.colla.tracing.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A headless Chromium with one page, driven through its DevTools protocol. */
final class Browser implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process process;
    private final WebSocket socket;
    private final BlockingQueue<JsonNode> replies = new LinkedBlockingQueue<>();
    private final List<String> errors = new ArrayList<>();
    private int calls;

    /** @param profile an empty folder for it */
    Browser(Path profile, Path page) throws Exception {
        process = new ProcessBuilder(
                        "chromium",
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-quic",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--window-size=1200,900",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "about:blank")
                .redirectErrorStream(true)
                .redirectOutput(profile.resolve("output").toFile())
                .start();
        Path port = profile.resolve("DevToolsActivePort");
        Awaitility.await("Chromium's port").atMost(PATIENCE).until(() -> {
            if (!process.isAlive()) {
                throw new IOException("Chromium has ended: " + Files.readString(profile.resolve("output")));
            }
            return Files.exists(port) && Files.readAllLines(port).size() >= 2;
        });
        String host = "127.0.0.1:" + Files.readAllLines(port).get(0);
        JsonNode[] target = new JsonNode[1];
        Awaitility.await("Chromium's page").atMost(PATIENCE).ignoreExceptions().until(() -> {
            for (JsonNode each :
                    JSON.readTree(URI.create("http://" + host + "/json").toURL())) {
                if (each.path("type").asText().equals("page")) {
                    target[0] = each;
                }
            }
            return target[0] != null;
        });
        socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(URI.create(target[0].path("webSocketDebuggerUrl").asText()), new Replies())
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        call("Runtime.enable", Map.of());
        call("Log.enable", Map.of());
        call("Page.enable", Map.of());
        call("Page.navigate", Map.of("url", page.toUri().toString()));
        Awaitility.await("the page").atMost(PATIENCE).until(() -> evaluate("document.readyState + location.protocol")
                .equals("completefile:"));
    }

    private final class Replies implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                try {
                    take(JSON.readTree(text.toString()));
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
                text.setLength(0);
            }
            from.request(1);
            return null;
        }
    }

    private void take(JsonNode message) {
        String method = message.path("method").asText();
        boolean error = method.equals("Runtime.exceptionThrown")
                || (method.equals("Log.entryAdded")
                        && message.at("/params/entry/level").asText().equals("error"))
                || (method.equals("Runtime.consoleAPICalled")
                        && message.at("/params/type").asText().equals("error"));
        if (error) {
            synchronized (errors) {
                errors.add(message.toString());
            }
        } else if (message.has("id")) {
            replies.add(message);
        }
    }

    private JsonNode call(String method, Map<String, Object> parameters) throws Exception {
        ObjectNode message = JSON.createObjectNode();
        int id = ++calls;
        message.put("id", id).put("method", method).set("params", JSON.valueToTree(parameters));
        socket.sendText(message.toString(), true).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        JsonNode reply = replies.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (reply == null || reply.path("id").asInt() != id) {
            throw new IllegalStateException(method + " was answered by " + reply);
        }
        return reply.path("result");
    }

    /** The value of an expression, as text, after what was to be drawn is drawn. */
    String evaluate(String expression) throws Exception {
        String settled = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(String("
                + expression + ")))))";
        return call("Runtime.evaluate", Map.of("expression", settled, "awaitPromise", true, "returnByValue", true))
                .at("/result/value")
                .asText();
    }

    void mouse(String type, double x, double y, double wheel) throws Exception {
        boolean press = type.equals("mousePressed") || type.equals("mouseReleased");
        call(
                "Input.dispatchMouseEvent",
                Map.of(
                        "type",
                        type,
                        "x",
                        x,
                        "y",
                        y,
                        "deltaX",
                        0,
                        "deltaY",
                        wheel,
                        "clickCount",
                        press ? 1 : 0,
                        "button",
                        press ? "left" : "none"));
    }

    void key(String key) throws Exception {
        call("Input.dispatchKeyEvent", Map.of("type", "keyDown", "key", key));
        call("Input.dispatchKeyEvent", Map.of("type", "keyUp", "key", key));
    }

    /** What the page has complained of so far. */
    List<String> errors() {
        synchronized (errors) {
            return List.copyOf(errors);
        }
    }

    @Override
    public void close() throws InterruptedException {
        socket.abort();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
    }
}

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.http.HttpServerTransport;
import org.elasticsearch.node.Node;
import org.elasticsearch.plugins.Plugin;

/**
 * One node of Elasticsearch 7.10.2 in the folder of the first argument. Prints its URL on a line of its own, and ends
 * when its standard input does: no node outlives whoever started it.
 */
public class Launcher {
    static class LocalNode extends Node {
        LocalNode(Environment environment, Collection<Class<? extends Plugin>> plugins) {
            super(environment, plugins, false);
        }
    }

    public static void main(String[] arguments) throws Exception {
        System.setProperty("es.set.netty.runtime.available.processors", "false");
        Path home = Path.of(arguments[0]);
        Path config = Files.createDirectories(home.resolve("config"));
        Settings settings = Settings.builder()
            .put("path.home", home.toString())
            .put("cluster.name", "minecanary-ingest")
            .put("node.name", "minecanary-ingest")
            .put("network.host", "127.0.0.1")
            .put("http.port", "0")
            .put("transport.port", "0")
            .put("discovery.type", "single-node")
            .put("http.type", "netty4")
            .put("transport.type", "netty4")
            .put("cluster.routing.allocation.disk.threshold_enabled", false)
            .build();
        Node node = new LocalNode(new Environment(settings, config), List.of(
            org.elasticsearch.transport.Netty4Plugin.class,
            org.elasticsearch.painless.PainlessPlugin.class,
            org.elasticsearch.ingest.common.IngestCommonPlugin.class,
            org.elasticsearch.script.mustache.MustachePlugin.class));
        node.start();
        HttpServerTransport http = node.injector().getInstance(HttpServerTransport.class);
        System.out.println("http://127.0.0.1:" + http.boundAddress().publishAddress().getPort());
        while (System.in.read() >= 0) {
        }
        node.close();
        System.exit(0);
    }
}

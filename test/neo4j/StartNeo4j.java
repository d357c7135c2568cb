import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.time.Duration;
import org.neo4j.configuration.GraphDatabaseSettings;
import org.neo4j.configuration.connectors.BoltConnector;
import org.neo4j.configuration.helpers.SocketAddress;
import org.neo4j.dbms.api.DatabaseManagementServiceBuilder;
import org.neo4j.kernel.impl.transaction.log.checkpoint.CheckPointer;
import org.neo4j.kernel.impl.transaction.log.checkpoint.SimpleTriggerInfo;
import org.neo4j.kernel.internal.GraphDatabaseAPI;

/** Neo4j Community on a loopback port, without authentication, until the process ends. Arguments: port, data directory. */
public class StartNeo4j {
    public static void main(String[] arguments) throws Exception {
        int port = Integer.parseInt(arguments[0]);
        long pages = Long.parseLong(System.getenv().getOrDefault("KEYFALL_NEO4J_PAGE_CACHE_MB", "128"));
        var service = new DatabaseManagementServiceBuilder(Path.of(arguments[1]))
                .setConfig(BoltConnector.enabled, true)
                .setConfig(BoltConnector.listen_address, new SocketAddress("127.0.0.1", port))
                .setConfig(BoltConnector.advertised_address, new SocketAddress("127.0.0.1", port))
                .setConfig(GraphDatabaseSettings.auth_enabled, false)
                .setConfig(GraphDatabaseSettings.allow_file_urls, false)
                .setConfig(GraphDatabaseSettings.pagecache_memory, pages * 1024 * 1024)
                .setConfig(GraphDatabaseSettings.transaction_timeout, Duration.ofSeconds(120))
                .build();
        Runtime.getRuntime().addShutdownHook(new Thread(service::shutdown));
        if (!service.database("neo4j").isAvailable(60_000)) System.exit(1);
        System.out.println("bolt://127.0.0.1:" + port);
        // Only where it is said that somebody writes there: a shell's background process may not read from its terminal.
        if (System.getenv("KEYFALL_NEO4J_LISTENS") == null) Thread.currentThread().join();
        checkpointPerLine((GraphDatabaseAPI) service.database("neo4j"));
        // Whoever started it is gone, killed perhaps: nobody else would end it.
        System.exit(0);
    }

    /** Whatever line comes in: all of the store is on disk when "checkpointed" goes out. */
    static void checkpointPerLine(GraphDatabaseAPI database) throws Exception {
        var in = new BufferedReader(new InputStreamReader(System.in));
        while (in.readLine() != null) {
            var resolver = database.getDependencyResolver();
            resolver.resolveDependency(CheckPointer.class).forceCheckPoint(new SimpleTriggerInfo("asked"));
            System.out.println("checkpointed");
        }
    }
}

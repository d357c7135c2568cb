#!/bin/sh
# Starts Neo4j 5.26 for tests and prints its Bolt URI when it answers; stays in the foreground.
#   test/neo4j/start.sh PORT DATA_DIR      needs Java 17 or later, and Maven for the first start
# Stop it with a signal: the process is replaced by Java, so the process id stays the same.
# No authentication, loopback only: give KEYFALL_TEST_NEO4J_URI the address and no user.
set -eu
port=$1
data=$2
here=$(cd "$(dirname "$0")" && pwd)
made=${KEYFALL_NEO4J_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/keyfall/neo4j-for-tests}
mkdir -p "$made" "$data"
if ! cmp -s "$here/pom.xml" "$made/pom.xml"; then
  mvn -q -B -f "$here/pom.xml" dependency:build-classpath -Dmdep.outputFile="$made/classpath" >&2
  cp "$here/pom.xml" "$made/pom.xml"
fi
javac -cp "$(cat "$made/classpath")" -d "$made" "$here/StartNeo4j.java" >&2
exec java -Xmx"${KEYFALL_NEO4J_HEAP:-1g}" -XX:+UseParallelGC \
  --add-opens=java.base/java.nio=ALL-UNNAMED --add-opens=java.base/java.lang=ALL-UNNAMED \
  -cp "$made:$(cat "$made/classpath")" StartNeo4j "$port" "$data"

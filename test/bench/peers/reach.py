"""Reach by python-igraph or NetworkX. Arguments: library, entities, file of Int32 pairs.

A request is a line "way sources...", way c: count and add up the numbers of what is reached, else only count. The reply is a
line of JSON: milliseconds and, for each source, how many are reached (itself, too), and for way c the sums.
"""
import array
import json
import os
import sys
import time


def pairs(path):
    found = array.array("i")
    with open(path, "rb") as file:
        found.fromfile(file, os.path.getsize(path) // 4)
    return found


def by_igraph(entities, path):
    import igraph

    edges = memoryview(array.array("q", pairs(path))).cast("B")
    graph = igraph.Graph(entities, edges.cast("q", (len(edges) // 16, 2)), directed=True)

    def count(sources):
        # The bulk call: counts are made in C, only one list of numbers crosses.
        return graph.neighborhood_size(sources, order=entities, mode="out")

    return count, lambda source: graph.subcomponent(source, mode="out"), igraph.__version__


def by_networkx(entities, path):
    import networkx

    both = iter(pairs(path))
    graph = networkx.DiGraph()
    graph.add_nodes_from(range(entities))
    graph.add_edges_from(zip(both, both))

    def reached(source):
        found = networkx.descendants(graph, source)
        found.add(source)
        return found

    return lambda sources: [len(reached(one)) for one in sources], reached, networkx.__version__


def main(library, entities, path):
    count, reached, version = {"igraph": by_igraph, "networkx": by_networkx}[library](int(entities), path)
    print(json.dumps({"ready": True, "version": version}), flush=True)
    for line in sys.stdin:
        way, *sources = line.split()
        sources = [int(one) for one in sources]
        sums = []
        began = time.perf_counter()
        if way == "c":
            found = [reached(one) for one in sources]
            counts = [len(one) for one in found]
            sums = [sum(one) for one in found]
        else:
            counts = count(sources)
        ms = (time.perf_counter() - began) * 1000
        print(json.dumps({"ms": ms, "counts": counts, "sums": sums}), flush=True)


main(*sys.argv[1:])

/* Reach by igraph's C core. Arguments: entities, file of Int32 pairs. A request is a line "sources…", the reply a line of
 * JSON: milliseconds and, for each source, how many are reached (itself, too) and the sum of their numbers.
 * Of the ways that igraph has to ask this, the first argument of each line names one; the harness takes the fastest. */
#include <igraph/igraph.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double now_ms(void) {
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return at.tv_sec * 1e3 + at.tv_nsec / 1e6;
}

static void load(igraph_t *graph, long entities, const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file) {
        fprintf(stderr, "cannot be read: %s\n", path);
        exit(1);
    }
    fseek(file, 0, SEEK_END);
    long count = ftell(file) / 4;
    rewind(file);
    int32_t *pairs = malloc(count * 4);
    if (fread(pairs, 4, count, file) != (size_t) count) exit(1);
    fclose(file);
    igraph_vector_int_t edges;
    igraph_vector_int_init(&edges, count);
    for (long i = 0; i < count; i++) VECTOR(edges)[i] = pairs[i];
    free(pairs);
    igraph_create(graph, &edges, entities, IGRAPH_DIRECTED);
    igraph_vector_int_destroy(&edges);
}

#define MOST 4096
static long sources[MOST], counts[MOST];
static double sums[MOST];

int main(int argc, char **argv) {
    if (argc != 3) return 2;
    long entities = atol(argv[1]);
    igraph_t graph;
    load(&graph, entities, argv[2]);
    igraph_vector_int_t found, layers, parents;
    igraph_vector_int_init(&found, 0);
    igraph_vector_int_init(&layers, 0);
    igraph_vector_int_init(&parents, 0);
    printf("{\"ready\":true}\n");
    fflush(stdout);
    static char line[1 << 16];
    while (fgets(line, sizeof line, stdin)) {
        char *word = strtok(line, " \n");
        if (!word) continue;
        int way = word[0];
        int asked = 0;
        while (asked < MOST && (word = strtok(NULL, " \n"))) sources[asked++] = atol(word);
        double began = now_ms();
        if (way == 'n') {
            igraph_vector_int_t few;
            igraph_vector_int_init(&few, asked);
            for (int i = 0; i < asked; i++) VECTOR(few)[i] = sources[i];
            igraph_neighborhood_size(&graph, &found, igraph_vss_vector(&few), entities, IGRAPH_OUT, 0);
            for (int i = 0; i < asked; i++) counts[i] = VECTOR(found)[i];
            igraph_vector_int_destroy(&few);
        } else
            for (int i = 0; i < asked; i++) {
                if (way == 's') igraph_subcomponent(&graph, &found, sources[i], IGRAPH_OUT);
                else igraph_bfs_simple(&graph, sources[i], IGRAPH_OUT, &found, &layers, &parents);
                counts[i] = igraph_vector_int_size(&found);
                if (way == 'c') {
                    double sum = 0;
                    for (long at = 0; at < counts[i]; at++) sum += VECTOR(found)[at];
                    sums[i] = sum;
                }
            }
        double ms = now_ms() - began;
        printf("{\"ms\":%.6f,\"counts\":[", ms);
        for (int i = 0; i < asked; i++) printf(i ? ",%ld" : "%ld", counts[i]);
        printf("],\"sums\":[");
        for (int i = 0; i < asked && way == 'c'; i++) printf(i ? ",%.0f" : "%.0f", sums[i]);
        printf("]}\n");
        fflush(stdout);
    }
    return 0;
}

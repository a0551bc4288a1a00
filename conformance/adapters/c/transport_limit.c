/*
 * Answers every request `unsupported` and looks at none: what is left is the cost of the transport, which no adapter
 * can undercut. For benchmarks.
 *
 *     cc -std=c99 -O2 -o transport_limit transport_limit.c
 */
#include <stdio.h>
#include <string.h>

int main(void)
{
    static char piece[1 << 19], id[65];
    int line_starts = 1;
    setvbuf(stdin, NULL, _IOFBF, sizeof piece);
    while (fgets(piece, sizeof piece, stdin) != NULL) {
        if (line_starts && sscanf(piece, "%64s", id) != 1)
            continue;
        line_starts = strchr(piece, '\n') != NULL || feof(stdin);
        if (!line_starts)
            continue;
        if (strcmp(id, "hello") == 0)
            puts("hello 1 transport-limit 1.0 encode decode");
        else
            printf("%s unsupported\n", id);
        fflush(stdout);
    }
    return 0;
}

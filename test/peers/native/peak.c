/* Peak of single-precision multiply-adds: chains of them on registers, no memory. Prints {"operations": …, "cpuSeconds": …, "bits": …}. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#if defined(__AVX512F__)
#define BYTES 64
#elif defined(__AVX__)
#define BYTES 32
#else
#define BYTES 16
#endif

typedef float vector __attribute__((vector_size(BYTES)));
enum { CHAINS = 12, TURNS = 60000000 };

static volatile float sink;

/* Twelve chains by name: an array of them would live in memory. */
#define EACH(X) X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11)
#define DECLARE(i) vector c##i = b * (float)i;
#define STEP(i) c##i = a * c##i + b;
#define SUM(i) sum += c##i;

static void *turn(void *unused) {
  (void)unused;
  vector a = {0}, b = {0}, sum = {0};
  a += 0.5f;
  b += 0.001f;
  EACH(DECLARE)
  for (int t = 0; t < TURNS; t++) {
    EACH(STEP)
  }
  EACH(SUM)
  sink = sum[0];
  return NULL;
}

int main(int argc, char **argv) {
  int threads = argc > 1 ? atoi(argv[1]) : 1;
  if (threads < 1 || threads > 64) return 2;
  pthread_t others[64];
  for (int i = 1; i < threads; i++) pthread_create(&others[i], NULL, turn, NULL);
  turn(NULL);
  for (int i = 1; i < threads; i++) pthread_join(others[i], NULL);
  double operations = 2.0 * CHAINS * (BYTES / 4) * TURNS * threads;
  double seconds = (double)clock() / CLOCKS_PER_SEC;
  printf("{\"operations\": %.0f, \"cpuSeconds\": %f, \"bits\": %d}\n", operations, seconds, BYTES * 8);
  return 0;
}

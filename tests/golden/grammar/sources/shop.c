/* A shop's stock, kept in one array. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_NAME 32
#define MIN(a, b) ((a) < (b) ? (a) : (b))

typedef enum { KIND_FOOD, KIND_TOOL, KIND_OTHER = 10 } item_kind;

struct item {
  char name[MAX_NAME];
  item_kind kind;
  unsigned count : 20;
  double price;
};

static struct item *stock = NULL;
static size_t n_items = 0, capacity = 0;

static bool reserve(size_t wanted) {
  if (wanted <= capacity) return true;
  size_t size = capacity ? capacity * 2 : 16;
  while (size < wanted) size *= 2;
  struct item *grown = realloc(stock, size * sizeof *grown);
  if (grown == NULL) {
    fprintf(stderr, "no memory for %zu items\n", size);
    return false;
  }
  stock = grown;
  capacity = size;
  return true;
}

/* Adds `count` of a thing; "true" when it was new. */
bool add_item(const char *name, item_kind kind, unsigned count, double price) {
  for (size_t i = 0; i < n_items; ++i) {
    if (strcmp(stock[i].name, name) == 0) {
      stock[i].count += count;
      return false;
    }
  }
  if (!reserve(n_items + 1)) abort();
  struct item *item = &stock[n_items++];
  memset(item, 0, sizeof *item);
  strncpy(item->name, name, MAX_NAME - 1);
  item->kind = kind;
  item->count = count;
  item->price = price;
  return true;
}

static const char *kind_name(item_kind kind) {
  switch (kind) {
    case KIND_FOOD: return "food";
    case KIND_TOOL: return "tool";
    case KIND_OTHER:
    default: break;
  }
  return "other";
}

double total(double (*discount)(const struct item *)) {
  double sum = 0.0;
  for (const struct item *i = stock; i != stock + n_items; i++) {
    double price = i->price;
    if (discount != NULL) {
      price -= discount(i);
    } else if (i->count > 100) {
      price *= 0.9;
    }
    sum += price * i->count;
  }
  return sum;
}

static int compare(const void *a, const void *b) {
  return strcmp(((const struct item *)a)->name, ((const struct item *)b)->name);
}

int main(int argc, char **argv) {
  int table[][2] = {{1, 2}, {3, 4}};
  char quote = '\'';
  if (argc < 2) {
    printf("usage: %s \"name\" [count]%c\n", argv[0], quote);
    return EXIT_FAILURE;
  }
  unsigned count = argc > 2 ? (unsigned)atoi(argv[2]) : 1u;
  add_item(argv[1], KIND_FOOD, MIN(count, 1000u), 1.5);
  add_item("hammer", KIND_TOOL, table[1][0], 12.25);
  qsort(stock, n_items, sizeof(struct item), compare);
  do {
    --n_items;
    printf("%-10s %s {%u}\n", stock[n_items].name, kind_name(stock[n_items].kind), stock[n_items].count);
  } while (n_items > 0);
  free(stock);
  return EXIT_SUCCESS;
}

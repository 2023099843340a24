/* A star network for measurements: hosts in network namespaces, each joined to the middle by an access line of its own.
 *
 *   star HOST=NAMESPACE,ADDRESS ...
 *
 * Makes a TUN device eth0 in each namespace and carries IPv4 packets between the hosts, by their destination address: out
 * over the sending host's line, in over the receiving host's. Each of a line's two directions transmits at a rate, holds
 * back what waits for that in a queue that drops at its tail, may lose a packet on the wire, and delivers the others after
 * a delay. One process with one thread carries the whole network, for it shares its processors with what is measured.
 *
 * It prints "ready", and then reads lines:
 *
 *   set HOST DIRECTION NAME VALUE ...    DIRECTION up (out of the host) or down (into it); NAME one of
 *                                        rate (Mbit/s; 0: unlimited), queue (ms at that rate), delay (ms, one way),
 *                                        loss (percent of the packets), seed (of the losses)
 *   counters                             prints one line of JSON: what every direction did since this was asked last
 *
 * A new rate counts for packets that come from then on; those in the queue leave when they were to leave. It ends at the
 * end of its input. A line that it does not understand ends it too.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

enum { HOSTS_MAX = 8, PACKET_BYTES = 1600, INPUT_BYTES = 1024, PACKETS_PER_BLOCK = 256 };

/* Packets are looked for this often at most: what one turn costs is shared by all that came since the last one. */
static const int64_t TURN_NS = 250000;
static const double NS_PER_MS = 1e6;

struct host;

struct packet {
  struct packet *next;
  struct host *to;
  int64_t due; /* when it leaves the direction that it is in */
  int length;
  unsigned char bytes[PACKET_BYTES];
};

struct counters {
  uint64_t packets, bytes; /* delivered */
  uint64_t lost;           /* on the wire, at random */
  uint64_t overflowed;     /* at the queue's tail */
  uint64_t waited;         /* packets that were queued or sent at once, whose waits are in the next two */
  double wait_ns, longest_wait_ns;
};

/* One direction of a host's line. */
struct direction {
  double ns_per_byte; /* 0: unlimited */
  double queue_ns, delay_ns, loss; /* loss from 0 to 1 */
  uint64_t random;
  int64_t idle_at; /* when its transmitter has sent all that waits */
  struct packet *first, *last;
  struct counters counters;
};

struct host {
  const char *name;
  uint32_t address; /* as in a packet */
  int device;
  struct direction up, down;
};

static struct host hosts[HOSTS_MAX];
static int host_count;
static struct packet *free_packets;

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static void refuse(const char *what) {
  fprintf(stderr, "star: not understood: %s\n", what);
  exit(2);
}

static int64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* splitmix64 (Steele, Lea, Flood 2014), from 0 to 1. */
static double next_random(uint64_t *state) {
  uint64_t z = (*state += 0x9e3779b97f4a7c15u);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return (double)((z ^ (z >> 31)) >> 11) / (double)(1ull << 53);
}

static struct packet *take_packet(void) {
  if (free_packets == NULL) {
    struct packet *block = calloc(PACKETS_PER_BLOCK, sizeof *block);
    if (block == NULL) fail("memory");
    for (int i = 0; i < PACKETS_PER_BLOCK; i++) {
      block[i].next = free_packets;
      free_packets = &block[i];
    }
  }
  struct packet *packet = free_packets;
  free_packets = packet->next;
  return packet;
}

static void drop_packet(struct packet *packet) {
  packet->next = free_packets;
  free_packets = packet;
}

/* A packet comes to a direction: it is dropped, lost, or will be due. */
static void enter(struct direction *d, struct packet *packet, int64_t at) {
  int64_t start = d->idle_at > at ? d->idle_at : at;
  double wait = (double)(start - at);
  if (d->ns_per_byte > 0 && wait > d->queue_ns) {
    d->counters.overflowed++;
    drop_packet(packet);
    return;
  }
  d->counters.waited++;
  d->counters.wait_ns += wait;
  if (wait > d->counters.longest_wait_ns) d->counters.longest_wait_ns = wait;
  d->idle_at = start + (int64_t)(packet->length * d->ns_per_byte);
  /* What gets lost on the wire has taken its time there. */
  if (d->loss > 0 && next_random(&d->random) < d->loss) {
    d->counters.lost++;
    drop_packet(packet);
    return;
  }
  packet->due = d->idle_at + (int64_t)d->delay_ns;
  packet->next = NULL;
  if (d->first == NULL) d->first = packet;
  else d->last->next = packet;
  d->last = packet;
}

/* The first packet that is due, taken out; NULL if there is none. */
static struct packet *leave(struct direction *d, int64_t at) {
  struct packet *packet = d->first;
  if (packet == NULL || packet->due > at) return NULL;
  d->first = packet->next;
  d->counters.packets++;
  d->counters.bytes += packet->length;
  return packet;
}

static struct host *host_at(uint32_t address) {
  for (int i = 0; i < host_count; i++)
    if (hosts[i].address == address) return &hosts[i];
  return NULL;
}

static void read_device(struct host *from, int64_t at) {
  for (;;) {
    struct packet *packet = take_packet();
    packet->length = (int)read(from->device, packet->bytes, PACKET_BYTES);
    uint32_t address = 0;
    if (packet->length >= 20 && packet->bytes[0] >> 4 == 4) memcpy(&address, packet->bytes + 16, 4);
    packet->to = host_at(address);
    if (packet->to != NULL) {
      enter(&from->up, packet, at);
      continue;
    }
    drop_packet(packet); /* IPv6, multicast, or no packet at all */
    if (packet->length <= 0) return;
  }
}

static void move_packets(int64_t at) {
  struct packet *packet;
  for (int i = 0; i < host_count; i++)
    while ((packet = leave(&hosts[i].up, at)) != NULL) enter(&packet->to->down, packet, packet->due);
  for (int i = 0; i < host_count; i++)
    while ((packet = leave(&hosts[i].down, at)) != NULL) {
      /* A host whose device is down hears nothing, as on a real line. */
      if (write(hosts[i].device, packet->bytes, packet->length) < 0 && errno != EIO) fail("write");
      drop_packet(packet);
    }
}

static int64_t first_due(void) {
  int64_t due = INT64_MAX;
  for (int i = 0; i < host_count; i++) {
    if (hosts[i].up.first != NULL && hosts[i].up.first->due < due) due = hosts[i].up.first->due;
    if (hosts[i].down.first != NULL && hosts[i].down.first->due < due) due = hosts[i].down.first->due;
  }
  return due;
}

static void print_counters(const char *name, struct direction *d, const char *after) {
  struct counters *c = &d->counters;
  double mean = c->waited > 0 ? c->wait_ns / (double)c->waited : 0;
  printf("\"%s\":{\"packets\":%llu,\"bytes\":%llu,\"lost\":%llu,\"overflowed\":%llu,\"meanQueueMs\":%.3f,\"longestQueueMs\":%.3f}%s",
         name, (unsigned long long)c->packets, (unsigned long long)c->bytes, (unsigned long long)c->lost,
         (unsigned long long)c->overflowed, mean / NS_PER_MS, c->longest_wait_ns / NS_PER_MS, after);
  memset(c, 0, sizeof *c);
}

static void print_all_counters(void) {
  printf("{");
  for (int i = 0; i < host_count; i++) {
    printf("%s\"%s\":{", i > 0 ? "," : "", hosts[i].name);
    print_counters("up", &hosts[i].up, ",");
    print_counters("down", &hosts[i].down, "}");
  }
  printf("}\n");
  fflush(stdout);
}

static void set_value(struct direction *d, const char *name, double value) {
  if (strcmp(name, "rate") == 0) d->ns_per_byte = value > 0 ? 8000 / value : 0;
  else if (strcmp(name, "queue") == 0) d->queue_ns = value * NS_PER_MS;
  else if (strcmp(name, "delay") == 0) d->delay_ns = value * NS_PER_MS;
  else if (strcmp(name, "loss") == 0) d->loss = value / 100;
  else if (strcmp(name, "seed") == 0) d->random = (uint64_t)value;
  else refuse(name);
}

static struct direction *direction_of(const char *host, const char *direction) {
  for (int i = 0; host != NULL && direction != NULL && i < host_count; i++) {
    if (strcmp(hosts[i].name, host) != 0) continue;
    if (strcmp(direction, "up") == 0) return &hosts[i].up;
    if (strcmp(direction, "down") == 0) return &hosts[i].down;
  }
  refuse("no such direction");
  return NULL;
}

static void obey(char *line) {
  const char *word = strtok(line, " ");
  if (word != NULL && strcmp(word, "counters") == 0) {
    print_all_counters();
    return;
  }
  if (word == NULL || strcmp(word, "set") != 0) refuse(word == NULL ? "an empty line" : word);
  const char *host = strtok(NULL, " ");
  struct direction *d = direction_of(host, strtok(NULL, " "));
  const char *name;
  while ((name = strtok(NULL, " ")) != NULL) {
    const char *text = strtok(NULL, " ");
    char *end = NULL;
    double value = text == NULL ? -1 : strtod(text, &end);
    if (text == NULL || *end != '\0' || value < 0) refuse(name);
    set_value(d, name, value);
  }
}

/* 0 at the end of the input. */
static int read_input(void) {
  static char text[INPUT_BYTES];
  static size_t length;
  ssize_t count = read(STDIN_FILENO, text + length, sizeof text - length - 1);
  if (count <= 0) return 0;
  length += (size_t)count;
  text[length] = '\0';
  char *end;
  while ((end = strchr(text, '\n')) != NULL) {
    *end = '\0';
    obey(text);
    length -= (size_t)(end + 1 - text);
    memmove(text, end + 1, length + 1);
  }
  if (length == sizeof text - 1) refuse("a line too long");
  return 1;
}

static void join_namespace(int file) {
  if (file < 0 || setns(file, CLONE_NEWNET) < 0) fail("namespace");
}

static int open_device(const char *namespace) {
  char path[256];
  snprintf(path, sizeof path, "/var/run/netns/%s", namespace);
  int file = open(path, O_RDONLY | O_CLOEXEC);
  join_namespace(file);
  close(file);
  int device = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (device < 0) fail("/dev/net/tun");
  struct ifreq request = {.ifr_name = "eth0", .ifr_flags = IFF_TUN | IFF_NO_PI};
  if (ioctl(device, TUNSETIFF, &request) < 0) fail("TUNSETIFF");
  return device;
}

static void add_host(char *words) {
  if (host_count == HOSTS_MAX) refuse("too many hosts");
  struct host *host = &hosts[host_count++];
  host->name = strtok(words, "=");
  const char *namespace = strtok(NULL, ",");
  const char *address = strtok(NULL, ",");
  if (namespace == NULL || address == NULL || inet_pton(AF_INET, address, &host->address) != 1) refuse("a host");
  host->device = open_device(namespace);
}

/* Timely, for a late network is another network: a real one does not wait for the processors of its hosts. */
static void be_timely(void) {
  struct sched_param priority = {.sched_priority = 1};
  if (sched_setscheduler(0, SCHED_FIFO, &priority) < 0) perror("star: without real-time priority");
  prctl(PR_SET_TIMERSLACK, 1000ul);
}

/* Sleeps for a turn, and then until there is something to do. 0 at the end of the input. */
static int wait_for_work(void) {
  struct timespec turn = {0, TURN_NS};
  clock_nanosleep(CLOCK_MONOTONIC, 0, &turn, NULL);
  struct pollfd files[HOSTS_MAX + 1];
  for (int i = 0; i < host_count; i++) files[i] = (struct pollfd){hosts[i].device, POLLIN, 0};
  files[host_count] = (struct pollfd){STDIN_FILENO, POLLIN, 0};
  int64_t due = first_due(), left = due - now();
  if (left < 0) left = 0;
  struct timespec limit = {left / 1000000000, left % 1000000000};
  int ready = ppoll(files, host_count + 1, due == INT64_MAX ? NULL : &limit, NULL);
  if (ready < 0 && errno != EINTR) fail("ppoll");
  if (ready <= 0) return 1;
  int64_t at = now();
  for (int i = 0; i < host_count; i++)
    if (files[i].revents & POLLIN) read_device(&hosts[i], at);
  return files[host_count].revents == 0 || read_input();
}

int main(int count, char **words) {
  int home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
  for (int i = 1; i < count; i++) add_host(words[i]);
  join_namespace(home);
  be_timely();
  puts("ready");
  fflush(stdout);
  while (wait_for_work()) move_packets(now());
  return 0;
}

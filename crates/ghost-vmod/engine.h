/*
 * What Rust may ask of the engine, in types that are the same in every engine.
 *
 * src/ffi/raw.rs declares the same things again; a change is made in both.
 */

#include <stddef.h>
#include <stdint.h>

struct ghost_text {
	const char	*b;
	const char	*e;
};

/* ip is NULL for a Unix socket, path is NULL for TCP. */
struct ghost_address {
	const uint8_t	*ip;
	size_t		ip_len;
	uint16_t	port;
	const char	*path;
};

enum ghost_side {
	GHOST_NO_TASK,
	GHOST_CLIENT,
	GHOST_BACKEND,
};

enum ghost_message {
	GHOST_REQ,
	GHOST_RESP,
	GHOST_BEREQ,
	GHOST_BERESP,
};

enum ghost_field {
	GHOST_METHOD,
	GHOST_URL,
	GHOST_PROTO,
};

enum ghost_sub {
	GHOST_IN_HASH,
	GHOST_IN_DELIVER,
	GHOST_IN_SYNTH,
	GHOST_IN_BACKEND_RESPONSE,
	GHOST_IN_BACKEND_ERROR,
	GHOST_IN_PIPE,
	GHOST_IN_INIT,
};

enum ghost_task_kind {
	GHOST_CLIENT_TASK,
	GHOST_FETCH_TASK,
};

/* As in ghost.vsc */
enum ghost_counter {
	GHOST_COUNT_REQUESTS,
	GHOST_COUNT_FORWARDED,
	GHOST_COUNT_REDIRECTED,
	GHOST_COUNT_PREFLIGHTS,
	GHOST_COUNT_NO_ROUTE,
	GHOST_COUNT_NO_BACKENDS,
	GHOST_COUNT_QUARANTINED,
	GHOST_COUNT_BAD_REQUEST,
	GHOST_COUNT_NO_ROOM,
	GHOST_COUNT_INVALID_BACKEND,
	GHOST_COUNT_NO_ENDPOINTS,
	GHOST_COUNT_FETCHES,
	GHOST_COUNT_RETRIES,
	GHOST_COUNT_TIMEOUTS,
	GHOST_COUNT_UPGRADES,
	GHOST_COUNT_SESSIONS,
	GHOST_COUNT_UNMIRRORED,
	GHOST_COUNT_FILTERS_APPLIED,
	GHOST_COUNT_FILTERS_FAILED,
	GHOST_COUNT_RELOADS,
	GHOST_COUNT_RELOAD_FAILURES,
	GHOST_COUNT_PANICS,
	GHOST_COUNT_GENERATION,
	GHOST_COUNT_ENDPOINTS_GENERATION,
	GHOST_COUNT_ROUTES,
	GHOST_COUNT_ROUTES_QUARANTINED,
	GHOST_COUNT_ENDPOINTS,
	GHOST_COUNT_BACKENDS,
	GHOST_COUNT_BACKENDS_WAITING,
	GHOST_COUNT_BACKENDS_MADE,
	GHOST_COUNT_BACKENDS_DELETED,
	GHOST_COUNTERS,
};

/* How a service is reached, besides its address. Times in seconds; 0 and NULL where not set. */
struct ghost_transport {
	const struct director	*via;
	const char		*authority;
	unsigned		proxy_header;
	unsigned		max_connections;
	double			connect_timeout;
	double			first_byte_timeout;
	double			between_bytes_timeout;
};

/* The task */
enum ghost_side ghost_side(VRT_CTX);
int ghost_is_in(VRT_CTX, enum ghost_sub);
void ghost_fail(VRT_CTX, const char *text);
void ghost_log(VRT_CTX, const char *text, size_t len);
const char *ghost_copy(VRT_CTX, const char *text, size_t len);
void *ghost_task(VRT_CTX, const void *key);
int ghost_keep_task(VRT_CTX, const void *key, void *value, enum ghost_task_kind);
const char *ghost_socket(VRT_CTX);
unsigned ghost_port(VRT_CTX);
size_t ghost_client_address(VRT_CTX, char *into, size_t size);
void ghost_hash(VRT_CTX, const char *text);
void ghost_body(VRT_CTX, const char *text);
void ghost_limit_timeouts(VRT_CTX, double seconds);
int ghost_has_client(VRT_CTX);
int ghost_is_hit(VRT_CTX);
unsigned ghost_restarts(VRT_CTX);
int ghost_may_retry(VRT_CTX);
double ghost_now(void);
double ghost_task_start(VRT_CTX);
void ghost_wait(double seconds);

/* Messages */
struct http *ghost_message(VRT_CTX, enum ghost_message);
struct ghost_text ghost_field(const struct http *, enum ghost_field);
const struct ghost_text *ghost_lines(const struct http *, size_t *count);
unsigned ghost_status(const struct http *);
void ghost_put_status(struct http *, unsigned status);
void ghost_room(const struct http *, size_t *bytes, size_t *slots);
size_t ghost_free_slots(const struct http *);
int ghost_set_url(struct http *, const char *text, size_t len);
int ghost_add_line(struct http *, const char *name, size_t name_len, const char *value, size_t value_len);
void ghost_add_constant(struct http *, const char *line);
unsigned ghost_unset(struct http *, const char *name, size_t len, int prefix);

/* Directors and backends */
const struct director *ghost_rule_director(VRT_CTX, void *priv, const char *name);
const struct director *ghost_answer_director(VRT_CTX, void *priv, const char *name);
void ghost_drop_director(const struct director *);
void ghost_hold_director(const struct director *);
int ghost_has_via(void);
struct vsmw_cluster *ghost_cluster(VRT_CTX, size_t backends);
void ghost_drop_cluster(struct vsmw_cluster *);
const struct director *ghost_backend(VRT_CTX, struct vsmw_cluster *, const char *name, const struct ghost_address *,
    const struct ghost_transport *);
void ghost_drop_backend(const struct director *);
int ghost_drop_waits(void);
double ghost_idle_timeout(void);

/* Counters: an array of GHOST_COUNTERS in shared memory */
uint64_t *ghost_counters(const char *name, struct vsc_seg **);
void ghost_drop_counters(struct vsc_seg *);

uint64_t ghost_random(void);

/* Called by engine.c, written in Rust (src/entry.rs) */
const struct director *ghost_on_resolve(VRT_CTX, void *priv);
int ghost_on_answer(VRT_CTX, void *priv);
void ghost_on_count(void *priv, size_t *usable, size_t *all);
void ghost_on_rule_destroy(void *priv);
void ghost_on_answer_destroy(void *priv);
void ghost_on_client_end(void *task);
void ghost_on_fetch_end(void *task);

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
};

enum ghost_task_kind {
	GHOST_CLIENT_TASK,
	GHOST_FETCH_TASK,
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

/* Messages */
struct http *ghost_message(VRT_CTX, enum ghost_message);
struct ghost_text ghost_field(const struct http *, enum ghost_field);
const struct ghost_text *ghost_lines(const struct http *, size_t *count);
unsigned ghost_status(const struct http *);
void ghost_put_status(struct http *, unsigned status);
void ghost_room(const struct http *, size_t *bytes, size_t *slots);
int ghost_set_url(struct http *, const char *text, size_t len);
int ghost_add_line(struct http *, const char *name, size_t name_len, const char *value, size_t value_len);
unsigned ghost_unset(struct http *, const char *name, size_t len, int prefix);

/* Directors and backends */
const struct director *ghost_rule_director(VRT_CTX, void *priv, const char *name);
const struct director *ghost_answer_director(VRT_CTX, void *priv, const char *name);
void ghost_drop_director(const struct director *);
struct vsmw_cluster *ghost_cluster(VRT_CTX, size_t backends);
void ghost_drop_cluster(struct vsmw_cluster *);
const struct director *ghost_backend(VRT_CTX, struct vsmw_cluster *, const char *name, const struct ghost_address *);
void ghost_drop_backend(const struct director *);
int ghost_drop_waits(void);
double ghost_idle_timeout(void);

uint64_t ghost_random(void);

/* Called by engine.c, written in Rust (src/entry.rs) */
const struct director *ghost_on_resolve(VRT_CTX, void *priv);
int ghost_on_answer(VRT_CTX, void *priv);
void ghost_on_count(void *priv, size_t *usable, size_t *all);
void ghost_on_rule_destroy(void *priv);
void ghost_on_answer_destroy(void *priv);
void ghost_on_client_end(void *task);
void ghost_on_fetch_end(void *task);

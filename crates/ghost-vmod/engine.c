/*
 * The only file that knows what an engine looks like inside, and the only one with conditionals on its version.
 *
 * It holds no rule of Ghost's: each function does one thing to one structure. Versions: Varnish 7.1 (VRT 15) to
 * 8.0 (VRT 22) and Vinyl Cache 9.0 (VRT 23).
 */

#if __has_include("cache/cache_varnishd.h")
#  include "cache/cache_varnishd.h"	/* http_conn and cache_param */
#else
#  include "cache/cache_vinyld.h"
#endif

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "vsa.h"
#include "vcl.h"
#include "vrnd.h"
#include "vtim.h"
#include "vcc_if.h"
#include "vrt_obj.h"
#include "VSC_ghost.h"

#include "engine.h"

/* Rust reads the engine's header lines in place. */
_Static_assert(sizeof(struct ghost_text) == sizeof(txt), "txt is a pair of pointers");
_Static_assert(offsetof(struct ghost_text, e) == offsetof(txt, e), "b comes first");

#ifndef VRT_BACKEND_INIT	/* before VRT 19 "not set" is 0 */
#  define VRT_BACKEND_INIT(be)	INIT_OBJ(be, VRT_BACKEND_MAGIC)
#endif

#ifndef NO_VXID			/* before VRT 16.1 */
#  define NO_VXID		0
#endif

/*--------------------------------------------------------------------
 * The task
 */

enum ghost_side
ghost_side(VRT_CTX)
{

	CHECK_OBJ_NOTNULL(ctx, VRT_CTX_MAGIC);
	if (ctx->req != NULL)
		return (GHOST_CLIENT);
	return (ctx->bo != NULL ? GHOST_BACKEND : GHOST_NO_TASK);
}

int
ghost_is_in(VRT_CTX, enum ghost_sub sub)
{

	switch (sub) {
	case GHOST_IN_HASH:
		return (ctx->method == VCL_MET_HASH);
	case GHOST_IN_DELIVER:
		return (ctx->method == VCL_MET_DELIVER);
	case GHOST_IN_SYNTH:
		return (ctx->method == VCL_MET_SYNTH);
	case GHOST_IN_BACKEND_RESPONSE:
		return (ctx->method == VCL_MET_BACKEND_RESPONSE);
	case GHOST_IN_BACKEND_ERROR:
		return (ctx->method == VCL_MET_BACKEND_ERROR);
	case GHOST_IN_PIPE:
		return (ctx->method == VCL_MET_PIPE);
	case GHOST_IN_INIT:
		return (ctx->method == VCL_MET_INIT);
	}
	return (0);
}

void
ghost_fail(VRT_CTX, const char *text)
{

	VRT_fail(ctx, "%s", text);
}

/* Without a task (events, vcl_init) the line stands alone in the log. */
void
ghost_log(VRT_CTX, const char *text, size_t len)
{

	if (ctx->vsl != NULL)	/* not VSLb(): its formatter costs more than the line */
		VSLbt(ctx->vsl, SLT_VCL_Log, (txt){ .b = text, .e = text + strnlen(text, len) });
	else
		VSL(SLT_VCL_Log, NO_VXID, "%.*s", (int)len, text);
}

/* A NUL-terminated copy that lives as long as the task, or NULL. */
const char *
ghost_copy(VRT_CTX, const char *text, size_t len)
{
	char *copy;

	if (WS_ReserveAll(ctx->ws) < len + 1) {
		WS_Release(ctx->ws, 0);
		return (NULL);
	}
	copy = WS_Reservation(ctx->ws);
	memcpy(copy, text, len);
	copy[len] = '\0';
	WS_Release(ctx->ws, len + 1);
	return (copy);
}

static void v_matchproto_(vmod_priv_fini_f)
client_end(VRT_CTX, void *task)
{

	(void)ctx;
	ghost_on_client_end(task);
}

static void v_matchproto_(vmod_priv_fini_f)
fetch_end(VRT_CTX, void *task)
{

	(void)ctx;
	ghost_on_fetch_end(task);
}

static const struct vmod_priv_methods task_methods[] = {
	[GHOST_CLIENT_TASK] = {
		.magic = VMOD_PRIV_METHODS_MAGIC,
		.type = "ghost client task",
		.fini = client_end,
	},
	[GHOST_FETCH_TASK] = {
		.magic = VMOD_PRIV_METHODS_MAGIC,
		.type = "ghost fetch task",
		.fini = fetch_end,
	},
};

void *
ghost_task(VRT_CTX, const void *key)
{
	struct vmod_priv *priv;

	priv = VRT_priv_task_get(ctx, key);
	return (priv != NULL ? priv->priv : NULL);
}

/* 0 when there is no room for it (possible before VRT 16 only). */
int
ghost_keep_task(VRT_CTX, const void *key, void *value, enum ghost_task_kind kind)
{
	struct vmod_priv *priv;

	priv = VRT_priv_task(ctx, key);
	if (priv == NULL)
		return (0);
	AZ(priv->priv);
	priv->priv = value;
	priv->methods = &task_methods[kind];
	return (1);
}

const char *
ghost_socket(VRT_CTX)
{

	return (ctx->sp != NULL ? VRT_r_local_socket(ctx) : NULL);
}

/* 0 for a Unix socket. */
unsigned
ghost_port(VRT_CTX)
{

	return (ctx->sp != NULL ? VSA_Port(VRT_r_local_ip(ctx)) : 0);
}

/* In text form, without port; how many bytes, 0 for none. */
size_t
ghost_client_address(VRT_CTX, char *into, size_t size)
{
	const unsigned char *address;
	int family;

	if (ctx->sp == NULL)
		return (0);
	family = VRT_VSA_GetPtr(ctx, VRT_r_client_ip(ctx), &address);
	if (family < 0 || inet_ntop(family, address, into, (socklen_t)size) == NULL)
		return (0);
	return (strlen(into));
}

void
ghost_hash(VRT_CTX, const char *text)
{

	VRT_hashdata(ctx, TOSTRAND(text));
}

void
ghost_body(VRT_CTX, const char *text)
{

	VRT_synth_strands(ctx, TOSTRAND(text));
}

/* Before VRT 19 a timeout that was not set reads 0, from then on it reads as the parameter. */
#if VRT_MAJOR_VERSION >= 19U
#  define TIMEOUT(which)	VRT_r_bereq_##which(ctx)
#else
#  define TIMEOUT(which)	(VRT_r_bereq_##which(ctx) > 0 ? VRT_r_bereq_##which(ctx) : cache_param->which)
#endif

/* Never longer than what VCL or the parameters say. */
void
ghost_limit_timeouts(VRT_CTX, double seconds)
{

	if (TIMEOUT(connect_timeout) > seconds)
		VRT_l_bereq_connect_timeout(ctx, seconds);
	if (TIMEOUT(first_byte_timeout) > seconds)
		VRT_l_bereq_first_byte_timeout(ctx, seconds);
	if (TIMEOUT(between_bytes_timeout) > seconds)
		VRT_l_bereq_between_bytes_timeout(ctx, seconds);
}

/* Whether the task's client has an address: the engine gives those who came by a Unix socket one without port. */
int
ghost_has_client(VRT_CTX)
{

	return (ctx->sp != NULL && VSA_Port(VRT_r_client_ip(ctx)) != 0);
}

/* Only in vcl_deliver. */
int
ghost_is_hit(VRT_CTX)
{

	return (VRT_r_obj_hits(ctx) > 0);
}

unsigned
ghost_restarts(VRT_CTX)
{

	return (ctx->req != NULL ? ctx->req->restarts : 0);
}

/* Whether return(retry) would be another try, and not the end of the fetch. */
int
ghost_may_retry(VRT_CTX)
{

	CHECK_OBJ_NOTNULL(ctx->bo, BUSYOBJ_MAGIC);
	return (ctx->bo->retries < cache_param->max_retries && ctx->bo->no_retry == NULL);
}

/* Seconds since 1970. */
double
ghost_now(void)
{

	return (VTIM_real());
}

/* When the fetch, or the request in pipe mode, began. */
double
ghost_task_start(VRT_CTX)
{

	if (ctx->req != NULL)
		return (ctx->req->t_first);
	return (ctx->bo != NULL ? ctx->bo->t_first : VTIM_real());
}

/* The thread does nothing else meanwhile. */
void
ghost_wait(double seconds)
{

	VTIM_sleep(seconds);
}

/*--------------------------------------------------------------------
 * Messages
 */

struct http *
ghost_message(VRT_CTX, enum ghost_message which)
{

	switch (which) {
	case GHOST_REQ:
		return (ctx->http_req);
	case GHOST_RESP:
		return (ctx->http_resp);
	case GHOST_BEREQ:
		return (ctx->http_bereq);
	case GHOST_BERESP:
		return (ctx->http_beresp);
	}
	return (NULL);
}

struct ghost_text
ghost_field(const struct http *hp, enum ghost_field which)
{
	static const unsigned slots[] = {
		[GHOST_METHOD] = HTTP_HDR_METHOD,
		[GHOST_URL] = HTTP_HDR_URL,
		[GHOST_PROTO] = HTTP_HDR_PROTO,
	};
	const txt *field = &hp->hd[slots[which]];

	return ((struct ghost_text){ .b = field->b, .e = field->e });
}

const struct ghost_text *
ghost_lines(const struct http *hp, size_t *count)
{

	CHECK_OBJ_NOTNULL(hp, HTTP_MAGIC);
	*count = hp->nhd > HTTP_HDR_FIRST ? hp->nhd - HTTP_HDR_FIRST : 0;
	return ((const struct ghost_text *)(const void *)(hp->hd + HTTP_HDR_FIRST));
}

unsigned
ghost_status(const struct http *hp)
{

	return (http_GetStatus(hp));
}

void
ghost_put_status(struct http *hp, unsigned status)
{

	http_PutResponse(hp, "HTTP/1.1", (uint16_t)status, NULL);
}

/* Asked before anything is written: a mark of overflow can only end as the engine's bare 500. */
void
ghost_room(const struct http *hp, size_t *bytes, size_t *slots)
{

	*bytes = WS_ReserveAll(hp->ws);
	WS_Release(hp->ws, 0);
	*slots = ghost_free_slots(hp);
}

/* The slots alone: asking for the bytes reserves the workspace. */
size_t
ghost_free_slots(const struct http *hp)
{

	return (hp->shd > hp->nhd ? hp->shd - hp->nhd : 0);
}

int
ghost_set_url(struct http *hp, const char *text, size_t len)
{
	char *copy;

	copy = WS_Alloc(hp->ws, len + 1);
	if (copy == NULL)
		return (0);
	memcpy(copy, text, len);
	copy[len] = '\0';
	http_SetH(hp, HTTP_HDR_URL, copy);
	return (1);
}

int
ghost_add_line(struct http *hp, const char *name, size_t name_len, const char *value, size_t value_len)
{
	char *line;

	line = WS_Alloc(hp->ws, name_len + 2 + value_len + 1);
	if (line == NULL)
		return (0);
	memcpy(line, name, name_len);
	memcpy(line + name_len, ": ", 2);
	memcpy(line + name_len + 2, value, value_len);
	line[name_len + 2 + value_len] = '\0';
	http_SetHeader(hp, line);
	return (1);
}

/* The line is not copied. */
void
ghost_add_constant(struct http *hp, const char *line)
{

	http_SetHeader(hp, line);
}

/*
 * Like http_Unset(), which takes names up to 126 bytes only and asserts beyond. With prefix, all headers whose names
 * begin so. Tells how many lines went.
 */
unsigned
ghost_unset(struct http *hp, const char *name, size_t len, int prefix)
{
	unsigned from, to, gone = 0;
	const txt *line;

	for (to = from = HTTP_HDR_FIRST; from < hp->nhd; from++) {
		line = &hp->hd[from];
		/* Most lines are told apart by their first byte; letters differ by 0x20 in case. */
		if (Tlen(*line) > len && ((line->b[0] ^ name[0]) & ~0x20) == 0 && (prefix || line->b[len] == ':') &&
		    strncasecmp(line->b, name, len) == 0) {
			if (hp->vsl != NULL)
				VSLbt(hp->vsl, (enum VSL_tag_e)(hp->logtag + HTTP_HDR_UNSET - HTTP_HDR_METHOD), *line);
			gone++;
			continue;
		}
		hp->hd[to] = hp->hd[from];
		hp->hdf[to] = hp->hdf[from];
		to++;
	}
	hp->nhd = (uint16_t)to;
	return (gone);
}

/*--------------------------------------------------------------------
 * Directors
 */

static VCL_BACKEND v_matchproto_(vdi_resolve_f)
rule_resolve(VRT_CTX, VCL_BACKEND dir)
{

	return (ghost_on_resolve(ctx, dir->priv));
}

static VCL_BOOL v_matchproto_(vdi_healthy_f)
rule_healthy(VRT_CTX, VCL_BACKEND dir, VCL_TIME *changed)
{
	size_t usable = 0, all = 0;

	(void)ctx;
	if (changed != NULL)
		*changed = 0;
	ghost_on_count(dir->priv, &usable, &all);
	return (usable > 0);
}

static void v_matchproto_(vdi_list_f)
rule_list(VRT_CTX, VCL_BACKEND dir, struct vsb *vsb, int details, int json)
{
	size_t usable = 0, all = 0;

	(void)ctx;
	ghost_on_count(dir->priv, &usable, &all);
	if (json && details)
		VSB_printf(vsb, "{ \"usable\": %zu, \"all\": %zu },\n", usable, all);
	else if (json)
		VSB_printf(vsb, "[%zu, %zu, \"%s\"]", usable, all, usable > 0 ? "healthy" : "sick");
	else if (!details)
		VSB_printf(vsb, "%zu/%zu\t%s", usable, all, usable > 0 ? "healthy" : "sick");
}

static void v_matchproto_(vdi_destroy_f)
rule_destroy(VCL_BACKEND dir)
{

	ghost_on_rule_destroy(dir->priv);
}

static const struct vdi_methods rule_methods[1] = {{
	.magic = VDI_METHODS_MAGIC,
	.type = "ghost",
	.resolve = rule_resolve,
	.healthy = rule_healthy,
	.list = rule_list,
	.destroy = rule_destroy,
}};

const struct director *
ghost_rule_director(VRT_CTX, void *priv, const char *name)
{

	return (VRT_AddDirector(ctx, rule_methods, priv, "%s", name));
}

/*
 * A backend that is connected to nothing. An error does not replace what can still be served stale: a background
 * fetch fails instead.
 */
static int v_matchproto_(vdi_gethdrs_f)
answer_gethdrs(VRT_CTX, VCL_BACKEND dir)
{
	struct busyobj *bo = ctx->bo;

	CHECK_OBJ_NOTNULL(bo, BUSYOBJ_MAGIC);
	AZ(bo->htc);
	if (ghost_on_answer(ctx, dir->priv) == 0)
		return (-1);
	if (VRT_r_bereq_is_bgfetch(ctx) && http_GetStatus(bo->beresp) >= 500)
		return (-1);
	bo->htc = WS_Alloc(bo->ws, sizeof *bo->htc);
	if (bo->htc == NULL)
		return (-1);
	INIT_OBJ(bo->htc, HTTP_CONN_MAGIC);
	bo->htc->doclose = SC_NULL;
	bo->htc->body_status = BS_NONE;
	VRT_l_beresp_uncacheable(ctx, 1);
	return (0);
}

static void v_matchproto_(vdi_finish_f)
answer_finish(VRT_CTX, VCL_BACKEND dir)
{

	(void)dir;
	ctx->bo->htc = NULL;
}

static void v_matchproto_(vdi_destroy_f)
answer_destroy(VCL_BACKEND dir)
{

	ghost_on_answer_destroy(dir->priv);
}

static const struct vdi_methods answer_methods[1] = {{
	.magic = VDI_METHODS_MAGIC,
	.type = "ghost answer",
	.gethdrs = answer_gethdrs,
	.finish = answer_finish,
	.destroy = answer_destroy,
}};

const struct director *
ghost_answer_director(VRT_CTX, void *priv, const char *name)
{

	return (VRT_AddDirector(ctx, answer_methods, priv, "%s", name));
}

/* Not VRT_DelDirector(): before VRT 17 it asserts that no fetch holds the director. */
void
ghost_drop_director(const struct director *dir)
{

	VRT_Assign_Backend(&dir, NULL);
}

/* Until ghost_drop_director(). */
void
ghost_hold_director(const struct director *dir)
{
	VCL_BACKEND held = NULL;

	VRT_Assign_Backend(&held, dir);
}

/*--------------------------------------------------------------------
 * Backends
 */

/* Whether a backend can be reached through another one. */
int
ghost_has_via(void)
{

	return (VRT_MAJOR_VERSION >= 17U);
}

struct vsmw_cluster *
ghost_cluster(VRT_CTX, size_t backends)
{

	return (VRT_VSM_Cluster_New(ctx, backends * VRT_backend_vsm_need(ctx)));
}

/* The segment goes with its last backend. The engine wants a context and looks at its magic only. */
void
ghost_drop_cluster(struct vsmw_cluster *cluster)
{
	struct vrt_ctx ctx[1];

	INIT_OBJ(ctx, VRT_CTX_MAGIC);
	VRT_VSM_Cluster_Destroy(ctx, &cluster);
}

static void
set_transport(struct vrt_backend *be, const struct ghost_transport *transport)
{

	if (transport->connect_timeout > 0)
		be->connect_timeout = transport->connect_timeout;
	if (transport->first_byte_timeout > 0)
		be->first_byte_timeout = transport->first_byte_timeout;
	if (transport->between_bytes_timeout > 0)
		be->between_bytes_timeout = transport->between_bytes_timeout;
	be->max_connections = transport->max_connections;
	be->proxy_header = transport->proxy_header;
#if VRT_MAJOR_VERSION >= 17U
	be->authority = transport->authority;
#endif
}

const struct director *
ghost_backend(VRT_CTX, struct vsmw_cluster *cluster, const char *name, const struct ghost_address *address,
    const struct ghost_transport *transport)
{
	struct vrt_backend be[1];
	struct vrt_endpoint endpoint[1];
	uint8_t room[vsa_suckaddr_len];
	uint16_t port = htons(address->port);
	VCL_IP ip;

	INIT_OBJ(endpoint, VRT_ENDPOINT_MAGIC);
	if (address->path != NULL) {
		endpoint->uds_path = address->path;
	} else {
		ip = VSA_BuildFAP(room, address->ip_len == 4 ? PF_INET : PF_INET6,
		    address->ip, (unsigned)address->ip_len, &port, sizeof port);
		if (ip == NULL)
			return (NULL);
		if (address->ip_len == 4)
			endpoint->ipv4 = ip;
		else
			endpoint->ipv6 = ip;
	}
	VRT_BACKEND_INIT(be);
	be->endpoint = endpoint;
	be->vcl_name = name;
	set_transport(be, transport);
#if VRT_MAJOR_VERSION >= 17U
	return (VRT_new_backend_clustered(ctx, cluster, be, transport->via));
#else
	return (VRT_new_backend_clustered(ctx, cluster, be));
#endif
}

/* VRT_delete_backend() without the context, which it does not use. */
void
ghost_drop_backend(const struct director *dir)
{

	VRT_DisableDirector(dir);
	VRT_Assign_Backend(&dir, NULL);
}

/* Whether dropping the last reference to a connection pool waits for the peers of its idle connections. */
int
ghost_drop_waits(void)
{

#if VRT_MAJOR_VERSION >= 21U
	return (0);
#else
	return (1);
#endif
}

/* How long a connection may stand idle in a pool, in seconds. */
double
ghost_idle_timeout(void)
{

	return (cache_param->backend_idle_timeout);
}

/*--------------------------------------------------------------------
 * Counters
 */

#define PLACE(name, place)								\
	_Static_assert(offsetof(struct VSC_ghost, name) == (place) * sizeof(uint64_t),	\
	    #name " is not where engine.h says")
PLACE(requests, GHOST_COUNT_REQUESTS);
PLACE(forwarded, GHOST_COUNT_FORWARDED);
PLACE(redirected, GHOST_COUNT_REDIRECTED);
PLACE(preflights, GHOST_COUNT_PREFLIGHTS);
PLACE(no_route, GHOST_COUNT_NO_ROUTE);
PLACE(no_backends, GHOST_COUNT_NO_BACKENDS);
PLACE(quarantined, GHOST_COUNT_QUARANTINED);
PLACE(bad_request, GHOST_COUNT_BAD_REQUEST);
PLACE(no_room, GHOST_COUNT_NO_ROOM);
PLACE(invalid_backend, GHOST_COUNT_INVALID_BACKEND);
PLACE(no_endpoints, GHOST_COUNT_NO_ENDPOINTS);
PLACE(fetches, GHOST_COUNT_FETCHES);
PLACE(retries, GHOST_COUNT_RETRIES);
PLACE(timeouts, GHOST_COUNT_TIMEOUTS);
PLACE(upgrades, GHOST_COUNT_UPGRADES);
PLACE(sessions, GHOST_COUNT_SESSIONS);
PLACE(unmirrored, GHOST_COUNT_UNMIRRORED);
PLACE(filters_applied, GHOST_COUNT_FILTERS_APPLIED);
PLACE(filters_failed, GHOST_COUNT_FILTERS_FAILED);
PLACE(reloads, GHOST_COUNT_RELOADS);
PLACE(reload_failures, GHOST_COUNT_RELOAD_FAILURES);
PLACE(panics, GHOST_COUNT_PANICS);
PLACE(generation, GHOST_COUNT_GENERATION);
PLACE(endpoints_generation, GHOST_COUNT_ENDPOINTS_GENERATION);
PLACE(routes, GHOST_COUNT_ROUTES);
PLACE(routes_quarantined, GHOST_COUNT_ROUTES_QUARANTINED);
PLACE(endpoints, GHOST_COUNT_ENDPOINTS);
PLACE(backends, GHOST_COUNT_BACKENDS);
PLACE(backends_waiting, GHOST_COUNT_BACKENDS_WAITING);
PLACE(backends_made, GHOST_COUNT_BACKENDS_MADE);
PLACE(backends_deleted, GHOST_COUNT_BACKENDS_DELETED);
#undef PLACE
_Static_assert(sizeof(struct VSC_ghost) == GHOST_COUNTERS * sizeof(uint64_t), "engine.h names every counter");

uint64_t *
ghost_counters(const char *name, struct vsc_seg **seg)
{

	return ((uint64_t *)VSC_ghost_New(NULL, seg, "%s", name));
}

void
ghost_drop_counters(struct vsc_seg *seg)
{

	VSC_ghost_Destroy(&seg);
}

uint64_t
ghost_random(void)
{
	uint64_t number;

	if (VRND_RandomCrypto(&number, sizeof number) != 0)
		number = (uint64_t)VRND_RandomTestable() ^ (uint64_t)(VTIM_real() * 1e6);
	return (number);
}

# Ghost's part of a VCL. Include it behind the object it works with, which must have the name "router":
#
#	vcl 4.1;
#	import ghost;
#	sub vcl_init { new router = ghost.router("/etc/ghost/ghost.json"); }
#	include "ghost.vcl";
#
# Subroutines of the same name run one after the other in the order they are written, so those behind the include see
# every request that goes to a service, and none that Ghost answers itself.

# Every VCL must have a backend. This one is for requests that are sent nowhere.
backend ghost_none none;

sub vcl_recv {
	router.recv();
	if (router.answers()) {
		# Named here, because a backend that nobody uses is an error beside a default backend of yours.
		set req.backend_hint = ghost_none;
		return (synth(router.status()));
	}
	set req.backend_hint = router.backend();
}

# recv() has seen to the Host header. The builtin subroutine would rewrite it with .lower(), which overflows workspaces
# (CVE-2026-93894); Host goes on as it was received.
sub vcl_req_host {
	return;
}

# Behind your own vcl_recv, unless it returns: a WebSocket becomes a pipe to the endpoint that was picked. Methods that
# the builtin subroutine does not know would become one too, and with it pass by every rule.
sub vcl_req_method {
	if (router.upgrades()) {
		return (pipe);
	}
	if (router.answers()) {
		return (synth(router.status()));
	}
	if (req.method == "CONNECT") {
		return (synth(405));
	}
	if (req.method != "GET" && req.method != "HEAD" && req.method != "PRI") {
		return (pass);
	}
}

sub vcl_pipe {
	router.pipe();
}

# The key is route, rule, scheme, canonical host and req.url. The builtin subroutine would add Host as it was received
# and so keep one object for each spelling.
sub vcl_hash {
	router.hash();
}

sub vcl_builtin_hash {
	return;
}

sub vcl_backend_response {
	if (router.retries()) {
		return (retry);
	}
	router.backend_response();
}

sub vcl_backend_error {
	if (router.retries()) {
		return (retry);
	}
	router.backend_error();
}

sub vcl_deliver {
	router.deliver();
	# Only where the filters do not fit into the workspace.
	if (router.answers()) {
		return (synth(router.status()));
	}
}

sub vcl_synth {
	if (router.answers()) {
		router.synth();
		return (deliver);
	}
}

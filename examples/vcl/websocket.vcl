# ghost.vcl makes a pipe of a WebSocket behind your vcl_recv. Where yours returns, it asks first.
vcl 4.1;

import ghost;

sub vcl_init {
	new router = ghost.router("/etc/ghost/ghost.json");
}

include "ghost.vcl";

sub vcl_recv {
	if (req.http.Origin && req.http.Origin !~ "^https?://[a-z.]*example\.com$") {
		return (synth(403));
	}
	if (router.upgrades()) {
		return (pipe);
	}
	if (router.answers()) {
		return (synth(router.status()));
	}
	return (pass);
}

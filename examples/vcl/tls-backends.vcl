# Services with the protocol "tls", through a proxy beside the engine that adds TLS: one that takes the PROXY protocol
# at its socket and connects to the address it finds there. Varnish 7.3 or later.
vcl 4.1;

import ghost;

backend tls_proxy {
	.path = "/run/tls-proxy/backends.sock";
}

sub vcl_init {
	new router = ghost.router("/etc/ghost/ghost.json");
	router.service("default/payments:443", via = tls_proxy, authority = "payments.example.com");
}

include "ghost.vcl";

# A cache in front of the services. Objects of two rules are never shared: hash() adds the rule to the key.
vcl 4.1;

import ghost;

sub vcl_init {
	new router = ghost.router("/etc/ghost/ghost.json");
}

include "ghost.vcl";

sub vcl_recv {
	# Cookies that only scripts in the page read keep nothing from being cached.
	set req.http.Cookie = regsuball(req.http.Cookie, "(^|; *)_[a-z]+=[^;]*", "");
	if (req.http.Cookie ~ "^[; ]*$") {
		unset req.http.Cookie;
	}
}

sub vcl_backend_response {
	# What is stale serves while a new one is fetched, and for an hour when the service is away.
	set beresp.grace = 1h;
}

sub vcl_backend_error {
	# A retry policy of the route has been followed by now; what is stale is better than an error.
	if (bereq.is_bgfetch) {
		return (abandon);
	}
}

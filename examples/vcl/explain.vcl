# Whoever may ask learns from the log why a request goes where it goes, and from a page what serves:
#	varnishlog -q 'VCL_Log ~ "^ghost explain"' -i VCL_Log
vcl 4.1;

import ghost;

acl operators {
	"127.0.0.1";
}

sub vcl_init {
	new router = ghost.router("/etc/ghost/ghost.json");
}

sub vcl_recv {
	if (client.ip ~ operators) {
		if (req.url == "/ghost-status") {
			return (synth(200, "status"));
		}
		if (req.http.X-Explain) {
			router.explain();
		}
	}
	unset req.http.X-Explain;
}

sub vcl_synth {
	if (resp.reason == "status") {
		set resp.reason = "OK";
		set resp.http.Content-Type = "application/json";
		synthetic(router.status_json());
		return (deliver);
	}
}

include "ghost.vcl";

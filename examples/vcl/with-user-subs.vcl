# Your own subroutines, before and behind Ghost's: those of the same name run one after the other.
vcl 4.1;

import std;
import ghost;

acl office {
	"127.0.0.1";
	"10.0.0.0"/8;
}

sub vcl_init {
	new router = ghost.router("/etc/ghost/ghost.json");
}

# Before the decision: for every request, those too that Ghost answers itself.
sub vcl_recv {
	if (req.url == "/healthz") {
		return (synth(200));
	}
}

include "ghost.vcl";

# Behind the decision: only for requests that go to a service. A request that returns here never becomes a WebSocket
# unless you return (pipe) for it yourself: see websocket.vcl.
sub vcl_recv {
	if (req.method == "PURGE") {
		if (client.ip !~ office) {
			return (synth(403));
		}
		return (purge);
	}
}

sub vcl_backend_response {
	if (beresp.status >= 500) {
		set beresp.uncacheable = true;
	}
}

sub vcl_deliver {
	set resp.http.X-Cache = obj.hits > 0;
}

# Your own answers; Ghost's are delivered before this.
sub vcl_synth {
	set resp.http.Content-Type = "text/plain; charset=utf-8";
	synthetic(resp.status + " " + resp.reason + {"
"});
	return (deliver);
}

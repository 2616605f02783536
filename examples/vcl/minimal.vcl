# Everything that Ghost needs.
vcl 4.1;

import ghost;

sub vcl_init {
	new router = ghost.router("/etc/ghost/ghost.json");
}

include "ghost.vcl";

#!/bin/sh
# Builds libvmod_ghost.so against the engine whose headers are installed, and puts ghost.vcl beside it.
#
#	build.sh [debug|release] [cargo options...]
#
# GHOST_ENGINE_ROOT is a folder that holds another engine's usr/include and usr/share (an unpacked package or a root
# folder); GHOST_VMOD_OUT is the folder the result goes to.
set -eu

profile=${1:-release}
[ $# -eq 0 ] || shift

crate=$(cd "$(dirname "$0")" && pwd)
workspace=$(cd "$crate/../.." && pwd)
root=${GHOST_ENGINE_ROOT:-}
target=${CARGO_TARGET_DIR:-$workspace/target}
out=${GHOST_VMOD_OUT:-$target/vmod}

include= share=
for name in varnish vinyl-cache; do
	if [ -f "$root/usr/include/$name/vrt.h" ] && [ -f "$root/usr/share/$name/vmodtool.py" ]; then
		include=$root/usr/include/$name
		share=$root/usr/share/$name
	fi
done
if [ -z "$include" ]; then
	echo "No engine headers under ${root:-/}: install libvarnishapi-dev (Debian) or varnish-devel." >&2
	exit 1
fi

case $profile in
release) cargo build -p ghost-vmod --release --manifest-path "$workspace/Cargo.toml" --target-dir "$target" "$@" ;;
debug) cargo build -p ghost-vmod --manifest-path "$workspace/Cargo.toml" --target-dir "$target" "$@" ;;
*) echo "The profile is debug or release, not $profile." >&2; exit 2 ;;
esac

# config.h belongs to the engine's own build; the generated file wants one.
generated=$out/generated
mkdir -p "$generated"
: >"$generated/config.h"
echo '{ global: Vmod_ghost_Data; local: *; };' >"$generated/exports"
# Vinyl Cache names the directives of counters after itself; its tool writes nothing where they are named otherwise.
case $share in
*/vinyl-cache) sed 's/^\.\. varnish_vsc/.. vinyl_vsc/' "$crate/ghost.vsc" >"$generated/ghost.vsc" ;;
*) cp "$crate/ghost.vsc" "$generated/ghost.vsc" ;;
esac
rm -f "$generated/VSC_ghost.c"
(cd "$generated" && python3 "$share/vmodtool.py" --strict -o vcc_if "$crate/vmod_ghost.vcc" &&
	python3 "$share/vsctool.py" -ch ghost.vsc && [ -s VSC_ghost.c ])

${CC:-cc} -std=gnu11 -O2 -g -fPIC -shared -Wall -Wextra -Werror -I"$generated" -I"$crate" -I"$include" \
	"$crate/engine.c" "$generated/vcc_if.c" "$generated/VSC_ghost.c" \
	-Wl,--whole-archive "$target/$profile/libghost_vmod.a" -Wl,--no-whole-archive \
	-Wl,--version-script="$generated/exports" -Wl,--gc-sections -Wl,-z,relro,-z,now \
	-o "$out/libvmod_ghost.so.new"
[ "$profile" = debug ] || strip --strip-unneeded "$out/libvmod_ghost.so.new"
# A running engine may have the old file open: replace it, never write into it.
mv "$out/libvmod_ghost.so.new" "$out/libvmod_ghost.so"
cp "$crate/vcl/ghost.vcl" "$out/ghost.vcl"
echo "$out/libvmod_ghost.so"

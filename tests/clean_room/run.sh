#!/usr/bin/env bash
# The newcomer's morning: a bare Debian with python3, python3-venv and make, a fresh clone, `make run`,
# a look at home, then `make test`. Called by `make clean-room`; needs root and debootstrap.
#
#   tests/clean_room/run.sh            all of it
#   tests/clean_room/run.sh install    only as far as `make install`
#
# CLEAN_ROOM (default: a folder "cleanroom" in the temporary folder) keeps the bare Debian for the next time.
# Where Debian and the package index are, and which certificates to trust, is taken from this machine's
# own settings at run time; nothing of it is kept.
set -euo pipefail

stage=${1:-all}
repository=$(cd "$(dirname "$0")/../.." && pwd)
room=${CLEAN_ROOM:-${TMPDIR:-/tmp}/cleanroom}
suite=${CLEAN_ROOM_SUITE:-bookworm}
port=${PORT:-8080}
base=$room/base-$suite
copy=$room/run
certificates=/etc/ssl/certs/ca-certificates.crt

[ "$(id -u)" -eq 0 ] || { echo "Making a clean room needs root." >&2; exit 2; }
command -v debootstrap >/dev/null || { echo "Install debootstrap first: apt-get install debootstrap" >&2; exit 2; }

say() { printf '\n== %s (%s s)\n' "$1" "$SECONDS"; }

debian_mirror() {
  local sources
  sources=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources 2>/dev/null || true)
  awk '$1 == "URIs:" { print $2; exit } $1 == "deb" { print ($2 ~ /^\[/ ? $3 : $2); exit }' <<<"$sources"
}

leave() { # end what still runs in the clean room, then let go of what is mounted into it
  local root point
  for root in /proc/[0-9]*/root; do
    if [ "$(readlink "$root" 2>/dev/null)" = "$copy" ]; then kill "$(basename "$(dirname "$root")")" 2>/dev/null || true; fi
  done
  for point in dev/shm dev proc; do
    if mountpoint -q "$copy/$point"; then umount --lazy "$copy/$point"; fi
  done
}

mount_kernel_folders() {
  mount -t proc proc "$copy/proc"
  mount --bind /dev "$copy/dev"
  mount --make-private "$copy/dev" # or letting go of it here would let go of it everywhere
  mount -t tmpfs tmpfs "$copy/dev/shm"
}

inside() {
  # Only what pip and uv need of this machine's settings goes in; no other variable does.
  local passed=(PATH=/usr/local/bin:/usr/bin:/bin HOME=/home/newcomer LANG=C.UTF-8)
  local name
  for name in $(compgen -e | grep -E '^(PIP_|UV_|SSL_CERT_FILE$|REQUESTS_CA_BUNDLE$|https?_proxy$|HTTPS?_PROXY$|no_proxy$|NO_PROXY$)'); do
    passed+=("$name=${!name}")
  done
  chroot "$copy" /usr/bin/env -i "${passed[@]}" bash -c "cd /srv/command-center && $1"
}

ask() { # address -> status of home, by the clean room's own Python
  chroot "$copy" python3 -c '
import sys, urllib.request
with urllib.request.urlopen(sys.argv[1], timeout=10) as answer:
    page = answer.read()
    assert answer.status == 200 and b"<html" in page, answer.status
    print(f"home answered {answer.status}, {len(page):,} bytes")
' "$1"
}

if [ ! -d "$base" ]; then
  say "Making a bare Debian $suite"
  rm -rf "$base.part"
  mkdir -p "$room"
  debootstrap --variant=minbase --include=python3,python3-venv,make,ca-certificates "$suite" "$base.part" "$(debian_mirror)" \
    >"$room/debootstrap.log" 2>&1 || { tail -n 20 "$room/debootstrap.log" >&2; exit 1; }
  mv "$base.part" "$base"
fi

say "A fresh copy of it, and a fresh clone"
leave
rm -rf --one-file-system "$copy"
trap leave EXIT
cp -a "$base" "$copy"
mkdir -p "$copy/home/newcomer" "$copy/srv"
cp -L /etc/resolv.conf /etc/hosts "$copy/etc/"
cp -L "$certificates" "$copy$certificates"
for file in /etc/pip.conf /etc/xdg/pip; do
  if [ -e "$file" ]; then mkdir -p "$copy$(dirname "$file")" && cp -rL "$file" "$copy$file"; fi
done
git -c safe.directory='*' clone --quiet --no-local "$repository" "$copy/srv/command-center"
rm -rf "$copy/srv/command-center/.git" # who downloads an archive has no history, and no git
mount_kernel_folders

say "make install"
inside "make install"
[ "$stage" = install ] && { say "Installed"; exit 0; }

say "make run"
inside "make run PORT=$port" >"$room/run.log" 2>&1 &
server=$!
home="http://localhost:$port/"
until ask "$home" 2>/dev/null; do
  if ! kill -0 "$server" 2>/dev/null || [ "$SECONDS" -gt 1200 ]; then
    echo "Home never answered; the last lines of make run:" >&2
    tail -n 40 "$room/run.log" >&2
    exit 1
  fi
  sleep 2
done
say "Home answers"
leave
wait "$server" 2>/dev/null || true
mount_kernel_folders

say "make test"
inside "make test"
say "Done"

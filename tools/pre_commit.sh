#!/bin/sh
# Run a command of the mini-program where its packages are installed; elsewhere say that CI will.
cd "$(dirname "$0")/.." || exit 1
if [ ! -d miniprogram/node_modules ]; then
    echo "skipped: no miniprogram/node_modules (make web installs them)"
    exit 0
fi
exec "$@"

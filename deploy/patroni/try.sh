#!/bin/sh
# Brings up the files of this folder on loopback addresses, three nodes and HAProxy, and Loudeng over them; lets the
# primary crash, be switched and fall silent under load, and prints the figures. Debian, as root; three minutes.
set -eu
cd "$(dirname "$0")/../.."
apt-get install -y --no-install-recommends etcd-server haproxy python3-venv >/dev/null
[ -x /opt/patroni/bin/patroni ] || /usr/bin/python3 -m venv /opt/patroni # the database's user can enter it
/opt/patroni/bin/pip install --quiet 'patroni[etcd3]==4.1.5' 'psycopg[binary]==3.*'
PATH="/opt/patroni/bin:$PATH" exec .venv/bin/python -m survive --only patroni "$@"

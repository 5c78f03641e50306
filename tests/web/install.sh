#!/bin/sh
# Chromium, and fonts for Chinese and Kazakh: what the browser tests need from the system; a JDK for the guide's Java.
set -u
fonts() { fc-list 2> /dev/null | grep -qi "$1"; }
wanted=
command -v chromium > /dev/null || wanted="$wanted chromium"
fonts 'Noto Sans CJK' || wanted="$wanted fonts-noto-cjk"
fonts 'Noto Naskh Arabic\|Noto Sans Arabic' || wanted="$wanted fonts-noto-core"
command -v javac > /dev/null || wanted="$wanted default-jdk-headless"
[ -z "$wanted" ] && exit 0

root=
[ "$(id -u)" = 0 ] || root=sudo
if command -v apt-get > /dev/null && { [ -z "$root" ] || sudo -n true 2> /dev/null; }; then
    echo "installing$wanted" >&2
    $root mkdir -p /usr/share/man/man1 # slim images have none, and Java's package stumbles over that
    # shellcheck disable=SC2086 # several packages
    $root apt-get update -qq && DEBIAN_FRONTEND=noninteractive $root apt-get install -y -qq --no-install-recommends fontconfig $wanted > /dev/null && exit 0
fi
echo "the tests need:$wanted (Debian's names); install them and run this again" >&2
exit 1

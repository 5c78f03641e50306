#!/bin/sh
# What tests need from the system. Usage: install.sh [browser|java|nginx]; all unless said.
# browser: Chromium, and fonts for Chinese and Kazakh; java: a JDK for the guide's Java; nginx: the proxy that is shipped for.
set -u
what=${1:-browser java nginx}
fonts() { fc-list 2> /dev/null | grep -qi "$1"; }
# Chromium without its windows: less to install, and half the processor time in the tests.
browser=chromium-headless-shell
wanted=
case $what in *browser*)
    if [ -z "${CHROMIUM:-}" ] && ! command -v chromium-headless-shell > /dev/null && ! command -v chromium > /dev/null; then
        wanted="$wanted $browser"
    fi
    fonts 'Noto Sans CJK' || wanted="$wanted fonts-noto-cjk"
    fonts 'Noto Naskh Arabic\|Noto Sans Arabic' || wanted="$wanted fonts-noto-core"
    ;;
esac
case $what in *nginx*) PATH=$PATH:/usr/sbin command -v nginx > /dev/null || wanted="$wanted nginx-light" ;; esac
case $what in *java*) command -v javac > /dev/null || wanted="$wanted default-jdk-headless" ;; esac
[ -z "$wanted" ] && exit 0

root=
[ "$(id -u)" = 0 ] || root=sudo
if command -v apt-get > /dev/null && { [ -z "$root" ] || sudo -n true 2> /dev/null; }; then
    echo "installing$wanted" >&2
    $root mkdir -p /usr/share/man/man1 # slim images have none, and Java's package stumbles over that
    $root apt-get update -qq
    apt-cache show "$browser" > /dev/null 2>&1 || wanted=$(echo "$wanted" | sed "s/$browser/chromium/")
    # shellcheck disable=SC2086 # several packages
    DEBIAN_FRONTEND=noninteractive $root apt-get install -y -qq --no-install-recommends fontconfig $wanted > /dev/null && exit 0
fi
echo "the tests need:$wanted (Debian's names); install them and run this again" >&2
exit 1

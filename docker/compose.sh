#!/bin/bash
# compose.sh: makes sure that `docker compose` (version 2) works for this user.
#
# In this order: the plugin that is here; the package this machine's apt has it in; the plugin alone out of
# Debian's package (trixie), put into ${DOCKER_CONFIG:-~/.docker}/cli-plugins: the system's sources and
# packages stay as they are. Exit 1 after one line that says what to do.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/machine.sh"

works() { docker compose version > /dev/null 2>&1; }

from_this_apt() {
    local package
    for package in docker-compose-plugin docker-compose-v2; do
        [ -n "$(apt-cache show --no-all-versions $package 2> /dev/null)" ] || continue
        apt_install $package && works && return 0
    done
    return 1
}

# An apt of its own for one download: its lists, cache and sources lie in a folder that is removed afterwards.
from_debian() {
    local mirror apt plugins
    mirror=$(debian_mirror) || return 1
    say "taking the compose plugin out of Debian's package (trixie)"
    mkdir -p "$work"/etc/preferences.d "$work"/lists/partial "$work"/cache/archives/partial
    echo "deb [signed-by=$DEBIAN_KEYRING] $mirror trixie main" > "$work/etc/sources.list"
    apt=(apt-get -qq -o Dir::Etc="$work/etc" -o Dir::Etc::SourceParts=- -o Dir::State::lists="$work/lists"
        -o Dir::Cache="$work/cache" -o Dir::State::status=/dev/null -o APT::Sandbox::User=root
        -o Acquire::Languages=none -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false)
    "${apt[@]}" update >&2 || return 1
    (cd "$work" && "${apt[@]}" download docker-compose >&2 && dpkg-deb -x ./*.deb package) || return 1
    plugins=${DOCKER_CONFIG:-$HOME/.docker}/cli-plugins
    mkdir -p "$plugins"
    install -m 755 "$work/package/usr/libexec/docker/cli-plugins/docker-compose" "$plugins/docker-compose"
    works
}

command -v docker > /dev/null || { say "no docker here: run docker/engine.sh first"; exit 1; }
if ! works; then
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    from_this_apt || from_debian \
        || { say "no compose plugin: install Docker's package docker-compose-plugin by hand"; exit 1; }
fi
docker compose version --short

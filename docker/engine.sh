#!/bin/bash
# engine.sh [up|down]: a Docker engine that answers.
#
#   up     (default) where `docker info` answers, does nothing; else installs docker.io by apt where no engine is
#          there, starts it (by the init system, or in the background where none runs) and waits for its answer
#   down   ends the engine this script started in the background; never another
#
# Exit 1 after one line that says why and what to do, where this machine cannot run an engine.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/apt.sh"

state=${TMPDIR:-/tmp}/jobsystem-engine
answers() { timeout 10 docker info > /dev/null 2>&1; }
birth() { sed 's/.*) //' "/proc/$1/stat" 2> /dev/null | cut -d' ' -f20; }

up() {
    ! answers || return 0
    [ "$(uname -s)" = Linux ] || { say "no Docker engine answers: start Docker Desktop"; return 1; }
    mkdir -p "$state"
    exec 9> "$state/lock"
    flock 9
    ! answers || return 0
    command -v dockerd > /dev/null && command -v iptables > /dev/null \
        || apt_install docker.io iptables 9>&- || return 1
    [ "$(id -u)" = 0 ] || as_root true 2> /dev/null \
        || { say "no Docker engine answers, and only root can start it: 'sudo systemctl start docker'"; return 1; }
    if [ -d /run/systemd/system ]; then
        as_root systemctl start docker
    else
        say "starting dockerd in the background (log: $state/dockerd.log)"
        as_root bash -c 'setsid dockerd > "$1/dockerd.log" 2>&1 < /dev/null 9>&- & echo $! > "$1/pid"' - "$state"
    fi
    local pid; pid=$(cat "$state/pid" 2> /dev/null || true)
    for _ in {1..300}; do
        if answers; then
            [ -z "$pid" ] || echo "$pid $(birth "$pid")" > "$state/pid"
            return 0
        fi
        [ -d /run/systemd/system ] || kill -0 "$pid" 2> /dev/null || break
        sleep 0.1
    done
    say "the Docker engine does not start here: $(tail -n1 "$state/dockerd.log" 2> /dev/null)"
    down
    return 1
}

down() {
    local pid born
    [ -s "$state/pid" ] || return 0
    read -r pid born < "$state/pid" || true
    rm -f "$state/pid"
    # A process id alone may belong to somebody else by now; with its time of birth it cannot.
    [ -z "${born:-}" ] || [ "$born" = "$(birth "$pid")" ] || return 0
    as_root kill -TERM "$pid" 2> /dev/null || return 0
    for _ in {1..300}; do as_root kill -0 "$pid" 2> /dev/null || return 0; sleep 0.1; done
    say "dockerd ($pid) does not end on SIGTERM"
    return 1
}

case ${1:-up} in
    up) up ;;
    down) down ;;
    *) say "usage: engine.sh [up|down]"; exit 2 ;;
esac

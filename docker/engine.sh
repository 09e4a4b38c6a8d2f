#!/bin/bash
# engine.sh [up|down]: a Docker engine that answers.
#
#   up     (default) where `docker info` answers, does nothing; else installs docker.io by apt where there is
#          no engine, starts it (by systemd, or in the background where none runs) and waits for its answer
#   down   ends the engine this script started in the background; never another
#
# Exit 1 after one line that says why and what to do, where this machine cannot run an engine.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/machine.sh"

state=${TMPDIR:-/tmp}/jobsystem-engine
log=$state/dockerd.log

answers() { timeout 10 docker info > /dev/null 2>&1; }
present() { (for program in docker dockerd iptables; do command -v $program || exit; done > /dev/null); }

up() {
    ! answers || return 0
    [ "$(uname -s)" = Linux ] || { say "no Docker engine answers: start Docker Desktop"; return 1; }
    mkdir -p "$state"
    exec 9> "$state/lock"
    flock 9
    ! answers || return 0
    present || apt_install docker.io iptables 9>&- || return 1
    as_root true 2> /dev/null \
        || { say "no Docker engine answers; root can start it: 'systemctl start docker'"; return 1; }
    if [ -d /run/systemd/system ]; then by_systemd; else in_background; fi
}

by_systemd() {
    as_root systemctl start docker || true
    for _ in {1..300}; do ! answers || return 0; sleep 0.1; done
    say "the Docker engine does not answer: see 'journalctl -u docker'; a user must be in the group docker"
    return 1
}

in_background() {
    local pid
    say "starting dockerd in the background (log: $log)"
    pid=$(as_root sh -c 'setsid dockerd > "$1" 2>&1 < /dev/null & echo $!' - "$log" 9>&-)
    for _ in {1..300}; do
        [ -n "$(birth "$pid")" ] || break
        echo "$pid $(birth "$pid")" > "$state/pid"
        ! answers || return 0
        sleep 0.1
    done
    say "the Docker engine does not start here: $(grep -o 'failed to start.*' "$log" || tail -n 1 "$log")"
    down
    return 1
}

down() {
    local pid born
    read -r pid born 2> /dev/null < "$state/pid" || return 0
    rm -f "$state/pid"
    [ -n "$born" ] && [ "$born" = "$(birth "$pid")" ] || return 0
    as_root kill -TERM "$pid"
    for _ in {1..300}; do [ "$born" = "$(birth "$pid")" ] || return 0; sleep 0.1; done
    say "dockerd ($pid) does not end on SIGTERM"
    return 1
}

case ${1:-up} in
    up) up ;;
    down) down ;;
    *) say "usage: engine.sh [up|down]"; exit 2 ;;
esac

#!/bin/bash
# image.sh [4.3|4.0]: makes sure that this machine has the RabbitMQ image, and prints its name.
#
#   4.3  rabbitmq:4-management     (default; the one docker-compose.yml uses)
#   4.0  rabbitmq:4.0-management
#
# In this order: the image that is here; a pull, given up where no registry answers within seconds; a build
# from Debian's own packages (4.3 from forky, 4.0 from trixie), which needs root on Debian and no registry.
# The built image behaves like the official one: RABBITMQ_DEFAULT_USER and _PASS, management and prometheus,
# data in /var/lib/rabbitmq, the rabbitmq user, SIGTERM ends it with exit 0.
# Several processes may call at once. Exit 1 after one line that says what to do.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/machine.sh"

case ${1:-4.3} in
    4.3) image=rabbitmq:4-management suite=forky ;;
    4.0) image=rabbitmq:4.0-management suite=trixie ;;
    *) say "usage: image.sh [4.3|4.0]"; exit 2 ;;
esac

docker info > /dev/null 2>&1 || { say "no Docker engine answers: run docker/engine.sh first"; exit 1; }

present() { docker image inspect "$image" > /dev/null 2>&1; }

# A registry that answers is heard at once; one that cannot be reached may keep us waiting for minutes.
pull() {
    local log=$work/pull pid
    timeout 300 docker pull "$image" > "$log" 2> /dev/null < /dev/null &
    pid=$!
    for _ in {1..150}; do
        [ ! -s "$log" ] && kill -0 $pid 2> /dev/null || break
        sleep 0.1
    done
    [ -s "$log" ] || { kill $pid 2> /dev/null || true; wait $pid || true; return 1; }
    say "pulling $image"
    wait $pid
}

build() {
    local mirror fresh=()
    mirror=$(debian_mirror) || return 1
    apt_install mmdebstrap || return 1
    say "no registry: building $image from Debian's packages ($suite)"
    # Testing carries a Valid-Until and a mirror's copy may be older. Its signature is checked all the same.
    [ $suite = trixie ] || fresh=(--aptopt='Acquire::Check-Valid-Until "false"')
    mmdebstrap --quiet "${fresh[@]}" --variant=essential --include=rabbitmq-server \
        --aptopt='APT::Install-Recommends "false"' --aptopt='Acquire::Languages "none"' \
        --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
        --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' \
        --customize-hook="'$here/rabbitmq/furnish.sh' \"\$1\"" \
        "$suite" "$work/root.tar" "deb [signed-by=$DEBIAN_KEYRING] $mirror $suite main" >&2 || return 1
    docker import --change 'ENV PATH=/usr/lib/rabbitmq/bin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' \
        --change 'ENV LANG=C.UTF-8 HOME=/var/lib/rabbitmq RABBITMQ_DATA_DIR=/var/lib/rabbitmq' \
        --change 'VOLUME /var/lib/rabbitmq' --change 'EXPOSE 4369 5671 5672 15672 15692 25672' \
        --change 'ENTRYPOINT ["docker-entrypoint.sh"]' --change 'CMD ["rabbitmq-server"]' \
        "$work/root.tar" "$image" > /dev/null
}

if ! present; then
    exec 9> "${TMPDIR:-/tmp}/jobsystem-image.lock"
    flock 9
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    present || pull 9>&- || build 9>&- \
        || { say "no $image: 'docker pull' or 'docker load' it by hand"; exit 1; }
fi
echo "$image"

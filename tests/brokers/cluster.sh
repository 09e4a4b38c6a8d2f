#!/bin/bash
# cluster.sh: three brokers in containers, joined to one; sourced by `broker`, which says what each function
# promises. What is done to the container of a node is what container.sh does to any.
#
# Clients come in through the engine's own network, where the AMQP ports are published on loopback; the nodes
# talk to each other through a network of theirs, which knows their names; each has a fixed address there. So
# `cut` takes a node off the nodes' network and leaves its clients alone: they reach a node that reaches nobody.
# What was connected hangs, as behind a cable that was pulled: no reset, no refusal. `join` gives the node its
# address back, and what hung goes on.
. "$here/container.sh"

nodes=3
network=jobsystem-cluster-$(hash_of "$state")
slots=(- 3 8 9)

# use N: the node that broker_* functions are about from now on.
use() {
    container=$network-$1
    amqp_slot=${slots[$1]}
    host=rabbit$1
}

address() { echo "$prefix.$((10 + $1))"; }

# An address can be chosen only in a network whose range was: the engine chooses it, and is told so again.
make_network() {
    local range
    range=$(range_of_network)
    if [ -z "$range" ]; then
        docker network create --internal "$network" > /dev/null || fail "the engine could not make a network"
        range=$(range_of_network)
        docker network rm "$network" > /dev/null
        docker network create --internal --subnet "$range" "$network" > /dev/null \
            || fail "the engine could not make a network"
    fi
    prefix=${range%.*}
}

range_of_network() {
    docker network inspect --format '{{(index .IPAM.Config 0).Subnet}}' "$network" 2> /dev/null || true
}

broker_create() {
    local number=${container##*-}
    [ -n "${image:-}" ] || needs_image 4.3
    make_network
    docker create --name "$container" --hostname "$host" --volume "$container:/var/lib/rabbitmq" \
        --publish "127.0.0.1:$(port "$amqp_slot"):5672" --stop-timeout 30 \
        --env RABBITMQ_DEFAULT_USER=$user --env RABBITMQ_DEFAULT_PASS=$password "$image" > /dev/null 9>&- \
        && furnish && docker network connect --ip "$(address "$number")" "$network" "$container" \
        && docker start "$container" > /dev/null 9>&- \
        || { cluster_down; fail "the engine could not run a container (line above)"; }
}

# The names of the peers and the cookie they share, put into the container before its first start.
furnish() {
    local files=$state/cluster.files conf=etc/rabbitmq/conf.d/20-cluster.conf cookie=var/lib/rabbitmq/.erlang.cookie
    (
        umask 022
        mkdir -p "$files/${conf%/*}" "$files/${cookie%/*}"
        echo "cluster_formation.peer_discovery_backend = classic_config" > "$files/$conf"
        printf 'cluster_formation.classic_config.nodes.%s = rabbit@rabbit%s\n' 1 1 2 2 3 3 >> "$files/$conf"
        umask 077
        [ -s "$files/$cookie" ] || od -An -N20 -tx1 /dev/urandom | tr -d ' \n' > "$files/$cookie"
        chmod 400 "$files/$cookie"
    )
    tar --create --owner 0 --group 0 --directory "$files" "$conf" "$cookie" | docker cp - "$container:/" > /dev/null
}

# Formed: every node knows of the others, and they are up.
cluster_formed() {
    local node
    for ((node = 1; node <= nodes; node++)); do cluster_join $node; done
    use 1
    broker_ctl rabbitmqctl -q await_online_nodes $nodes --timeout $answer_deadline > /dev/null \
        || fail "the nodes do not form a cluster"
}

# The first that is not running says how the cluster is.
cluster_status() {
    local node is
    for ((node = 1; node <= nodes; node++)); do
        use $node
        is=$(broker_status)
        [ "$is" = running ] || break
    done
    echo "$is"
}

any_running() {
    local node
    for ((node = 1; node <= nodes; node++)); do
        use $node
        [ "$(broker_status)" != running ] || { echo $node; return; }
    done
    fail "no node is running"
}

is_joined() {
    docker container inspect --format '{{range $name, $_ := .NetworkSettings.Networks}}{{println $name}}{{end}}' \
        "$container" | grep -qx "$network"
}

cluster_cut() {
    ! is_joined || docker network disconnect "$network" "$container"
}

cluster_join() {
    local number=${1:-${container##*-}}
    use "$number"
    is_joined && return 0
    make_network
    docker network connect --ip "$(address "$number")" "$network" "$container"
}

cluster_leader() {
    local vhost=${1:?VHOST} queue=${2:?QUEUE} leader
    use "$(any_running)"
    leader=$(broker_ctl rabbitmq-queues -q quorum_status --vhost "$vhost" "$queue" --formatter json \
        | sed -n 's/.*"rabbit@rabbit\([1-3]\)","Raft State":"leader".*/\1/p')
    [ -n "$leader" ] || fail "$queue in $vhost has no leader now"
    echo "$leader"
}

cluster_logs() {
    local node
    for ((node = 1; node <= nodes; node++)); do use $node; echo "== node $node"; broker_logs; done
}

cluster_down() {
    local node
    for ((node = 1; node <= nodes; node++)); do use $node; broker_down; done
    docker network rm "$network" > /dev/null 2>&1 || true
    rm -rf "$state/cluster.files"
}

use 1

#!/bin/bash
# container.sh: a broker that is a container; sourced by `broker`, which says what each function promises.
# compose.sh and cluster.sh use it, too: $container and $amqp_slot say which container is meant.

container=jobsystem-broker-$kind-$(hash_of "$state")
case $kind in 4.0) amqp_slot=4 ;; 4.3) amqp_slot=5 ;; esac

# needs_image VERSION: sees to an engine and an image, and sets $image.
needs_image() {
    "$root/docker/engine.sh" up 9>&- || fail "needs a Docker engine"
    image=$("$root/docker/image.sh" "$1" 9>&-) || fail "needs its image"
}

broker_create() {
    needs_image "$kind"
    # A fixed host name: the node, and so its data folder, is named after it.
    docker run --detach --name "$container" --hostname rabbitmq --volume "$container:/var/lib/rabbitmq" \
        --publish "127.0.0.1:$(port $amqp_slot):5672" --stop-timeout 30 \
        --env RABBITMQ_DEFAULT_USER=$user --env RABBITMQ_DEFAULT_PASS=$password "$image" > /dev/null 9>&- \
        || { broker_down; fail "the engine could not run a container (line above)"; }
}

broker_status() {
    local is
    is=$(docker container inspect --format '{{.State.Status}}' "$container" 2> /dev/null) || is=
    case $is in
        '') echo down ;;
        running | restarting) echo running ;;
        paused) echo paused ;;
        *) echo stopped ;;
    esac
}

broker_start() { docker start "$container" > /dev/null; }
broker_stop() { docker stop "$container" > /dev/null; }
broker_pause() { docker pause "$container" > /dev/null; }
broker_unpause() { docker unpause "$container" > /dev/null; }
broker_logs() { docker logs "$container" 2>&1 | sed 's/\x1b\[[0-9;]*m//g'; }

broker_evaluate() {
    docker exec --env HOME=/var/lib/rabbitmq "$container" sh -c "$evaluation" sh \
        "rabbit@$(docker container inspect --format '{{.Config.Hostname}}' "$container")" "$1" < /dev/null
}

broker_ctl() { docker exec "$container" "$@" < /dev/null; }

# The engine refuses to kill what is frozen.
broker_kill() {
    [ "$(broker_status)" != paused ] || broker_unpause
    docker kill "$container" > /dev/null
}

broker_down() {
    docker rm --force --volumes "$container" > /dev/null 2>&1 || true
    docker volume rm --force "$container" > /dev/null 2>&1 || true
}

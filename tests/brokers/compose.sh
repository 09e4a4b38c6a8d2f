#!/bin/bash
# compose.sh: the broker of the repository's docker-compose.yml; sourced by `broker`, which says what each
# function promises. The file is the user's own, word for word; only its project name and its two ports are this
# clone's. What is done to the container afterwards is what container.sh does to any.
. "$here/container.sh"

project=jobsystem-compose-$(hash_of "$state")
container=$project-rabbitmq-1
amqp_slot=6 http_slot=7

compose() {
    RABBITMQ_PORT=$(port $amqp_slot) RABBITMQ_HTTP_PORT=$(port $http_slot) RABBITMQ_IMAGE=${image:-} \
        RABBITMQ_USER=$user RABBITMQ_PASSWORD=$password COMPOSE_COMPATIBILITY=false \
        docker compose --project-name "$project" --file "$root/docker-compose.yml" "$@" < /dev/null 9>&-
}

broker_create() {
    needs_image 4.3
    "$root/docker/compose.sh" > /dev/null 9>&- || fail "needs docker compose"
    compose --progress quiet up --detach >&2 \
        || { broker_down; fail "docker compose could not start it (line above)"; }
}

broker_down() {
    [ -n "$base" ] || return 0
    compose --progress quiet down --volumes --timeout 5 > /dev/null 2>&1 || true
    docker rm --force --volumes "$container" > /dev/null 2>&1 || true
}

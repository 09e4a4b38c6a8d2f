#!/bin/bash
# docker-entrypoint.sh COMMAND...: starts as root, goes on as the rabbitmq user, and becomes COMMAND (PID 1).
#
# The Erlang cookie is made before anything else can: a `docker exec` or a health check that came first would
# make it as root, and the server would then die of ".erlang.cookie: eacces".
set -euo pipefail

if [[ $1 == rabbitmq* ]] && [ "$(id -u)" = 0 ]; then
    [ "$1" != rabbitmq-server ] || find /var/lib/rabbitmq ! -user rabbitmq -exec chown rabbitmq:rabbitmq {} +
    exec setpriv --reuid=rabbitmq --regid=rabbitmq --init-groups -- "$0" "$@"
fi

# A node is named after its host; a name with dots is a long one, and Erlang wants to be told.
if [ -z "${RABBITMQ_USE_LONGNAME:-}" ] && [[ $(hostname) == *.* ]]; then export RABBITMQ_USE_LONGNAME=true; fi

cookie=$HOME/.erlang.cookie
if [ "$1" = rabbitmq-server ] && [ ! -e "$cookie" ]; then
    umask 077
    fresh=$(mktemp "$HOME/.cookie.XXXXXX")
    printf %s "${RABBITMQ_ERLANG_COOKIE:-$(od -An -N20 -tx1 /dev/urandom | tr -d ' \n')}" > "$fresh"
    chmod 400 "$fresh"
    mv "$fresh" "$cookie"
    umask 022
fi
exec "$@"

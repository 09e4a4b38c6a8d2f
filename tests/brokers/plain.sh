#!/bin/bash
# plain.sh: a broker that is an ordinary process; sourced by `broker`, which says what each function promises.
# The server is a process group of its own; epmd, Erlang's name server, is another process, ended by `down`.

bin=/usr/lib/rabbitmq/bin
amqp_slot=0 dist_slot=1 epmd_slot=2

# Everything RabbitMQ and Erlang would otherwise look for in the system's folders and on the system's ports.
environment() {
    RABBITMQ_NODE_PORT=$(port $amqp_slot) RABBITMQ_DIST_PORT=$(port $dist_slot)
    ERL_EPMD_PORT=$(port $epmd_slot)
    export RABBITMQ_NODE_PORT RABBITMQ_DIST_PORT ERL_EPMD_PORT ERL_EPMD_ADDRESS=127.0.0.1
    export HOME=$home RABBITMQ_HOME_DIR=$home LANG=C.UTF-8
    export RABBITMQ_NODENAME=plain@localhost RABBITMQ_NODE_IP_ADDRESS=127.0.0.1
    export RABBITMQ_MNESIA_BASE=$home/mnesia RABBITMQ_LOG_BASE=$home/log RABBITMQ_PID_FILE=$home/node.pid
    export RABBITMQ_CONFIG_FILE=$home/rabbitmq.conf RABBITMQ_CONF_ENV_FILE=/dev/null
    export RABBITMQ_ENABLED_PLUGINS_FILE=$home/enabled_plugins RABBITMQ_GENERATED_CONFIG_DIR=$home/generated
    export RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS='-kernel inet_dist_use_interface {127,0,0,1}'
    export RABBITMQ_CTL_ERL_ARGS=$RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS
}

# in_background NAME COMMAND...: a session of its own; outlives us, holds neither our lock nor our output.
in_background() {
    local name=$1
    shift
    setsid "$@" > "$home/$name.out" 2>&1 < /dev/null 9>&- &
    echo "$! $(birth $!)" > "$home/$name.pid"
    disown $!
}

# process_of NAME: its id, if it is alive and ours.
process_of() {
    local pid born
    read -r pid born 2> /dev/null < "$home/$1.pid" || return 1
    [ -n "$born" ] && [ "$(birth "$pid")" = "$born" ] && echo "$pid"
}

broker_create() {
    [ -x $bin/rabbitmq-server ] || apt_install rabbitmq-server 9>&- || fail "needs rabbitmq-server"
    mkdir -p "$home/mnesia" "$home/log"
    echo '[].' > "$home/enabled_plugins"
    printf 'default_user = %s\ndefault_pass = %s\n' $user $password > "$home/rabbitmq.conf"
    broker_start
}

broker_start() {
    environment
    if ! process_of epmd > /dev/null; then
        in_background epmd epmd -address 127.0.0.1 -port "$ERL_EPMD_PORT"
        # Until it listens, the server would start one of its own, whose id nobody knows.
        until (exec 3<> "/dev/tcp/127.0.0.1/$ERL_EPMD_PORT") 2> /dev/null; do
            process_of epmd > /dev/null || { cat "$home/epmd.out" >&2; fail "epmd does not start"; }
            sleep 0.02
        done
    fi
    in_background server $bin/rabbitmq-server
}

broker_status() {
    local pid
    [ -e "$home/rabbitmq.conf" ] || { echo down; return; }
    pid=$(process_of server) || { echo stopped; return; }
    if [ "$(sed 's/.*) //' "/proc/$pid/stat" | cut -d' ' -f1)" = T ]; then echo paused; else echo running; fi
}

signal_group() {
    local pid
    pid=$(process_of server) || fail "is not running"
    kill "-$1" -- "-$pid"
}

# Until the group has only zombies, if any: some init processes take seconds to reap them.
await_end() {
    while (cat /proc/[0-9]*/stat 2> /dev/null || true) | sed 's/.*) //' \
        | awk -v group="$1" '$3 == group && $1 != "Z" { alive = 1 } END { exit !alive }'; do
        sleep 0.05
    done
}

broker_stop() {
    local pid
    pid=$(process_of server) || return 0
    kill -TERM "$pid"
    await_end "$pid"
}

broker_kill() {
    local pid
    pid=$(process_of server) || fail "is not running"
    kill -KILL -- "-$pid"
    await_end "$pid"
}

broker_pause() { signal_group STOP; }
broker_unpause() { signal_group CONT; }
broker_ctl() { (environment; exec "$bin/$1" "${@:2}" < /dev/null); }
broker_evaluate() { (environment; PATH=$bin:$PATH exec sh -c "$evaluation" sh "$RABBITMQ_NODENAME" "$1" < /dev/null); }
broker_logs() { cat "$home"/log/*.log "$home/server.out" 2> /dev/null || true; }

broker_down() {
    [ -d "$home" ] || return 0
    ! process_of server > /dev/null || broker_kill
    local pid
    if pid=$(process_of epmd); then
        kill -TERM "$pid"
        while process_of epmd > /dev/null; do sleep 0.02; done
    fi
    rm -rf "$home"
}
